from pathlib import Path

from dispositifs.saisie.fichier.commande import ImportCommand
from dispositifs.saisie.fichier.contenus import import_contenus
from dispositifs.saisie.fichier.phrases import pages_sentence


class Command(ImportCommand):
    help = "Importe les textes des pages du site (un objet JSON, une page par clé)."
    metavar = "FICHIER.json"

    def import_file(self, path: Path) -> str:
        return pages_sentence("page", "pages", import_contenus(path))
