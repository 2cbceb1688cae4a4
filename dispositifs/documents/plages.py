"""Parts of a file, as RFC 9110 §14 asks for them: one range of bytes at most."""

import re
from typing import IO, NamedTuple

from django.http import HttpRequest
from django.utils.http import parse_http_date_safe

SINGLE_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE)


class Plage(NamedTuple):
    """First and last byte, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class Unsatisfiable(Exception):
    """The range asked lies outside the file."""


def asked_plage(
    request: HttpRequest, size: int, etag: str | None, modified: int | None
) -> Plage | None:
    """The part that is asked; None means the whole: no range, several, malformed, or outdated.

    Raises Unsatisfiable when the range is well formed and holds no byte of the file.
    """
    header = request.headers.get("Range", "")
    match = SINGLE_RANGE.fullmatch(header)
    if request.method != "GET" or match is None or not _is_fresh(request, etag, modified):
        return None
    first, last = match.groups()
    if first:
        return _from_start(int(first), int(last) if last else size - 1, size)
    return _from_end(int(last), size) if last else None


def _from_start(first: int, last: int, size: int) -> Plage | None:
    if first >= size:
        raise Unsatisfiable
    return Plage(first, min(last, size - 1)) if first <= last else None


def _from_end(length: int, size: int) -> Plage:
    if not length or not size:
        raise Unsatisfiable
    return Plage(max(0, size - length), size - 1)


def _is_fresh(request: HttpRequest, etag: str | None, modified: int | None) -> bool:
    """Whether the part belongs to the file of which the reader already holds another part."""
    condition = request.headers.get("If-Range")
    if condition is None:
        return True
    if condition.startswith('"'):
        return condition == etag
    return modified is not None and parse_http_date_safe(condition) == modified


class Part:
    """A file of which only one part is read."""

    def __init__(self, file: IO[bytes], plage: Plage) -> None:
        self.file = file
        self.left = plage.length
        file.seek(plage.first)

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(block)
        return block

    def close(self) -> None:
        self.file.close()
