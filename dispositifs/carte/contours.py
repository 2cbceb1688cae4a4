"""The outlines of the 101 départements, read once; a shared border stays the same on both sides."""

import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from annuaire.acteurs.territoires import FOLDER

Point = tuple[float, float]
Ring = list[Point]  # closed by the reader: the first point is not repeated at the end


@cache
def contours() -> dict[str, list[Ring]]:
    """{code: rings}, in degrees (longitude, latitude); holes are rings too."""
    text = (FOLDER / "departements.geojson").read_text("utf-8")
    return {
        feature["properties"]["code"]: [
            [(longitude, latitude) for longitude, latitude in ring[:-1]]
            for polygon in feature["geometry"]["coordinates"]
            for ring in polygon
        ]
        for feature in json.loads(text)["features"]
    }


def simplified(shapes: dict[str, list[Ring]], tolerance: float) -> dict[str, list[Ring]]:
    """The same rings with fewer points, none farther than `tolerance` from where it was.

    Rings are cut where three borders meet and each piece is simplified once, for both sides:
    neighbours neither overlap nor part.
    """
    junctions = _junctions(ring for rings in shapes.values() for ring in rings)
    known: dict[tuple[Point, ...], Ring] = {}
    return {
        code: [_simplified_ring(ring, junctions, tolerance, known) for ring in rings]
        for code, rings in shapes.items()
    }


def _junctions(rings: Iterator[Ring]) -> set[Point]:
    around: dict[Point, set[Point]] = defaultdict(set)
    for ring in rings:
        for here, there in zip(ring, [*ring[1:], ring[0]], strict=True):
            around[here].add(there)
            around[there].add(here)
    return {point for point, others in around.items() if len(others) != 2}


def _simplified_ring(
    ring: Ring, junctions: set[Point], tolerance: float, known: dict[tuple[Point, ...], Ring]
) -> Ring:
    cuts = [rank for rank, point in enumerate(ring) if point in junctions]
    if len(cuts) < 2:
        # An island, or an enclave: cut at two points that do not depend on who reads it.
        cuts = sorted({ring.index(min(ring)), ring.index(max(ring))})
    found: Ring = []
    for start, end in zip(cuts, [*cuts[1:], cuts[0] + len(ring)], strict=True):
        piece = tuple(ring[rank % len(ring)] for rank in range(start, end + 1))
        key = min(piece, piece[::-1])
        if key not in known:
            known[key] = _kept(key, tolerance)
        kept = known[key] if key == piece else known[key][::-1]
        found += kept[:-1]
    return found


def _kept(line: tuple[Point, ...], tolerance: float) -> Ring:
    """Douglas and Peucker: both ends, and what strays from the line between points kept."""
    keep = {0, len(line) - 1}
    to_cut = [(0, len(line) - 1)]
    while to_cut:
        start, end = to_cut.pop()
        strays = [
            (distance(line[rank], line[start], line[end]), rank) for rank in range(start + 1, end)
        ]
        farthest, rank = max(strays, default=(0.0, 0))
        if farthest > tolerance:
            keep.add(rank)
            to_cut += [(start, rank), (rank, end)]
    return [line[rank] for rank in sorted(keep)]


def distance(point: Point, start: Point, end: Point) -> float:
    """From a point to a segment."""
    (x, y), (ax, ay), (bx, by) = point, start, end
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    along = max(0.0, min(1.0, ((x - ax) * dx + (y - ay) * dy) / length)) if length else 0.0
    return float(((x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2) ** 0.5)


def area(ring: Ring) -> float:
    """Signed by the direction of the ring, in squares of its own unit."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs) / 2


def centre(ring: Ring) -> Point:
    """The centre of gravity of a ring, near enough to its middle for a number to be read there."""
    total = area(ring)
    if not total:
        return ring[0]
    pairs = [
        (ax + bx, ay + by, ax * by - bx * ay)
        for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True)
    ]
    x = sum(sx * cross for sx, _, cross in pairs) / (6 * total)
    y = sum(sy * cross for _, sy, cross in pairs) / (6 * total)
    return x, y


def path(rings: list[Ring]) -> str:
    """The `d` of a path whose points are rounded to whole units; points that merge are dropped."""
    return "".join(_path_of(ring) for ring in rings)


def _path_of(ring: Ring) -> str:
    points = [(round(x), round(y)) for x, y in ring]
    kept = [point for rank, point in enumerate(points) if point != points[rank - 1]]
    if len(kept) < 3:
        return ""
    (x, y), moves = kept[0], []
    for nx, ny in kept[1:]:
        dx, dy = nx - x, ny - y
        moves.append(f"{dx}{dy}" if dy < 0 else f"{dx} {dy}")
        x, y = nx, ny
    line = moves[0]
    for move in moves[1:]:
        line += move if move.startswith("-") else f" {move}"
    return f"M{kept[0][0]} {kept[0][1]}l{line}z"
