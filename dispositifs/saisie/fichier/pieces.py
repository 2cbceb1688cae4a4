"""Documents of a file: which are new, which have a new content, and their rows in bulk."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from annuaire.acteurs.normalisation import slug_of
from dispositifs.choices import Langue, Niveau
from dispositifs.documents.controle import extension_of
from dispositifs.documents.examen.appel import Examinateur
from dispositifs.documents.fabrication import Contenu, fabricate
from dispositifs.documents.reception import receive
from dispositifs.models import Document

from .erreurs import Ligne
from .format import Champs
from .projet import Projet
from .referentiel import Referentiel

# Columns of a document that a file may change, whatever its content.
COLONNES = {
    "titre": "title",
    "date": "date",
    "periode_du": "periode_du",
    "periode_au": "periode_au",
    "langue": "langue",
    "niveau": "niveau",
}
FABRIQUE = "texte"


@dataclass
class Piece:
    """One document to create or to bring up to date; `nom` is empty when its content stays."""

    projet: Projet
    champs: Champs
    actuel: Document | None
    nom: str = ""
    source: Path | None = None

    @property
    def format(self) -> str:
        return extension_of(self.nom)


class Pieces:
    """Which documents of the lines are new, and what changes of the others."""

    def __init__(self, referentiel: Referentiel, dossier: Path | None) -> None:
        self.referentiel = referentiel
        self.dossier = dossier.resolve() if dossier else None
        self.examinateur = Examinateur()
        self.recus: dict[Path, dict[str, Any]] = {}
        self.owners: dict[str, str] = {}

    def compare(self, projets: list[tuple[Projet, Ligne]]) -> list[Piece]:
        """The documents that these lines create or change; tells those that cannot be."""
        given = {
            row["identifiant"]
            for projet, _ in projets
            for row in projet.champs.get("documents", ())
            if "identifiant" in row
        }
        rows = Document.objects.filter(identifiant__in=given).order_by("courante", "version")
        known = {row.identifiant: row for row in rows.select_related("type")}
        pieces: list[Piece] = []
        with self.examinateur:
            for projet, ligne in projets:
                pieces += self._of_fiche(projet, known, ligne)
        return pieces

    def _of_fiche(
        self, projet: Projet, known: dict[str, Document], ligne: Ligne
    ) -> Iterable[Piece]:
        rows: list[Champs] = projet.champs.get("documents", [])
        named = {row["identifiant"] for row in rows if "identifiant" in row}
        titled: dict[tuple[str, int | None], list[Document]] = defaultdict(list)
        for document in projet.etat.documents if projet.etat else ():
            if document.identifiant not in named:
                titled[document.title, document.type_id].append(document)
        seen: set[str] = set()
        for rank, row in enumerate(rows):
            champ = f"documents[{rank}]"
            kind = self.referentiel.types.get(row["type"])
            if kind is None and row["type"] is not None:
                continue  # told by the check of codes
            name = row.get("identifiant")
            if name is None:
                # Two of one title and type are taken in their order.
                same = titled[row["titre"], kind.pk if kind else None]
                current = same.pop(0) if same else None
            else:
                current = known.get(name)
                if not self._may_be_named(name, current, projet, seen, champ, ligne):
                    continue
            piece = Piece(projet, row, current)
            if self._find_content(piece, champ, ligne):
                yield piece

    def _may_be_named(  # noqa: PLR0913  # what a name is checked against
        self,
        name: str,
        current: Document | None,
        projet: Projet,
        seen: set[str],
        champ: str,
        ligne: Ligne,
    ) -> bool:
        """An identifiant belongs to one document of one fiche, here and in the file."""
        owner = self.owners.setdefault(name, projet.identifiant)
        elsewhere = current is not None and not _is_at_home(current, projet)
        if elsewhere or owner != projet.identifiant:
            ligne.refuse(f"{champ}.identifiant", f"« {name} » est celui d’une autre fiche.")
            return False
        if name in seen:
            ligne.refuse(f"{champ}.identifiant", f"« {name} » est donné deux fois.")
            return False
        seen.add(name)
        return True

    def _find_content(self, piece: Piece, champ: str, ligne: Ligne) -> bool:
        """Whether something changes; fills what a new content is made of."""
        if "texte" in piece.champs:
            piece.nom = self._text_name(piece)
        elif "fichier" in piece.champs:
            self._find_file(piece, champ, ligne)
        elif piece.actuel is None:
            ligne.refuse(champ, "donnez « fichier » ou « texte » pour ce nouveau document.")
            return False
        return bool(piece.nom) or bool(self.changed_columns(piece))

    def _text_name(self, piece: Piece) -> str:
        """The name of the file to make, empty if it is already the current one.

        The name holds the fingerprint of the text: making a file anew gives other bytes (dates,
        versions of libraries), so these cannot tell whether the text has changed.
        """
        row = piece.champs
        format = row.get("format") or "txt"
        title = "" if format == "txt" else row["titre"]
        parts = [title, row["texte"], row.get("tableau") or []]
        mark = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
        current = piece.actuel
        if current is not None and current.format == format:
            stem = PurePath(current.file.name).stem
            if stem.startswith(f"{FABRIQUE}-{mark}"):
                return ""
            if format == "txt" and current.sha256 == sha256(fabricated(row, format)):
                return ""
        return f"{FABRIQUE}-{mark}.{format}"

    def _find_file(self, piece: Piece, champ: str, ligne: Ligne) -> None:
        path = self._path(piece.champs["fichier"])
        if path is None:
            ligne.refuse(
                f"{champ}.fichier", "ce fichier manque, ou n’est pas dans le dossier importé."
            )
            return
        try:
            if path not in self.recus:
                file = ContentFile(path.read_bytes(), name=path.name)
                self.recus[path] = receive(file, self.examinateur).champs
        except ValidationError as error:
            ligne.refuse(f"{champ}.fichier", " ".join(error.messages))
            return
        piece.source = path
        current = piece.actuel
        extension = extension_of(path.name)
        same = current is not None and current.format == extension
        if not same or (current and current.sha256 != self.recus[path]["sha256"]):
            stem = slug_of(piece.champs.get("identifiant") or piece.champs["titre"])[:60]
            piece.nom = f"{stem or 'document'}.{extension}"

    def _path(self, name: str) -> Path | None:
        """A file below the imported folder: a line never reaches another file of the machine."""
        if self.dossier is None:
            return None
        parts = PurePath(name).parts
        # An export may have been kept in the folder of its documents instead of beside it.
        inside = parts[1:] if parts[0] == self.dossier.name else parts
        for candidate in (Path(*parts), Path(*inside)):
            path = (self.dossier / candidate).resolve()
            if path.is_relative_to(self.dossier) and path.is_file():
                return path
        return None

    def changed_columns(self, piece: Piece) -> dict[str, Any]:
        """Columns of the current version that the line changes."""
        if piece.actuel is None:
            return {}
        given = self.columns(piece)
        return {
            name: value for name, value in given.items() if value != getattr(piece.actuel, name)
        }

    def columns(self, piece: Piece) -> dict[str, Any]:
        kind = self.referentiel.types.get(piece.champs["type"])
        given = {
            column: piece.champs[key] for key, column in COLONNES.items() if key in piece.champs
        }
        given["type_id"] = kind.pk if kind else None
        if given.get("langue", "") is None or (piece.actuel is None and "langue" not in given):
            given["langue"] = Langue.FRANCAIS.value
        if given.get("niveau", "") is None or (piece.actuel is None and "niveau" not in given):
            given["niveau"] = kind.niveau if kind else Niveau.INTERNE.value
        return given


def _is_at_home(document: Document, projet: Projet) -> bool:
    return projet.etat is not None and document.dispositif_id == projet.etat.page_id


def fabricated(row: Champs, format: str) -> bytes:
    contenu = Contenu(
        row["titre"], row["texte"], row.get("tableau") or [], row.get("langue") or "fr"
    )
    return fabricate(contenu, format)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
