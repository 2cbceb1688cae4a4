"""What the parts of an office file say: macros, dynamic links, addresses of other files, authors.

Parts are read as they come, by the names of elements; no tree is built. Ordinary links, which
their reader chooses to follow, pass; what a program follows by itself does not.
"""

import re
from collections.abc import Callable, Iterable
from xml.parsers import expat

from dispositifs.documents.refus import Refus

Attributes = dict[str, str]
XLINK = "http://www.w3.org/1999/xlink href"
TABLE_FORMULA = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 formula"
SCRIPT_LANGUAGE = "urn:oasis:names:tc:opendocument:xmlns:script:1.0 language"
PRESENTATION_ACTION = "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0 action"
# Doctypes that OpenOffice wrote on its formulas, and drawing programs on the images put in a text.
DOCTYPES = ("-//OpenOffice.org//", "-//W3C//DTD SVG")
VML = (".vml",)  # which Office itself writes without closing every element
AUTHORS_PARTS = ("docProps/core.xml", "meta.xml")
AUTHORS = ("creator", "lastModifiedBy", "initial-creator")
LINK_SCHEMES = frozenset(("http", "https", "mailto", "tel", "ftp", "file", "news", "sip", "about"))
SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]+):")
CONTROL = re.compile(r"[\x00-\x1f]")
VML_SOURCE = re.compile(rb"""(?i)\bsrc\s*=\s*["']\s*(?:https?:|ftp:|file:|\\\\|//)""")
# Field codes of Word.
FIELD_WORD = re.compile(r"[A-Za-z]+")
DDE_FIELDS = ("DDE", "DDEAUTO")
LINK_FIELDS = ("LINK", "INCLUDETEXT", "INCLUDE", "IMPORT", "DATABASE", "RD")
PICTURE_FIELDS = ("INCLUDEPICTURE",)
DISTANT_PICTURE = re.compile(r"://|\\\\\\\\")  # codes double their backslashes
NESTED = "\0"
# Formulas of sheets, once their texts and the names of sheets between quotes are taken away.
QUOTED = re.compile(r"""\"[^\"]*\"|'[^']*'""")
FORMULAS = ("f", "definedName", "formula", "formula1", "formula2")
DDE_FORMULA = re.compile(r"(?i)(?<![\w.])DDE\s*\(")
DDE_CALL = re.compile(r"\|[^|]*!")
DISTANT_FORMULA = re.compile(r"(?i)(?<![\w])(?:_xlfn\.)?(?:WEBSERVICE|IMAGE|RTD)\s*\(")
PROGRAM_FORMULA = re.compile(r"(?i)(?<![\w.])(?:CALL|REGISTER(?:\.ID)?|EXEC)\s*\(")


class Lecture:
    """Reads the XML parts of one file; raises Refus, or ExpatError on a damaged part."""

    def __init__(self, *, odf: bool) -> None:
        self.odf = odf
        self.auteurs: set[str] = set()

    def read(self, name: str, blocks: Iterable[bytes]) -> None:
        if name.lower().endswith(VML):
            _check_vml(blocks)
            return
        part = PartieOdf() if self.odf else PartieOffice()
        part.tells_authors = name in AUTHORS_PARTS
        part.read(blocks)
        self.auteurs |= part.auteurs


def _check_vml(blocks: Iterable[bytes]) -> None:
    kept = b""
    for block in blocks:
        if VML_SOURCE.search(kept + block):
            raise Refus.links()
        kept = block[-4096:]


class Partie:
    """One part. `elements` says what to do at the start of an element, by its local name."""

    tells_authors = False

    def __init__(self) -> None:
        self.auteurs: set[str] = set()
        self.elements: dict[str, Callable[[Attributes], None]] = {}
        self.texts: dict[str, Callable[[str], None]] = {}
        self._said: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = _check_doctype
        # Neither format uses entities: they only serve to read or to flood a server.
        self._parser.EntityDeclHandler = _refuse_entity

    def read(self, blocks: Iterable[bytes]) -> None:
        if self.tells_authors:
            self.texts |= dict.fromkeys(AUTHORS, self._author)
        for block in blocks:
            self._parser.Parse(block)
        self._parser.Parse(b"", True)

    def attributes(self, attributes: Attributes) -> None:
        """What is looked at on every element."""

    def _start(self, name: str, attributes: Attributes) -> None:
        local = name.rpartition(" ")[2]
        self.attributes(attributes)
        if local in self.elements:
            self.elements[local](attributes)
        if local in self.texts:
            self._said.clear()
            self._parser.CharacterDataHandler = self._said.append
            self._parser.EndElementHandler = self._end

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local in self.texts:
            self._parser.CharacterDataHandler = self._parser.EndElementHandler = None
            self.texts[local]("".join(self._said))

    def _author(self, name: str) -> None:
        if name.strip():
            self.auteurs.add(name.strip())


def _check_doctype(name: str, system: str | None, public: str | None, internal: bool) -> None:
    if internal or not (public or "").startswith(DOCTYPES):
        raise Refus.odd_paths()


def _refuse_entity(*_: object) -> None:
    raise Refus.odd_paths()


# --- Word, Excel, PowerPoint ---------------------------------------------------------------------
class PartieOffice(Partie):
    def __init__(self) -> None:
        super().__init__()
        self.fields: list[Champ] = []
        self.elements = {
            "Relationship": _check_relationship,
            "fldChar": self._field_mark,
            "fldSimple": lambda attributes: _check_field(_local(attributes, "instr")),
            "ddeLink": _refuse_dde,
            "oleLink": _refuse_links,
            "connections": _refuse_links,
            "Override": _check_content_type,
            "Default": _check_content_type,
            "definedName": _check_defined_name,
        }
        self.texts = {"instrText": self._field_text, **dict.fromkeys(FORMULAS, _check_formula)}

    def read(self, blocks: Iterable[bytes]) -> None:
        super().read(blocks)
        for field in self.fields:  # never closed: programs read them all the same
            _check_field(field.code)

    def attributes(self, attributes: Attributes) -> None:
        action = attributes.get("action", "").lower()
        if action.startswith("ppaction://macro"):
            raise Refus.macros_inside()
        if action.startswith(("ppaction://program", "ppaction://ole")):
            raise Refus.embedded()
        if "src" in attributes and _is_distant(attributes["src"]):
            raise Refus.links()

    def _field_mark(self, attributes: Attributes) -> None:
        kind = _local(attributes, "fldCharType")
        if kind == "begin":
            self.fields.append(Champ())
        elif kind == "separate" and self.fields:
            self.fields[-1].written = True
        elif kind == "end" and self.fields:
            _check_field(self.fields.pop().code)
            if self.fields and not self.fields[-1].written:
                self.fields[-1].code += NESTED

    def _field_text(self, text: str) -> None:
        if not self.fields:
            self.fields.append(Champ())
        self.fields[-1].code += text


class Champ:
    """A field of Word being read; `written` once its code has ended and its result begins."""

    def __init__(self) -> None:
        self.code = ""
        self.written = False


def _local(attributes: Attributes, name: str) -> str:
    """The value of an attribute, whatever its namespace."""
    return next((value for key, value in attributes.items() if key.rpartition(" ")[2] == name), "")


def _check_field(code: str) -> None:
    code = code.strip()
    found = FIELD_WORD.match(code)
    word = found[0].upper() if found else ""
    # A code that another field writes hides which one it is.
    if word in DDE_FIELDS or code.startswith(NESTED):
        raise Refus.dde()
    if word in LINK_FIELDS or (word in PICTURE_FIELDS and DISTANT_PICTURE.search(code)):
        raise Refus.links()


def _check_relationship(attributes: Attributes) -> None:
    kind = attributes.get("Type", "").rpartition("/")[2]
    target = attributes.get("Target", "")
    if kind == "aFChunk":
        raise Refus.embedded()
    if attributes.get("TargetMode", "").lower() != "external":
        return
    if kind == "hyperlink":
        _check_link(target)
    # The model of a letter, on the disk of whoever wrote it, is only a name for anybody else.
    elif kind != "attachedTemplate" or _is_distant(target):
        raise Refus.links()


def _is_distant(target: str) -> bool:
    """On another machine, by an address or by the name of a server."""
    path = target.strip()
    if path.lower().startswith("file:"):
        return path[5:].removeprefix("///").startswith(("/", "\\"))
    return path.startswith(("//", "\\\\")) or SCHEME.match(path) is not None


def _check_link(target: str) -> None:
    scheme = SCHEME.match(target.strip())
    if CONTROL.search(target) or (scheme and scheme[1].lower() not in LINK_SCHEMES):
        raise Refus.links()


def _check_content_type(attributes: Attributes) -> None:
    kind = attributes.get("ContentType", "").lower()
    if "vbaproject" in kind or "macroenabled" in kind:
        raise Refus.macros_inside()
    if "activex" in kind or "oleobject" in kind:
        raise Refus.embedded()


def _check_defined_name(attributes: Attributes) -> None:
    if any(attributes.get(name, "0") not in ("0", "false") for name in ("xlm", "vbProcedure")):
        raise Refus.macros_inside()


def _check_formula(formula: str) -> None:
    bare = QUOTED.sub("", formula)
    if DDE_FORMULA.search(bare) or DDE_CALL.search(bare):
        raise Refus.dde()
    if PROGRAM_FORMULA.search(bare):
        raise Refus.macros_inside()
    if DISTANT_FORMULA.search(bare):
        raise Refus.links()


def _refuse_dde(attributes: Attributes) -> None:
    raise Refus.dde()


def _refuse_links(attributes: Attributes) -> None:
    raise Refus.links()


# --- LibreOffice ---------------------------------------------------------------------------------
class PartieOdf(Partie):
    def __init__(self) -> None:
        super().__init__()
        macros = dict.fromkeys(("library-embedded", "library-linked"), _refuse_macros)
        dde = dict.fromkeys(("dde-source", "dde-link", "dde-connection-decl"), _refuse_dde)
        self.elements = {
            **macros,
            **dde,
            "event-listener": _check_listener,
            "a": _check_anchor,
            "template": _check_template,
            "applet": _refuse_embedded,
            "connection-resource": _check_target,
        }

    def attributes(self, attributes: Attributes) -> None:
        if formula := attributes.get(TABLE_FORMULA):
            bare = QUOTED.sub("", formula)
            if DDE_FORMULA.search(bare):
                raise Refus.dde()
            if DISTANT_FORMULA.search(bare):
                raise Refus.links()
        if attributes.get(PRESENTATION_ACTION) in ("execute", "macro"):
            raise Refus.macros_inside()

    def _start(self, name: str, attributes: Attributes) -> None:
        super()._start(name, attributes)
        if XLINK in attributes and name.rpartition(" ")[2] not in self.elements:
            _check_target(attributes)


def _check_listener(attributes: Attributes) -> None:
    target = attributes.get(XLINK, "")
    if target and SCRIPT_LANGUAGE in attributes:
        raise Refus.macros_inside()
    _check_link(target)


def _check_anchor(attributes: Attributes) -> None:
    _check_link(attributes.get(XLINK, ""))


def _check_template(attributes: Attributes) -> None:
    if _is_distant(attributes.get(XLINK, "")):
        raise Refus.links()


def _check_target(attributes: Attributes) -> None:
    """What a program opens by itself must be inside the file."""
    target = attributes.get(XLINK, "").strip()
    inline = target.startswith("data:image/")
    if target.startswith(("/", "../", "\\")) or (SCHEME.match(target) and not inline):
        raise Refus.links()


def _refuse_macros(attributes: Attributes) -> None:
    raise Refus.macros_inside()


def _refuse_embedded(attributes: Attributes) -> None:
    raise Refus.embedded()
