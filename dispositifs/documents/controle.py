"""What a deposited file really is; `reception` is the door that asks.

The extension is only a claim: content must agree with it, and hold nothing that runs, hides or
explodes. Each refusal is a sentence that says what to do. Nothing is ever extracted.
"""

import codecs
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from PIL import Image

from .examen.appel import Examen, Examinateur
from .refus import Refus

HEAD = 8192  # bytes read to recognise a type
TAIL = 66_000  # bytes at the end that may hold the directory of a hidden archive
MAX_PIXELS = 80_000_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
ARCHIVE_END = b"PK\x05\x06"
MARKUP = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<iframe", b"<?php")
OTHER_TEXTS = (*MARKUP, b"<?xml", b"%pdf-", b"%!ps", b"{\\rtf")
FORBIDDEN_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13}) + b"\x7f"
FORMATS = {
    "pdf": "PDF",
    "odt": "ODT",
    "ods": "ODS",
    "odp": "ODP",
    "docx": "DOCX",
    "xlsx": "XLSX",
    "pptx": "PPTX",
    "txt": "texte",
    "csv": "CSV",
    "jpg": "JPEG",
    "jpeg": "JPEG",
    "png": "PNG",
}
IMAGES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
EXAMINED = frozenset(("PDF", "ODT", "ODS", "ODP", "DOCX", "XLSX", "PPTX"))
LEGACY = {"doc": "docx", "dot": "docx", "xls": "xlsx", "ppt": "pptx", "pps": "pptx"}
WITH_MACROS = {"docm": "docx", "dotm": "docx", "xlsm": "xlsx", "xlsb": "xlsx", "pptm": "pptx"}


def check_file(file: File, examinateur: Examinateur | None = None) -> Examen:
    """Raise a ValidationError, one French sentence, unless the site may keep and serve this file.

    Returns what the file tells. Whoever checks many files gives one `examinateur` for all. The file
    is left open, at its beginning.
    """
    extension = extension_of(file.name or "")
    try:
        _check_extension(extension)
        _check_size(file.size)
        CHECKS[extension](file, FORMATS[extension])
        return examine_file(file, examinateur)
    except Refus as refusal:
        raise ValidationError(str(refusal), code=refusal.code) from None
    finally:
        file.seek(0)


def check_image(file: File) -> None:
    """`check_file` of an image of the site, whose form has already read its format and size."""
    extension = extension_of(file.name or "")
    try:
        _check_image(file, IMAGES.get(extension, extension.upper()))
    except Refus as refusal:
        raise ValidationError(str(refusal), code=refusal.code) from None
    finally:
        file.seek(0)


def examine_file(file: File, examinateur: Examinateur | None = None) -> Examen:
    """What a PDF or an office file tells; nothing for the others. Raises Refus."""
    label = FORMATS.get(extension_of(file.name or ""))
    if label not in EXAMINED:
        return Examen(pages=None, auteurs=())
    with on_disk(file) as path:
        if examinateur is not None:
            return examinateur.ask(path, label)
        with Examinateur() as alone:
            return alone.ask(path, label)


@contextmanager
def on_disk(file: File) -> Iterator[Path]:
    """Where another process reads this file: its own path, or that of a copy."""
    name = getattr(file.file, "name", None)
    if isinstance(name, str) and Path(name).is_absolute() and Path(name).is_file():
        yield Path(name)
        return
    with tempfile.NamedTemporaryFile() as copy:
        for block in file.chunks():
            copy.write(block)
        copy.flush()
        yield Path(copy.name)


def extension_of(name: str) -> str:
    """In lower case, without its dot; empty if there is none."""
    return PurePath(name).suffix[1:].lower()


def _check_extension(extension: str) -> None:
    if extension in FORMATS:
        return
    if extension in WITH_MACROS:
        raise Refus.macros(WITH_MACROS[extension])
    if extension in LEGACY:
        raise Refus.legacy(LEGACY[extension])
    raise Refus.extension(extension)


def _check_size(size: int) -> None:
    if not size:
        raise Refus.empty()
    if size > settings.DOCUMENT_MAX_SIZE:
        raise Refus.too_large(settings.DOCUMENT_MAX_SIZE // 2**20)


def _check_pdf(file: File, label: str) -> None:
    head, tail = _ends(file)
    if not head.startswith(b"%PDF-"):
        raise Refus.other_type(label)
    _refuse_polyglot(head, tail, label)
    if b"%%EOF" not in tail[-2048:]:
        raise Refus.damaged(label)


def _check_image(file: File, label: str) -> None:
    head, tail = _ends(file)
    kind = filetype.guess(head)
    if kind is None or IMAGES.get(kind.extension) != label:
        raise Refus.other_type(label)
    _refuse_polyglot(head, tail, label)
    # Readers of PDF look for their mark in the first thousand bytes.
    if b"%PDF-" in head[:1024]:
        raise Refus.two_files(label)
    try:
        file.seek(0)
        with Image.open(file, formats=[label]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Refus.too_many_pixels()
            image.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refus.too_many_pixels() from None
    except (OSError, SyntaxError, ValueError):
        raise Refus.damaged(label) from None


def _check_office(file: File, label: str) -> None:
    head, _ = _ends(file)
    if head.startswith(OLE):
        hidden = _holds(file, ENCRYPTED_PACKAGE)
        raise Refus.protected(label) if hidden else Refus.legacy(label.lower())


def _check_text(file: File, label: str) -> None:
    """UTF-8, or the Windows alphabet of older spreadsheets; no control character, no markup."""
    start = _ends(file)[0].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith(OTHER_TEXTS):
        raise Refus.other_type(label)
    if not any(_decodes(file, encoding) for encoding in ("utf-8", "cp1252")):
        raise Refus.not_text(label)


def _decodes(file: File, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in _blocks(file):
            if block.translate(None, FORBIDDEN_CONTROLS) != block:
                return False
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_polyglot(head: bytes, tail: bytes, label: str) -> None:
    """Nothing else than what it claims: no page of markup ahead, no archive glued behind."""
    if _is_markup(head[:2048]) or ARCHIVE_END in tail:
        raise Refus.two_files(label)


def _is_markup(head: bytes) -> bool:
    lowered = head.lower()
    return any(mark in lowered for mark in MARKUP)


def _ends(file: File) -> tuple[bytes, bytes]:
    file.seek(0)
    head = file.read(HEAD)
    file.seek(max(0, file.size - TAIL))
    return head, file.read(TAIL)


def _blocks(file: File) -> Iterator[bytes]:
    file.seek(0)
    return iter(lambda: file.read(1 << 18), b"")


def _holds(file: File, mark: bytes) -> bool:
    """Whether the file holds these bytes, even astride two blocks."""
    kept = b""
    for block in _blocks(file):
        if mark in kept + block:
            return True
        kept = block[-len(mark) :]
    return False


CHECKS: dict[str, Callable[[File, str], None]] = {
    "pdf": _check_pdf,
    "txt": _check_text,
    "csv": _check_text,
    **dict.fromkeys(("jpg", "jpeg", "png"), _check_image),
    **dict.fromkeys(("odt", "ods", "odp", "docx", "xlsx", "pptx"), _check_office),
}
