"""The one door of every file that becomes a document, whoever sends it and by whatever channel."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.base import File

from .controle import check_file, extension_of
from .pages import count_pages


@dataclass(frozen=True)
class Reception:
    """A file that the site may keep and serve, and the columns of a Document that it tells."""

    file: File
    champs: dict[str, Any]


def receive(file: File) -> Reception:
    """Check this file; raise a ValidationError, one French sentence, if it is refused.

    The position written in a photograph is removed from `file` itself, which must be writable: an
    upload, or a ContentFile. It is left open, at its beginning.
    """
    check_file(file)
    return Reception(file, describe_file(file))


def describe_file(file: File) -> dict[str, Any]:
    """The columns of a Document that come from a file already received."""
    digest = hashlib.sha256()
    for block in file.chunks():
        digest.update(block)
    pages = _count(file) if extension_of(file.name or "") == "pdf" else None
    file.seek(0)
    return {"file_size": file.size, "sha256": digest.hexdigest(), "pages": pages}


def _count(file: File) -> int | None:
    # A copy: what is being uploaded may be in memory, what is stored may be elsewhere.
    with tempfile.NamedTemporaryFile(suffix=".pdf") as copy:
        for block in file.chunks():
            copy.write(block)
        copy.flush()
        return count_pages([Path(copy.name)])[0]
