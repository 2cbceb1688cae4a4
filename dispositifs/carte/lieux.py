"""Public lieux, from the projection alone: terrains d’insertion and permanences."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from dispositifs.choices import NatureLieu
from dispositifs.models import FicheLieu, FichePublique
from dispositifs.templatetags.lisible import NBSP

from .contours import Point

FACETTE = "lieu"
TERRAIN = NatureLieu.TERRAIN_INSERTION
NATURES = (TERRAIN, NatureLieu.PERMANENCE)
LIMIT = 100  # fiches whose lieux one page reads
MOST = 120  # lieux that one page draws: the weight of a map is bounded
COLUMNS = (
    *("nature", "nom", "commune", "commune__nom", "commune__departement"),
    *("fiche__titre", "fiche__url"),
    *("longitude", "latitude", "commune__longitude", "commune__latitude"),
)


class LieuPublic(NamedTuple):
    """`point` is the centre of the commune, unless the exact place is public; None if unknown."""

    nature: str
    nom: str
    commune: str
    commune_nom: str
    departement: str
    titre: str  # of its dispositif
    url: str
    point: Point | None

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


def lieux_of(rows: QuerySet[FichePublique]) -> list[LieuPublic]:
    """Public lieux of the first 100 of these fiches that show one, terrains first; in one query."""
    shown = FicheLieu.objects.filter(fiche=OuterRef("pk"))
    fiches = rows.filter(Exists(shown)).values("pk")[:LIMIT]
    found = [
        _lieu(*row) for row in FicheLieu.objects.filter(fiche__in=fiches).values_list(*COLUMNS)
    ]
    found.sort(key=lambda lieu: (lieu.nature != TERRAIN, *_place(lieu), lieu.nom))
    return found[:MOST]


def reperes(lieux: Iterable[LieuPublic]) -> Iterator[Repere]:
    """What to draw, lieux of one nature in one place being one sign. Expects them sorted."""
    placed = [lieu for lieu in lieux if lieu.point is not None]
    placed.sort(key=lambda lieu: (lieu.nature, *_place(lieu)))
    for _, same in groupby(placed, key=lambda lieu: (lieu.nature, lieu.commune, lieu.point)):
        yield Repere(list(same))


def _place(lieu: LieuPublic) -> tuple[Any, ...]:
    return lieu.departement, lieu.commune_nom, lieu.commune, lieu.point or (0.0, 0.0)


def _lieu(*columns: Any) -> LieuPublic:
    """Expects COLUMNS."""
    named, exact, centre = columns[:-4], columns[-4:-2], columns[-2:]
    return LieuPublic._make((*named, _point(*exact) or _point(*centre)))


def _point(longitude: float | None, latitude: float | None) -> Point | None:
    return None if longitude is None or latitude is None else (longitude, latitude)
