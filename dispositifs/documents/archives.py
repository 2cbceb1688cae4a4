"""Inside an office file: an archive whose directory is read before anything is opened."""

import struct
import zipfile
import zlib

from .refus import Refus

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
)
END_RECORD = struct.Struct("<4s4H2LH")
END_MARK = b"PK\x05\x06"
MAX_ENTRIES = 5_000
MAX_DIRECTORY = 2 << 20  # bytes: room for all these entries under long names
MAX_TOTAL = 200 << 20  # bytes, once decompressed
MAX_RATIO = 200  # what XML of real workbooks never reaches on a large part
RATIO_FROM = 1 << 20  # bytes: below, a ratio says nothing
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
MACRO_FOLDERS = ("basic/", "scripts/", "xl/macrosheets/", "xl/dialogsheets/")


def check_directory(tail: bytes, label: str) -> None:
    """Raise a Refus if the archive's own directory is too large to be read into memory."""
    position = tail.rfind(END_MARK)
    if position < 0 or len(tail) < position + END_RECORD.size:
        raise Refus.damaged(label)
    if END_RECORD.unpack_from(tail, position)[5] > MAX_DIRECTORY:
        raise Refus.bomb()


def check(archive: zipfile.ZipFile, label: str) -> None:
    """Raise a Refus unless this is an office file of that format and nothing more."""
    entries = archive.infolist()
    _check_sizes(entries)
    _check_names(entries, label)
    _check_kind(archive, {entry.filename for entry in entries}, label)
    for entry in entries:
        _check_entry(archive, entry, label)


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise Refus.bomb()
    for entry in entries:
        if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * entry.compress_size:
            raise Refus.bomb()


def _check_names(entries: list[zipfile.ZipInfo], label: str) -> None:
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or any(_is_odd(name) for name in names):
        raise Refus.odd_paths()
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise Refus.protected(label)
    if any(_is_macro(name.lower()) for name in names):
        raise Refus.macros(label.lower())


def _is_odd(name: str) -> bool:
    """A name that would leave the folder in which somebody extracts the archive."""
    return name.startswith("/") or ".." in name.split("/") or bool(set("\\:\0") & set(name))


def _is_macro(name: str) -> bool:
    return name.endswith(MACRO_PARTS) or name.startswith(MACRO_FOLDERS)


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


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, label: str) -> None:
    """Read to its end by blocks: the sum is verified, and a size that lies ends here."""
    with archive.open(entry) as stream:
        # Neither format uses entities: they only serve to read or to flood a server.
        if b"<!ENTITY" in stream.read(1 << 14):
            raise Refus.odd_paths()
        while stream.read(1 << 18):
            pass
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refus.damaged(label)
