"""One search, whoever asks: pages, API, exports, feeds."""

import json
import logging
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings

from annuaire.acteurs.normalisation import fold_name
from dispositifs.models import FichePublique
from search import highlight, wording
from search.engines.base import EngineAnswer, EngineUnavailable
from search.engines.fallback import FallbackEngine
from search.facettes import TITRES, LabelMemo, Libelle
from search.indexing import engine
from search.passages import find_passages
from search.query import Filtre, SearchQuery
from search.wording import Wording

logger = logging.getLogger(__name__)
_memo = LabelMemo()


@dataclass(slots=True)  # not frozen, which costs twice as much: there are hundreds in a page
class FacetValue:
    value: str
    label: str
    count: int
    selected: bool
    sigle: str = ""


@dataclass(frozen=True, slots=True)
class Facette:
    nom: str
    titre: str
    valeurs: list[FacetValue]

    @property
    def selected(self) -> bool:
        return any(valeur.selected for valeur in self.valeurs)


class Resultat(NamedTuple):
    """One result: its carte in JSON as it is stored, and what the question adds to it.

    `extrait` is HTML, escaped. `passage` is a page of a document, where the words are there rather
    than in the fiche itself.
    """

    identifiant: str
    carte: str
    extrait: str = ""
    partiel: bool = False
    passage: dict[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        return {**json.loads(self.carte), **self._added()}

    def as_json(self) -> str:
        """The same without parsing the carte."""
        added = json.dumps(self._added(), ensure_ascii=False, separators=(",", ":"))
        return f"{self.carte[:-1]},{added[1:]}"

    def _added(self) -> dict[str, Any]:
        return {"extrait": self.extrait, "partiel": self.partiel, "passage": self.passage}


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What is answered. `total` and `facettes` are those of the complete set.

    `territoires` are filters to offer, for territories that the text names.
    """

    query: SearchQuery
    total: int
    total_partiel: int
    results: list[Resultat]
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


def find_complete(query: SearchQuery) -> list[str]:
    """Identifiants of the complete set in its order, as many as the query's limit."""
    answer = _ask(replace(query, with_facets=False), wording.read(query.q))
    return [hit.id.partition(":")[2] for hit in answer.hits if not hit.partiel]


def _ask(query: SearchQuery, asked: Wording) -> EngineAnswer:
    try:
        return engine().search(query, asked)
    except EngineUnavailable as error:
        logger.info("Recherche de secours : %s", error)
    except Exception:
        # Whatever the engine suffers, the reader gets an answer.
        logger.warning("Recherche de secours : le moteur a échoué.", exc_info=True)
    return FallbackEngine().search(query, asked)


def _results(query: SearchQuery, asked: Wording, answer: EngineAnswer) -> list[Resultat]:
    """In the order of the hits; what has left the projection since is dropped."""
    ids = [hit.id.partition(":")[2] for hit in answer.hits]
    rows = FichePublique.objects.filter(nature=query.nature, identifiant__in=ids)
    columns = ("identifiant", "carte", "textes") if query.q else ("identifiant", "carte")
    found = {row[0]: row for row in rows.values_list(*columns)}
    marker = highlight.Marker(asked.tokens)
    passages = {}
    if query.q and answer.moteur != FallbackEngine.moteur:
        textes = {id: found[id][2] for id in ids if id in found}
        passages = find_passages(query.nature, asked, marker, textes)
    results = []
    for hit, id in zip(answer.hits, ids, strict=True):
        if id in found:
            own = query.q and id not in passages
            extrait = marker.extract(found[id][2]) if own else ""
            results.append(Resultat(id, found[id][1], extrait, hit.partiel, passages.get(id)))
    return results


def _facettes(query: SearchQuery, answer: EngineAnswer) -> list[Facette]:
    """Facets in the order of the page, with every value that counts or is ticked."""
    ticked = {(f.facette, f.valeur) for f in query.filtres}
    counts = {
        nom: {count.value: count.count for count in counted if count.count}
        for nom, counted in answer.facets.items()
    }
    for nom, valeur in ticked:
        counts.setdefault(nom, {}).setdefault(valeur, 0)
    asked = {nom: counts[nom] for nom in TITRES if nom in counts}
    state = (settings.INDEX_DIR, answer.moteur, answer.version)
    known = _memo.labels(state, asked)
    facettes = []
    for nom, values in asked.items():
        lines = []
        for valeur, count in values.items():
            found = known.get((nom, valeur)) or Libelle(valeur, valeur)
            lines.append((-count, _collated(found.libelle), found.libelle, valeur, found.sigle))
        lines.sort()
        valeurs = [
            FacetValue(valeur, label, -less, (nom, valeur) in ticked, sigle)
            for less, _collated_label, label, valeur, sigle in lines
        ]
        if valeurs:
            facettes.append(Facette(nom, TITRES[nom], valeurs))
    return facettes


@lru_cache(maxsize=8_000)
def _collated(label: str) -> str:
    return fold_name(label)


def _offered(query: SearchQuery, asked: Wording) -> list[Filtre]:
    offered = [Filtre(t.facette, t.code, t.nom) for t in asked.territoires]
    return [filtre for filtre in offered if filtre not in query.filtres]
