"""Counts of public fiches, as the directory would count them under the same filter."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Case, Count, QuerySet, When

from annuaire.acteurs.models import Departement, Region
from annuaire.acteurs.models.territoires import Zone, departement_slug
from annuaire.acteurs.normalisation import fold_name
from dispositifs.choices import NaturePublique, Statut
from dispositifs.models import FichePublique, FicheValeur, Thematique

Json = dict[str, Any]


class LienDepartement(NamedTuple):
    """A département in a list, with its number of fiches."""

    code: str
    nom: str
    url: str
    total: int


def cartes(rows: QuerySet[FichePublique], limit: int) -> list[Json]:
    """The first cartes of these rows, ready for a list."""
    return [json.loads(carte) for carte in rows.values_list("carte", flat=True)[:limit]]


def in_departement(nature: str, code: str) -> QuerySet[FichePublique]:
    """Public fiches of this nature that meet the département, as pilot or otherwise."""
    found = FicheValeur.objects.filter(facette="departement", valeur=code)
    return FichePublique.objects.filter(nature=nature, pk__in=found.values("fiche"))


def at_home_first(rows: QuerySet[FichePublique], code: str) -> QuerySet[FichePublique]:
    """What the département pilots, then what others pilot and concerns it too; latest first."""
    guest = Case(When(departement=code, then=0), default=1)
    return rows.order_by(guest, "-maj", "-pk")


def in_region(nature: str, code: str) -> QuerySet[FichePublique]:
    """Public fiches of this nature that meet the région."""
    found = FicheValeur.objects.filter(facette="region", valeur=code)
    return FichePublique.objects.filter(nature=nature, pk__in=found.values("fiche"))


def counts_by_value(*facettes: str, among: QuerySet[FichePublique]) -> dict[str, dict[str, int]]:
    """{facette: {valeur: number of fiches}} among these rows, in one query."""
    rows = (
        among.order_by()
        .filter(valeurs__facette__in=facettes)
        .values_list("valeurs__facette", "valeurs__valeur")
        .annotate(total=Count("pk"))
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for facette, valeur, total in rows:
        found[facette][valeur] = total
    return found


def thematique_counts(counts: dict[str, int]) -> list[Json]:
    """The thématiques that a reader may choose, in their order, each with its number of fiches."""
    return [
        {
            "slug": row.slug,
            "libelle": row.name,
            "description": row.description,
            "total": counts.get(row.slug, 0),
        }
        for row in Thematique.objects.offered()
    ]


def statut_counts(counts: dict[str, int]) -> list[Json]:
    """Statuts in use, in the order of a dispositif's life."""
    return [
        {"statut": statut.value, "libelle": statut.label, "total": counts[statut.value]}
        for statut in Statut
        if counts.get(statut.value)
    ]


def region_url(code: str) -> str:
    return f"/territoires/{code}/"


def in_order(regions: Iterable[Region]) -> list[Region]:
    """By name, overseas last; « Île-de-France » at its I."""
    return sorted(regions, key=lambda row: (row.zone != Zone.METRO, fold_name(row.nom)))


def regions(counts: dict[str, int]) -> list[Json]:
    """Regions by name, overseas last, each with its départements and their number of fiches."""
    regions: dict[str, Region] = {}
    departements: dict[str, list[LienDepartement]] = defaultdict(list)
    columns = "code", "nom", "region", "region__nom", "region__zone"
    rows = Departement.objects.order_by("code").values_list(*columns)
    for code, nom, region, region_nom, zone in rows:
        regions.setdefault(region, Region(code=region, nom=region_nom, zone=zone))
        url = f"/dispositifs/{departement_slug(code, nom)}/"
        departements[region].append(LienDepartement(code, nom, url, counts.get(code, 0)))
    return [
        {
            "code": region.code,
            "nom": region.nom,
            "url": region_url(region.code),
            "departements": departements[region.code],
        }
        for region in in_order(regions.values())
    ]


def departement_link(row: Departement, total: int) -> LienDepartement:
    return LienDepartement(row.code, row.nom, f"/dispositifs/{row.slug}/", total)


def public_dispositifs() -> QuerySet[FichePublique]:
    return FichePublique.objects.filter(nature=NaturePublique.DISPOSITIF)
