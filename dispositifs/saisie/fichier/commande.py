"""What the commands that import a file have in common: one action, one file, one sentence."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from .erreurs import FichierRefuse
from .phrases import refusal_sentence


class ImportCommand(BaseCommand):
    """`manage.py … importer FICHIER`: all or nothing, a refusal says which line and which field."""

    metavar = "FICHIER"

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        importer = actions.add_parser("importer", help="crée ou met à jour ; tout ou rien")
        importer.add_argument("fichier", type=Path, metavar=self.metavar)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["fichier"]
        if not path.is_file():
            raise CommandError(f"Le fichier « {path} » n’existe pas.")
        try:
            self.stdout.write(self.import_file(path))
        except FichierRefuse as error:
            raise CommandError(refusal_sentence(error)) from error

    def import_file(self, path: Path) -> str:
        """Import the file; the sentence that says what changed. Raises FichierRefuse."""
        raise NotImplementedError
