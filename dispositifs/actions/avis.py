"""Mails about a proposition. They name structures and dispositifs, never a person nor a text."""

from typing import Any

from annuaire.acteurs.connexion import public_url
from annuaire.acteurs.courriels import queue_mails
from annuaire.acteurs.droits import comptes_of, correspondants_of, nationaux
from dispositifs.choices import EtatProposition
from dispositifs.models import DispositifPage, Proposition


def tell_correspondants(proposition: Proposition) -> None:
    """That a proposition waits for them; Dihal where the département has no correspondant."""
    code = proposition.dispositif.departement_id or ""
    queue_mails(
        list(correspondants_of(code)) or nationaux(),
        objet=f"Une proposition à traiter : {proposition.dispositif.title}",
        gabarit="courriels/proposition_deposee.txt",
        contexte=_context(proposition)
        | {"adresse": public_url("propositions_admin:detail", pk=str(proposition.pk))},
    )


def tell_operateurs(proposition: Proposition, *, corrige: bool = False) -> None:
    """What was decided, to the accounts that may still read it: a mandat may have ended since."""
    readers = [
        user
        for user in comptes_of(proposition.structure)
        if Proposition.objects.proposed_by(user).filter(pk=proposition.pk).exists()
    ]
    acceptee = proposition.etat == EtatProposition.ACCEPTEE
    titre = _public_title(proposition)
    queue_mails(
        readers,
        objet=f"Proposition {'acceptée' if acceptee else 'refusée'}"
        + (f" : {titre}" if titre else ""),
        gabarit="courriels/proposition_traitee.txt",
        contexte=_context(proposition)
        | {
            "titre": titre,
            "acceptee": acceptee,
            "motif": proposition.motif,
            "corrige": corrige,
            "adresse": public_url("propositions"),
        },
    )


def _public_title(proposition: Proposition) -> str:
    """Empty once the fiche is no longer public: its title may be a draft's."""
    rows = DispositifPage.objects.publicly_readable().filter(pk=proposition.dispositif_id)
    return rows.values_list("title", flat=True).first() or ""


def _context(proposition: Proposition) -> dict[str, Any]:
    return {
        "structure": proposition.structure.nom,
        "document": proposition.document_id is not None,
        "rubrique": proposition.get_rubrique_display(),
        "titre": proposition.dispositif.title,
        "departement": proposition.dispositif.departement_id,
    }
