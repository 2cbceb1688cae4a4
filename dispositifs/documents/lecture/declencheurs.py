"""When a document is kept, its reading is tried at once; when it goes, its image goes with it."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from dispositifs.actions.lectures import forget_vignette
from dispositifs.choices import EtatTexte
from dispositifs.models import Document

from .lots import read_after_commit


def connect() -> None:
    """Listen to Document, whatever channel it comes by; called once, when the app is ready."""
    post_save.connect(_deposited, sender=Document)
    post_delete.connect(_gone, sender=Document)


def _deposited(
    sender: type[Document], instance: Document, created: bool, raw: bool, **_: Any
) -> None:
    if created and not raw and instance.texte_etat == EtatTexte.A_EXTRAIRE:
        read_after_commit(instance)


def _gone(sender: type[Document], instance: Document, **_: Any) -> None:
    name = instance.vignette.name or ""
    transaction.on_commit(lambda: forget_vignette(name))
