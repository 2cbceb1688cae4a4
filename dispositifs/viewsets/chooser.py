"""Pages that a link may lead to."""

from typing import Any

from django.db.models import F, Q
from wagtail.models import Page

from dispositifs import permissions
from dispositifs.models import DispositifPage


def choosable_pages(pages: Any, user: permissions.Actor) -> Any:
    """Public pages, and one's own: never the title of a draft of another département.

    Choosers show the title of the draft: a public page that is being renamed waits.
    """
    mine = DispositifPage.objects.editable_by(user)
    public = permissions.q_public_page() & Q(draft_title=F("title"))
    # One subquery: the search of the chooser knows neither field.
    allowed = Page.objects.filter(public | Q(pk__in=mine.values("pk")))
    return pages.filter(pk__in=allowed.values("pk"))
