"""Answers of the API: ready JSON, its ETag, and 304 before any work."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from annuaire import __version__

JSON = "application/json; charset=utf-8"
KEPT = 600  # seconds


@dataclass(frozen=True)
class Corps:
    """A body in JSON. One that is not durable was made without the index: nobody keeps it."""

    texte: str
    durable: bool = True


def conditional(request: HttpRequest, etag: str, body: Callable[[], Corps]) -> HttpResponse:
    """The JSON that `body` gives, or 304 without calling it when the client already has it.

    `etag` names the state of the data; the version of the code is added to it.
    """
    etag = f'W/"{__version__}-{etag}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        corps = _kept(request, etag, body)
        response = HttpResponse(corps.texte, content_type=JSON)
        if corps.durable:
            response["ETag"] = etag
    keep = "public, max-age=0, must-revalidate" if response.has_header("ETag") else "no-store"
    response["Cache-Control"] = keep
    response["Access-Control-Allow-Origin"] = "*"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _kept(request: HttpRequest, etag: str, body: Callable[[], Corps]) -> Corps:
    """The body, made once for one state of the data and one address."""
    asked = f"{etag} {request.get_full_path()}"
    key = f"api:{hashlib.blake2b(asked.encode(), digest_size=16).hexdigest()}"
    kept = cache.get(key)
    if kept is not None:
        return Corps(kept)
    corps = body()
    if corps.durable:
        cache.set(key, corps.texte, KEPT)
    return corps
