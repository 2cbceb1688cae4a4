"""Documents: a new version behind the same address, a withdrawal. Saving a row reprojects it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from wagtail.log_actions import log

from annuaire.acteurs.models import User
from dispositifs.choices import StatutDocument
from dispositifs.models import Document
from dispositifs.permissions import can_manage_document

from .journal import DOCUMENT_REPLACED, DOCUMENT_WITHDRAWN

REFUSAL = "Ce document relève d’un autre département."


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


def lock_current(document: Document) -> Document:
    """The current version, once nobody else is moving it: two replacements take two numbers."""
    versions = Document.objects.filter(identifiant=document.identifiant)
    list(versions.select_for_update().order_by("pk").values_list("pk"))
    # Asked again: what another transaction has just added is in no lock of ours.
    return versions.get(courante=True)
