"""`make run`: everything a fresh machine needs, then the site and its worker, until Ctrl+C."""

import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from annuaire.acteurs.models import Commune
from annuaire.demonstration import COMPTES, MOT_DE_PASSE
from dispositifs.models import FichePublique


class Command(BaseCommand):
    help = "Prépare l’annuaire de démonstration, puis démarre le site et son traitement de fond."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--sans-serveur", action="store_true", help="Préparer seulement.")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        if not options["sans_serveur"]:
            self._check_port(options["port"])
        self._prepare()
        self._say(f"Prêt en {time.monotonic() - started:.0f} s.")
        if not options["sans_serveur"]:
            self._serve(options["port"])

    def _check_port(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except (OSError, OverflowError) as error:
                raise CommandError(
                    f"Le port {port} n’est pas libre : choisissez-en un autre, "
                    "par exemple « make run PORT=8080 »."
                ) from error

    def _prepare(self) -> None:
        settings.VAR_DIR.mkdir(exist_ok=True)
        self._say("Base de données")
        call_command("migrate", verbosity=0)
        if not Commune.objects.exists():
            self._say("Territoires (code officiel géographique)")
            call_command("territoires")
            call_command("referentiel")
        if not FichePublique.objects.exists():
            self._say("Annuaire de démonstration")
            call_command("demonstration")
        self._say("Lecture des documents")
        call_command("documents", "lire")
        self._say("Index de recherche")
        call_command("worker", "--une-fois")

    def _serve(self, port: int) -> None:
        self._say(f"Site : http://127.0.0.1:{port}  (Ctrl+C pour arrêter)")
        for courriel, role in COMPTES.items():
            self.stdout.write(f"    {courriel:28} {role}")
        self.stdout.write(f"    mot de passe : {MOT_DE_PASSE}")
        self.stdout.flush()
        commands = [
            [sys.executable, "manage.py", "worker"],
            [
                *(sys.executable, "-m", "gunicorn", "annuaire.wsgi", "--threads", "4"),
                *("--bind", f"127.0.0.1:{port}", "--log-level", "warning"),
            ],
        ]
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        processes = [subprocess.Popen(command, cwd=settings.BASE_DIR) for command in commands]  # noqa: S603  # our own commands
        try:
            while all(process.poll() is None for process in processes):
                time.sleep(0.5)
        except KeyboardInterrupt:
            self._say("Arrêt")
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(timeout=20)
        if any(process.returncode not in (0, -signal.SIGTERM) for process in processes):
            raise SystemExit(1)

    def _say(self, text: str) -> None:
        self.stdout.write(f"→ {text}")
        self.stdout.flush()
