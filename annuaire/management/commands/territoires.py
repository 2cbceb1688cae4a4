import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annuaire.acteurs.actions import sync_accounts
from annuaire.acteurs.territoires import FOLDER, Bilan, load_territoires
from dispositifs.actions.arbre import build_tree
from dispositifs.actions.groupes import provision_groups


class Command(BaseCommand):
    help = "Charge ou rafraîchit régions, départements, communes, intercommunalités ; idempotente."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dossier", type=Path, default=FOLDER, help="fichiers d’un autre millésime"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        start = time.monotonic()
        try:
            load_territoires(options["dossier"], self._show)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Pages des départements et groupes de correspondants…")
        build_tree()
        provision_groups()
        sync_accounts()
        self.stdout.write(f"Territoires à jour en {time.monotonic() - start:.1f} s.")

    def _show(self, bilan: Bilan) -> None:
        count = f"{bilan.lus:,}".replace(",", "\u202f")
        self.stdout.write(
            f"{count} {bilan.nom} (ajouts : {bilan.crees}, changements : {bilan.modifies})"
        )
