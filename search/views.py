"""The directory: one view and one family of templates for its three tabs."""

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dispositifs.choices import NaturePublique
from search.carte import draw_search
from search.query import CHEMINS, TRIS, Problem, SearchQuery, parse
from search.recherche import SearchPage, run_search

MAX_NOTICES = 5


@dataclass(frozen=True, slots=True)
class Onglet:
    """How a tab names what it lists."""

    titre: str
    menu: str
    nom: str
    aucun: str
    description: str


ONGLETS = {
    NaturePublique.DISPOSITIF: Onglet(
        "Dispositifs de résorption des bidonvilles",
        "Dispositifs",
        "dispositif",
        "Aucun dispositif",
        "Tous les dispositifs publiés, par thématique, territoire, forme et opérateur.",
    ),
    NaturePublique.BONNE_PRATIQUE: Onglet(
        "Bonnes pratiques",
        "Bonnes pratiques",
        "bonne pratique",
        "Aucune bonne pratique",
        "Des façons de faire qui ont marché, décrites par la Dihal avec ceux qui les ont menées.",
    ),
    NaturePublique.DOCUMENT: Onglet(
        "Documents publics",
        "Documents",
        "document",
        "Aucun document",
        "Conventions, bilans, diagnostics et guides à télécharger.",
    ),
}


@require_safe
def liste(request: HttpRequest, nature: NaturePublique) -> HttpResponse:
    query = _with_possible_view(parse(request.GET, nature=nature))
    page = run_search(query)
    response = render(
        request,
        "search/liste.html",
        {
            "sans_recherche": True,
            "onglet": ONGLETS[nature],
            "onglets": _tabs(query),
            "query": page.query,
            "page": page,
            "carte": f"components/carte_{nature.replace('-', '_')}.html",
            "complets": [carte for carte in page.results if not carte["partiel"]],
            "partiels": [carte for carte in page.results if carte["partiel"]],
            "plan": draw_search(page) if query.vue == "carte" else None,
            "vues": _views(page.query),
            "notices": notices(query, page),
            "filtres": [(f, query.url_without(f)) for f in query.filtres],
            "effacer": query.url(filtres=(), jetons=frozenset()),
            "territoires": [(f, query.url_with(f)) for f in page.territoires],
            "tris": _sorts(page.query),
            "pagination": _pagination(page),
        },
    )
    if page.degraded:
        response["Cache-Control"] = "no-store"  # the engine may be back at the next request
    return response


def notices(query: SearchQuery, page: SearchPage) -> list[str]:
    """What was asked and not understood, said to people."""
    problems = list(query.problems)
    if page.query.page != query.page:
        message = f"La page {query.page} n’existe pas : voici la dernière."
        problems.append(Problem("page", message))
    messages = [problem.message for problem in problems]
    rest = len(messages) - MAX_NOTICES
    if rest > 0:
        return [*messages[:MAX_NOTICES], f"Autres paramètres ignorés : {rest}."]
    return messages


def _with_possible_view(query: SearchQuery) -> SearchQuery:
    """The map shows dispositifs alone; elsewhere it is a list, and says so."""
    if query.vue == "liste" or query.nature == NaturePublique.DISPOSITIF:
        return query
    problem = Problem("vue", "La carte ne montre que les dispositifs : voici la liste.")
    return replace(query, vue="liste", problems=(*query.problems, problem))


def _views(query: SearchQuery) -> list[tuple[str, str, bool]]:
    """List and map of the same set; nothing to choose where there is no map."""
    if query.nature != NaturePublique.DISPOSITIF:
        return []
    return [
        (label, query.url(vue=vue), vue == query.vue)
        for vue, label in (("liste", "Liste"), ("carte", "Carte"))
    ]


def _tabs(query: SearchQuery) -> list[tuple[str, str, bool]]:
    return [
        (ONGLETS[nature].menu, query.url_of_tab(nature), nature == query.nature)
        for nature in CHEMINS
    ]


def _sorts(query: SearchQuery) -> list[tuple[str, str, bool]]:
    return [
        (label, query.url(tri=tri), tri == query.tri)
        for tri, label in TRIS.items()
        if tri != "pertinence" or query.q
    ]


def _pagination(page: SearchPage) -> dict[str, object] | None:
    """Links to the pages around this one, to the first and to the last; None for one page."""
    query, last = page.query, page.pages
    if last < 2:
        return None
    around = range(max(query.page - 2, 1), min(query.page + 2, last) + 1)
    return {
        "numeros": [(n, query.url(page=n), n == query.page) for n in around],
        "premiere": query.url(page=1) if query.page > 1 else "",
        "precedente": query.url(page=query.page - 1) if query.page > 1 else "",
        "suivante": query.url(page=query.page + 1) if query.page < last else "",
        "derniere": query.url(page=last) if query.page < last else "",
        "derniere_numero": last,
    }
