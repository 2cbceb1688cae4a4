"""From degrees to units of a drawing: a projection, then a place on the page."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .contours import Point, Ring

Projection = Callable[[Point], Point]

# Lambert 93, the conic projection of the official maps of France: the shape that readers know.
_MERIDIAN, _SOUTH, _NORTH = 3.0, 44.0, 49.0


def _colatitude(latitude: float) -> float:
    return math.tan(math.pi / 4 + math.radians(latitude) / 2)


_CONE = math.log(math.cos(math.radians(_SOUTH)) / math.cos(math.radians(_NORTH))) / math.log(
    _colatitude(_NORTH) / _colatitude(_SOUTH)
)
_RADIUS = math.cos(math.radians(_SOUTH)) * _colatitude(_SOUTH) ** _CONE / _CONE


def lambert(point: Point) -> Point:
    """Metropolitan France: radians of arc, x to the east and y to the south."""
    longitude, latitude = point
    radius = _RADIUS / _colatitude(latitude) ** _CONE
    angle = _CONE * math.radians(longitude - _MERIDIAN)
    return radius * math.sin(angle), radius * math.cos(angle)


def local(latitude: float) -> Projection:
    """A small territory around this latitude, true in both directions."""
    narrowing = math.cos(math.radians(latitude))

    def project(point: Point) -> Point:
        return math.radians(point[0]) * narrowing, -math.radians(point[1])

    return project


def projection_at(point: Point) -> Projection:
    """The projection that suits a territory seen around this point."""
    metropolitan = -6 < point[0] < 10 and 41 < point[1] < 52
    return lambert if metropolitan else local(point[1])


@dataclass(frozen=True)
class Cadre:
    """A projection, and where it falls on the drawing: x = left + scale × (projected − origin)."""

    project: Projection
    scale: float
    origin: Point
    left: float = 0.0
    top: float = 0.0

    def place(self, point: Point) -> Point:
        x, y = self.project(point)
        return (
            self.left + self.scale * (x - self.origin[0]),
            self.top + self.scale * (y - self.origin[1]),
        )

    def place_rings(self, rings: Iterable[Ring]) -> list[Ring]:
        return [[self.place(point) for point in ring] for ring in rings]


@dataclass(frozen=True)
class Boite:
    """A rectangle of the drawing, in units."""

    left: float
    top: float
    width: float
    height: float

    def frame(self, rings: Iterable[Ring], project: Projection) -> Cadre:
        """The cadre that shows these rings as large as this rectangle allows, in its middle."""
        points = [project(point) for ring in rings for point in ring]
        west, east = min(x for x, _ in points), max(x for x, _ in points)
        north, south = min(y for _, y in points), max(y for _, y in points)
        scale = min(self.width / (east - west), self.height / (south - north))
        return Cadre(
            project=project,
            scale=scale,
            origin=((west + east) / 2, (north + south) / 2),
            left=self.left + self.width / 2,
            top=self.top + self.height / 2,
        )


def whole(point: Point) -> tuple[int, int]:
    return round(point[0]), round(point[1])
