"""How a page of a document is named, and where its link leads."""

from pathlib import PurePosixPath
from typing import Any

from django import template

from dispositifs.templatetags.lisible import cite

register = template.Library()

Json = dict[str, Any]
# Of a text (ODT, DOCX), only the reader's own program knows the pages.
PARTIES = {
    "pdf": "page",
    "odp": "diapositive",
    "pptx": "diapositive",
    "ods": "feuille",
    "xlsx": "feuille",
}


@register.filter
def endroit(passage: Json) -> str:
    """« page 3 », « feuille 2 »; empty where nothing in the file bears that number."""
    partie = PARTIES.get(_format(passage))
    return f"{partie} {passage['page']}" if partie else ""


@register.filter
def reference(passage: Json) -> str:
    """« Convention 2024 » (PDF), page 3."""
    title = f"{cite(passage['document']['titre'])} ({_format(passage).upper()})"
    return ", ".join(filter(None, (title, endroit(passage))))


@register.filter
def adresse(passage: Json) -> str:
    """Of a PDF, browsers open the page itself."""
    url: str = passage["document"]["url"]
    return f"{url}#page={passage['page']}" if _format(passage) == "pdf" else url


def _format(passage: Json) -> str:
    return PurePosixPath(passage["document"]["url"]).suffix[1:]
