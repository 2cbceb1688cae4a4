"""What the journal calls our own actions; Wagtail refuses to log a name it does not know."""

from wagtail.log_actions import LogActionRegistry

DOCUMENT_REPLACED = "dispositifs.document.remplacer"
DOCUMENT_WITHDRAWN = "dispositifs.document.retirer"

LABELS = {
    DOCUMENT_REPLACED: ("Remplacer le document", "Nouvelle version du document"),
    DOCUMENT_WITHDRAWN: ("Retirer le document", "Document retiré"),
}


def register(actions: LogActionRegistry) -> None:
    """For the hook `register_log_actions`."""
    for action, (label, message) in LABELS.items():
        actions.register_action(action, label, message)
