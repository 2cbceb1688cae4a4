"""Addresses of files. A file answers those who may read it; to others it does not exist."""

import re
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.core.files.base import File
from django.db.models import Q
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
)
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import content_disposition_header, http_date
from django.views.decorators.http import require_safe

from annuaire.acteurs.models import User
from dispositifs import permissions
from dispositifs.models import Document

from .affichage import HEAD, affichage_of
from .controle import extension_of
from .medias import find_media, open_file
from .plages import Part, Plage, Unsatisfiable, asked_plage

SHARED_FOR = 60  # seconds during which caches may keep what everybody reads
Response = TypeVar("Response", bound=HttpResponseBase)
VERSION = re.compile(r"[1-9]\d{0,5}")


@dataclass(frozen=True)
class Piece:
    """A file that its reader may have."""

    file: File
    nom: str
    shared: bool  # anybody may have it
    etag: str | None = None
    modified: int | None = None  # seconds since 1970


class Download(FileResponse):
    block_size = 1 << 16


@require_safe
def document(request: HttpRequest, identifiant: str, nom: str) -> HttpResponseBase:
    """The current version of a document, or with `?version=n` an earlier one."""
    return _answer(request, Q(identifiant=identifiant), nom)


@require_safe
def document_by_id(request: HttpRequest, id: int, nom: str) -> HttpResponseBase:
    """Wagtail's own address. Rich texts keep the id of a version: it leads to the current one."""
    same = Document.objects.filter(pk=id).values("identifiant")
    return _answer(request, Q(identifiant__in=same), None)


@require_safe
def vignette(request: HttpRequest, identifiant: str) -> HttpResponseBase:
    """The image of the first page, for those who may read the file that it shows."""
    actor = actor_of(request)
    found = _find(Q(identifiant=identifiant), request.GET.get("version"), actor)
    opened = open_file(found.vignette, shared=actor is None) if found else None
    if found is None or opened is None:
        raise Http404
    image = Piece(opened[0], nom="vignette.webp", shared=opened[1], etag=f'"v{found.sha256}"')
    return respond(request, image)


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Images of the site: those that a public page shows, the others for the administration."""
    found = find_media(path, actor_of(request))
    if found is None:
        raise Http404
    file, shared = found
    return respond(request, Piece(file, nom=path.rpartition("/")[2], shared=shared))


def actor_of(request: HttpRequest) -> permissions.Actor:
    """Who asks; without a session cookie nothing is read, and the answer depends on no cookie."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return request.user if isinstance(request.user, User) else None


def _answer(request: HttpRequest, which: Q, nom: str | None) -> HttpResponseBase:
    actor = actor_of(request)
    found = _find(which, request.GET.get("version"), actor)
    opened = open_file(found.file, shared=actor is None) if found else None
    if found is None or opened is None:
        raise Http404
    piece = Piece(
        file=opened[0],
        nom=found.nom,
        shared=opened[1],
        etag=f'"{found.sha256}"' if found.sha256 else None,
        modified=int(found.maj.timestamp()),
    )
    if nom not in (None, found.nom):
        piece.file.close()
        query = f"?version={found.version}" if "version" in request.GET else ""
        return _with(HttpResponsePermanentRedirect(found.url + query), _cache_headers(piece))
    return respond(request, piece)


def _find(which: Q, asked: str | None, actor: permissions.Actor) -> Document | None:
    """The version asked, for whoever may read both it and the current one.

    So restricting or withdrawing the current version restricts all that came before it.
    """
    if asked is not None and not VERSION.fullmatch(asked):
        return None
    wanted = Q(courante=True) if asked is None else Q(courante=True) | Q(version=int(asked))
    rows = list(Document.objects.filter(which, wanted).readable_by(actor))
    if not any(row.courante for row in rows):
        return None
    return next(
        (row for row in rows if (row.courante if asked is None else row.version == int(asked))),
        None,
    )


def respond(request: HttpRequest, piece: Piece) -> HttpResponseBase:
    """The file, a part of it, or « not modified »: the right to read it is already established."""
    # Before anything is read of it: a distant store would send the whole file.
    bare = _with(HttpResponse(), _cache_headers(piece) | _validators(piece))
    answer = get_conditional_response(request, piece.etag, piece.modified, bare)
    if answer is not None and answer is not bare:
        piece.file.close()
        return answer
    size, headers = piece.file.size, _headers(piece)
    if request.method == "HEAD":
        piece.file.close()
        return _with(HttpResponse(), {**headers, "Content-Length": str(size)})
    try:
        plage = asked_plage(request, size, piece.etag, piece.modified)
    except Unsatisfiable:
        piece.file.close()
        return _with(
            HttpResponse(status=416), {**_cache_headers(piece), "Content-Range": f"bytes */{size}"}
        )
    return _with(_body(piece, plage, size), headers)


def _body(piece: Piece, plage: Plage | None, size: int) -> HttpResponseBase:
    if plage is None:
        return Download(piece.file)
    response = Download(Part(piece.file, plage), status=206)
    response["Content-Length"] = str(plage.length)
    response["Content-Range"] = f"bytes {plage.first}-{plage.last}/{size}"
    return response


def _headers(piece: Piece) -> dict[str, str]:
    head = piece.file.read(HEAD)
    piece.file.seek(0)
    affichage = affichage_of(head, extension_of(piece.nom))
    disposition = content_disposition_header(not affichage.inline, piece.nom)
    return {
        **_cache_headers(piece),
        **_validators(piece),
        "Content-Type": affichage.content_type,
        "Content-Disposition": disposition or "attachment",
        "Content-Security-Policy": affichage.policy,
        "X-Content-Type-Options": "nosniff",
        "Accept-Ranges": "bytes",
    }


def _validators(piece: Piece) -> dict[str, str]:
    headers = {"ETag": piece.etag} if piece.etag else {}
    if piece.modified:
        headers["Last-Modified"] = http_date(piece.modified)
    return headers


def _cache_headers(piece: Piece) -> dict[str, str]:
    if piece.shared:
        return {"Cache-Control": f"public, max-age={SHARED_FOR}"}
    return {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}


def _with(response: Response, headers: dict[str, str]) -> Response:
    for name, value in headers.items():
        response[name] = value
    if "private" in response.get("Cache-Control", ""):
        patch_vary_headers(response, ["Cookie"])
    return response
