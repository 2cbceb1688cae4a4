"""One search, whoever asks: pages, API, exports, feeds."""

import json
import logging
from dataclasses import dataclass, replace
from typing import Any

from annuaire.acteurs.normalisation import fold_name
from dispositifs.models import FichePublique
from search import highlight, wording
from search.engines.base import EngineAnswer, EngineUnavailable
from search.engines.fallback import FallbackEngine
from search.facettes import TITRES, labels
from search.indexing import engine
from search.query import Filtre, SearchQuery
from search.wording import Wording

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Facette:
    nom: str
    titre: str
    valeurs: list[FacetValue]

    @property
    def selected(self) -> bool:
        return any(valeur.selected for valeur in self.valeurs)


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What is answered. `total` and `facettes` are those of the complete set.

    `results` are cartes (dicts) with « extrait » (HTML, escaped) and « partiel ».
    `territoires` are filters to offer, for territories that the text names.
    """

    query: SearchQuery
    total: int
    total_partiel: int
    results: list[dict[str, Any]]
    facettes: list[Facette]
    territoires: list[Filtre]
    version: int
    moteur: str

    @property
    def degraded(self) -> bool:
        """The plain query answered in place of the engine."""
        return self.moteur == FallbackEngine.moteur

    @property
    def pages(self) -> int:
        return max(-(-(self.total + self.total_partiel) // self.query.limit), 1)

    @property
    def facets(self) -> dict[str, list[dict[str, Any]]]:
        """As the API gives them."""
        return {
            facette.nom: [
                {"value": v.value, "label": v.label, "count": v.count} for v in facette.valeurs
            ]
            for facette in self.facettes
        }


def run_search(query: SearchQuery) -> SearchPage:
    """Ask the engine, or the plain query when it cannot answer; results are those still public.

    A page beyond the last one answers as the last one: `SearchPage.query.page` says which.
    """
    asked = wording.read(query.q)
    answer = _ask(query, asked)
    last = max(-(-(answer.total + answer.total_partiel) // query.limit), 1)
    if query.page > last:
        query = replace(query, page=last)
        answer = _ask(query, asked)
    return SearchPage(
        query=query,
        total=answer.total,
        total_partiel=answer.total_partiel,
        results=_results(query, asked, answer),
        facettes=_facettes(query, answer) if query.with_facets else [],
        territoires=_offered(query, asked),
        version=answer.version,
        moteur=answer.moteur,
    )


def _ask(query: SearchQuery, asked: Wording) -> EngineAnswer:
    try:
        return engine().search(query, asked)
    except EngineUnavailable as error:
        logger.info("Recherche de secours : %s", error)
    except Exception:
        # Whatever the engine suffers, the reader gets an answer.
        logger.warning("Recherche de secours : le moteur a échoué.", exc_info=True)
    return FallbackEngine().search(query, asked)


def _results(query: SearchQuery, asked: Wording, answer: EngineAnswer) -> list[dict[str, Any]]:
    """Cartes in the order of the hits; what has left the projection since is dropped."""
    ids = [hit.id.partition(":")[2] for hit in answer.hits]
    rows = FichePublique.objects.filter(nature=query.nature, identifiant__in=ids)
    columns = ("identifiant", "carte", "textes") if query.q else ("identifiant", "carte")
    found = {row[0]: row for row in rows.values_list(*columns)}
    results = []
    for hit, id in zip(answer.hits, ids, strict=True):
        if id in found:
            carte = json.loads(found[id][1])
            carte["extrait"] = highlight.extract(found[id][2], asked.tokens) if query.q else ""
            carte["partiel"] = hit.partiel
            results.append(carte)
    return results


def _facettes(query: SearchQuery, answer: EngineAnswer) -> list[Facette]:
    """Facets in the order of the page, with every value that counts or is ticked."""
    ticked = {(f.facette, f.valeur): f.libelle for f in query.filtres}
    counts = {
        nom: {count.value: count.count for count in counted}
        for nom, counted in answer.facets.items()
        if nom in TITRES
    }
    for nom, valeur in ticked:
        if nom in TITRES:
            counts.setdefault(nom, {}).setdefault(valeur, 0)
    known = labels(counts)
    return [
        Facette(
            nom,
            titre,
            _values(
                [
                    FacetValue(
                        valeur,
                        known[nom, valeur].libelle if (nom, valeur) in known else valeur,
                        count,
                        (nom, valeur) in ticked,
                    )
                    for valeur, count in counts[nom].items()
                ]
            ),
        )
        for nom, titre in TITRES.items()
        if nom in counts
    ]


def _values(values: list[FacetValue]) -> list[FacetValue]:
    shown = [value for value in values if value.count or value.selected]
    return sorted(shown, key=lambda value: (-value.count, fold_name(value.label)))


def _offered(query: SearchQuery, asked: Wording) -> list[Filtre]:
    offered = [Filtre(t.facette, t.code, t.nom) for t in asked.territoires]
    return [filtre for filtre in offered if filtre not in query.filtres]
