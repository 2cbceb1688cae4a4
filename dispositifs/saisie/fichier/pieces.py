"""Documents of a file: which are new, which have a new content, and their rows in bulk."""

import hashlib
import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Collection

from annuaire.acteurs.models import Departement
from dispositifs.choices import Langue, Niveau, StatutDocument
from dispositifs.documents.controle import check_file, extension_of
from dispositifs.documents.fabrication import Contenu, fabricate
from dispositifs.documents.pages import count_pages
from dispositifs.models import Document
from dispositifs.models.documents import collection_name

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
    """The documents of an import. Files are kept or removed with the transaction."""

    def __init__(self, referentiel: Referentiel, dossier: Path | None) -> None:
        self.referentiel = referentiel
        self.dossier = dossier.resolve() if dossier else None
        self.storage: Storage = Document._meta.get_field("file").storage
        self.collections = self._collections()
        self.written: list[str] = []
        self.checked: set[Path] = set()
        self.taken: set[str] = set()
        self.owners: dict[str, str] = {}

    def _collections(self) -> dict[str, int]:
        ids = dict(Collection.objects.filter(depth=2).values_list("name", "pk"))
        return {
            row.code: ids[collection_name(row)]
            for row in Departement.objects.all()
            if collection_name(row) in ids
        }

    # --- what is asked ---------------------------------------------------------------------------
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
        for projet, ligne in projets:
            pieces += self._of_fiche(projet, known, ligne)
        return pieces

    def _of_fiche(
        self, projet: Projet, known: dict[str, Document], ligne: Ligne
    ) -> Iterable[Piece]:
        host = projet.etat.documents if projet.etat else []
        by_title = {(row.title, row.type_id): row for row in reversed(host)}
        seen: set[Any] = set()
        for rank, row in enumerate(projet.champs.get("documents", ())):
            champ = f"documents[{rank}]"
            kind = self.referentiel.types.get(row["type"])
            if kind is None and row["type"] is not None:
                continue  # told by the check of codes
            name = row.get("identifiant")
            current = known.get(name) if name else by_title.get((row["titre"], kind and kind.pk))
            key = name or (row["titre"], row["type"])
            owner = self.owners.setdefault(name, projet.identifiant) if name else None
            elsewhere = current is not None and not _is_at_home(current, projet)
            if elsewhere or owner not in (None, projet.identifiant):
                ligne.refuse(f"{champ}.identifiant", f"« {name} » est celui d’une autre fiche.")
                continue
            if key in seen or (current is not None and current.pk in seen):
                ligne.refuse(champ, "ce document est donné deux fois dans la fiche.")
                continue
            seen |= {key, current.pk if current else key}
            piece = Piece(projet, row, current)
            if self._find_content(piece, champ, ligne):
                yield piece

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
            if format == "txt" and current.sha256 == _sha256(_fabricate(row, format)):
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
            if path not in self.checked:
                with path.open("rb") as stream:
                    check_file(File(stream, name=path.name))
                self.checked.add(path)
        except ValidationError as error:
            ligne.refuse(f"{champ}.fichier", " ".join(error.messages))
            return
        piece.source = path
        current = piece.actuel
        extension = extension_of(path.name)
        same = current is not None and current.format == extension
        if not same or (current and current.sha256 != _sha256(path.read_bytes())):
            stem = slugify(piece.champs.get("identifiant") or piece.champs["titre"])[:60]
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
        given = self._columns(piece)
        return {
            name: value for name, value in given.items() if value != getattr(piece.actuel, name)
        }

    def _columns(self, piece: Piece) -> dict[str, Any]:
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

    # --- writing ---------------------------------------------------------------------------------
    def write(self, pieces: list[Piece]) -> tuple[list[Document], list[Document]]:
        """Write rows and files; the rows created, and those changed."""
        changed = [piece for piece in pieces if piece.actuel is not None and not piece.nom]
        return self._create([piece for piece in pieces if piece.nom]), self._update(changed)

    def _update(self, pieces: list[Piece]) -> list[Document]:
        rows = []
        for piece in pieces:
            if piece.actuel is None:
                continue
            columns = self.changed_columns(piece)
            Document.objects.filter(pk=piece.actuel.pk).update(**columns, maj=timezone.now())
            for name, value in columns.items():
                setattr(piece.actuel, name, value)
            rows.append(piece.actuel)
        return rows

    def _create(self, pieces: list[Piece]) -> list[Document]:
        if not pieces:
            return []
        made = {_base_identifiant(piece) for piece in pieces if "identifiant" not in piece.champs}
        known = Document.objects.filter(identifiant__in=made)
        self.taken |= set(known.values_list("identifiant", flat=True))
        rows = [self._row(piece) for piece in pieces]
        self._fill_contents(pieces, rows)
        replaced = {piece.actuel.identifiant for piece in pieces if piece.actuel}
        latest = dict(
            Document.objects.filter(identifiant__in=replaced)
            .values_list("identifiant")
            .annotate(latest=Max("version"))
        )
        Document.objects.filter(identifiant__in=replaced, courante=True).update(courante=False)
        for row in rows:
            row.version = latest.get(row.identifiant, 0) + 1
        return list(Document.objects.bulk_create(rows, batch_size=200))

    def _row(self, piece: Piece) -> Document:
        current = piece.actuel
        columns = {
            **{name: getattr(current, name) for name in COLONNES.values() if current},
            **self._columns(piece),
        }
        return Document(
            identifiant=current.identifiant if current else self._identifiant(piece),
            dispositif_id=piece.projet.page_id,
            collection_id=self.collections[piece.projet.departement],
            statut=current.statut if current else StatutDocument.VALIDE,
            deposant_id=current.deposant_id if current else None,
            maj=piece.projet.publie_le or timezone.now(),
            **columns,
        )

    def _identifiant(self, piece: Piece) -> str:
        """The one given, or a free one made from the title."""
        base = name = piece.champs.get("identifiant") or _base_identifiant(piece)
        rank = 1
        while name in self.taken or (rank > 1 and _exists(name)):
            rank += 1
            name = f"{base}-{rank}"
        self.taken.add(name)
        return name

    def _fill_contents(self, pieces: list[Piece], rows: list[Document]) -> None:
        """Files, and what is known of them; the pages of all PDFs are counted together."""
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for rank, (piece, row) in enumerate(zip(pieces, rows, strict=True)):
                content = self._content(piece)
                row.file_size = len(content)
                row.sha256 = _sha256(content)
                row.file_hash = hashlib.sha1(content, usedforsecurity=False).hexdigest()
                row.file = self._store(piece.nom, content)
                path = piece.source or Path(folder, f"{rank}.{piece.format}")
                if piece.source is None and piece.format == "pdf":
                    path.write_bytes(content)
                paths.append(path)
            for row, pages in zip(rows, count_pages(paths), strict=True):
                row.pages = pages

    def _content(self, piece: Piece) -> bytes:
        if piece.source is not None:
            return piece.source.read_bytes()
        return _fabricate(piece.champs, piece.format)

    def _store(self, nom: str, content: bytes) -> str:
        field = Document._meta.get_field("file")
        name = self.storage.save(field.generate_filename(None, nom), ContentFile(content))
        self.written.append(name)
        return str(name)

    def discard(self) -> None:
        """Remove the files of a transaction that was not committed."""
        for name in self.written:
            self.storage.delete(name)
        self.written.clear()


def _base_identifiant(piece: Piece) -> str:
    return f"doc-{slugify(piece.champs['titre'])[:90] or 'sans-titre'}"


def _exists(identifiant: str) -> bool:
    return Document.objects.filter(identifiant=identifiant).exists()


def _is_at_home(document: Document, projet: Projet) -> bool:
    return projet.etat is not None and document.dispositif_id == projet.etat.page_id


def _fabricate(row: Champs, format: str) -> bytes:
    contenu = Contenu(
        row["titre"], row["texte"], row.get("tableau") or [], row.get("langue") or "fr"
    )
    return fabricate(contenu, format)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
