"""Between the rich text of a page and the plain text of files, API and search.

Plain text: a blank line parts paragraphs, « - » opens the items of a list, « 1. » those of a
numbered one, « ## » a heading. Bold, italic and links exist in rich text only.
"""

import html
import re
from collections.abc import Iterator

BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
BULLET = re.compile(r"[-•]\s+")
NUMBER = re.compile(r"(\d{1,3})\.\s+")
HEADING = re.compile(r"(#{2,4})\s+")
# An attribute may hold « > » between quotes.
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\"[^\"]*\"|'[^']*'|[^'\">])*)>|<!--.*?-->", re.S)
# A no-break space is typography, not layout: it is kept.
SPACES = re.compile(r"[ \t\r\n\f\v]+")
MARKS = frozenset({"a", "b", "strong", "i", "em"})
BLOCKS = frozenset(
    {"p", "div", "ul", "ol", "blockquote", "table", "tr", "section", "hr", "embed"}
    | {f"h{level}" for level in range(1, 7)}
)


def text_to_html(text: str, *, headings: bool = False) -> str:
    """Rich text that says the same as `text`; everything in it is escaped.

    Headings are made only where the field's editor offers them; elsewhere « ## » is kept as is.
    """
    return "".join(
        _block_to_html(kind, lines) for kind, lines in text_blocks(text, headings=headings)
    )


def text_blocks(text: str, *, headings: bool = False) -> Iterator[tuple[str, list[str]]]:
    """The blocks of a text, as (kind, lines); the kinds are p, ul, ol, h2, h3 and h4."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    for paragraph in BLANK_LINE.split(plain):
        yield from _parts(paragraph, headings=headings)


def _parts(paragraph: str, *, headings: bool) -> Iterator[tuple[str, list[str]]]:
    """Runs of lines of the same kind; each heading is alone."""
    current: tuple[str, list[str]] | None = None
    for line in (line.strip() for line in paragraph.split("\n")):
        rank = len(current[1]) + 1 if current and current[0] == "ol" else 1
        kind, content = _line_kind(line, rank, headings=headings)
        if current and current[0] == kind and not kind.startswith("h"):
            current[1].append(content)
            continue
        if current and current[1] != [""]:
            yield current
        current = (kind, [content])
    if current and current[1] != [""]:
        yield current


def _line_kind(line: str, rank: int, *, headings: bool) -> tuple[str, str]:
    if found := BULLET.match(line):
        return "ul", line[found.end() :]
    # « 12. » alone is no list: as a list item it would come back as « 1. ».
    if (found := NUMBER.match(line)) and int(found.group(1)) == rank:
        return "ol", line[found.end() :]
    if headings and (found := HEADING.match(line)):
        return f"h{len(found.group(1))}", line[found.end() :]
    return "p", line


def _block_to_html(kind: str, lines: list[str]) -> str:
    escaped = [html.escape(line, quote=False) for line in lines]
    if kind in ("ul", "ol"):
        items = "".join(f"<li>{line}</li>" for line in escaped)
        return f"<{kind}>{items}</{kind}>"
    return f"<{kind}>{'<br/>'.join(escaped)}</{kind}>"


def html_to_text(source: str) -> str:
    """What a reader of this rich text reads, as plain text with its paragraphs and lists."""
    if not source:
        return ""
    reading = _Reading()
    position = 0
    for tag in TAG.finditer(source):
        reading.add_text(source[position : tag.start()])
        position = tag.end()
        if tag.group(2):
            reading.add_tag(tag.group(2).lower(), closing=bool(tag.group(1)))
    reading.add_text(source[position:])
    return reading.text()


def normalise_text(text: str) -> str:
    """`text` as it comes back after having been rich text: two texts that look alike are equal."""
    return html_to_text(text_to_html(text))


def has_marks(source: str) -> bool:
    """Whether this rich text holds what plain text loses: a link, bold or italic."""
    return any(
        (tag.group(2) or "").lower() in MARKS for tag in TAG.finditer(source) if not tag.group(1)
    )


class _Reading:
    """Blocks read so far; list items of the same list are parted by one line end only."""

    def __init__(self) -> None:
        self.blocks: list[tuple[str, str]] = []  # (separator before the block, its text)
        self.line = ""
        self.prefix = ""
        self.lists: list[tuple[str, int]] = []  # (tag, items read)
        self.separator = "\n\n"

    def add_text(self, raw: str) -> None:
        if raw:
            self.line += SPACES.sub(" ", html.unescape(raw))

    def add_tag(self, name: str, *, closing: bool) -> None:
        if name == "br":
            self.line += "\n"
        elif name == "li":
            self._flush()
            if not closing:
                self._open_item()
        elif name in ("ul", "ol"):
            self._flush()
            self._change_list(name, closing=closing)
        elif name in BLOCKS:
            self._flush()
            if name[0] == "h" and name[1:].isdigit() and not closing:
                self.prefix = "#" * min(max(int(name[1:]), 2), 4) + " "
        elif name in ("td", "th") and closing:
            self.line += " "

    def _open_item(self) -> None:
        if not self.lists:
            self.prefix = "- "
            return
        name, rank = self.lists[-1]
        self.lists[-1] = (name, rank + 1)
        self.prefix = "- " if name == "ul" else f"{rank + 1}. "

    def _change_list(self, name: str, *, closing: bool) -> None:
        if not closing:
            self.lists.append((name, 0))
        elif self.lists:
            self.lists.pop()
        if not self.lists:
            self.separator = "\n\n"

    def _flush(self) -> None:
        lines = (line.strip(" ") for line in self.line.strip(" \n").split("\n"))
        content = "\n".join(line for line in lines if line)
        self.line = ""
        if content:
            self.blocks.append((self.separator, self.prefix + content))
            self.separator = "\n" if self.lists else "\n\n"
            self.prefix = ""
        elif not self.lists:
            self.prefix = ""

    def text(self) -> str:
        self._flush()
        joined = "".join(separator + content for separator, content in self.blocks)
        return joined.strip("\n")
