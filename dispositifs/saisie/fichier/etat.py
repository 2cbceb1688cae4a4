"""What dispositifs say today, in the words of the file format and in bulk.

Export writes it, import compares with it: this is why importing an export changes nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.db.models.functions import Coalesce

from dispositifs.choices import ENSEIGNEMENTS, RUBRIQUES, StatutDocument
from dispositifs.models import (
    DispositifPage,
    Document,
    GroupeMenages,
    Lieu,
    MotCleDispositif,
    Participation,
    ThematiqueDispositif,
)
from dispositifs.models.texte_riche import html_to_text

# Key of the file → column. A nested key is written with a dot.
COLONNES = {
    "titre": "title",
    "sigle": "sigle",
    "resume": "resume",
    "statut": "statut",
    "date_debut": "date_debut",
    "date_fin_prevue": "date_fin_prevue",
    "date_fin": "date_fin",
    "selection": "selection",
    "criteres_selection": "criteres_selection",
    "capacite_menages": "capacite_menages",
    "duree_contrat_mois": "duree_contrat_mois",
    "renouvellements": "renouvellements",
    "places_libres": "places_libres",
    "places_libres_au": "places_libres_au",
    "france_entiere": "france_entiere",
}
TEXTES_RICHES = {
    **{f"corps.{name}": name for name in RUBRIQUES},
    **{f"enseignements.{name}": f"enseignements_{name}" for name in ENSEIGNEMENTS},
}
# Key → (name of the relation, column of the through table, value read through it).
ENSEMBLES = {
    "formes": ("forme", "forme__slug"),
    "publics": ("public", "public__slug"),
    "communes": ("commune", "commune_id"),
    "epci": ("epci", "epci_id"),
    "departements_secondaires": ("departement", "departement_id"),
}
VIDE: dict[str, Any] = {
    **dict.fromkeys(COLONNES),
    **dict.fromkeys(("titre", "sigle", "resume", "statut", "criteres_selection"), ""),
    **dict.fromkeys(TEXTES_RICHES, ""),
    **dict.fromkeys((*ENSEMBLES, "thematiques", "mots_cles"), frozenset()),
    "chef_de_file": None,
    "departement": None,
    "france_entiere": False,
    "participations": (),
    "lieux": (),
}


@dataclass
class Etat:
    """One dispositif; `valeurs` has every key of `VIDE`."""

    page_id: int
    identifiant: str
    valeurs: dict[str, Any]
    live: bool
    latest_revision_id: int | None
    groupes: list[GroupeMenages] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)


def through(key: str) -> type[Model]:
    model: type[Model] = getattr(DispositifPage, key).through
    return model


def read_states(page_ids: Collection[int]) -> dict[int, Etat]:
    """The states of these pages by id: the same number of queries for one and for hundreds."""
    states = {row["pk"]: _state(row) for row in _rows(page_ids)}
    for key, (_, value) in ENSEMBLES.items():
        pairs = _by_page(through(key), "dispositifpage", value, states)
        _fill(states, key, pairs)
    _fill(states, "thematiques", _thematiques(states))
    _fill(states, "mots_cles", _by_page(MotCleDispositif, "content_object", "tag__name", states))
    _fill(states, "participations", _participations(states), tuple)
    _fill(states, "lieux", _lieux(states), tuple)
    for groupe in GroupeMenages.objects.filter(dispositif__in=states).order_by("pk"):
        states[groupe.dispositif_id].groupes.append(groupe)
    documents = (
        Document.objects.current()
        .filter(dispositif__in=states)
        .exclude(statut__in=(StatutDocument.PROPOSE, StatutDocument.REFUSE))
        .select_related("type")
        .order_by("pk")
    )
    for document in documents:
        states[document.dispositif_id or 0].documents.append(document)
    return states


def _rows(page_ids: Collection[int]) -> Iterable[dict[str, Any]]:
    columns = [*COLONNES.values(), *TEXTES_RICHES.values()]
    return DispositifPage.objects.filter(pk__in=page_ids).values(
        *columns,
        "pk",
        "identifiant",
        "departement_id",
        "live",
        "latest_revision_id",
        # A merged structure is read as the one it was merged into.
        structure=Coalesce("chef_de_file__fusionne_dans", "chef_de_file"),
    )


def _state(row: dict[str, Any]) -> Etat:
    return Etat(
        page_id=row["pk"],
        identifiant=row["identifiant"],
        live=row["live"],
        latest_revision_id=row["latest_revision_id"],
        valeurs=VIDE
        | {key: _plain(row[column]) for key, column in COLONNES.items()}
        | {key: html_to_text(row[column]) for key, column in TEXTES_RICHES.items()}
        | {"departement": row["departement_id"], "chef_de_file": row["structure"]},
    )


def _plain(value: Any) -> Any:
    """A value as a file gives it: the forms of the administration keep « \\r\\n »."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _fill(
    states: dict[int, Etat],
    key: str,
    values: dict[int, list[Any]],
    kind: type[frozenset[Any]] | type[tuple[Any, ...]] = frozenset,
) -> None:
    for page_id, items in values.items():
        states[page_id].valeurs[key] = kind(items)


def _by_page(
    model: type[Model], page: str, value: str, states: Collection[int]
) -> dict[int, list[Any]]:
    found = defaultdict(list)
    rows = model._default_manager.filter(**{f"{page}__in": states})
    for page_id, item in rows.values_list(page, value):
        found[page_id].append(item)
    return found


def _thematiques(states: Collection[int]) -> dict[int, list[Any]]:
    found = defaultdict(list)
    rows = ThematiqueDispositif.objects.filter(content_object__in=states)
    for page_id, slug, successor in rows.values_list(
        "content_object", "tag__slug", "tag__remplacee_par__slug"
    ):
        found[page_id].append(successor or slug)
    return found


def _participations(states: Collection[int]) -> dict[int, list[Any]]:
    found = defaultdict(list)
    rows = Participation.objects.filter(page__in=states).order_by("page", "sort_order", "pk")
    current = Coalesce("structure__fusionne_dans", "structure")
    for page_id, *row in rows.values_list("page", current, "role__slug", "du", "au"):
        found[page_id].append(tuple(row))
    return found


def _lieux(states: Collection[int]) -> dict[int, list[Any]]:
    found = defaultdict(list)
    rows = Lieu.objects.filter(page__in=states).order_by("page", "sort_order", "pk")
    for page_id, *row in rows.values_list(
        "page", "nature", "nom", "commune_id", "public", "longitude", "latitude", "exact_public"
    ):
        found[page_id].append(tuple(row))
    return found
