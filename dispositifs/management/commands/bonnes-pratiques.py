from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dispositifs.saisie.fichier.bonnes_pratiques import import_bonnes_pratiques
from dispositifs.saisie.fichier.erreurs import FichierRefuse
from dispositifs.saisie.fichier.phrases import pages_sentence, refusal_sentence


class Command(BaseCommand):
    help = "Importe les bonnes pratiques (un objet JSON par ligne)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        importer = actions.add_parser("importer", help="crée ou met à jour ; tout ou rien")
        importer.add_argument("fichier", type=Path, metavar="FICHIER.jsonl")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["fichier"]
        if not path.is_file():
            raise CommandError(f"Le fichier « {path} » n’existe pas.")
        try:
            bilan = import_bonnes_pratiques(path)
        except FichierRefuse as error:
            raise CommandError(refusal_sentence(error)) from error
        self.stdout.write(pages_sentence("bonne pratique", "bonnes pratiques", bilan))
