"""Texts and slides: ODT, ODP, DOCX, PPTX. Sheets are in `tableur`.

Nothing is extracted to the disk, and no tree is built: each part is read as it comes.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from defusedxml.ElementTree import DefusedXMLParser

from dispositifs.documents.lecture.contenu import Contenu, Plein, Recueil, metadonnees

BLOCK = 1 << 16
SPACES = 10  # at most, for an element that says « so many spaces »
# What the reader of a page sees beside its text.
DOCX_BESIDE = re.compile(r"word/(footnotes|endnotes|comments|header\d*|footer\d*)\.xml")
PPTX_BESIDE = ("notesSlide", "comments")
METADATA_PARTS = ("docProps/core.xml", "docProps/app.xml", "meta.xml")
METADATA = {
    "title": "titre",
    "subject": "sujet",
    "keywords": "mots_cles",
    "keyword": "mots_cles",
    "description": "description",
    "lastModifiedBy": "modifie_par",
    "Company": "organisme",
    "Manager": "responsable",
    "initial-creator": "auteur",
    "creator": "createur",
}
Attributes = dict[str, str]
Reader = Callable[[zipfile.ZipFile, Recueil], None]


def read(path: Path, reader: Reader) -> Contenu:
    """By one of the READERS of a format, here or of tableur.

    Raises anything: a damaged file makes libraries raise what they like.
    """
    with zipfile.ZipFile(path) as archive:
        recueil = Recueil()
        with suppress(Plein):
            reader(archive, recueil)
            recueil.close()
        return Contenu(
            pages=recueil.pages, metadonnees=read_metadata(archive), tronque=recueil.tronque
        )


# --- formats -------------------------------------------------------------------------------------
def _docx(archive: zipfile.ZipFile, recueil: Recueil) -> None:
    beside = sorted(name for name in archive.namelist() if DOCX_BESIDE.fullmatch(name))
    for name in ("word/document.xml", *beside):
        parse(archive, name, TexteOffice(recueil))


def _pptx(archive: zipfile.ZipFile, recueil: Recueil) -> None:
    main = "ppt/presentation.xml"
    links = relations(archive, main)
    for link in references(archive, main, "sldId"):
        slide = links[link][1]
        parse(archive, slide, TexteOffice(recueil))
        for kind, part in relations(archive, slide).values():
            if kind in PPTX_BESIDE:
                parse(archive, part, TexteOffice(recueil))
        recueil.end_page()


def _odt(archive: zipfile.ZipFile, recueil: Recueil) -> None:
    _odp(archive, recueil)
    if "styles.xml" in archive.namelist():
        parse(archive, "styles.xml", TexteOdf(recueil))  # headers and footers


def _odp(archive: zipfile.ZipFile, recueil: Recueil) -> None:
    parse(archive, "content.xml", TexteOdf(recueil))


READERS: dict[str, Reader] = {
    "docx": _docx,
    "pptx": _pptx,
    "odt": _odt,
    "odp": _odp,
}


# --- text of a part ------------------------------------------------------------------------------
class Cible:
    """What the parser of a part talks to: names come without their namespace."""

    def start(self, tag: str, attributes: Attributes) -> None:
        self.enter(
            tag.rpartition("}")[2], {key.rpartition("}")[2]: at for key, at in attributes.items()}
        )

    def end(self, tag: str) -> None:
        self.leave(tag.rpartition("}")[2])

    def enter(self, name: str, attributes: Attributes) -> None: ...

    def leave(self, name: str) -> None: ...

    def data(self, text: str) -> None: ...

    def close(self) -> None: ...


class Texte(Cible):
    """The text of paragraphs; a row of a table is one line, its cells parted by tabulations."""

    holders: frozenset[str] = frozenset()  # elements whose characters are text
    skipped: frozenset[str] = frozenset()
    written = {"tab": "\t", "br": "\n", "cr": "\n", "line-break": "\n", "noBreakHyphen": "-"}
    paragraphs = frozenset(("p", "h"))
    cells = frozenset(("tc", "table-cell"))
    rows = frozenset(("tr", "table-row"))

    def __init__(self, recueil: Recueil) -> None:
        self.recueil = recueil
        self.holding = self.skipping = self.in_cell = 0

    def enter(self, name: str, attributes: Attributes) -> None:
        self.skipping += name in self.skipped
        if self.skipping:
            return
        self.break_before(name, attributes)
        self.holding += name in self.holders
        self.in_cell += name in self.cells
        if name in self.written:
            self.recueil.write(self.written[name])

    def leave(self, name: str) -> None:
        if self.skipping:
            self.skipping -= name in self.skipped
            return
        self.holding -= name in self.holders
        if name in self.paragraphs:
            self.recueil.write(" " if self.in_cell else "\n")
        elif name in self.cells:
            self.in_cell -= 1
            self.recueil.write("\t")
        elif name in self.rows:
            self.recueil.write("\n")

    def data(self, text: str) -> None:
        if self.holding and not self.skipping:
            self.recueil.write(text)

    def break_before(self, name: str, attributes: Attributes) -> None:
        """Go to the next page if this element says so."""


class TexteOffice(Texte):
    holders = frozenset(("t", "delText"))
    # `Fallback` says again what its neighbour says; `tabs` only sets where tabulations stop.
    skipped = frozenset(("Fallback", "tabs"))

    def break_before(self, name: str, attributes: Attributes) -> None:
        if (
            name == "lastRenderedPageBreak"
            or (name == "br" and attributes.get("type") == "page")
            or (name == "pageBreakBefore" and attributes.get("val", "1") not in ("0", "false"))
        ):
            self.recueil.break_page()


class TexteOdf(Texte):
    holders = frozenset(("p", "h"))

    def __init__(self, recueil: Recueil) -> None:
        super().__init__(recueil)
        self.style = ""
        self.breaking: set[str] = set()  # styles of paragraphs that begin a page

    def enter(self, name: str, attributes: Attributes) -> None:
        super().enter(name, attributes)
        if name == "style":
            self.style = attributes.get("name", "")
            if attributes.get("master-page-name"):
                self.breaking.add(self.style)
        elif name == "paragraph-properties" and attributes.get("break-before") == "page":
            self.breaking.add(self.style)
        elif name == "s":
            self.recueil.write(" " * min(int(attributes.get("c", 1)), SPACES))

    def leave(self, name: str) -> None:
        super().leave(name)
        if name == "page":  # a slide
            self.recueil.end_page()

    def data(self, text: str) -> None:
        super().data(text.replace("\n", " "))

    def break_before(self, name: str, attributes: Attributes) -> None:
        starts = name in self.paragraphs and attributes.get("style-name") in self.breaking
        if starts or name == "soft-page-break":
            self.recueil.break_page()


# --- parts ---------------------------------------------------------------------------------------
def parse(archive: zipfile.ZipFile, name: str, target: Cible) -> None:
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    with archive.open(name) as stream:
        while block := stream.read(BLOCK):
            parser.feed(block)
    parser.close()


class _Elements(Cible):
    """The attributes of the elements of one name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[Attributes] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag.rpartition("}")[2] == self.name:
            self.found.append(attributes)


def relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """The parts that this one names, by their id: (kind, name). Those outside are left out."""
    folder, name = posixpath.split(part)
    listing = f"{folder}/_rels/{name}.rels"
    if listing not in archive.namelist():
        return {}
    elements = _Elements("Relationship")
    parse(archive, listing, elements)
    return {
        row["Id"]: (
            row["Type"].rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, row["Target"]))[1:],
        )
        for row in elements.found
        if row.get("TargetMode") != "External"
    }


def references(archive: zipfile.ZipFile, part: str, name: str) -> Iterable[str]:
    """The ids of relations that the elements of this name hold, in their order."""
    elements = _Elements(name)
    parse(archive, part, elements)
    for row in elements.found:
        yield next(value for key, value in row.items() if key.endswith("}id"))


class _Metadata(Cible):
    def __init__(self) -> None:
        self.name = ""
        self.found: dict[str, str] = {}

    def enter(self, name: str, attributes: Attributes) -> None:
        self.name = METADATA.get(name, "")

    def leave(self, name: str) -> None:
        self.name = ""

    def data(self, text: str) -> None:
        if self.name:
            self.found[self.name] = f"{self.found.get(self.name, '')}{text}"[:4000]


def read_metadata(archive: zipfile.ZipFile) -> dict[str, str]:
    """`auteur` is who made the file, or else who is named in it."""
    target = _Metadata()
    names = set(archive.namelist())
    for name in METADATA_PARTS:
        if name in names:
            parse(archive, name, target)
    found = target.found
    creator = found.pop("createur", "")
    if creator:
        found.setdefault("auteur", creator)
        found.setdefault("modifie_par", creator)
    return metadonnees(dict(found))
