"""What the journal calls our own actions; Wagtail refuses to log a name it does not know."""

from wagtail.log_actions import LogActionRegistry

DOCUMENT_REPLACED = "dispositifs.document.remplacer"
DOCUMENT_WITHDRAWN = "dispositifs.document.retirer"
MANDAT_OPENED = "dispositifs.mandat.ouvrir"
MANDAT_CLOSED = "dispositifs.mandat.fermer"
STRUCTURE_MERGED = "dispositifs.structure.fusionner"
THEMATIQUE_MERGED = "dispositifs.thematique.fusionner"

LABELS = {
    DOCUMENT_REPLACED: ("Remplacer le document", "Nouvelle version du document"),
    DOCUMENT_WITHDRAWN: ("Retirer le document", "Document retiré"),
    MANDAT_OPENED: ("Ouvrir un mandat", "Mandat ouvert"),
    MANDAT_CLOSED: ("Fermer un mandat", "Mandat fermé"),
    STRUCTURE_MERGED: ("Fusionner une structure", "Structure fusionnée dans celle-ci"),
    THEMATIQUE_MERGED: ("Fusionner une thématique", "Thématique fusionnée dans celle-ci"),
}


def register(actions: LogActionRegistry) -> None:
    """For the hook `register_log_actions`."""
    for action, (label, message) in LABELS.items():
        actions.register_action(action, label, message)
