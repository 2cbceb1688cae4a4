"""Cutting a shape at the edges of a drawing (Sutherland and Hodgman)."""

from collections.abc import Callable

from .cadre import Boite
from .contours import Point, Ring

Inside = Callable[[Point], bool]


def clipped(ring: Ring, box: Boite) -> Ring:
    """The part of the ring inside the box, edges of the box included; empty if there is none."""
    west, north = box.left, box.top
    east, south = west + box.width, north + box.height
    ring = _cut(ring, lambda p: p[0] >= west, lambda a, b: _at_x(a, b, west))
    ring = _cut(ring, lambda p: p[0] <= east, lambda a, b: _at_x(a, b, east))
    ring = _cut(ring, lambda p: p[1] >= north, lambda a, b: _at_y(a, b, north))
    return _cut(ring, lambda p: p[1] <= south, lambda a, b: _at_y(a, b, south))


def _cut(ring: Ring, is_in: Inside, crossing: Callable[[Point, Point], Point]) -> Ring:
    found: Ring = []
    for rank, point in enumerate(ring):
        before = ring[rank - 1]
        if is_in(point) != is_in(before):
            found.append(crossing(before, point))
        if is_in(point):
            found.append(point)
    return found


def _at_x(a: Point, b: Point, x: float) -> Point:
    return x, a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0])


def _at_y(a: Point, b: Point, y: float) -> Point:
    return a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]), y
