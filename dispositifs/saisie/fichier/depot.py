"""Writing the documents of an import: rows in bulk, files kept or removed with the transaction."""

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db.models import Max, prefetch_related_objects
from django.utils import timezone
from wagtail.models import Collection

from annuaire.acteurs.models import Departement
from annuaire.acteurs.normalisation import slug_of
from dispositifs.actions.lectures import Lecture
from dispositifs.choices import EtatTexte, StatutDocument
from dispositifs.documents.examen.appel import Examinateur
from dispositifs.documents.lecture.contenu import of_text
from dispositifs.documents.lecture.verdict import lecture_of
from dispositifs.documents.reception import describe_file, remove_position
from dispositifs.models import Document, PageTexte
from dispositifs.models.documents import collection_name

from .pieces import COLONNES, Piece, Pieces, fabricated

# What a line does not say of a document: a new content keeps it.
KEPT = ("description", "licence", "version_accessible")


class Depot:
    def __init__(self, pieces: Pieces) -> None:
        self.pieces = pieces
        self.storage: Storage = Document._meta.get_field("file").storage
        self.collections = self._collections()
        self.written: list[str] = []
        self.unread: list[int] = []
        self.taken: set[str] = set()

    def _collections(self) -> dict[str, int]:
        ids = dict(Collection.objects.filter(depth=2).values_list("name", "pk"))
        return {
            row.code: ids[collection_name(row)]
            for row in Departement.objects.all()
            if collection_name(row) in ids
        }

    def write(self, pieces: list[Piece]) -> tuple[list[Document], list[Document]]:
        """Write rows and files; the rows created, and those changed."""
        changed = [piece for piece in pieces if piece.actuel is not None and not piece.nom]
        return self._create([piece for piece in pieces if piece.nom]), self._update(changed)

    def _update(self, pieces: list[Piece]) -> list[Document]:
        rows = []
        for piece in pieces:
            if piece.actuel is None:
                continue
            columns = self.pieces.changed_columns(piece)
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
        read = self._fill_contents(pieces, rows)
        replaced = {piece.actuel.identifiant for piece in pieces if piece.actuel}
        latest = dict(
            Document.objects.filter(identifiant__in=replaced)
            .values_list("identifiant")
            .annotate(latest=Max("version"))
        )
        Document.objects.filter(identifiant__in=replaced, courante=True).update(courante=False)
        for row in rows:
            row.version = latest.get(row.identifiant, 0) + 1
        created = list(Document.objects.bulk_create(rows, batch_size=200))
        _keep_tags(pieces, created)
        self._write_texts(created, read)
        return created

    def _write_texts(self, rows: list[Document], read: dict[str, Lecture]) -> None:
        """The pages of those read already; the others wait."""
        PageTexte.objects.bulk_create(
            (
                page
                for row in rows
                if row.file.name in read
                for page in read[row.file.name].text_pages(row)
            ),
            batch_size=200,
        )
        self.unread += [row.pk for row in rows if row.texte_etat == EtatTexte.A_EXTRAIRE]

    def _row(self, piece: Piece) -> Document:
        current = piece.actuel
        columns = {
            **{name: getattr(current, name) for name in (*COLONNES.values(), *KEPT) if current},
            **self.pieces.columns(piece),
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

    def _fill_contents(self, pieces: list[Piece], rows: list[Document]) -> dict[str, Lecture]:
        """Files, and what they tell; by file, what was read of the texts that the line gives."""
        read = {}
        with Examinateur() as examinateur:
            for piece, row in zip(pieces, rows, strict=True):
                file, champs = self._content(piece, examinateur)
                for name, value in champs.items():
                    setattr(row, name, value)
                content = file.read()
                row.file_hash = hashlib.sha1(content, usedforsecurity=False).hexdigest()
                row.file = self._store(piece.nom, content)
                if piece.source is None and piece.format == "txt":
                    lecture = lecture_of(of_text(content), piece.format)
                    read[str(row.file.name)] = lecture
                    for name, value in lecture.columns().items():
                        setattr(row, name, value)
        return read

    def _content(
        self, piece: Piece, examinateur: Examinateur
    ) -> tuple[ContentFile, dict[str, Any]]:
        """The file to keep, at its beginning: a received one, or one made from a text."""
        if piece.source is None:
            file = ContentFile(fabricated(piece.champs, piece.format), name=piece.nom)
            return file, describe_file(file, examinateur)
        file = ContentFile(piece.source.read_bytes(), name=piece.source.name)
        remove_position(file)
        return file, self.pieces.recus[piece.source]

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


def _keep_tags(pieces: list[Piece], rows: list[Document]) -> None:
    """A new version has the tags of the one that it replaces."""
    replaced = [piece.actuel for piece in pieces if piece.actuel]
    prefetch_related_objects(replaced, "tags")
    for piece, row in zip(pieces, rows, strict=True):
        if piece.actuel and (tags := piece.actuel.tags.all()):
            row.tags.add(*tags)


def _base_identifiant(piece: Piece) -> str:
    return f"doc-{slug_of(piece.champs['titre'])[:90] or 'sans-titre'}"


def _exists(identifiant: str) -> bool:
    return Document.objects.filter(identifiant=identifiant).exists()
