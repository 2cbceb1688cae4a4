"""What the site may claim of its accessibility: computed from docs/rgaa/grille.csv, never written.

The grid has the 106 criteria of the RGAA 4.1, each conforme (C), non conforme (NC) or not
applicable (NA), with its evidence. A criterion that nobody has checked is NC.
"""

import csv
from dataclasses import dataclass
from functools import cache, cached_property

from django.conf import settings

GRILLE = settings.BASE_DIR / "docs" / "rgaa" / "grille.csv"
STATUTS = ("C", "NC", "NA")


@dataclass(frozen=True, slots=True)
class Critere:
    numero: str
    intitule: str
    statut: str
    preuve: str


@dataclass(frozen=True)
class Conformite:
    """Result of a grid; an empty one is « non conforme »: the law counts it so without audit."""

    criteres: tuple[Critere, ...]

    def count(self, statut: str) -> int:
        return sum(critere.statut == statut for critere in self.criteres)

    @property
    def conformes(self) -> int:
        return self.count("C")

    @property
    def applicables(self) -> int:
        return self.conformes + self.count("NC")

    @property
    def taux(self) -> int:
        """Per cent of the applicable criteria that are met, rounded down: never flattered."""
        return 100 * self.conformes // self.applicables if self.applicables else 0

    @cached_property  # said at the foot of every page
    def etat(self) -> str:
        if self.applicables and self.conformes == self.applicables:
            return "totalement conforme"
        return "partiellement conforme" if self.taux >= 50 else "non conforme"

    @property
    def manques(self) -> list[Critere]:
        return [critere for critere in self.criteres if critere.statut == "NC"]


@cache
def conformite() -> Conformite:
    """The grid of this version of the site, read once; no grid is no audit."""
    if not GRILLE.exists():
        return Conformite(())
    with GRILLE.open(encoding="utf-8", newline="") as lines:
        return Conformite(tuple(Critere(**row) for row in csv.DictReader(lines)))
