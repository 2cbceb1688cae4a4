"""Images of the site. A document is never found here: its file is served by its address alone."""

import logging

from django.core.files.base import File
from django.db.models.fields.files import FieldFile
from wagtail.rich_text import extract_references_from_rich_text

from dispositifs import permissions
from dispositifs.models import ContenuPage, DispositifPage
from dispositifs.models.documents import Image, Rendition

logger = logging.getLogger(__name__)


def find_media(path: str, actor: permissions.Actor) -> tuple[File, bool] | None:
    """The image stored at this path, opened, and whether anybody may see it.

    None: no image there, or not for this actor. Renditions of images that a public page shows are
    for everybody; the others, and the originals, for the people of the administration.
    """
    rendition = Rendition.objects.filter(file=path).first()
    if rendition is not None and _is_shown(rendition.image_id):
        return open_file(rendition.file, shared=True)
    if not permissions.can_enter_admin(actor):
        return None
    if rendition is not None:
        return open_file(rendition.file, shared=False)
    image = Image.objects.filter(file=path).first()
    return open_file(image.file, shared=False) if image else None


def open_file(file: FieldFile, *, shared: bool) -> tuple[File, bool] | None:
    """None, and a warning in the log, when the storage has lost the file."""
    if not file.name:
        return None
    try:
        return file.storage.open(file.name, "rb"), shared
    except FileNotFoundError:
        logger.warning("Fichier absent du stockage : %s", file.name)
        return None


def _is_shown(image_id: int) -> bool:
    """By the published state of a page that anybody may read, not by a draft."""
    public = permissions.q_public_page()
    if DispositifPage.objects.filter(public, visuel=image_id).exists():
        return True
    texts = ContenuPage.objects.filter(public, corps__contains=f'id="{image_id}"')
    return any(_holds(text, image_id) for text in texts.values_list("corps", flat=True))


def _holds(text: str, image_id: int) -> bool:
    references = extract_references_from_rich_text(text)
    return any(model is Image and str(pk) == str(image_id) for model, pk, *_ in references)
