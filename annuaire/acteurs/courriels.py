"""Telling accounts by mail, without ever waiting for a mail server nor depending on it.

A mail is first a row, kept or lost with the write that causes it. The worker sends it, again and
again until the server takes it: a crash between the two may send it twice, never zero times.
"""

import datetime
import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone

from annuaire.acteurs.models import Courriel, User
from annuaire.acteurs.models.courriels import attente

logger = logging.getLogger("courriels")

KEPT = datetime.timedelta(days=30)  # a mail that no server took
AT_ONCE = 50  # mails of one passage: the worker has other things to do


def queue_mails(
    to: Iterable[User], *, objet: str, gabarit: str, contexte: dict[str, Any] | None = None
) -> None:
    """Write one mail to each of these accounts, in the current transaction.

    `gabarit` is a template of plain text, with `contexte`.
    """
    # One line, whatever the title in it: a mail header has no other.
    subject = " ".join(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{objet}".split())
    texte = render_to_string(gabarit, contexte)
    Courriel.objects.bulk_create(
        Courriel(destinataire=user, objet=subject[:200], texte=texte) for user in to
    )


def send_due() -> int:
    """Send what is due, oldest first; how many left. Stops at the first failure of the server."""
    sent = 0
    for courriel in Courriel.objects.due().select_related("destinataire")[:AT_ONCE]:
        if not _claim(courriel):
            continue
        try:
            _send(courriel)
        except Exception as error:  # a mail server may fail in any way
            # The address of a person is in no log.
            logger.warning("Courriel %s : essai manqué (%s).", courriel.pk, type(error).__name__)
            break
        courriel.delete()
        sent += 1
    return sent


def forget_old() -> int:
    """Delete the mails that no server has taken for a month; how many."""
    return Courriel.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


def _claim(courriel: Courriel) -> bool:
    """Count the attempt before making it, in one statement: two workers never try the same."""
    rows = Courriel.objects.filter(pk=courriel.pk, essais=courriel.essais)
    claimed = rows.update(
        essais=F("essais") + 1, prochain_essai=timezone.now() + attente(courriel.essais + 1)
    )
    return bool(claimed)


def _send(courriel: Courriel) -> None:
    if courriel.destinataire.is_active:
        EmailMessage(courriel.objet, courriel.texte, to=[courriel.destinataire.email]).send()
