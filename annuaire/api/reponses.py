"""Answers of the API: ready JSON, its ETag, and 304 before any work."""

import hashlib
from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from annuaire import __version__

JSON = "application/json; charset=utf-8"
KEPT = 600  # seconds


def conditional(request: HttpRequest, etag: str, body: Callable[[], str]) -> HttpResponse:
    """The JSON that `body` gives, or 304 without calling it when the client already has it.

    `etag` names the state of the data; the version of the code is added to it.
    """
    etag = f'W/"{__version__}-{etag}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(_kept(request, etag, body), content_type=JSON)
        response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    response["Access-Control-Allow-Origin"] = "*"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _kept(request: HttpRequest, etag: str, body: Callable[[], str]) -> str:
    """The body, made once for one state of the data and one address."""
    asked = f"{etag} {request.get_full_path()}"
    key = f"api:{hashlib.blake2b(asked.encode(), digest_size=16).hexdigest()}"
    kept: str = cache.get_or_set(key, body, KEPT)  # type: ignore[assignment]  # body gives a text
    return kept
