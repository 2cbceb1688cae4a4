"""France on one drawing: métropole, Paris and its neighbours enlarged, overseas in boxes."""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from annuaire.acteurs.models import Departement
from annuaire.acteurs.territoires import FOLDER

from .cadre import Boite, Cadre, lambert, local, whole
from .contours import Point, Ring, area, contours, path, simplified
from .lecture import largest, reading_point, reading_points

WIDTH, HEIGHT = 640, 564
TOLERANCE = 0.8  # units: less than a pixel and a half on a large screen
SMALLEST = 4.0  # square units: smaller islands are not drawn
PETITE_COURONNE = ("75", "92", "93", "94")
NUMBER_ROOM = 7.0  # units around the middle of a count
SIGN_ROOM = 14.0  # units between a count and the sign of a lieu
Place = tuple[int, int]

METROPOLE = Boite(40, 4, 596, 556)
# (codes, box, name), the name being written under the box.
ENCARTS = (
    (PETITE_COURONNE, Boite(2, 2, 136, 108), "Paris et petite couronne"),
    (("971",), Boite(2, 292, 72, 58), "Guadeloupe"),
    (("972",), Boite(80, 292, 58, 58), "Martinique"),
    (("973",), Boite(2, 376, 72, 72), "Guyane"),
    (("974",), Boite(2, 474, 62, 58), "La Réunion"),
    (("976",), Boite(70, 474, 62, 58), "Mayotte"),
)
INSIDE = 6  # units between the border of an inset and what it shows


@dataclass(frozen=True)
class Forme:
    """A département as drawn: `trace` is the `d` of its path, `milieu` the middle of its count."""

    code: str
    nom: str
    slug: str
    trace: str
    milieu: Place
    contour: Ring

    def free_place(self, taken: Sequence[Place]) -> Place:
        """Where the count is read clear of the signs of lieux; its usual place if there is none."""
        if not taken:
            return self.milieu
        places = ((place, room) for room, among in other_places(self.code) for place in among)
        return next((place for place, room in places if is_clear(place, taken, room)), self.milieu)


@dataclass(frozen=True)
class Encart:
    nom: str
    boite: Boite


@dataclass(frozen=True)
class Fond:
    """What never changes in the map of France; `renvois` are enlarged shapes, in their place."""

    formes: dict[str, Forme]
    encarts: tuple[Encart, ...]
    renvois: dict[str, str]
    cadres: dict[str, Cadre]

    def place(self, departement: str, point: Point) -> Place:
        """Where a point of this département falls, in its inset if it has one."""
        return whole(self.cadres[departement].place(point))


@cache
def fond() -> Fond:
    """Computed once for a process."""
    shapes = contours()
    cadres = _cadres(shapes)
    placed = {code: cadres[code].place_rings(rings) for code, rings in shapes.items()}
    drawn = {code: _drawn(rings) for code, rings in simplified(placed, TOLERANCE).items()}
    names = {row.code: row for row in departements()}
    formes = {
        code: Forme(
            code=code,
            nom=names[code].nom,
            slug=names[code].slug,
            trace=path(rings),
            milieu=whole(reading_point(largest(rings), NUMBER_ROOM)[0]),
            contour=largest(rings),
        )
        for code, rings in sorted(drawn.items())
    }
    main = cadres["77"]
    renvois = {code: path(main.place_rings(shapes[code])) for code in PETITE_COURONNE}
    encarts = tuple(Encart(nom, boite) for _, boite, nom in ENCARTS)
    return Fond(formes, encarts, renvois, cadres)


@cache
def other_places(code: str) -> list[tuple[float, list[Place]]]:
    """(distance to keep from signs, places for a count): a small shape has less room for both."""
    forme = fond().formes[code]
    return [
        (
            SIGN_ROOM * share,
            [forme.milieu, *map(whole, reading_points(forme.contour, NUMBER_ROOM * share))],
        )
        for share in (1, 0.6)
    ]


def is_clear(place: Place, taken: Sequence[Place], room: float) -> bool:
    return all(math.dist(place, other) > room for other in taken)


@cache
def departements() -> tuple[Departement, ...]:
    """The 101 départements by code, from the file that goes with their outlines (unsaved)."""
    with (FOLDER / "departements.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            Departement(code=row["code"], nom=row["nom"].replace("'", "’"), zone=row["zone"])
            for row in csv.DictReader(file)
        ]
    return tuple(row for row in rows if row.code in contours())


def _cadres(shapes: dict[str, list[Ring]]) -> dict[str, Cadre]:
    inset = {code for codes, _, _ in ENCARTS for code in codes}
    around = [ring for code, rings in shapes.items() if len(code) == 2 for ring in rings]
    main = METROPOLE.frame(around, lambert)
    cadres = {code: main for code in shapes if code not in inset}
    for codes, boite, _ in ENCARTS:
        rings = [ring for code in codes for ring in shapes[code]]
        project = lambert if codes == PETITE_COURONNE else local(rings[0][0][1])
        inside = Boite(
            boite.left + INSIDE,
            boite.top + INSIDE,
            boite.width - 2 * INSIDE,
            boite.height - 2 * INSIDE,
        )
        cadres |= dict.fromkeys(codes, inside.frame(rings, project))
    return cadres


def _drawn(rings: list[Ring]) -> list[Ring]:
    """Without the islands too small to be seen; the largest ring stays, whatever its size."""
    kept = largest(rings)
    return [ring for ring in rings if ring is kept or abs(area(ring)) > SMALLEST]
