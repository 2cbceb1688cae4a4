"""Several files deposited at once: each is received, kept aside, described, then a document."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.http import QueryDict
from wagtail.documents.forms import get_document_form
from wagtail.models import UploadedFile

from annuaire.acteurs.models import User
from dispositifs.models import DispositifPage, Document

from .forms import DocumentForm, stored_name

# The file and the dispositif are known; what is deposited here is validated.
ESSENTIELS = ("title", "type", "niveau", "date", "langue")
FACULTATIFS = ("periode_du", "periode_au", "description", "licence", "version_accessible")


@dataclass(frozen=True)
class Fichier:
    """A file kept aside until it is described; a session holds it as a plain dictionary."""

    pk: int
    nom: str
    champs: dict[str, Any]  # what its reception told: columns of a Document

    @property
    def sha256(self) -> str:
        return str(self.champs["sha256"])

    @property
    def prefix(self) -> str:
        return f"f{self.pk}"


def put_aside(file: File, by: User) -> dict[str, Any]:
    """Keep a file that the site may serve; raises ValidationError, one French sentence, else."""
    form: DocumentForm = get_document_form(Document, fields=["file"])({}, {"file": file}, user=by)
    if not form.is_valid():
        raise ValidationError(list(form.errors.get("file", form.non_field_errors())))
    upload = UploadedFile.objects.create(
        for_content_type=ContentType.objects.get_for_model(Document),
        file=form.cleaned_data["file"],
        uploaded_by_user=by,
    )
    return asdict(Fichier(upload.pk, Path(file.name or "").name, form.description))


def still_aside(kept: list[dict[str, Any]], by: User) -> list[Fichier]:
    """Of these files, those that this account has put aside and not described yet."""
    rows = UploadedFile.objects.filter(
        pk__in=[row["pk"] for row in kept],
        uploaded_by_user=by,
        for_content_type=ContentType.objects.get_for_model(Document),
    )
    known = set(rows.values_list("pk", flat=True))
    return [Fichier(**row) for row in kept if row["pk"] in known]


def describing_forms(
    fichiers: list[Fichier], page: DispositifPage, by: User, data: QueryDict | None = None
) -> dict[int, DocumentForm]:
    """One form for each file, by key; bound to `data` where it speaks of that file."""
    form_class = get_document_form(Document, fields=[*ESSENTIELS, *FACULTATIFS])
    forms: dict[int, DocumentForm] = {}
    for fichier in fichiers:
        document = Document(title=fichier.nom, dispositif=page, uploaded_by_user=by)
        given = data if data and f"{fichier.prefix}-title" in data else None
        forms[fichier.pk] = form_class(given, instance=document, prefix=fichier.prefix, user=by)
    _share_types(forms)
    return forms


def _share_types(forms: dict[int, DocumentForm]) -> None:
    """The types are read once, whatever the number of files."""
    choices: list[Any] | None = None
    for form in forms.values():
        choices = choices or list(form.fields["type"].choices)
        form.fields["type"].choices = choices


def discard(fichier: Fichier) -> None:
    """Forget a file put aside, and the copy of it."""
    upload = UploadedFile.objects.filter(pk=fichier.pk).first()
    if upload is not None:
        upload.delete()
        upload.file.storage.delete(upload.file.name)


@transaction.atomic
def make_document(fichier: Fichier, form: DocumentForm) -> Document | None:
    """The document that a valid form describes; None if another request has just made it."""
    row = UploadedFile.objects.filter(pk=fichier.pk)
    upload = row.first()
    # Whoever deletes the row has the file: two clicks make one document.
    if upload is None or not row.delete()[0]:
        return None
    # Told when it was received: nothing is read again while the database waits.
    form.description = fichier.champs
    document = form.instance
    with upload.file.open("rb") as source:
        document.file.save(stored_name(fichier.nom), source, save=False)
    document._set_document_file_metadata()
    made: Document = form.save()
    document.file.close()
    transaction.on_commit(lambda: upload.file.storage.delete(upload.file.name))
    return made
