"""Public pages are asked again without being made again: a validator, and 304 before any work.

Everything that an anonymous page says follows from the version of the directory, the version that
the search index has applied, the code, and the day (words such as « depuis » depend on it). Each
process keeps the pages asked last, compressed, under that validator.
"""

import hashlib
import re
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import re_accepts_gzip
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from annuaire.empreinte import code_fingerprint
from dispositifs.models import VersionAnnuaire
from search.indexing import applied_version

# Not what is made for one person, nor the API and the files: these have validators of their own.
PUBLIC = re.compile(
    r"/(?!admin/|connexion/|deconnexion/|espace/|_util/|sante/|media/|documents/."
    r"|api/(?!v1/(?:docs|openapi\.json)$))"
)
SHARED = "public, max-age=0, must-revalidate"
UNSHARED = "private, no-store"
PERMANENT = (301, 308)
LARGEST = 100_000  # bytes of a page that is kept


class RevalidationMiddleware:
    """Say of each answer who may keep it, and spare the pages that an anonymous reader has.

    A request with a session cookie is neither answered from the public version nor kept as it.
    An answer that already says who may keep it is left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _same_for_all(request):
            return _unshared(self.get_response(request))
        # Before the page is made: a publication meanwhile would give it a validator too new.
        etag = current_etag()
        unchanged = get_conditional_response(request, etag=etag)
        if unchanged is not None:
            return _shared(unchanged, etag)
        kept = _read(request, etag)
        if kept is not None:
            return kept
        response = self.get_response(request)
        if response.status_code != 200 or response.cookies or response.has_header("Cache-Control"):
            return _unshared(response)
        _keep(request, _shared(response, etag))
        return response


def current_etag() -> str:
    """The validator of all public pages at this moment; weak, since compression changes bytes."""
    state = (
        code_fingerprint(),
        VersionAnnuaire.current(),
        applied_version(),
        timezone.localdate().isoformat(),
    )
    return f'W/"p-{"-".join(map(str, state))}"'


def _same_for_all(request: HttpRequest) -> bool:
    """Whether the address alone decides the answer; never while templates are being edited."""
    return (
        request.method in ("GET", "HEAD")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and PUBLIC.match(request.path) is not None
        and not settings.DEBUG
    )


def _read(request: HttpRequest, etag: str) -> HttpResponse | None:
    """The page that was kept under this validator for readers of compressed pages."""
    # Without any cookie: one may carry a message to show on the next page.
    if request.COOKIES or not re_accepts_gzip.search(request.headers.get("Accept-Encoding", "")):
        return None
    found = caches["pages"].get(_key(request, etag))
    return HttpResponse(found[0], headers=found[1]) if found else None


def _keep(request: HttpRequest, response: HttpResponse) -> None:
    """The bytes as they are sent: compressing them again costs more than finding them."""
    if (
        request.method == "GET"
        and not request.COOKIES
        and response.get("Content-Encoding") == "gzip"
        and not response.streaming
        and len(response.content) <= LARGEST
    ):
        page = response.content, dict(response.items())
        caches["pages"].set(_key(request, response["ETag"]), page)


def _key(request: HttpRequest, etag: str) -> str:
    asked = f"{etag} {request.get_full_path()}"
    return hashlib.blake2b(asked.encode(), digest_size=16).hexdigest()


def _shared(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = SHARED
    # Cookie: behind the same address, a signed-in reader has another page.
    patch_vary_headers(response, ("Accept-Encoding", "Cookie"))
    return response


def _unshared(response: HttpResponse) -> HttpResponse:
    if response.status_code not in PERMANENT and not response.has_header("Cache-Control"):
        response["Cache-Control"] = UNSHARED
    return response
