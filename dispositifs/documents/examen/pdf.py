"""Inside a PDF: what runs, leaves the file or hides another. Every object is read, used or not.

pypdf reads the structure. Readers rebuild a damaged one in ways of their own, so the names that
matter are also looked for in the bytes, and in the compressed objects that pypdf was not shown.
"""

import mmap
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    PdfObject,
    StreamObject,
)

from dispositifs.documents.refus import Refus

MAX_OBJECTS_STREAM = 64 << 20  # bytes, once decompressed
SCRIPT = "/JavaScript"
# By the name of an action, or the subtype of an annotation.
ACTIVE: dict[str, Callable[[], Refus]] = {
    SCRIPT: Refus.pdf_script,
    "/Launch": Refus.pdf_action,
    "/SubmitForm": Refus.pdf_action,
    "/ImportData": Refus.pdf_action,
    "/GoToR": Refus.pdf_action,
    "/GoToE": Refus.pdf_attachments,
    "/FileAttachment": Refus.pdf_attachments,
    "/RichMedia": Refus.pdf_media,
    "/RichMediaExecute": Refus.pdf_media,
    "/Rendition": Refus.pdf_media,
    "/Movie": Refus.pdf_media,
    "/Sound": Refus.pdf_media,
    "/3D": Refus.pdf_media,
}
KEYS: dict[str, Callable[[], Refus]] = {
    "/JS": Refus.pdf_script,
    "/XFA": Refus.pdf_form,
    "/EF": Refus.pdf_attachments,
    "/Collection": Refus.pdf_attachments,
}
AUTOMATIC = ("/OpenAction", "/AA")
# Long enough never to appear by chance in compressed bytes.
WRITTEN: dict[str, Callable[[], Refus]] = {
    **{
        name: ACTIVE[name]
        for name in (SCRIPT, "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE")
    },
    "/RichMedia": Refus.pdf_media,
    "/EmbeddedFile": Refus.pdf_attachments,
}


def examine(path: Path, label: str) -> dict[str, object]:
    """Number of pages and names of authors; raises Refus."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        _check_written(data)
        for packed in _objects_streams(data):
            _check_written(packed)
    try:
        reader = PdfReader(path)
        if reader.is_encrypted:
            raise Refus.protected(label)
        for value in _all_objects(reader):
            _check(value)
        pages = len(reader.pages)
    except (Refus, MemoryError):
        raise
    except Exception:  # a damaged file may raise anything
        raise Refus.damaged(label) from None
    if not pages:
        raise Refus.damaged(label)
    return {"pages": pages, "auteurs": sorted(_authors(reader))}


# --- by the bytes --------------------------------------------------------------------------------
def _pattern(name: str) -> bytes:
    """This name of PDF; each of its characters may be written by its code."""
    letters = (f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in name[1:])
    return f"/{''.join(letters)}(?![A-Za-z0-9])".encode()


NAMES = re.compile(b"|".join(b"(" + _pattern(name) + b")" for name in WRITTEN))
OBJECTS_STREAM = re.compile(_pattern("/ObjStm") + rb"[^\0]{0,400}?>>\s*stream\r?\n", re.DOTALL)


def _check_written(data: "bytes | mmap.mmap") -> None:
    found = NAMES.search(data)
    if found and found.lastindex:
        raise list(WRITTEN.values())[found.lastindex - 1]()


def _objects_streams(data: mmap.mmap) -> Iterator[bytes]:
    for found in OBJECTS_STREAM.finditer(data):
        unpacker = zlib.decompressobj()
        end = data.find(b"endstream", found.end())
        try:
            unpacked = unpacker.decompress(
                data[found.end() : end if end > 0 else len(data)], MAX_OBJECTS_STREAM
            )
        except zlib.error:
            continue  # not packed this way: pypdf reads it, or nobody does
        if unpacker.unconsumed_tail:
            raise Refus.bomb()
        yield unpacked


# --- by the structure ----------------------------------------------------------------------------
def _all_objects(reader: PdfReader) -> Iterator[PdfObject]:
    yield reader.trailer
    for number, generation in sorted(_ids(reader)):
        try:
            value = reader.get_object(IndirectObject(number, generation, reader))
        except MemoryError:
            raise
        except Exception:  # noqa: S112  # one damaged object: the others are looked at all the same
            continue
        if value is not None:
            yield value


def _ids(reader: PdfReader) -> set[tuple[int, int]]:
    plain = {(number, generation) for generation, some in reader.xref.items() for number in some}
    return plain | {(number, 0) for number in reader.xref_objStm}


def _check(root: PdfObject) -> None:
    """One object and what it holds directly: the objects it names are looked at by themselves."""
    waiting: list[Any] = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, DictionaryObject):
            _check_dictionary(value)
            waiting.extend(value.values())
        elif isinstance(value, ArrayObject):
            waiting.extend(value)


def _check_dictionary(value: DictionaryObject) -> None:
    for key in ("/S", "/Subtype"):
        if key in value and (refusal := ACTIVE.get(str(_of(value, key)))):
            raise refusal()
    for key, refusal in KEYS.items():
        if key in value:
            raise refusal()
    if any(_opens_an_address(_of(value, key)) for key in AUTOMATIC if key in value):
        raise Refus.pdf_action()
    # Bytes kept in another file.
    if isinstance(value, StreamObject) and "/F" in value:
        raise Refus.pdf_action()


def _of(value: DictionaryObject, key: str) -> Any:
    """What a key leads to; None if it leads nowhere."""
    try:
        return value[key]
    except MemoryError:
        raise
    except Exception:  # a damaged file may raise anything
        return None


def _opens_an_address(value: Any) -> bool:
    """An ordinary link is followed by its reader; this one would be by the file."""
    if not isinstance(value, DictionaryObject):
        return False
    triggers: Iterable[Any] = [value, *(_of(value, key) for key in value)]
    return any(
        isinstance(action, DictionaryObject) and str(_of(action, "/S")) == "/URI"
        for action in triggers
    )


def _authors(reader: PdfReader) -> set[str]:
    found: list[Any] = []
    try:
        found.append(reader.metadata.author if reader.metadata else None)
        found.extend(reader.xmp_metadata.dc_creator or () if reader.xmp_metadata else ())
    except MemoryError:
        raise
    except Exception:  # noqa: S110  # properties nobody can read name nobody
        pass
    return {str(name).strip() for name in found if name and str(name).strip()}
