"""The background worker: one loop, one process; every task may be run twice without harm."""

import datetime
import logging
import signal
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone
from wagtail.models import Page, Revision

from annuaire.acteurs.actions import sync_accounts
from annuaire.acteurs.courriels import forget_old, send_due
from dispositifs.documents import antivirus
from dispositifs.documents.abandons import forget_abandoned
from dispositifs.documents.analyses import scan_documents, waiting
from dispositifs.documents.lecture.lots import read_pending
from dispositifs.publication.projection import project_stale
from dispositifs.saisie.fichier.phrases import reading_sentence
from search import indexing

logger = logging.getLogger("worker")

PAUSE = 5.0  # seconds
READING = 5.0  # seconds that the other tasks wait for the reading of documents
LONGEST_BACK_OFF = 300.0  # seconds
NIGHT = datetime.time(2, 30)  # Europe/Paris
SECURITY_LOG_DAYS = 365


@dataclass
class Tache:
    """One thing to do again and again. `run` returns what it did, in French, or "" for nothing."""

    nom: str
    run: Callable[[], str]
    every: float
    next_at: float = field(default=0.0, init=False)
    failures: int = field(default=0, init=False)

    def tick(self, now: float) -> None:
        """Run if it is time; after a failure wait longer and longer, up to five minutes."""
        if now < self.next_at:
            return
        try:
            done = self.run()
        except Exception:
            self.failures += 1
            wait = min(PAUSE * 2**self.failures, LONGEST_BACK_OFF)
            logger.exception("%s : échec, nouvel essai dans %d s.", self.nom, wait)
            self.next_at = now + wait
            return
        self.failures = 0
        self.next_at = now + self.every
        if done:
            logger.info("%s : %s", self.nom, done)


class Nuit:
    """Run a task at start, then once a day when it is night in Paris."""

    def __init__(self, run: Callable[[], str]) -> None:
        self.run = run
        self.done_on: datetime.date | None = None

    def __call__(self) -> str:
        now = timezone.localtime()
        if self.done_on == now.date() or (self.done_on and now.time() < NIGHT):
            return ""
        done = self.run()
        self.done_on = now.date()
        return done


def publish_scheduled() -> str:
    """Publish and take down the pages whose hour has come."""
    now = timezone.now()
    publish = Revision.objects.filter(approved_go_live_at__lt=now).count()
    unpublish = Page.objects.filter(live=True, expire_at__lt=now).count()
    if not publish + unpublish:
        return ""
    call_command("publish_scheduled")
    return f"publiées : {publish}, retirées : {unpublish}."


def read_documents() -> str:
    return reading_sentence(read_pending(seconds=READING))


def scan_waiting_documents() -> str:
    """Verdicts that clamd did not give at the deposit; raises while it gives none."""
    if not antivirus.is_asked():
        return ""
    bilan = scan_documents(waiting())
    if bilan.en_attente:
        raise antivirus.AntivirusMuet(bilan.raison)
    return f"fichiers analysés : {bilan.juges}." if bilan.juges else ""


def update_projection() -> str:
    count = project_stale()
    return f"{count} pages remises à jour." if count else ""


def update_index() -> str:
    count = indexing.catch_up()
    return f"{count} documents." if count else ""


def send_mails() -> str:
    count = send_due()
    return f"{count} partis." if count else ""


def revise_accounts() -> str:
    count = sync_accounts()
    return f"droits de {count} comptes recalculés." if count else ""


def clean() -> str:
    """Forget sessions that are over, what nobody finished, the security log after a year."""
    call_command("clearsessions")
    forget_old()
    forget_abandoned()
    lines = AxesProxyHandler.reset_logs(age_days=SECURITY_LOG_DAYS)
    return f"sessions terminées effacées, {lines} lignes du journal de sécurité."


def all_tasks() -> list[Tache]:
    return [
        Tache("Pages programmées", publish_scheduled, every=30),
        Tache("Lecture des documents", read_documents, every=PAUSE),
        Tache("Antivirus", scan_waiting_documents, every=10),
        Tache("Projection publique", update_projection, every=10),
        Tache("Index de recherche", update_index, every=PAUSE),
        Tache("Courriels", send_mails, every=PAUSE),
        Tache("Comptes", Nuit(revise_accounts), every=60),
        Tache("Ménage", Nuit(clean), every=60),
    ]


def run_loop(taches: list[Tache], stop: threading.Event, pause: float = PAUSE) -> None:
    """Run what is due, wait, and again, until `stop`; the task under way is always finished."""
    while not stop.is_set():
        # A connection that the database has closed meanwhile is opened again.
        close_old_connections()
        run_once(taches, stop)
        stop.wait(pause)


def run_once(taches: list[Tache], stop: threading.Event) -> None:
    for tache in taches:
        if not stop.is_set():
            tache.tick(time.monotonic())


class Command(BaseCommand):
    help = "Tâches de fond : publications programmées, documents, projection, index, comptes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--une-fois", action="store_true", help="un seul passage, puis s’arrête"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        taches = all_tasks()
        if options["une_fois"]:
            run_once(taches, stop)
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        logger.info("Tâches de fond démarrées : %d.", len(taches))
        run_loop(taches, stop)
        logger.info("Tâches de fond arrêtées.")
