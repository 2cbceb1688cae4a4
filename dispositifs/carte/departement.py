"""The map of one département: its outline among its neighbours, its chef-lieu, its lieux."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from annuaire.acteurs.models import Commune, Departement

from .cadre import Boite, Cadre, projection_at, whole
from .contours import Point, Ring, area, contours, path
from .decoupe import clipped
from .dessin import Dessin, departement_name, safe, sign, spread
from .france import Place, departements
from .lecture import breadth, is_inside, largest, reading_point
from .lieux import LieuPublic, reperes

SIDE = 400  # units of the longer side
NARROWEST, LOWEST = 360, 260
MARGIN = 34  # where neighbours are seen
BEYOND = 8  # units cut outside the drawing, so that no border is drawn along its edge
SMALLEST = 2.0  # square units
LETTER = 8  # units of width
NUMBER_ROOM = 9.0
NAME_DROP = 5
NAME_GAP = 9  # units between the square of the chef-lieu and its name
OVERSEAS = 3  # characters of the code, « 974 »


@dataclass(frozen=True)
class Voisin:
    """A neighbour as far as it is seen; `texte` is its name, or its code where room is short."""

    code: str
    nom: str
    slug: str
    trace: str
    milieu: Place | None
    texte: str


@dataclass(frozen=True)
class Vue:
    """What never changes in the map of one département."""

    width: int
    height: int
    cadre: Cadre
    trace: str
    voisins: tuple[Voisin, ...]
    contour: Ring

    def holds(self, _repere: object, place: Place) -> bool:
        return is_inside(place, self.contour)


def draw_departement(
    departement: Departement,
    counts: Mapping[str, int],
    *,
    chef_lieu: Commune | None = None,
    lieux: Sequence[LieuPublic] = (),
) -> Dessin:
    """`counts` are those of the neighbours; lieux of other départements are left out."""
    vue = view_of(departement.code)
    own = [lieu for lieu in lieux if lieu.departement == departement.code]
    placed = [(row, whole(vue.cadre.place(row.premier.point or (0, 0)))) for row in reperes(own)]
    signs = spread(placed, vue.holds)
    parts = [
        f'<svg class="plan plan--departement" viewBox="0 0 {vue.width} {vue.height}" role="group"'
        f' aria-label="Carte : {escape(departement.nom)} et ses voisins">',
        *(_neighbour(voisin, counts.get(voisin.code, 0)) for voisin in vue.voisins),
        f'<path class="plan__ici" d="{vue.trace}"/>',
        _chef_lieu(chef_lieu, vue, [place for _, place in signs]),
        *(sign(repere, place) for repere, place in signs),
        "</svg>",
    ]
    return Dessin(safe("".join(parts)), [], own)


@lru_cache(maxsize=128)
def view_of(code: str) -> Vue:
    """Computed once for a process and a département."""
    shapes = contours()
    project = projection_at(largest(shapes[code])[0])
    width, height = _size([project(point) for ring in shapes[code] for point in ring])
    room = Boite(MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN)
    cadre = room.frame(shapes[code], project)
    own = cadre.place_rings(shapes[code])
    page = Boite(-BEYOND, -BEYOND, width + 2 * BEYOND, height + 2 * BEYOND)
    around = ((row, _seen(shapes[row.code], cadre, page)) for row in _near(code))
    return Vue(
        width=width,
        height=height,
        cadre=cadre,
        trace=path(_large_enough(own)),
        contour=largest(own),
        voisins=tuple(_voisin(row, rings, width, height) for row, rings in around if rings),
    )


def _size(points: list[Point]) -> tuple[int, int]:
    """Whole units that have the proportions of these points, none too narrow to be read."""
    across = max(x for x, _ in points) - min(x for x, _ in points)
    down = max(y for _, y in points) - min(y for _, y in points)
    inside = SIDE - 2 * MARGIN
    ratio = inside / max(across, down)
    width, height = (round(length * ratio) + 2 * MARGIN for length in (across, down))
    return max(width, NARROWEST), max(height, LOWEST)


def _near(code: str) -> list[Departement]:
    """Those that may be seen beside it: none for an island at the other end of the world."""
    if len(code) == OVERSEAS:
        return []
    return [row for row in departements() if row.code != code and len(row.code) != OVERSEAS]


def _seen(rings: list[Ring], cadre: Cadre, page: Boite) -> list[Ring]:
    cut = [clipped(ring, page) for ring in cadre.place_rings(rings)]
    return _large_enough([ring for ring in cut if len(ring) > 2])


def _large_enough(rings: list[Ring]) -> list[Ring]:
    return [ring for ring in rings if abs(area(ring)) > SMALLEST]


def _voisin(row: Departement, rings: list[Ring], width: int, height: int) -> Voisin:
    visible = Boite(NUMBER_ROOM, NUMBER_ROOM, width - 2 * NUMBER_ROOM, height - 2 * NUMBER_ROOM)
    inside = [ring for ring in (clipped(ring, visible) for ring in rings) if len(ring) > 2]
    milieu, texte = None, ""
    if inside:
        shape = largest(inside)
        point, room = reading_point(shape, NUMBER_ROOM)
        if room > NUMBER_ROOM / 2:
            milieu = whole(point)
            texte = row.nom if len(row.nom) * LETTER < breadth(point, shape) else row.code
    return Voisin(row.code, row.nom, row.slug, path(rings), milieu, texte)


def _neighbour(voisin: Voisin, count: int) -> str:
    name = departement_name(voisin.nom, voisin.code, count)
    text = ""
    if voisin.milieu:
        x, y = voisin.milieu
        text = f'<text x="{x}" y="{y + NAME_DROP}">{escape(voisin.texte)}</text>'
    return (
        f'<a class="plan__voisin" href="/dispositifs/{voisin.slug}/"><title>{escape(name)}</title>'
        f'<path d="{voisin.trace}"/>{text}</a>'
    )


def _chef_lieu(commune: Commune | None, vue: Vue, signs: list[Place]) -> str:
    """A small square and its name, on the side that signs leave free."""
    if commune is None or commune.longitude is None or commune.latitude is None:
        return ""
    x, y = whole(vue.cadre.place((commune.longitude, commune.latitude)))
    length = len(commune.nom) * LETTER + NAME_GAP
    likely = [-1, 1] if x > vue.width / 2 else [1, -1]
    side = min(likely, key=lambda way: _covered(x, x + way * length, y, signs))
    anchor = "" if side == 1 else " plan__ville--fin"
    return (
        f'<g class="plan__ville{anchor}" aria-hidden="true"><rect x="{x - 3}" y="{y - 3}"'
        f' width="6" height="6"/><text x="{x + side * NAME_GAP}" y="{y + NAME_DROP}">'
        f"{escape(commune.nom)}</text></g>"
    )


def _covered(start: int, end: int, y: int, signs: list[Place]) -> int:
    """How many signs fall on a text written from `start` to `end`."""
    west, east = sorted((start, end))
    return sum(west - 8 < x < east + 8 and abs(y - sign_y) < 15 for x, sign_y in signs)
