"""The map of a search: the same set as its list, counted by département, with its lieux."""

from dataclasses import dataclass, replace

from django.db.models import QuerySet

from dispositifs.carte.dessin import Dessin, draw_france
from dispositifs.carte.lieux import FACETTE, LIMIT, NATURES, lieux_of
from dispositifs.models import FichePublique
from search.query import Filtre, SearchQuery
from search.recherche import SearchPage, find_complete

FIRST = 12


@dataclass(frozen=True, slots=True)
class DepartementCompte:
    """One line of the list that says the same as the map."""

    code: str
    nom: str
    total: int
    url: str
    choisi: bool


@dataclass(frozen=True, slots=True)
class Carte:
    """A map and its list, whose first lines show without a click."""

    dessin: Dessin
    departements: list[DepartementCompte]

    @property
    def premiers(self) -> list[DepartementCompte]:
        return self.departements[:FIRST]

    @property
    def autres(self) -> list[DepartementCompte]:
        return self.departements[FIRST:]

    @property
    def choisis(self) -> bool:
        return any(row.choisi for row in self.departements)


def draw_search(page: SearchPage) -> Carte:
    """Counts are those of the facet « Département »: each link leads to as many dispositifs.

    The lieux are those of the 100 fiches changed last.
    """
    query = page.query
    values = next((found.valeurs for found in page.facettes if found.nom == "departement"), [])
    dessin = draw_france(
        {value.value: value.count for value in values},
        url=lambda forme: _list_of(query, forme.code, forme.nom),
        lieux=lieux_of(_fiches_with_lieux(query)),
        chosen={value.value for value in values if value.selected},
    )
    departements = [
        DepartementCompte(
            code=value.value,
            nom=value.label,
            total=value.count,
            url=_list_of(query, value.value, value.label),
            choisi=value.selected,
        )
        for value in values
    ]
    return Carte(dessin, departements)


def _list_of(query: SearchQuery, code: str, nom: str) -> str:
    """The list of the same search in this département, those already chosen being kept."""
    filtre = Filtre("departement", code, nom)
    others = tuple(other for other in query.filtres if other != filtre)
    return query.url(filtres=(*others, filtre), vue="liste")


def _fiches_with_lieux(query: SearchQuery) -> QuerySet[FichePublique]:
    natures = tuple(Filtre(FACETTE, nature, "") for nature in NATURES)
    found = find_complete(
        replace(query, filtres=(*query.filtres, *natures), tri="maj", page=1, limit=LIMIT)
    )
    rows = FichePublique.objects.filter(nature=query.nature, identifiant__in=found)
    return rows.order_by("-maj", "-pk")
