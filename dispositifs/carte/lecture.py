"""Where a number or a name is best read on a shape."""

from .contours import Point, Ring, area, centre, distance

STEPS = 12  # of the grid on which a better place is looked for


def largest(rings: list[Ring]) -> Ring:
    return max(rings, key=lambda ring: abs(area(ring)))


def reading_point(ring: Ring, room: float) -> tuple[Point, float]:
    """A point of the ring with `room` around it if there is one, and the room that it has.

    The centre of gravity when it will do; else the point of a grid farthest from the border.
    """
    middle = centre(ring)
    found = _room(middle, ring)
    if found >= room:
        return middle, found
    return max(((point, _room(point, ring)) for point in [middle, *_grid(ring)]), key=_second)


def reading_points(ring: Ring, room: float) -> list[Point]:
    """Every point of the grid that has this room, the nearest to the centre of gravity first."""
    x, y = centre(ring)
    found = [point for point in _grid(ring) if _room(point, ring) >= room]
    return sorted(found, key=lambda point: (point[0] - x) ** 2 + (point[1] - y) ** 2)


def breadth(point: Point, ring: Ring) -> float:
    """Length of the longest text that, centred on this point, stays inside the ring."""
    x, y = point
    crossings = [
        (bx - ax) * (y - ay) / (by - ay) + ax
        for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True)
        if (ay > y) != (by > y)
    ]
    return 2 * min((abs(crossing - x) for crossing in crossings), default=0.0)


def _second(pair: tuple[Point, float]) -> float:
    return pair[1]


def _grid(ring: Ring) -> list[Point]:
    west, east = min(x for x, _ in ring), max(x for x, _ in ring)
    north, south = min(y for _, y in ring), max(y for _, y in ring)
    return [
        (west + (east - west) * column / STEPS, north + (south - north) * row / STEPS)
        for column in range(1, STEPS)
        for row in range(1, STEPS)
    ]


def _room(point: Point, ring: Ring) -> float:
    """Distance to the border; -1 outside."""
    if not is_inside(point, ring):
        return -1.0
    sides = zip(ring, [*ring[1:], ring[0]], strict=True)
    return min(distance(point, start, end) for start, end in sides)


def is_inside(point: Point, ring: Ring) -> bool:
    x, y = point
    inside = False
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside
