from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dispositifs.documents import antivirus
from dispositifs.documents.analyses import scan_documents, waiting
from dispositifs.documents.lecture.lots import forget_readings, read_all
from dispositifs.models import Document
from dispositifs.saisie.fichier.phrases import reading_sentence
from dispositifs.saisie.fichier.progression import Progression


class Command(BaseCommand):
    help = "Travaux sur les fichiers des documents déjà déposés."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="lire|analyser")
        lire = actions.add_parser("lire", help="lit le texte des documents en attente")
        lire.add_argument("--tous", action="store_true", help="tous les documents, déjà lus ou non")
        analyser = actions.add_parser(
            "analyser", help="demande à l’antivirus son verdict sur les fichiers en attente"
        )
        analyser.add_argument(
            "--tous", action="store_true", help="tous les fichiers, déjà analysés ou non"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['action']}")(options)

    def _lire(self, options: dict[str, Any]) -> None:
        if options["tous"]:
            forget_readings(Document.objects.all())
        done = read_all(progress=Progression(self.stderr))
        self.stdout.write(reading_sentence(done) or "Aucun document à lire.")

    def _analyser(self, options: dict[str, Any]) -> None:
        if not antivirus.is_asked():
            raise CommandError("Aucun antivirus : donnez CLAMAV_URL, puis relancez la commande.")
        progress = Progression(self.stderr)
        documents = Document.objects.all() if options["tous"] else waiting()
        bilan = scan_documents(documents, lambda done, of: progress("Analyse", done, of))
        self.stdout.write(
            f"Fichiers analysés : {bilan.juges}, infectés : {bilan.infectes},"
            f" absents du stockage : {bilan.absents}."
        )
        if bilan.en_attente:
            raise CommandError(
                f"Fichiers sans verdict : {bilan.en_attente} ({bilan.raison})."
                " Vérifiez clamd, puis relancez la commande."
            )
