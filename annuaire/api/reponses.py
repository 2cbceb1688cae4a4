"""Answers of the API: ready JSON, its ETag, and 304 before any work."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from annuaire import __version__


def conditional(request: HttpRequest, etag: str, body: Callable[[], str]) -> HttpResponse:
    """The JSON that `body` gives, or 304 without calling it when the client already has it.

    `etag` names the state of the data; the version of the code is added to it.
    """
    etag = f'W/"{__version__}-{etag}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(body(), content_type="application/json; charset=utf-8")
        response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    response["Access-Control-Allow-Origin"] = "*"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
