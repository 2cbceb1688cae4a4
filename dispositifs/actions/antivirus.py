"""The verdict of the antivirus on a document already kept."""

import logging

from django.db import transaction
from wagtail.log_actions import log

from dispositifs.choices import EtatAntivirus
from dispositifs.models import Document

from .journal import DOCUMENT_CLEARED, DOCUMENT_INFECTED

logger = logging.getLogger(__name__)


@transaction.atomic
def record_verdict(*, document: Document, etat: EtatAntivirus, signature: str = "") -> bool:
    """Keep the verdict on this version; whether it changed. Given by the machine, by no account.

    An infected file leaves every page at once and is served to nobody; its row and the file stay,
    for whoever investigates.
    """
    current = Document.objects.select_for_update().get(pk=document.pk)
    before = current.antivirus
    if before == etat:
        return False
    current.antivirus = etat
    # Not `maj`: what its readers see of the document has not been corrected.
    current.save(update_fields=["antivirus"])
    if etat is EtatAntivirus.INFECTE:
        log(instance=current, action=DOCUMENT_INFECTED, data={"signature": signature})
        logger.warning(
            "Document infecté, retiré de la diffusion : %s, version %d (%s).",
            current.identifiant,
            current.version,
            signature,
        )
    elif before == EtatAntivirus.INFECTE:
        log(instance=current, action=DOCUMENT_CLEARED)
    return True
