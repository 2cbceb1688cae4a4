"""Classes of counts: a map shades them, its legend says them, each number stays printed."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dispositifs.templatetags.lisible import nombre

CLASSES = 4


@dataclass(frozen=True)
class Palier:
    """From `debut` to `fin`, both included; `rang` is 1 for the smallest counts."""

    rang: int
    debut: int
    fin: int

    def __str__(self) -> str:
        if self.debut == self.fin:
            return nombre(self.debut)
        link = "ou" if self.fin == self.debut + 1 else "à"
        return f"{nombre(self.debut)} {link} {nombre(self.fin)}"


def paliers(counts: Iterable[int]) -> list[Palier]:
    """Up to four classes that hold every count above 0, each several times wider than the last."""
    most = max(counts, default=0)
    found: list[Palier] = []
    start = 1
    for rang in range(1, CLASSES + 1):
        if start > most:
            break
        share = start if most <= CLASSES else _round_up(most ** (rang / CLASSES))
        end = most if rang == CLASSES else max(start, share)
        found.append(Palier(rang, start, min(end, most)))
        start = end + 1
    return found


def rang_of(count: int, among: Sequence[Palier]) -> int:
    """0 for no dispositif at all."""
    return next((row.rang for row in among if row.debut <= count <= row.fin), 0)


def _round_up(number: float) -> int:
    """To a number that reads well: units up to 10, then fives of the last digit but one."""
    if number <= 10:
        return math.ceil(round(number, 6))
    step = 5 * 10 ** (math.floor(math.log10(number)) - 1)
    return step * math.ceil(number / step)
