"""Lists of cartes: the same sets as the pages, from the projection's ready JSON."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from dispositifs.choices import NaturePublique
from dispositifs.models import VersionAnnuaire
from search.engines.fallback import matches
from search.indexing import applied_version
from search.recherche import Resultat, run_search

from .liste import Demande, changed, cursor, expect, read
from .reponses import Corps, conditional


def list_cartes(request: HttpRequest, nature: NaturePublique) -> HttpResponse:
    asked = read(request.GET, nature)
    etag = f"{VersionAnnuaire.current()}-{applied_version()}"
    page = _ranked if asked.ranked else _in_order
    return conditional(request, etag, lambda: page(request, asked))


def _in_order(request: HttpRequest, asked: Demande) -> Corps:
    """By immutable id: a cursor is the last id given."""
    query = asked.query
    rows = matches(query)
    after = expect(asked.after, "id")[0] if asked.after else 0
    columns = "pk", "identifiant", "carte"
    found = list(rows.filter(pk__gt=after).order_by("pk").values_list(*columns)[: query.limit + 1])
    shown = found[: query.limit]
    following = cursor(id=shown[-1][0]) if len(found) > query.limit else None
    facets = run_search(replace(query, limit=1)).facets if asked.with_facets else None
    results = [Resultat(identifiant, carte).as_json() for _pk, identifiant, carte in shown]
    texte = _body(
        request, total=rows.count(), partial=0, results=results, facets=facets, following=following
    )
    return Corps(texte)


def _ranked(request: HttpRequest, asked: Demande) -> Corps:
    """By relevance or another sort: a cursor is a page of one version of the index."""
    query = asked.query
    version, number = expect(asked.after, "version", "page") if asked.after else (None, 1)
    found = run_search(replace(query, page=max(number, 1)))
    if version is not None and version != found.version:
        raise changed()
    following = None
    if found.query.page < found.pages:
        following = cursor(version=found.version, page=found.query.page + 1)
    results = [row.as_json() for row in found.results]
    texte = _body(
        request,
        total=found.total,
        partial=found.total_partiel,
        results=results,
        facets=found.facets if asked.with_facets else None,
        following=following,
        moteur=found.moteur,
    )
    return Corps(texte, durable=not found.degraded)


def _body(  # noqa: PLR0913  # one argument for each member of the answer
    request: HttpRequest,
    *,
    total: int,
    partial: int,
    results: list[str],
    facets: dict[str, Any] | None,
    following: str | None,
    moteur: str = "base",
) -> str:
    """The answer, its results joined as they are stored instead of being parsed again."""
    head = f'{{"total":{total},"total_partiel":{partial},"results":[{",".join(results)}]'
    tail: dict[str, Any] = {"suggestion": None, "moteur": moteur, "next": _next(request, following)}
    if facets is not None:
        tail["facets"] = facets
    return f"{head},{json.dumps(tail, ensure_ascii=False, separators=(',', ':'))[1:]}"


def _next(request: HttpRequest, following: str | None) -> str | None:
    if following is None:
        return None
    pairs = [
        (name, value)
        for name, values in request.GET.lists()
        if name != "curseur"
        for value in values
    ]
    return f"{settings.PUBLIC_URL}{request.path}?{urlencode([*pairs, ('curseur', following)])}"
