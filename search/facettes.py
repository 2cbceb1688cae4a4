"""Facets: their names (those of the address), their titles, and the labels of their values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from annuaire.acteurs.models import Commune, Departement, Epci, Region, Structure
from dispositifs.choices import Langue, Statut
from dispositifs.models import Forme, Public, Thematique, TypeDocument
from dispositifs.models.champs import KEY

# In the order of the page.
TITRES = {
    "thematique": "Thématique",
    "region": "Région",
    "departement": "Département",
    "epci": "Intercommunalité",
    "forme": "Forme",
    "statut": "Statut",
    "places": "Places libres",
    "selection": "Sélection",
    "public": "Public visé",
    "structure": "Opérateur",
    "financeur": "Financeur",
    "annee": "Année de début",
    "bonne_pratique": "Bonne pratique",
    "type_document": "Type de document",
    "langue": "Langue",
}
FACETTES = tuple(TITRES)
FILTRES = (*FACETTES, "commune")
TITRES_FILTRES = {**TITRES, "commune": "Commune"}
FIXES: dict[str, dict[str, str]] = {
    "statut": dict(Statut.choices),
    "langue": {value: label.capitalize() for value, label in Langue.choices},
    "selection": {"sans": "Sans sélection"},
    "places": {"libres": "Des places libres"},
    "bonne_pratique": {"oui": "Avec une bonne pratique"},
}
# One structure may hold both roles: its label is read once.
PAR_STRUCTURE = ("structure", "financeur")
SANS_SIGLE = Value("", output_field=CharField())


class Libelle(NamedTuple):
    """`valeur` is the value to use: that of the successor when the asked one was merged."""

    valeur: str
    libelle: str
    sigle: str = ""


def labels(asked: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], Libelle]:
    """Label of each (facet, value) asked, in one query; a value that does not exist is left out."""
    found: dict[tuple[str, str], Libelle] = {}
    to_read: dict[str, set[str]] = defaultdict(set)
    for facette, values in asked.items():
        for valeur in values:
            fixed = _fixed_label(facette, valeur)
            if fixed:
                found[facette, valeur] = Libelle(valeur, fixed)
            elif facette not in FIXES and facette != "annee":
                source = "structure" if facette in PAR_STRUCTURE else facette
                to_read[source].add(valeur)
    read = _read(to_read)
    for facette, values in asked.items():
        source = "structure" if facette in PAR_STRUCTURE else facette
        for valeur in values:
            if (source, valeur) in read:
                found[facette, valeur] = read[source, valeur]
    return found


class LabelMemo:
    """Labels kept as long as the directory keeps its version: renaming anything raises it."""

    def __init__(self) -> None:
        self._key: object = None
        self._known: dict[tuple[str, str], Libelle] = {}
        self._read: set[tuple[str, str]] = set()  # with those that have no label

    def labels(
        self, key: object, asked: Mapping[str, Iterable[str]]
    ) -> dict[tuple[str, str], Libelle]:
        """As `labels`; `key` names the state of the directory that they belong to."""
        if key != self._key:
            self._key, self._known, self._read = key, {}, set()
        known, read = self._known, self._read
        missing = {f: [v for v in values if (f, v) not in read] for f, values in asked.items()}
        known.update(labels(missing))
        read.update((f, v) for f, values in missing.items() for v in values)
        return known


def _fixed_label(facette: str, valeur: str) -> str:
    if facette == "annee":
        return valeur if len(valeur) == 4 and valeur.isascii() and valeur.isdecimal() else ""
    return FIXES.get(facette, {}).get(valeur, "")


def _read(asked: Mapping[str, set[str]]) -> dict[tuple[str, str], Libelle]:
    queries = [_rows(facette, values) for facette, values in asked.items() if values]
    if not queries:
        return {}
    rows = queries[0].union(*queries[1:], all=True) if len(queries) > 1 else queries[0]
    return {
        (facette, valeur): Libelle(actuelle, nom, sigle)
        for facette, valeur, nom, actuelle, sigle in rows
    }


def _rows(facette: str, values: set[str]) -> QuerySet[Any, tuple[str, str, str, str, str]]:
    """(facet, value, label, value to use, sigle) of the rows that exist."""
    if facette == "structure":
        return _structures(values)
    model, key, nom = _SOURCES[facette]
    rows = model._default_manager.filter(**{f"{key}__in": values})
    if model is Forme:
        return _columns(rows, facette, F(key), F(nom), F(key), F("sigle"))
    if model is not Thematique:
        return _columns(rows, facette, F(key), F(nom), F(key))
    actuelle = Coalesce("remplacee_par__slug", "slug", output_field=CharField())
    nom_actuel = Coalesce("remplacee_par__name", "name", output_field=CharField())
    return _columns(rows, facette, F("slug"), nom_actuel, actuelle)


def _structures(values: set[str]) -> QuerySet[Any, tuple[str, str, str, str, str]]:
    ids = [int(value) for value in values if KEY.fullmatch(value)]
    actuelle = Cast(Coalesce("fusionne_dans_id", "id"), CharField())
    rows = Structure.objects.filter(pk__in=ids)
    nom = Coalesce("fusionne_dans__nom", "nom", output_field=CharField())
    return _columns(rows, "structure", Cast("id", CharField()), nom, actuelle)


def _columns(  # noqa: PLR0913  # the columns of `_rows`
    rows: QuerySet[Any], facette: str, valeur: Any, nom: Any, actuelle: Any, sigle: Any = SANS_SIGLE
) -> QuerySet[Any, tuple[str, str, str, str, str]]:
    return (
        rows.order_by()
        .annotate(
            _facette=Value(facette, output_field=CharField()),
            _valeur=valeur,
            _nom=nom,
            _actuelle=actuelle,
            _sigle=sigle,
        )
        .values_list("_facette", "_valeur", "_nom", "_actuelle", "_sigle")
    )


_SOURCES: dict[str, tuple[type[Any], str, str]] = {
    "thematique": (Thematique, "slug", "name"),
    "forme": (Forme, "slug", "libelle"),
    "public": (Public, "slug", "libelle"),
    "type_document": (TypeDocument, "slug", "libelle"),
    "region": (Region, "code", "nom"),
    "departement": (Departement, "code", "nom"),
    "epci": (Epci, "siren", "nom"),
    "commune": (Commune, "code", "nom"),
}
