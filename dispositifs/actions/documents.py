"""Documents: a new version behind the same address, a withdrawal, a deletion that breaks nothing,
the word of somebody who has read what may be personal data.

Saving or deleting a row reprojects it.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from wagtail.log_actions import log

from annuaire.acteurs.models import User
from dispositifs.choices import EtatAnonymat, StatutDocument
from dispositifs.models import Document, Proposition
from dispositifs.permissions import can_manage_document, can_manage_vocabularies

from .journal import DOCUMENT_CONFIRMED, DOCUMENT_REPLACED, DOCUMENT_WITHDRAWN

REFUSAL = "Ce document relève d’un autre département."
BLOCKED = (
    "Ce document contient un numéro de sécurité sociale ou un IBAN : masquez-le dans le fichier,"
    " puis déposez la nouvelle version."
)
NOT_WAITING = "Ce document n’attend plus de relecture."
READ_AGAIN = (
    "Ce document vient d’être lu de nouveau et autre chose y a été repéré : regardez avant de"
    " confirmer."
)


@transaction.atomic
def replace_document(*, document: Document, replacement: Document, by: User) -> Document:
    """Put `replacement`, a row not saved yet, behind the address of `document`; return it saved.

    Nothing of the earlier versions changes: each keeps its row, its file and its own niveau, and
    is read at `?version=n` by those who may read both it and the current one.
    """
    versions = Document.objects.filter(identifiant=document.identifiant)
    current = lock_current(document)
    if not (can_manage_document(by, current) and can_manage_document(by, replacement)):
        raise PermissionDenied(REFUSAL)
    latest = versions.aggregate(latest=Max("version"))["latest"]
    tags = list(current.tags.all())
    versions.update(courante=False)
    replacement.pk = None
    replacement._state.adding = True
    replacement.identifiant = current.identifiant
    replacement.version = latest + 1
    replacement.courante = True
    replacement.deposant = current.deposant
    replacement.uploaded_by_user = by
    replacement.save()
    replacement.tags.set(tags)
    log(
        instance=replacement,
        action=DOCUMENT_REPLACED,
        user=by,
        data={"version": replacement.version, "remplace": current.version},
    )
    return replacement


@transaction.atomic
def withdraw_document(*, document: Document, motif: str, by: User) -> Document:
    """Serve it no more, whatever the version asked; the file and its history are kept."""
    if not can_manage_document(by, document):
        raise PermissionDenied(REFUSAL)
    current = lock_current(document)
    current.statut = StatutDocument.RETIRE
    current.save(update_fields=["statut", "maj"])
    log(instance=current, action=DOCUMENT_WITHDRAWN, user=by, data={"motif": motif})
    return current


@transaction.atomic
def confirm_anonymat(*, document: Document, motif: str, by: User) -> Document:
    """Say, after reading it, that what was found in this version may be shown to its readers.

    Raises ValidationError if nothing waits for it, or if what was found is certain.
    """
    if not can_manage_document(by, document):
        raise PermissionDenied(REFUSAL)
    read = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if read.anonymat != EtatAnonymat.A_CONFIRMER:
        raise ValidationError(BLOCKED if read.anonymat == EtatAnonymat.BLOQUE else NOT_WAITING)
    if read.reperages != document.reperages:
        raise ValidationError(READ_AGAIN)
    read.anonymat = EtatAnonymat.CONFIRME
    read.save(update_fields=["anonymat", "maj"])
    data = {"motif": motif, "version": read.version, "reperages": len(read.reperages)}
    log(instance=read, action=DOCUMENT_CONFIRMED, user=by, data=data)
    return read


def check_deletable(document: Document) -> None:
    """Raises ValidationError, with what to do instead, if something still refers to this row."""
    others = Document.objects.exclude(pk=document.pk)
    if document.courante and others.filter(identifiant=document.identifiant).exists():
        # Without its current version an address would answer with an earlier one, or with nothing.
        raise ValidationError(
            "Ce document a des versions précédentes : supprimez-les d’abord, ou retirez le document"
            " plutôt ; il n’est plus servi et rien n’est perdu."
        )
    if Proposition.objects.filter(document=document).exists():
        raise ValidationError(
            "Ce document vient d’une proposition, qui en garde la trace : retirez-le plutôt."
        )
    if others.filter(file=document.file.name).exists():
        raise ValidationError(
            "Un autre document garde le même fichier : retirez celui-ci plutôt que de le supprimer."
        )


@transaction.atomic
def delete_document(*, document: Document, by: User) -> None:
    """Delete one version for good, its file with it once committed.

    Raises PermissionDenied to all but national, ValidationError as `check_deletable` does.
    """
    if not can_manage_vocabularies(by):
        raise PermissionDenied("Retirez ce document : seul le national supprime.")
    list(Document.objects.select_for_update().filter(identifiant=document.identifiant))
    check_deletable(document)
    log(instance=document, action="wagtail.delete", user=by, deleted=True)
    document.delete()


def lock_current(document: Document) -> Document:
    """The current version, once nobody else is moving it: two replacements take two numbers."""
    versions = Document.objects.filter(identifiant=document.identifiant)
    list(versions.select_for_update().order_by("pk").values_list("pk"))
    # Asked again: what another transaction has just added is in no lock of ours.
    return versions.get(courante=True)
