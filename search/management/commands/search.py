"""The search index: manage.py search rebuild | verify [--repair] | status."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dispositifs.models import VersionAnnuaire
from search import indexing
from search.engines.base import EngineBusy, EngineUnavailable

SHOWN = 10


class Command(BaseCommand):
    help = "Reconstruit, vérifie ou décrit l’index de recherche."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["rebuild", "verify", "status"])
        parser.add_argument(
            "--repair", action="store_true", help="avec verify : corrige les écarts trouvés"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, options["action"])(repair=options["repair"])
        except (EngineUnavailable, EngineBusy) as error:
            raise CommandError(f"{error} Lancez « manage.py search rebuild ».") from error

    def rebuild(self, *, repair: bool) -> None:
        count = indexing.rebuild(lambda n: self.stdout.write(f"  {n} documents indexés"))
        self.stdout.write(f"Index reconstruit : {count} documents.")

    def verify(self, *, repair: bool) -> None:
        found = indexing.verify()
        if not found:
            self.stdout.write("L’index est égal à la base.")
            return
        for title, ids in (
            ("Absents de l’index", found.missing),
            ("Différents", found.different),
            ("En trop dans l’index", found.unexpected),
        ):
            if ids:
                more = f" et {len(ids) - SHOWN} autres" if len(ids) > SHOWN else ""
                self.stdout.write(f"{title} ({len(ids)}) : {', '.join(ids[:SHOWN])}{more}")
        if not repair:
            raise CommandError("L’index diffère de la base. Ajoutez --repair pour le corriger.")
        indexing.repair(found)
        self.stdout.write("Écarts corrigés.")

    def status(self, *, repair: bool) -> None:
        health = indexing.engine().health()
        current = VersionAnnuaire.current()
        state = "prêt" if health.ready else f"indisponible ({health.detail})"
        self.stdout.write(f"Moteur : {health.moteur}, {state}")
        self.stdout.write(f"Documents : {health.documents}, et {health.pages} pages de texte")
        self.stdout.write(f"Version appliquée : {health.version} sur {current}")
