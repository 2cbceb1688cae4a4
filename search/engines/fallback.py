"""The plain query on FichePublique that answers when no index can."""

from collections import defaultdict
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from annuaire.acteurs.normalisation import fold_name
from dispositifs.models import FichePublique, FicheTerritoire, FicheValeur, VersionAnnuaire
from search import wording
from search.analysis import STEM_MARK
from search.engines.base import EngineAnswer, FacetCount, Hit
from search.query import SearchQuery
from search.wording import Groupe, Mot, Wording

ORDERS: dict[str, tuple[Any, ...]] = {
    "maj": ("-maj", "titre_tri", "pk"),
    "debut": (F("date_debut").desc(nulls_last=True), "titre_tri", "pk"),
    "titre": ("titre_tri", "pk"),
}
SHORTEST_STEM = 4  # a shorter stem is found inside any word


class FallbackEngine:
    """Same filters, same facets, same order; words are found anywhere, and none is left out.

    The text of documents is not searched: reading it all would take seconds.
    """

    moteur = "secours"

    def search(self, query: SearchQuery, asked: Wording) -> EngineAnswer:
        rows = matches(query, asked)
        ordered = rows.order_by(*_order(query))[query.offset : query.offset + query.limit]
        ids = [f"{nature}:{id}" for nature, id in ordered.values_list("nature", "identifiant")]
        return EngineAnswer(
            total=rows.count(),
            total_partiel=0,
            hits=[Hit(id) for id in ids],
            facets=_facets(query, asked) if query.with_facets else {},
            version=VersionAnnuaire.current(),
            moteur=self.moteur,
        )


def matches(
    query: SearchQuery, asked: Wording | None = None, *, without: str = ""
) -> QuerySet[FichePublique]:
    """The complete set as SQL says it, the filter of the facet `without` left out."""
    rows = FichePublique.objects.filter(nature=query.nature)
    for facette, values in query.values.items():
        if facette != without:
            rows = rows.filter(_has_value(facette, values))
    if query.jetons:
        rows = rows.filter(pk__in=_covering(query.jetons))
    if query.updated_since:
        rows = rows.filter(maj__gte=query.updated_since)
    for groupe in (asked or wording.read(query.q)).groupes:
        rows = rows.filter(_has_group(groupe))
    return rows


def _has_value(facette: str, values: list[str]) -> Q:
    # A subquery: a join would count a fiche once for each of its values.
    found = Q(pk__in=FicheValeur.objects.filter(facette=facette, valeur__in=values).values("fiche"))
    if facette == "epci":
        found |= Q(pk__in=_covering({"france"}))
    return found


def _covering(jetons: frozenset[str] | set[str]) -> QuerySet[Any, Any]:
    return FicheTerritoire.objects.filter(jeton__in=jetons).values("fiche")


def _has_group(groupe: Groupe) -> Q:
    found = Q()
    for mot in groupe.mots:
        found &= _has_word(mot)
    if groupe.territoire:
        found |= _has_value(groupe.territoire.facette, [groupe.territoire.code])
    return found


def _has_word(mot: Mot) -> Q:
    found = Q(texte_plie__contains=mot.forme)
    for token in mot.tokens:
        racine = token.removeprefix(STEM_MARK)
        if len(racine) >= SHORTEST_STEM and racine != mot.forme:
            found |= Q(texte_plie__contains=racine)
    return found


def _order(query: SearchQuery) -> tuple[Any, ...]:
    if query.tri in ORDERS:
        return ORDERS[query.tri]
    exact = fold_name(query.q)
    first = Case(
        When(titre_tri=exact, then=Value(0)),
        When(titre_tri__contains=exact, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return (first, *ORDERS["maj"])


def _facets(query: SearchQuery, asked: Wording) -> dict[str, list[FacetCount]]:
    chosen = query.values
    left_out = (*chosen, *(() if query.with_epci else ("epci",)))
    parts = [_counts(matches(query, asked)).exclude(facette__in=left_out)]
    for facette in chosen:
        parts.append(_counts(matches(query, asked, without=facette)).filter(facette=facette))
    # One query for all facets, each with its own set.
    counts: dict[str, list[FacetCount]] = defaultdict(list)
    for facette, value, count in parts[0].union(*parts[1:], all=True):
        counts[facette].append(FacetCount(value, count))
    if query.with_epci:
        rows = matches(query, asked, without="epci")
        counts["epci"] = _with_national(counts["epci"], rows, chosen.get("epci", []))
    return dict(counts)


def _counts(rows: QuerySet[FichePublique]) -> QuerySet[FicheValeur, tuple[str, str, int]]:
    """(facet, value, number of fiches) in this set."""
    values = FicheValeur.objects.filter(fiche__in=rows.values("pk"))
    counted = values.values("facette", "valeur").annotate(n=Count("fiche", distinct=True))
    return counted.order_by().values_list("facette", "valeur", "n")


def _with_national(
    own: list[FacetCount], rows: QuerySet[FichePublique], chosen: list[str]
) -> list[FacetCount]:
    """A click on an EPCI also gives what covers the whole country."""
    national = rows.filter(pk__in=_covering({"france"})).count()
    counts = dict.fromkeys(chosen, 0) | {count.value: count.count for count in own}
    return [FacetCount(value, count + national) for value, count in counts.items()]
