"""What the journal calls our own actions; Wagtail refuses to log a name it does not know."""

from wagtail.log_actions import LogActionRegistry

from dispositifs.models.relecture import TEXTS_CONFIRMED

FICHE_CONFIRMED = TEXTS_CONFIRMED
DOCUMENT_REPLACED = "dispositifs.document.remplacer"
DOCUMENT_WITHDRAWN = "dispositifs.document.retirer"
DOCUMENT_CONFIRMED = "dispositifs.document.confirmer_anonymat"
DOCUMENT_INFECTED = "dispositifs.document.infecte"
DOCUMENT_CLEARED = "dispositifs.document.sain"
PROPOSITION_MADE = "dispositifs.proposition.deposer"
PROPOSITION_ACCEPTED = "dispositifs.proposition.accepter"
PROPOSITION_REFUSED = "dispositifs.proposition.refuser"
PROPOSITION_WITHDRAWN = "dispositifs.proposition.retirer"
MANDAT_OPENED = "dispositifs.mandat.ouvrir"
MANDAT_CLOSED = "dispositifs.mandat.fermer"
STRUCTURE_MERGED = "dispositifs.structure.fusionner"
THEMATIQUE_MERGED = "dispositifs.thematique.fusionner"

LABELS = {
    FICHE_CONFIRMED: ("Confirmer l’anonymat", "Textes relus : personne n’y est désigné"),
    DOCUMENT_REPLACED: ("Remplacer le document", "Nouvelle version du document"),
    DOCUMENT_WITHDRAWN: ("Retirer le document", "Document retiré"),
    DOCUMENT_CONFIRMED: ("Confirmer l’anonymat", "Document relu : rien de nominatif à masquer"),
    DOCUMENT_INFECTED: ("Signaler un fichier infecté", "Fichier infecté : plus servi à personne"),
    DOCUMENT_CLEARED: ("Lever l’alerte de l’antivirus", "Fichier jugé sain, servi de nouveau"),
    PROPOSITION_MADE: ("Proposer", "Proposition déposée"),
    PROPOSITION_ACCEPTED: ("Accepter la proposition", "Proposition acceptée"),
    PROPOSITION_REFUSED: ("Refuser la proposition", "Proposition refusée"),
    PROPOSITION_WITHDRAWN: ("Retirer la proposition", "Proposition retirée par son auteur"),
    MANDAT_OPENED: ("Ouvrir un mandat", "Mandat ouvert"),
    MANDAT_CLOSED: ("Fermer un mandat", "Mandat fermé"),
    STRUCTURE_MERGED: ("Fusionner une structure", "Structure fusionnée dans celle-ci"),
    THEMATIQUE_MERGED: ("Fusionner une thématique", "Thématique fusionnée dans celle-ci"),
}


def register(actions: LogActionRegistry) -> None:
    """For the hook `register_log_actions`."""
    for action, (label, message) in LABELS.items():
        actions.register_action(action, label, message)
