"""The map of France as SVG: the fond never changes, counts and lieux are written into it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

from dispositifs.templatetags.lisible import NBSP, nombre, pluriel

from .france import HEIGHT, WIDTH, Encart, Forme, Place, fond, is_clear
from .lecture import is_inside
from .lieux import MOST, TERRAIN, LieuPublic, Repere, reperes
from .paliers import Palier, paliers, rang_of

NUMBER_DROP = 4  # units between the middle of a number and the line it stands on
HOUSE = "l7 6h-2v7h-10v-7h-2z"  # a terrain d’insertion, from the top of its roof
HOUSE_TOP = 6
DOT = 5  # radius of a permanence
SHIFT = 10  # units between two signs
BESIDE = [(SHIFT, 0), (-SHIFT, 0), (0, SHIFT), (0, -SHIFT)]
BESIDE += [(dx, dy) for dx in (SHIFT, -SHIFT) for dy in (SHIFT, -SHIFT)]


@dataclass(frozen=True)
class Dessin:
    """A map and what its legend and its equivalent list say."""

    svg: SafeString
    paliers: list[Palier]
    lieux: list[LieuPublic]

    @property
    def is_cut(self) -> bool:
        """Whether there may be more lieux than a map shows."""
        return len(self.lieux) >= MOST

    @property
    def terrains(self) -> list[LieuPublic]:
        return [lieu for lieu in self.lieux if lieu.nature == TERRAIN]

    @property
    def permanences(self) -> list[LieuPublic]:
        return [lieu for lieu in self.lieux if lieu.nature != TERRAIN]


def draw_france(
    counts: Mapping[str, int],
    *,
    url: Callable[[Forme], str],
    lieux: Sequence[LieuPublic] = (),
    chosen: Collection[str] = (),
) -> Dessin:
    """A link for each of the 101 départements, where its count leads; then one for each place."""
    shown = tuple((code, counts.get(code, 0), url(forme)) for code, forme in fond().formes.items())
    classes = paliers(counts.values())
    return Dessin(_drawn(shown, tuple(classes), tuple(lieux), frozenset(chosen)), classes, [*lieux])


@lru_cache(maxsize=8)
def _drawn(
    shown: tuple[tuple[str, int, str], ...],
    classes: tuple[Palier, ...],
    lieux: tuple[LieuPublic, ...],
    chosen: frozenset[str],
) -> SafeString:
    """Kept under all that it says: the home page draws it again when a count or a lieu changes."""
    rangs = {code: rang_of(count, classes) for code, count, _ in shown}
    signs = spread([(repere, _place(repere)) for repere in reperes(lieux)], _is_home)
    taken: dict[str, list[Place]] = defaultdict(list)
    for repere, place in signs:
        taken[repere.premier.departement].append(place)
    parts = [_opening(), *(_renvoi(code, rangs[code]) for code in fond().renvois)]
    for code, count, url in shown:
        current = ' aria-current="true"' if code in chosen else ""
        parts.append(
            f'<a class="plan__forme plan--{rangs[code]}" href="{escape(url)}"{current}>'
            f"{_contents(code, count, tuple(taken[code]))}</a>"
        )
    # Once more, above the neighbours drawn since.
    parts += [
        f'<path class="plan__choisi" d="{forme.trace}"/>'
        for code, forme in fond().formes.items()
        if code in chosen
    ]
    parts += [sign(repere, place) for repere, place in signs]
    return safe("".join([*parts, "</svg>"]))


def _place(repere: Repere) -> Place:
    return fond().place(repere.premier.departement, repere.premier.point or (0.0, 0.0))


def safe(svg: str) -> SafeString:
    # Every name and address is escaped where it is written in.
    return mark_safe(svg)  # noqa: S308


def departement_name(nom: str, code: str, count: int) -> str:
    """« Gironde (33) : 4 dispositifs »."""
    return f"{nom} ({code}){NBSP}: {pluriel(count, 'dispositif') if count else 'aucun dispositif'}"


def sign(repere: Repere, place: Place) -> str:
    """A house for a terrain d’insertion, a disc for a permanence, leading to the dispositif."""
    (x, y), first = place, repere.premier
    if first.nature == TERRAIN:
        shape = f'<path d="M{x} {y - HOUSE_TOP}{HOUSE}"/>'
    else:
        shape = f'<circle cx="{x}" cy="{y}" r="{DOT}"/>'
    return (
        f'<a class="plan__lieu plan__lieu--{first.nature}" href="{escape(first.url)}">'
        f"<title>{escape(repere.nom)}</title>{shape}</a>"
    )


def spread(
    signs: list[tuple[Repere, Place]], is_home: Callable[[Repere, Place], bool]
) -> list[tuple[Repere, Place]]:
    """The same signs, one that would hide another being moved beside it, at home if it can."""
    kept: list[tuple[Repere, Place]] = []
    for repere, (x, y) in signs:
        # Farther, a sign is hidden by none of the places beside.
        taken = [
            (left, top)
            for _, (left, top) in kept
            if abs(left - x) < 2 * SHIFT and abs(top - y) < 2 * SHIFT
        ]
        kept.append((repere, _free_place(repere, (x, y), taken, is_home)))
    return kept


def _free_place(
    repere: Repere, place: Place, taken: list[Place], is_home: Callable[[Repere, Place], bool]
) -> Place:
    """Its own place if it hides no other sign, else one beside, else its own all the same."""
    if is_clear(place, taken, SHIFT - 1):
        return place
    near = [(place[0] + dx, place[1] + dy) for dx, dy in BESIDE]
    free = [beside for beside in near if is_clear(beside, taken, SHIFT - 1)]
    at_home = (beside for beside in free if is_home(repere, beside))
    return next(at_home, free[0] if free else place)


def _is_home(repere: Repere, place: Place) -> bool:
    return is_inside(place, fond().formes[repere.premier.departement].contour)


@lru_cache(maxsize=1024)
def _contents(code: str, count: int, taken: tuple[Place, ...]) -> str:
    """Kept: a new version of the directory changes few of the 101."""
    forme = fond().formes[code]
    name = departement_name(forme.nom, forme.code, count)
    shape = f'<title>{escape(name)}</title><path d="{forme.trace}"/>'
    if not count:
        return shape
    x, y = forme.free_place(taken)
    return f'{shape}<text x="{x}" y="{y + NUMBER_DROP}">{nombre(count)}</text>'


def _renvoi(code: str, rang: int) -> str:
    return f'<path class="plan__renvoi plan--{rang}" d="{fond().renvois[code]}"/>'


@cache
def _opening() -> str:
    return (
        f'<svg class="plan plan--france" viewBox="0 0 {WIDTH} {HEIGHT}" role="group"'
        ' aria-label="Carte des départements">' + "".join(map(_encart, fond().encarts))
    )


def _encart(encart: Encart) -> str:
    box = encart.boite
    return (
        f'<rect class="plan__encart" x="{box.left}" y="{box.top}" width="{box.width}"'
        f' height="{box.height}" rx="4"/><text class="plan__nom" x="{box.left + box.width // 2}"'
        f' y="{box.top + box.height + 13}" aria-hidden="true">{escape(encart.nom)}</text>'
    )
