"""Pages that a link may lead to."""

from typing import Any

from django.db.models import Q

from dispositifs import permissions
from dispositifs.models import DispositifPage


def choosable_pages(pages: Any, user: permissions.Actor) -> Any:
    """Public pages, and one's own: never the title of a draft of another département."""
    mine = DispositifPage.objects.editable_by(user)
    return pages.filter(permissions.q_public_page() | Q(pk__in=mine.values("pk")))
