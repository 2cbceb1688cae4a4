"""What was read in documents, written with the projection of their pages."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q

from dispositifs.choices import EtatAnonymat, EtatTexte
from dispositifs.models import Document, FichePublique, PageTexte
from dispositifs.permissions import is_diffusable
from dispositifs.publication.projection import project_guides, project_pages


@dataclass(frozen=True)
class Lecture:
    """What was read in one document; `nombre` and `balise` are for PDF only."""

    texte_etat: EtatTexte
    textes: list[str]
    anonymat: EtatAnonymat
    reperages: list[dict[str, Any]] = field(default_factory=list)
    nombre: int | None = None
    balise: bool | None = None
    vignette: bytes = b""

    def columns(self) -> dict[str, Any]:
        """The columns of the document that it fills, but its vignette."""
        return {
            "texte_etat": self.texte_etat,
            "pages": self.nombre,
            "balise": self.balise,
            "anonymat": self.anonymat,
            "reperages": self.reperages,
        }

    def text_pages(self, document: Document) -> list[PageTexte]:
        """The rows of its pages, unsaved: those that hold something, under their own number."""
        return [
            PageTexte(document=document, n=n, texte=texte)
            for n, texte in enumerate(self.textes, start=1)
            if texte
        ]


def record_readings(lectures: dict[int, Lecture]) -> None:
    """Write what was read in these documents, by id; those deleted meanwhile are left out.

    Each of their pages is projected once. A confirmation of anonymity stands as long as what it
    was given for is what is found.
    """
    # Before the transaction: a distant store would hold its locks. The name is always the same, so
    # that what a killed process has left is written over by the next reading.
    vignettes = {pk: _keep_vignette(pk, row.vignette) for pk, row in lectures.items()}
    with transaction.atomic():
        documents = _locked(lectures)
        before = [row for row in documents if is_diffusable(row)]
        if before:
            _index_again(_with_another_text(before, lectures))
        PageTexte.objects.filter(document__in=documents).delete()
        for document in documents:
            lecture = lectures[document.pk]
            columns = {**lecture.columns(), "vignette": vignettes[document.pk]}
            if _is_still_confirmed(document, lecture):
                columns["anonymat"] = EtatAnonymat.CONFIRME
            Document.objects.filter(pk=document.pk).update(**columns)
            for name, value in columns.items():
                setattr(document, name, value)
        PageTexte.objects.bulk_create(
            (page for row in documents for page in lectures[row.pk].text_pages(row)),
            batch_size=500,
        )
        _project([*before, *(row for row in documents if is_diffusable(row))])
    for pk in lectures.keys() - {row.pk for row in documents}:
        forget_vignette(vignettes[pk])


@transaction.atomic
def record_failures(ids: Iterable[int]) -> None:
    """These documents will not be tried again; what is known of them stays."""
    documents = _locked(ids)
    for document in documents:
        document.texte_etat = EtatTexte.ECHEC
        if document.anonymat == EtatAnonymat.A_VERIFIER:
            document.anonymat = EtatAnonymat.NON_VERIFIABLE
    Document.objects.bulk_update(documents, ["texte_etat", "anonymat"])
    _project([row for row in documents if is_diffusable(row)])


def forget_vignette(name: str) -> None:
    if name:
        Document._meta.get_field("vignette").storage.delete(name)


def _keep_vignette(pk: int, content: bytes) -> str:
    if not content:
        return ""
    field = Document._meta.get_field("vignette")
    name = field.generate_filename(None, f"{pk}.webp")
    field.storage.delete(name)
    return str(field.storage.save(name, ContentFile(content)))


def _locked(ids: Iterable[int]) -> Sequence[Document]:
    return list(Document.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk"))


def _with_another_text(
    documents: Sequence[Document], lectures: dict[int, Lecture]
) -> list[Document]:
    """Those that had a text, and now have another."""
    known: dict[int, dict[int, str]] = defaultdict(dict)
    for page in PageTexte.objects.filter(document__in=documents):
        known[page.document_id][page.n] = page.texte
    return [
        row
        for row in documents
        if row.pk in known
        and known[row.pk] != {page.n: page.texte for page in lectures[row.pk].text_pages(row)}
    ]


def _index_again(documents: Sequence[Document]) -> None:
    """Have their rows written anew: these say which files were read, not what was read in them."""
    if not documents:
        return
    pages = [row.dispositif_id for row in documents if row.dispositif_id]
    rows = FichePublique.objects.filter(Q(document__in=documents) | Q(page__in=pages))
    rows.update(a_reprojeter=True)


def _is_still_confirmed(document: Document, lecture: Lecture) -> bool:
    return (
        document.anonymat == EtatAnonymat.CONFIRME
        and lecture.anonymat == EtatAnonymat.A_CONFIRMER
        and document.reperages == lecture.reperages
    )


def _project(documents: Iterable[Document]) -> None:
    hosts = {row.dispositif_id for row in documents}
    if None in hosts:
        project_guides()
    project_pages(sorted(pk for pk in hosts if pk))
