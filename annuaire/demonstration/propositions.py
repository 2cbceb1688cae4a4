"""The propositions of the demonstration: three that wait for the 33, one that it has refused."""

import datetime
import json
from typing import Any

from django.core.files.base import ContentFile

from annuaire.acteurs.models import Courriel, User
from dispositifs.actions.propositions import (
    current_text,
    propose_document,
    propose_text,
    refuse_proposition,
    text_fingerprint,
)
from dispositifs.documents.fabrication import Contenu, fabricate
from dispositifs.documents.reception import receive
from dispositifs.models import DispositifPage, Document, Proposition, TypeDocument

from .vocabulaire import DONNEES


def load_propositions(*, operateur: User, correspondant: User) -> None:
    """Made once: what people decided since is left as it is."""
    if Proposition.objects.filter(propose_par=operateur).exists():
        return
    lignes = json.loads((DONNEES / "propositions.json").read_text(encoding="utf-8"))
    for ligne in lignes:
        page = DispositifPage.objects.get(identifiant=ligne["dispositif"])
        propose = _propose_document if "document" in ligne else _propose_text
        proposition = propose(page, ligne, operateur)
        if "refus" in ligne:
            refuse_proposition(proposition=proposition, motif=ligne["refus"], by=correspondant)
    # Nobody reads the addresses of the demonstration.
    Courriel.objects.filter(destinataire__email__endswith="@demo.invalid").delete()


def _propose_text(page: DispositifPage, ligne: dict[str, Any], by: User) -> Proposition:
    vu = text_fingerprint(current_text(page, ligne["rubrique"]))
    return propose_text(
        dispositif=page, rubrique=ligne["rubrique"], texte=ligne["texte"], vu=vu,
        message=ligne["message"], by=by,
    )  # fmt: skip


def _propose_document(page: DispositifPage, ligne: dict[str, Any], by: User) -> Proposition:
    content = fabricate(Contenu(ligne["titre"], ligne["texte"], []), "pdf")
    reception = receive(ContentFile(content, "bilan-intermediaire-2026.pdf"))
    document = Document(
        title=ligne["titre"],
        type=TypeDocument.objects.get(slug=ligne["document"]),
        description=ligne["description"],
        file=reception.file,
        **{
            name: datetime.date.fromisoformat(ligne[name])
            for name in ("date", "periode_du", "periode_au")
        },
        **reception.champs,
    )
    return propose_document(dispositif=page, document=document, message=ligne["message"], by=by)
