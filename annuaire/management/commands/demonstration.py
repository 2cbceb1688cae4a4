import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from annuaire.acteurs.models import Commune
from annuaire.demonstration import COMPTES, MOT_DE_PASSE
from annuaire.demonstration.chargement import (
    MAXIMUM,
    load_generated,
    load_written,
    open_accounts,
)
from dispositifs.models import AccueilPage, TypeDocument
from dispositifs.saisie.fichier.erreurs import FichierRefuse
from dispositifs.saisie.fichier.phrases import (
    pages_sentence,
    plural,
    refusal_sentence,
    report_sentences,
)
from dispositifs.saisie.fichier.progression import Progression, shown


def taille(value: str) -> int:
    number = int(value)
    if not 0 <= number <= MAXIMUM:
        raise ArgumentTypeError(f"de 0 à {shown(MAXIMUM)}")
    return number


class Command(BaseCommand):
    help = "Charge l’annuaire de démonstration, où tout est imaginaire sauf les territoires."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--taille",
            type=taille,
            default=0,
            metavar="N",
            help="ajoute N fiches générées aux fiches écrites (100 000 au plus)",
        )
        parser.add_argument(
            "--graine", type=int, default=0, metavar="S", help="même graine, mêmes fiches"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        start = time.monotonic()
        self._load_references()
        progress = Progression(self.stderr)
        try:
            fiches, pratiques, pages = load_written(progress)
        except FichierRefuse as error:
            raise CommandError(refusal_sentence(error)) from error
        for sentence in report_sentences(fiches):
            self.stdout.write(sentence)
        self.stdout.write(pages_sentence("bonne pratique", "bonnes pratiques", pratiques))
        self.stdout.write(pages_sentence("page", "pages", pages))
        if options["taille"]:
            made = load_generated(options["taille"], options["graine"], progress)
            self.stdout.write(f"{plural(made, 'fiche générée', 'fiches générées')}.")
        self._open_accounts()
        self.stdout.write(f"Démonstration prête en {time.monotonic() - start:.1f} s.")

    def _load_references(self) -> None:
        if not Commune.objects.exists() or not AccueilPage.objects.exists():
            call_command("territoires", stdout=self.stdout)
        if not TypeDocument.objects.exists():
            call_command("referentiel", stdout=self.stdout)

    def _open_accounts(self) -> None:
        """Their password is public, so they exist only where nobody else may come."""
        if not settings.DEVELOPMENT:
            self.stdout.write("Comptes de démonstration : non créés, car DEBUG est éteint.")
            return
        open_accounts()
        names = ", ".join(COMPTES)
        self.stdout.write(f"Comptes : {names} (mot de passe : {MOT_DE_PASSE}).")
