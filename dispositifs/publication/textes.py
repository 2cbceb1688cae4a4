"""Rich text as anonymous readers get it: a link to a page that is not public loses its address."""

import re

from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from dispositifs import permissions

PAGE_LINK = re.compile(r'<a\b[^>]*\blinktype="page"[^>]*>')
LINK_ID = re.compile(r'\bid="(\d+)"')


def public_html(rich_text: str) -> str:
    """The HTML of a rich text field; empty when it holds no word."""
    if not re.sub(r"<[^>]*>", "", rich_text).strip():
        return ""
    if "linktype" not in rich_text and "<embed" not in rich_text:
        return rich_text
    linked = {found[1] for tag in PAGE_LINK.findall(rich_text) if (found := LINK_ID.search(tag))}
    public = set(
        Page.objects.filter(permissions.q_public_page(), pk__in=linked).values_list("pk", flat=True)
    )
    return str(expand_db_html(PAGE_LINK.sub(lambda tag: _kept(tag[0], public), rich_text)))


def _kept(tag: str, public: set[int]) -> str:
    found = LINK_ID.search(tag)
    return tag if found and int(found[1]) in public else "<a>"
