from pathlib import Path

from dispositifs.saisie.fichier.bonnes_pratiques import import_bonnes_pratiques
from dispositifs.saisie.fichier.commande import ImportCommand
from dispositifs.saisie.fichier.phrases import pages_sentence


class Command(ImportCommand):
    help = "Importe les bonnes pratiques (un objet JSON par ligne)."
    metavar = "FICHIER.jsonl"

    def import_file(self, path: Path) -> str:
        bilan = import_bonnes_pratiques(path)
        return pages_sentence("bonne pratique", "bonnes pratiques", bilan)
