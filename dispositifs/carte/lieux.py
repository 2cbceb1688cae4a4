"""Public lieux, from the projection alone: terrains d’insertion and permanences."""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple, cast

from django.db.models import QuerySet

from annuaire.acteurs.models import Commune
from dispositifs.choices import NatureLieu
from dispositifs.models import FichePublique, FicheValeur
from dispositifs.templatetags.lisible import NBSP

from .contours import Point

FACETTE = "lieu"
TERRAIN = NatureLieu.TERRAIN_INSERTION
NATURES = (TERRAIN, NatureLieu.PERMANENCE)
LIMIT = 100  # fiches whose lieux one page reads
MOST = 120  # lieux that one page draws: the weight of a map is bounded
KEY, DECODER = '"lieux":', json.JSONDecoder()


class CommuneSituee(NamedTuple):
    """A commune as maps need it."""

    code: str
    nom: str
    departement: str
    longitude: float | None
    latitude: float | None


class LieuPublic(NamedTuple):
    """`point` is the centre of the commune, unless the exact place is public; None if unknown."""

    nature: str
    nom: str
    commune: str
    commune_nom: str
    departement: str
    point: Point | None
    titre: str  # of its dispositif
    url: str

    @property
    def libelle(self) -> str:
        return NatureLieu(self.nature).label


class Repere(NamedTuple):
    """What is drawn at one place: all lieux of one nature there."""

    lieux: list[LieuPublic]

    @property
    def premier(self) -> LieuPublic:
        return self.lieux[0]

    @property
    def nom(self) -> str:
        """« Terrain d’insertion Le Clos, Mérignac (33) : MOUS de Bordeaux »."""
        lieu = self.premier
        where = f"{lieu.commune_nom} ({lieu.departement})"
        if len(self.lieux) > 1:
            kind = "terrains d’insertion" if lieu.nature == TERRAIN else "permanences"
            return f"{len(self.lieux)}{NBSP}{kind}, {where}"
        return f"{lieu.libelle} {lieu.nom}".rstrip() + f", {where}{NBSP}: {lieu.titre}"


def with_lieux(rows: QuerySet[FichePublique]) -> QuerySet[FichePublique]:
    """Those of these public fiches that show at least one lieu."""
    found = FicheValeur.objects.filter(facette=FACETTE)
    return rows.filter(pk__in=found.values("fiche"))


def lieux_of(rows: QuerySet[FichePublique]) -> list[LieuPublic]:
    """The public lieux of these fiches (the first 100), terrains first; in two queries."""
    return lieux_and_communes(rows)[0]


def lieux_and_communes(
    rows: QuerySet[FichePublique], *also: str
) -> tuple[list[LieuPublic], dict[str, CommuneSituee]]:
    """The same with the communes read for them, and others of these codes; in two queries."""
    fiches = [
        (titre, url, _lieux(fiche))
        for titre, url, fiche in rows.values_list("titre", "url", "fiche")[:LIMIT]
    ]
    codes = {*also, *(lieu["commune"] for _, _, lieux in fiches for lieu in lieux)}
    communes = _communes(codes) if codes else {}
    found = [
        _lieu(lieu, communes[lieu["commune"]], titre, url)
        for titre, url, lieux in fiches
        for lieu in lieux
        if lieu["commune"] in communes
    ]
    found.sort(key=lambda lieu: (lieu.nature != TERRAIN, *_place(lieu), lieu.nom))
    return found[:MOST], communes


def reperes(lieux: Iterable[LieuPublic]) -> Iterator[Repere]:
    """What to draw, lieux of one nature in one place being one sign. Expects them sorted."""
    placed = [lieu for lieu in lieux if lieu.point is not None]
    placed.sort(key=lambda lieu: (lieu.nature, *_place(lieu)))
    for _, same in groupby(placed, key=lambda lieu: (lieu.nature, lieu.commune, lieu.point)):
        yield Repere(list(same))


def _lieux(fiche: str) -> list[dict[str, Any]]:
    """The lieux of a fiche in JSON. They alone are parsed: all of it takes seven times as long.

    Inside a text the quotes would be escaped, and `libelles`, which has lieux too, comes after.
    """
    found, _ = DECODER.raw_decode(fiche, fiche.index(KEY) + len(KEY))
    return cast(list[dict[str, Any]], found)


def _communes(codes: set[str]) -> dict[str, CommuneSituee]:
    columns = ("code", "nom", "departement", "longitude", "latitude")
    rows = Commune.objects.filter(pk__in=codes).order_by().values_list(*columns)
    return {row[0]: CommuneSituee(*row) for row in rows}


def _place(lieu: LieuPublic) -> tuple[Any, ...]:
    return lieu.departement, lieu.commune_nom, lieu.commune, lieu.point or (0.0, 0.0)


def _lieu(lieu: dict[str, Any], commune: CommuneSituee, titre: str, url: str) -> LieuPublic:
    return LieuPublic(
        nature=lieu["nature"],
        nom=lieu["nom"],
        commune=commune.code,
        commune_nom=commune.nom,
        departement=commune.departement,
        point=_point(lieu["longitude"], lieu["latitude"])
        or _point(commune.longitude, commune.latitude),
        titre=titre,
        url=url,
    )


def _point(longitude: float | None, latitude: float | None) -> Point | None:
    return None if longitude is None or latitude is None else (longitude, latitude)
