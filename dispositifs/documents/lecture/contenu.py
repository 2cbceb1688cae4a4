"""What a reader gives of one file, and the caps on its text."""

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field

MAX_PAGES = 5_000
MAX_TEXT = 5_000_000  # characters, all pages together
LINE_ENDS = re.compile("\r\n?|[\v\u0085\u2028\u2029]")
# A word cut at the end of a line: pdfium writes U+FFFE for its hyphen.
CUT_WORD = re.compile("[\u00ad\ufffe]\n?")
# NUL above all, which PostgreSQL refuses; lone surrogates, which no encoding accepts.
UNWANTED = re.compile(
    "[\x00-\x08\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff\uffff\ud800-\udfff"
    "\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
# Ligatures and the drawn forms of Arabic letters: nobody types them.
DRAWN_FORMS = re.compile("[\ufb00-\ufdff\ufe70-\ufefc]+")
TRAILING = re.compile("[ \t]+\n| +(?=\t)")
EMPTY_LINES = re.compile("\n{3,}")


@dataclass
class Contenu:
    """`nombre` and `balise` are for PDF only; `metadonnees` holds no empty value."""

    pages: list[str] = field(default_factory=list)
    nombre: int | None = None
    balise: bool | None = None
    metadonnees: dict[str, str] = field(default_factory=dict)
    vignette: bytes = b""
    tronque: bool = False


class Plein(Exception):
    """No more text is taken from this file."""


class Recueil:
    """Pages of text being written. What passes the caps is cut, and `tronque` says so."""

    def __init__(self) -> None:
        self.pages: list[str] = []
        self.tronque = False
        self._current: list[str] = []
        self._left = MAX_TEXT

    def write(self, text: str) -> None:
        """Raises Plein when the text is cut; what came before is kept."""
        self._current.append(text[: self._left])
        self._left -= len(text)
        if self._left < 0:
            self.end_page()
            self._give_up()

    def end_page(self) -> None:
        """Raises Plein when there may be no other page."""
        if len(self.pages) == MAX_PAGES:
            self._give_up()
        self.pages.append(clean("".join(self._current)))
        self._current.clear()

    def break_page(self) -> None:
        """Go to the next page, unless nothing was written on this one."""
        if any(part.strip() for part in self._current):
            self.end_page()

    def close(self) -> None:
        """End the last page, if something was written on it."""
        if len(self.pages) < MAX_PAGES:
            self.break_page()

    def _give_up(self) -> None:
        self.tronque = True
        raise Plein


def clean(text: str) -> str:
    """The same text as a database and a search take it: composed, without control characters."""
    text = LINE_ENDS.sub("\n", text)
    text = CUT_WORD.sub("", text)
    text = UNWANTED.sub("", text)
    text = DRAWN_FORMS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    text = TRAILING.sub(_line_end, unicodedata.normalize("NFC", text))
    return EMPTY_LINES.sub("\n\n", text).strip()


def _line_end(found: re.Match[str]) -> str:
    return "\n" if found[0].endswith("\n") else ""


def metadonnees(found: dict[str, str | None]) -> dict[str, str]:
    """What is said, on one line each, cut at 1,000 characters."""
    cleaned = {name: " ".join(clean(value or "").split())[:1000] for name, value in found.items()}
    return {name: value for name, value in cleaned.items() if value}


def decode(content: bytes) -> str:
    """UTF-8, or the Windows alphabet of older files, where no byte is refused."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def of_text(content: bytes) -> Contenu:
    """A plain text, where a form feed ends a page."""
    recueil = Recueil()
    with suppress(Plein):
        for page in decode(content).split("\f"):
            recueil.write(page)
            recueil.end_page()
    return Contenu(pages=recueil.pages, tronque=recueil.tronque)
