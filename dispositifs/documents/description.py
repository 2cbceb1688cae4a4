"""What a file tells of itself when it is deposited: size, fingerprint, number of pages."""

import hashlib
import tempfile
from pathlib import Path
from typing import Any

from django.core.files.base import File

from .controle import extension_of
from .pages import count_pages


def describe_file(file: File) -> dict[str, Any]:
    """The fields of a Document that come from its file: file_size, sha256, pages.

    `pages` is None but for a PDF that can be counted. The file is left open, at its beginning.
    """
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
