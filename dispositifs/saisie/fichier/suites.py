"""What Wagtail's signals do after each save, done once for many rows: its indexes, its journal."""

import uuid
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import prefetch_related_objects
from django.utils import timezone
from wagtail.models import ModelLogEntry, Page, PageLogEntry, ReferenceIndex
from wagtail.search.backends import get_search_backends

from dispositifs.actions.journal import DOCUMENT_REPLACED
from dispositifs.models import DispositifPage, Document

from .projet import Projet

NEW = ("wagtail.create", "wagtail.publish")
# All that the two indexes read of a page, Wagtail's own child relations included.
RELATIONS = (
    "participations",
    "lieux",
    "liens_thematiques",
    "liens_mots_cles",
    "wagtail_admin_comments",
)


def after_pages(projets: list[Projet]) -> None:
    """For dispositifs just written."""
    pages = (
        DispositifPage.objects.prefetch_related(*RELATIONS)
        .select_related("departement", "chef_de_file")
        .in_bulk([projet.page_id for projet in projets])
    )
    new = {projet.page_id for projet in projets if projet.etat is None}
    update_indexes(list(pages.values()), new)
    _log_pages(projets, pages)
    for projet in projets:
        if projet.etat is not None and projet.etat.latest_revision_id:
            _renew_revision(pages[projet.page_id])


def after_documents(created: list[Document], changed: list[Document]) -> None:
    """For documents just created (as a first version or a later one) or just described anew."""
    documents = [*created, *changed]
    prefetch_related_objects(documents, "tags")
    update_indexes(documents, {document.pk for document in created})
    content_type = ContentType.objects.get_for_model(Document)
    renewed = {document.pk for document in created if document.version > 1}
    edited = {document.pk for document in changed}
    ModelLogEntry.objects.bulk_create(
        [
            ModelLogEntry(
                content_type=content_type,
                object_id=str(document.pk),
                label=document.title,
                action=_action(document.pk, renewed, edited),
                data={"version": document.version},
                timestamp=timezone.now(),
                uuid=uuid.uuid4(),
                content_changed=True,
            )
            for document in documents
        ],
        batch_size=200,
    )


def _action(pk: int, renewed: set[int], edited: set[int]) -> str:
    if pk in edited:
        return "wagtail.edit"
    return DOCUMENT_REPLACED if pk in renewed else "wagtail.create"


def update_indexes(rows: list[Any], new: set[int]) -> None:
    """Wagtail's own search and reference indexes, which bulk insertion leaves behind.

    `rows` are of one model, their relations read already; `new` holds the ids just created.
    """
    if not rows:
        return
    model = type(rows[0])
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(model, rows)
    _add_references([row for row in rows if row.pk in new])
    for row in rows:
        if row.pk not in new:
            ReferenceIndex.create_or_update_for_object(row)


def _add_references(rows: list[Any]) -> None:
    """What `create_or_update_for_object` does for a new object, in one insertion for all.

    Called for each, it makes two queries a row, half of the time of an import.
    """
    types = ContentType.objects.get_for_model
    references = [
        ReferenceIndex(
            content_type=types(row),
            base_content_type=ReferenceIndex._get_base_content_type(row),
            object_id=str(row.pk),
            to_content_type_id=target_type,
            to_object_id=target,
            model_path=model_path,
            content_path=content_path,
            content_path_hash=ReferenceIndex._get_content_path_hash(content_path),
        )
        for row in rows
        for target_type, target, model_path, content_path in set(
            ReferenceIndex._extract_references_from_object(row)
        )
    ]
    ReferenceIndex.objects.bulk_create(references, batch_size=500)


def _log_pages(projets: list[Projet], pages: dict[int, DispositifPage]) -> None:
    content_type = ContentType.objects.get_for_model(DispositifPage)
    PageLogEntry.objects.bulk_create(
        [
            PageLogEntry(
                page_id=projet.page_id,
                content_type=content_type,
                label=pages[projet.page_id].title,
                action=action,
                timestamp=timezone.now(),
                uuid=uuid.uuid4(),
                content_changed=True,
            )
            for projet in projets
            for action in (NEW if projet.etat is None else NEW[1:])
        ],
        batch_size=200,
    )


def _renew_revision(page: DispositifPage) -> None:
    """The editor opens the last revision: without a new one it would undo the import."""
    revision = page.save_revision(clean=False, log_action=False)
    Page.objects.filter(pk=page.pk).update(
        live_revision=revision, latest_revision=revision, has_unpublished_changes=False
    )
