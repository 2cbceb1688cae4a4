"""Sheets: XLSX, ODS. A sheet is a page, its name the first line, a row a line."""

import datetime
import re
import zipfile

from dispositifs.documents.lecture import bureautique
from dispositifs.documents.lecture.bureautique import Attributes, Cible, TexteOdf, TexteOffice
from dispositifs.documents.lecture.contenu import Recueil

DATE_FORMATS = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))  # built in
# What a format says in quotes, between brackets or after a backslash is no sign of a date.
LITERALS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')
DAY_ZERO = {False: datetime.date(1899, 12, 30), True: datetime.date(1904, 1, 1)}
BESIDE = re.compile(r"xl/(comments\d*|threadedComments/[^/]+|drawings/drawing\d+)\.xml")


# --- ODS -----------------------------------------------------------------------------------------
class FeuillesOdf(TexteOdf):
    """Repeated cells and rows are written once."""

    def enter(self, name: str, attributes: Attributes) -> None:
        super().enter(name, attributes)
        if name == "table":
            self.recueil.write(f"{attributes.get('name', '')}\n")

    def leave(self, name: str) -> None:
        super().leave(name)
        if name == "table":
            self.recueil.end_page()


def _ods(archive: zipfile.ZipFile, recueil: Recueil) -> None:
    bureautique.parse(archive, "content.xml", FeuillesOdf(recueil))


# --- XLSX ----------------------------------------------------------------------------------------
def _xlsx(archive: zipfile.ZipFile, recueil: Recueil) -> None:
    main = "xl/workbook.xml"
    links = bureautique.relations(archive, main)
    kinds = dict(links.values())
    strings, styles = Chaines(), Styles()
    if "sharedStrings" in kinds:
        bureautique.parse(archive, kinds["sharedStrings"], strings)
    if "styles" in kinds:
        bureautique.parse(archive, kinds["styles"], styles)
    book = Classeur()
    bureautique.parse(archive, main, book)
    names = iter(book.names)
    for link in bureautique.references(archive, main, "sheet"):
        recueil.write(f"{next(names)}\n")
        cells = Cellules(recueil, strings.found, styles, DAY_ZERO[book.from_1904])
        bureautique.parse(archive, links[link][1], cells)
        recueil.end_page()
    # Comments and drawn texts name no row: they follow the last sheet.
    for name in sorted(filter(BESIDE.fullmatch, archive.namelist())):
        bureautique.parse(archive, name, TexteOffice(recueil))


class Classeur(Cible):
    def __init__(self) -> None:
        self.names: list[str] = []
        self.from_1904 = False

    def enter(self, name: str, attributes: Attributes) -> None:
        if name == "sheet":
            self.names.append(attributes.get("name", ""))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true")


class Chaines(Cible):
    """The texts that cells share, by their rank."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.parts: list[str] = []
        self.holding = False

    def enter(self, name: str, attributes: Attributes) -> None:
        self.holding = name == "t"

    def leave(self, name: str) -> None:
        self.holding = False
        if name == "rPh":  # how a Japanese word is said
            self.parts.clear()
        elif name == "si":
            self.found.append("".join(self.parts))
            self.parts.clear()

    def data(self, text: str) -> None:
        if self.holding:
            self.parts.append(text)


class Styles(Cible):
    """The number format of each style of cell."""

    def __init__(self) -> None:
        self.formats: dict[int, str] = {}
        self.styles: list[int] = []
        self.in_cells = False

    def enter(self, name: str, attributes: Attributes) -> None:
        if name == "numFmt":
            code = LITERALS.sub("", attributes.get("formatCode", "")).partition(";")[0]
            self.formats[int(attributes["numFmtId"])] = code.lower()
        elif name == "cellXfs":
            self.in_cells = True
        elif name == "xf" and self.in_cells:
            self.styles.append(int(attributes.get("numFmtId", 0)))

    def leave(self, name: str) -> None:
        self.in_cells = self.in_cells and name != "cellXfs"

    def shown(self, value: str, style: int, day_zero: datetime.date) -> str:
        """A number as its reader sees it, where that matters: dates, numbers of telephone."""
        number = self.styles[style] if style < len(self.styles) else 0
        code = self.formats.get(number, "")
        if number in DATE_FORMATS or "d" in code or "yy" in code:
            return _day(value, day_zero)
        if "0" in code and value.isdigit() and not set(code) & set(".,%e"):
            return value.zfill(_least_digits(code))
        return value


def _day(value: str, day_zero: datetime.date) -> str:
    try:
        return f"{day_zero + datetime.timedelta(days=int(float(value))):%d/%m/%Y}"
    except (ValueError, OverflowError):
        return value


def _least_digits(code: str) -> int:
    """How many digits are shown at least: « 0# ## ## ## ## » shows ten."""
    digits = [sign for sign in code if sign in "0#?"]
    return len(digits) - digits.index("0")


class Cellules(Cible):
    def __init__(
        self, recueil: Recueil, strings: list[str], styles: Styles, day_zero: datetime.date
    ) -> None:
        self.recueil = recueil
        self.strings = strings
        self.styles = styles
        self.day_zero = day_zero
        self.kind = self.value = ""
        self.style = 0
        self.holding = False

    def enter(self, name: str, attributes: Attributes) -> None:
        self.holding = name in ("v", "t")
        if name == "c":
            self.value = ""
            self.kind = attributes.get("t", "n")
            self.style = int(attributes.get("s", 0))

    def leave(self, name: str) -> None:
        self.holding = False
        if name == "c" and self.value:
            self.recueil.write(f"{self._shown()}\t")
        elif name == "row":
            self.recueil.write("\n")

    def data(self, text: str) -> None:
        if self.holding:
            self.value += text

    def _shown(self) -> str:
        if self.kind == "s":
            return self.strings[int(self.value)]
        if self.kind == "n":
            return self.styles.shown(self.value, self.style, self.day_zero)
        return self.value


READERS = {"ods": _ods, "xlsx": _xlsx}
