"""What was found in a document, told to whoever deposits it or changes who may read it."""

from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin import messages

from dispositifs.choices import EtatAnonymat, Niveau
from dispositifs.models import Document
from dispositifs.reperage import LIBELLES

RELECTURE = "documents_admin:relecture"
TROUVE = (EtatAnonymat.A_CONFIRMER, EtatAnonymat.BLOQUE)


def tell_findings(request: HttpRequest, document: Document) -> None:
    """Warn, once it is kept, with where to read it again; nothing is said if nothing was found.

    Reading a new file waits for the end of the transaction: so does this, after it.
    """
    transaction.on_commit(partial(_tell, request, document.pk), robust=True)


def _tell(request: HttpRequest, pk: int) -> None:
    document = Document.objects.filter(pk=pk, anonymat__in=TROUVE).first()
    if document is not None:
        button = messages.button(reverse(RELECTURE, args=[pk]), "Relire")
        messages.warning(request, finding_sentence(document), buttons=[button])


def finding_sentence(document: Document) -> str:
    """What was found, and what follows for its readers."""
    if document.anonymat == EtatAnonymat.BLOQUE:
        return (
            f"« {document.title} » contient un numéro de sécurité sociale ou un IBAN : seuls ceux"
            " qui gèrent ce document et qui l’a déposé peuvent l’ouvrir. Masquez-le dans le"
            " fichier, puis déposez la nouvelle version."
        )
    natures = ", ".join(dict.fromkeys(_libelle(row) for row in document.reperages))
    found = f"« {document.title} » : données peut-être nominatives ({natures})."
    if document.niveau == Niveau.PUBLIC:
        return f"{found} Il ne sera public qu’une fois relu."
    return f"{found} Ses lecteurs actuels le lisent ; relisez-le avant de le rendre public."


def _libelle(reperage: dict[str, Any]) -> str:
    return LIBELLES.get(reperage["nature"], reperage["nature"]).lower()
