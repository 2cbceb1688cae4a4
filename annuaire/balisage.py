"""The few marks of our own texts (guides, changelog), made into HTML.

Headings, lists, paragraphs, **bold**, `code` and [links](/address/): nothing else. The text is
escaped first, so that no tag passes, and a link leads to this site or to an https address only.
"""

import re
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

HEADING = re.compile(r"(#{2,6}) +(.+)")
ITEM = re.compile(r"(-|\d+\.) +(.+)")
# Before a high sign and inside quotation marks, in French: a line must not end there.
FRENCH_SPACE = re.compile(r"(?<=«) | (?=[»:;?!])")
INLINE = (
    (re.compile(r"\*\*(.+?)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\[([^\]]+)\]\(((?:/|#|https://)[^\s()]*)\)"), r'<a href="\2">\1</a>'),
)


def render_text(text: str) -> SafeString:
    """HTML of a text. Its headings begin at `## `: the page bears the title."""
    kinds = groupby((line.strip() for line in text.splitlines()), key=_kind)
    return mark_safe("\n".join(_block(kind, list(lines)) for kind, lines in kinds if kind))  # noqa: S308


def _kind(line: str) -> str:
    """« h », « ul », « ol » or « p »; empty between two blocks."""
    if not line:
        return ""
    if HEADING.fullmatch(line):
        return "h"
    item = ITEM.fullmatch(line)
    return "p" if item is None else "ul" if item[1] == "-" else "ol"


def _block(kind: str, lines: list[str]) -> str:
    if kind == "h":
        return "\n".join(_heading(line) for line in lines)
    if kind == "p":
        return f"<p>{_inline(' '.join(lines))}</p>"
    items = (ITEM.sub(r"\2", line) for line in lines)
    return f"<{kind}>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</{kind}>"


def _heading(line: str) -> str:
    marks, title = HEADING.fullmatch(line).groups()  # type: ignore[union-attr]  # _kind matched it
    return f"<h{len(marks)}>{_inline(title)}</h{len(marks)}>"


def _inline(text: str) -> str:
    said = str(escape(FRENCH_SPACE.sub("\N{NO-BREAK SPACE}", text)))
    for mark, html in INLINE:
        said = mark.sub(html, said)
    return said
