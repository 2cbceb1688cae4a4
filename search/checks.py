from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register
def check_search_url(**kwargs: Any) -> list[CheckMessage]:
    """This version has the embedded engine only: a server asked for is refused, never ignored."""
    if not settings.SEARCH_URL:
        return []
    return [
        Error(
            "SEARCH_URL désigne un serveur : cette version n’a que le moteur embarqué.",
            hint="Videz SEARCH_URL : l’index est alors tenu dans le dossier INDEX_DIR.",
            id="search.E001",
        )
    ]
