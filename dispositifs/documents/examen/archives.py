"""An office file is an archive: its directory is judged before anything in it is opened.

Nothing is ever extracted; each part is read to its end by blocks, so that a size that lies ends
there. What the parts say is judged by `bureautique`.
"""

import io
import stat
import struct
import zipfile
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO
from xml.parsers.expat import ExpatError

from dispositifs.documents.refus import Refus

from .bureautique import Lecture

# What the standard library raises on a damaged, truncated or exotic archive.
UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    ExpatError,
)
START_MARK = b"PK\x03\x04"
END_MARK = b"PK\x05\x06"
END_RECORD = struct.Struct("<4s4H2LH")
LOCAL_HEADER = struct.Struct("<4s5H3L2H")
TAIL = 66_000  # bytes at the end that hold the last record of an archive
BLOCK = 1 << 18
HEAD = 512  # bytes read to recognise what a part is
MAX_ENTRIES = 5_000
MAX_DIRECTORY = 2 << 20  # bytes: room for all these entries under long names
MAX_TOTAL = 200 << 20  # bytes, once decompressed
MAX_RATIO = 200  # what XML of real workbooks never reaches on a large part
RATIO_FROM = 1 << 20  # bytes: below, a ratio says nothing
MAX_INNER = 20 << 20  # bytes of a workbook kept behind a chart
BOMS_UTF16 = (BOM_UTF16_LE, BOM_UTF16_BE)
XML_NAMES = (".xml", ".rels")
ENCRYPTED = 0x1  # flag of the zip format
TYPES_PART = "[Content_Types].xml"
MIMETYPE_PART = "mimetype"
MANIFEST_PART = "META-INF/manifest.xml"
# What the main part of each format is called in its own directory of types.
OOXML = {
    "DOCX": b"wordprocessingml.document.main+xml",
    "XLSX": b"spreadsheetml.sheet.main+xml",
    "PPTX": b"presentationml.presentation.main+xml",
}
ODF = {
    "ODT": b"application/vnd.oasis.opendocument.text",
    "ODS": b"application/vnd.oasis.opendocument.spreadsheet",
    "ODP": b"application/vnd.oasis.opendocument.presentation",
}
MACRO_PARTS = ("vbaproject.bin", "vbadata.xml")
MACRO_FOLDERS = ("basic/", "scripts/", "dialogs/", "xl/macrosheets/", "xl/dialogsheets/")
PROGRAM_FOLDERS = ("activex/", "webextensions/", "customui/")
PROGRAMS = (
    *(".bat", ".cmd", ".com", ".cpl", ".dll", ".exe", ".hta", ".jar", ".js", ".jse", ".lnk"),
    *(".msi", ".ps1", ".py", ".scr", ".sh", ".vbe", ".vbs", ".wsf", ".wsh"),
)
# First bytes of files that no office file holds but as a package to be opened from it.
FOREIGN = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",  # OLE
    b"\x7fELF",
    b"%PDF-",
    b"{\\rtf",
    b"Rar!",
    b"7z\xbc\xaf",
    b"MSCF",
    b"L\0\0\0\x01\x14\x02\0",  # Windows shortcut
    b"\xca\xfe\xba\xbe",  # Java
)


def examine(path: Path, label: str) -> dict[str, object]:
    """Names of the authors of an office file of that format; raises Refus."""
    with path.open("rb") as stream:
        return {"pages": None, "auteurs": sorted(_examine(stream, label, inside=False))}


def _examine(stream: IO[bytes], label: str, *, inside: bool) -> set[str]:
    try:
        size = _check_end(stream, label)
        with zipfile.ZipFile(stream) as archive:
            _check_directory(archive, stream, label, size)
            lecture = Lecture(odf=label in ODF)
            for entry in archive.infolist():
                _check_entry(archive, entry, lecture, inside=inside)
            return lecture.auteurs
    except UNREADABLE:
        raise Refus.damaged(label) from None


# --- the directory -------------------------------------------------------------------------------
def _check_end(stream: IO[bytes], label: str) -> int:
    """Where the directory starts. The archive is the whole file, and its directory fits memory."""
    # Not is_zipfile, which also accepts an archive glued to the end of something else.
    if stream.read(4) != START_MARK:
        raise Refus.other_type(label)
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - TAIL))
    tail = stream.read()
    position = tail.rfind(END_MARK)
    if position < 0:
        raise Refus.damaged(label)
    *_, directory, offset, comment = END_RECORD.unpack_from(tail, position)
    if directory > MAX_DIRECTORY:
        raise Refus.bomb()
    if comment or len(tail) != position + END_RECORD.size:
        raise Refus.two_files(label)
    stream.seek(0)
    return min(offset, size)


def _check_directory(archive: zipfile.ZipFile, stream: IO[bytes], label: str, end: int) -> None:
    entries = archive.infolist()
    _check_sizes(entries)
    _check_names(entries, label)
    _check_places(entries, stream, end)
    _check_kind(archive, {entry.filename for entry in entries}, label)


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise Refus.bomb()
    for entry in entries:
        if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * entry.compress_size:
            raise Refus.bomb()


def _check_names(entries: list[zipfile.ZipInfo], label: str) -> None:
    names = [entry.filename for entry in entries]
    if len({name.lower() for name in names}) != len(names) or any(map(_is_odd, entries)):
        raise Refus.odd_paths()
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise Refus.protected(label)
    if any(_is_macro(name.lower()) for name in names):
        raise Refus.macros(label.lower())
    if any(_is_program(name.lower()) for name in names):
        raise Refus.embedded()


def _is_odd(entry: zipfile.ZipInfo) -> bool:
    """What would leave the folder in which somebody extracts the archive."""
    name = entry.filename
    link = stat.S_ISLNK(entry.external_attr >> 16)
    return link or name.startswith("/") or ".." in name.split("/") or bool(set("\\:\0") & set(name))


def _is_macro(name: str) -> bool:
    return name.endswith(MACRO_PARTS) or name.startswith(MACRO_FOLDERS)


def _is_program(name: str) -> bool:
    return name.endswith(PROGRAMS) or any(folder in name for folder in PROGRAM_FOLDERS)


def _check_places(entries: list[zipfile.ZipInfo], stream: IO[bytes], end: int) -> None:
    """Each part has its own bytes: shared ones make a small file open into an immense one."""
    places = sorted(entry.header_offset for entry in entries)
    following = dict(zip(places, [*places[1:], end], strict=True))
    if len(following) != len(entries):
        raise Refus.bomb()
    for entry in entries:
        stream.seek(entry.header_offset)
        *_, name, extra = LOCAL_HEADER.unpack(stream.read(LOCAL_HEADER.size))
        start = entry.header_offset + LOCAL_HEADER.size + name + extra
        if start + entry.compress_size > following[entry.header_offset]:
            raise Refus.bomb()


def _check_kind(archive: zipfile.ZipFile, names: set[str], label: str) -> None:
    if label in OOXML:
        types = archive.read(TYPES_PART) if TYPES_PART in names else b""
        if b"macroEnabled" in types:
            raise Refus.macros(label.lower())
        if OOXML[label] not in types:
            raise Refus.other_type(label)
        return
    declared = archive.read(MIMETYPE_PART) if MIMETYPE_PART in names else b""
    if declared.strip() != ODF[label]:
        raise Refus.other_type(label)
    if MANIFEST_PART in names and b"encryption-data" in archive.read(MANIFEST_PART):
        raise Refus.protected(label)


# --- the parts -----------------------------------------------------------------------------------
def _check_entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, lecture: Lecture, *, inside: bool
) -> None:
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refus.odd_paths()
    with archive.open(entry) as part:
        head = part.read(HEAD)
        if head.startswith(START_MARK):
            _check_inner(entry, head + part.read(MAX_INNER), inside=inside)
        elif _is_foreign(head):
            raise Refus.embedded()
        else:
            blocks = _blocks(head, part)
            if _is_xml(head):
                _read(lecture, entry.filename, head, blocks)
            # To its end: the checksum is verified there.
            for _ in blocks:
                pass


def _read(lecture: Lecture, name: str, head: bytes, blocks: Iterator[bytes]) -> None:
    """A font may begin as XML does, by chance: only what says it is XML must be well formed."""
    try:
        lecture.read(name, blocks)
    except ExpatError:
        declared = head.removeprefix(BOM_UTF8).lstrip().startswith((b"<?xml", *BOMS_UTF16))
        if declared or name.lower().endswith(XML_NAMES):
            raise


def _blocks(head: bytes, part: IO[bytes]) -> Iterator[bytes]:
    yield head
    while block := part.read(BLOCK):
        yield block


def _is_foreign(head: bytes) -> bool:
    if head.startswith(FOREIGN):
        return True
    # Two letters alone may begin anything, an obfuscated font for one.
    position = int.from_bytes(head[60:64], "little")
    return head.startswith(b"MZ") and (
        position >= HEAD - 4 or head[position : position + 4] == b"PE\0\0"
    )


def _is_xml(head: bytes) -> bool:
    """By its content: readers go by what the directory of types says, whatever the name."""
    return head.removeprefix(BOM_UTF8).lstrip().startswith((b"<", *BOMS_UTF16))


def _check_inner(entry: zipfile.ZipInfo, content: bytes, *, inside: bool) -> None:
    """The workbook that Word and PowerPoint keep behind each chart: judged as a deposited one."""
    label = PurePosixPath(entry.filename).suffix[1:].upper()
    if inside or label not in OOXML or "/embeddings/" not in entry.filename:
        raise Refus.embedded()
    if len(content) < entry.file_size:
        raise Refus.bomb()
    _examine(io.BytesIO(content), label, inside=True)
