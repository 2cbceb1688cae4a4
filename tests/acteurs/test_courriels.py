"""The outbox: nothing is lost, nobody waits, nothing is sent twice for no reason."""

import datetime

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from annuaire.acteurs.courriels import forget_old, queue_mails, send_due
from annuaire.acteurs.models import Courriel
from annuaire.acteurs.models.courriels import ESSAIS, attente
from tests.factories import make_user

pytestmark = pytest.mark.django_db
GABARIT = "courriels/proposition_deposee.txt"
BROKEN = "tests.acteurs.test_courriels.BrokenBackend"


class BrokenBackend:
    """A mail server that takes nothing."""

    def __init__(self, **kwargs):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


def write(user, objet="Une proposition"):
    queue_mails([user], objet=objet, gabarit=GABARIT, contexte={"titre": "L’« Étape » & co"})


def test_a_mail_leaves_once_and_its_row_with_it():
    user = make_user("correspondant", email="agent@exemple.fr")
    write(user, "Une\nproposition  arrivée")

    sent = (send_due(), send_due())

    [message] = mail.outbox
    assert sent == (1, 0)
    assert (message.to, message.subject) == (
        ["agent@exemple.fr"],
        "[Annuaire des dispositifs] Une proposition arrivée",
    )
    assert "L’« Étape » & co" in message.body
    assert not Courriel.objects.exists()


def test_a_mail_is_lost_with_the_write_that_caused_it():
    user = make_user("correspondant")

    with transaction.atomic():
        write(user)
        transaction.set_rollback(True)

    assert send_due() == 0


def test_a_server_that_fails_loses_nothing_and_is_tried_again_later(settings, caplog):
    user = make_user("correspondant", email="agent@exemple.fr")
    write(user)
    write(user)
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, BROKEN

    failed = send_due()
    settings.EMAIL_BACKEND = backend
    second_only = send_due()
    Courriel.objects.update(prochain_essai=timezone.now())
    first = send_due()

    assert (failed, second_only, first) == (0, 1, 1)
    assert "agent@exemple.fr" not in caplog.text
    assert "essai manqué (ConnectionRefusedError)" in caplog.text


def test_a_mail_that_always_fails_ends_waiting():
    write(make_user("correspondant"))
    Courriel.objects.update(essais=ESSAIS)

    sent = send_due()
    kept = Courriel.objects.count()
    Courriel.objects.update(created_at=timezone.now() - datetime.timedelta(days=31))

    assert (sent, kept, forget_old(), Courriel.objects.count()) == (0, 1, 1, 0)


def test_waits_grow_and_stay_under_six_hours():
    minutes = [attente(rank).total_seconds() / 60 for rank in (1, 2, 3, 9, 10, 60)]

    assert minutes == [1, 2, 4, 256, 360, 360]


def test_a_closed_account_gets_nothing():
    user = make_user("correspondant")
    write(user)
    user.is_active = False
    user.save()

    assert (send_due(), mail.outbox) == (1, [])
