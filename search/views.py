"""The directory: one view and one family of templates for its three tabs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dispositifs.choices import NaturePublique
from dispositifs.views.choix import MOST, readable
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
    query = _with_possible_view(_read(request.GET, nature))
    page = run_search(query)
    response = render(
        request,
        "search/liste.html",
        {
            "onglet": ONGLETS[nature],
            "onglets": _tabs(query),
            "query": page.query,
            "intitule": _title(page.query),
            "indexable": _is_indexable(page),
            "fil": _breadcrumb(page.query),
            "page": page,
            "carte": f"components/carte_{nature.replace('-', '_')}.html",
            "complets": [row.as_dict() for row in page.results if not row.partiel],
            "partiels": [row.as_dict() for row in page.results if row.partiel],
            "plan": draw_search(page) if query.vue == "carte" else None,
            "vues": _views(page.query),
            "comparaison": _comparison(page),
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


def _read(params: QueryDict, nature: NaturePublique) -> SearchQuery:
    """As the API reads it, with the dispositifs that the reader has ticked to compare them."""
    ticked = params.copy()
    ticked.pop("f", None)
    choisis = readable(params)[:MOST] if nature == NaturePublique.DISPOSITIF else []
    return replace(parse(ticked, nature=nature), choisis=tuple(choisis))


def _comparison(page: SearchPage) -> dict[str, Sequence[str]] | None:
    """What is ticked already, here and on other pages; None where nothing is to compare."""
    choisis = page.query.choisis
    if page.query.nature != NaturePublique.DISPOSITIF or not (page.results or choisis):
        return None
    here = {row.identifiant for row in page.results}
    return {"choisis": choisis, "ailleurs": [row for row in choisis if row not in here]}


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


# Their values have no page of their own: a search engine may keep the list of one of them.
INDEXED_FILTERS = ("thematique", "forme")


def _title(query: SearchQuery) -> str:
    """What sets this list apart from the others: words, filters, view, sort and page."""
    parts = [f"«\N{NO-BREAK SPACE}{query.q}\N{NO-BREAK SPACE}»"] if query.q else []
    if query.filtres:
        parts.append(", ".join(filtre.libelle for filtre in query.filtres))
    parts.append(ONGLETS[NaturePublique(query.nature)].titre)
    if query.vue == "carte":
        parts.append("carte")
    if query.tri != query.tri_par_defaut:
        parts.append(f"par {TRIS[query.tri].lower()}")
    if query.page > 1:
        parts.append(f"page {query.page}")
    return " – ".join(parts)


def _is_indexable(page: SearchPage) -> bool:
    """The directory and its plain lists; not the endless combinations, nor what is empty."""
    query = page.query
    plain = replace(query, filtres=(), jetons=frozenset(), problems=())
    filters = [filtre.facette in INDEXED_FILTERS for filtre in query.filtres]
    return (
        plain.url() == CHEMINS[NaturePublique(query.nature)]
        and len(filters) < 2
        and all(filters)
        and page.total > 0
        and not page.degraded
    )


def _breadcrumb(query: SearchQuery) -> list[dict[str, str]]:
    """The tab, then what was asked in it."""
    tab = {"libelle": ONGLETS[NaturePublique(query.nature)].menu, "url": ""}
    if not query.q and not query.filtres:
        return [tab]
    return [
        {**tab, "url": CHEMINS[NaturePublique(query.nature)]},
        {"libelle": "Recherche", "url": ""},
    ]


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
    labels = dict(TRIS)
    if query.nature != NaturePublique.DISPOSITIF:
        labels["debut"] = "Date récente"  # a document has a date, not a beginning
    return [
        (label, query.url(tri=tri), tri == query.tri)
        for tri, label in labels.items()
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
