from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dispositifs.publication.projection import project_all, verify
from dispositifs.saisie.fichier.erreurs import FichierRefuse
from dispositifs.saisie.fichier.export import export_fiches, export_public
from dispositifs.saisie.fichier.importation import Bilan, import_fiches
from dispositifs.saisie.fichier.phrases import refusal_sentence, report_sentences
from dispositifs.saisie.fichier.progression import Progression, shown


class Command(BaseCommand):
    help = "Importe et exporte les fiches en JSON (une par ligne), refait la partie publique."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(
            dest="action", required=True, metavar="importer|exporter|publier"
        )
        importer = actions.add_parser("importer", help="crée ou met à jour ; tout ou rien")
        importer.add_argument("fichier", type=Path, metavar="FICHIER.jsonl")
        importer.add_argument("--essai", action="store_true", help="contrôle sans rien écrire")
        exporter = actions.add_parser("exporter", help="écrit les fiches publiées sur la sortie")
        exporter.add_argument(
            "--public", action="store_true", help="seulement ce que lit le public"
        )
        exporter.add_argument(
            "--fichiers", type=Path, metavar="DOSSIER", help="copie aussi les documents ici"
        )
        publier = actions.add_parser("publier", help="refait la partie publique depuis la base")
        publier.add_argument(
            "--verifier", action="store_true", help="compare sans rien écrire ; code 1 si différent"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.progress = Progression(self.stderr)
        getattr(self, f"_{options['action']}")(options)

    def _importer(self, options: dict[str, Any]) -> None:
        path: Path = options["fichier"]
        if not path.is_file():
            raise CommandError(f"Le fichier « {path} » n’existe pas.")
        try:
            bilan: Bilan = import_fiches(path, essai=options["essai"], progress=self.progress)
        except FichierRefuse as error:
            raise CommandError(refusal_sentence(error)) from error
        for sentence in report_sentences(bilan, essai=options["essai"]):
            self.stdout.write(sentence)

    def _exporter(self, options: dict[str, Any]) -> None:
        export = export_public if options["public"] else export_fiches
        for line in export(options["fichiers"]):
            self.stdout.write(line, ending="")

    def _publier(self, options: dict[str, Any]) -> None:
        if not options["verifier"]:
            project_all(lambda done, total: self.progress("Publication", done, total))
            self.stdout.write("La partie publique est refaite.")
            return
        ecarts = verify(lambda done, total: self.progress("Contrôle", done, total))
        if not ecarts:
            self.stdout.write("La partie publique est conforme à la base.")
            return
        lines = ["La partie publique diffère de la base."]
        for label, keys in (
            ("Manquantes", ecarts.manquantes),
            ("Périmées", ecarts.perimees),
            ("En trop", ecarts.en_trop),
        ):
            if keys:
                more = "…" if len(keys) > 10 else ""
                lines.append(f"{label} ({shown(len(keys))}) : {', '.join(keys[:10])}{more}")
        if ecarts.comptes:
            lines.append("Les nombres de fiches par thématique et par territoire sont faux.")
        raise CommandError("\n".join(lines))
