import datetime
import threading

import pytest
from django.core.management import call_command
from django.utils import timezone

from annuaire.acteurs.models import Role
from annuaire.management.commands.worker import Nuit, Tache, publish_scheduled, run_loop
from tests.factories import make_dispositif, make_tree, make_user

SOON = datetime.timedelta(minutes=5)


def test_task_waits_its_time():
    done = []
    tache = Tache("Essai", lambda: done.append("fait") or "", every=30)

    for now in (0, 10, 29, 30, 31, 61):
        tache.tick(now)

    assert done == ["fait"] * 3


@pytest.mark.logs_errors
def test_task_that_fails_backs_off_then_starts_again(caplog):
    outcomes = iter([ValueError("a"), ValueError("b"), "deux pages."])
    ran_at = []

    def run():
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    tache = Tache("Essai", run, every=5)
    for now in range(0, 60):
        before = tache.next_at
        if now >= before and len(ran_at) < 3:
            ran_at.append(now)
            tache.tick(now)

    assert ran_at == [0, 10, 30]
    assert tache.failures == 0
    assert caplog.messages == [
        "Essai\xa0: échec, nouvel essai dans 10 s.",
        "Essai\xa0: échec, nouvel essai dans 20 s.",
        "Essai\xa0: deux pages.",
    ]


@pytest.mark.logs_errors
def test_failures_never_wait_more_than_five_minutes():
    def run():
        raise ValueError

    tache = Tache("Essai", run, every=5)
    for _ in range(12):
        start = tache.next_at
        tache.tick(start)

    assert tache.next_at - start == 300


def test_nightly_task_runs_at_start_then_once_a_day_at_night(monkeypatch):
    day = "2026-11-24 15:00", "2026-11-24 23:59", "2026-11-25 00:10"
    night = "2026-11-25 02:31", "2026-11-25 09:00", "2026-11-26 03:00"
    moments = iter((*day, *night))
    monkeypatch.setattr(
        timezone, "localtime", lambda: datetime.datetime.fromisoformat(next(moments))
    )
    nuit = Nuit(lambda: "fait")

    outcomes = [nuit() for _ in range(6)]

    assert outcomes == ["fait", "", "", "fait", "", "fait"]


@pytest.mark.django_db
def test_loop_stops_when_asked_after_the_task_under_way():
    stop = threading.Event()
    done = []
    first = Tache("Premier", lambda: done.append("premier") or stop.set() or "", every=0)
    second = Tache("Second", lambda: done.append("second") or "", every=0)

    run_loop([first, second], stop, pause=0)

    assert done == ["premier"]


@pytest.mark.django_db
def test_scheduled_pages_are_published_and_expired_ones_taken_down():
    due = make_dispositif("À publier", live=False)
    due.go_live_at = timezone.now() - SOON
    due.save_revision(approved_go_live_at=due.go_live_at)
    over = make_dispositif("À retirer")
    type(over).objects.filter(pk=over.pk).update(expire_at=timezone.now() - SOON)

    said = publish_scheduled()

    due.refresh_from_db(), over.refresh_from_db()
    assert said == "publiées\xa0: 1, retirées\xa0: 1."
    assert (due.live, over.live) == (True, False)
    assert publish_scheduled() == ""


@pytest.mark.django_db
def test_one_pass_revises_accounts():
    make_tree("33")
    user = make_user("correspondant", "33")
    user.groups.clear()
    Role.objects.update(au=timezone.localdate())

    call_command("worker", "--une-fois")

    user.refresh_from_db()
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert sorted(user.groups.values_list("name", flat=True)) == ["correspondants-33"]
    assert timezone.localtime(user.droits_a_revoir_le) == timezone.make_aware(
        datetime.datetime.combine(tomorrow, datetime.time.min)
    )
