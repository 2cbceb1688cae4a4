"""Which territories a fiche covers and meets (rule: domaine.md, « Territory »).

It covers its communes and EPCI if it names some, else its départements whole; France entière
meets everything. EPCI straddle départements: what a fiche meets follows from the communes.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from annuaire.acteurs.models import Commune, Departement, Epci, Region


@dataclass
class Couverture:
    """What one fiche covers (`jetons`) and every territory that it meets."""

    jetons: list[str] = field(default_factory=list)
    departements: set[str] = field(default_factory=set)
    regions: set[str] = field(default_factory=set)
    epci: set[str] = field(default_factory=set)


class Cog:
    """The code officiel géographique, read once for as many fiches as a caller projects."""

    @cached_property
    def departements(self) -> dict[str, Departement]:
        return {row.code: row for row in Departement.objects.select_related("region")}

    @cached_property
    def regions(self) -> dict[str, Region]:
        return {row.code: row for row in Region.objects.all()}

    @cached_property
    def _pairs(self) -> set[tuple[str, str]]:
        rows = Commune.objects.exclude(epci=None).order_by().values_list("departement", "epci")
        return set(rows.distinct())

    @cached_property
    def epci_of(self) -> dict[str, set[str]]:
        """EPCI that have a commune in each département."""
        found = defaultdict(set)
        for departement, epci in self._pairs:
            found[departement].add(epci)
        return found

    @cached_property
    def departements_of(self) -> dict[str, set[str]]:
        """Départements in which each EPCI has a commune."""
        found = defaultdict(set)
        for departement, epci in self._pairs:
            found[epci].add(departement)
        return found

    def coverage(
        self,
        declared: set[str],
        communes: Iterable[Commune],
        epci: Iterable[Epci],
        france_entiere: bool,
    ) -> Couverture:
        """What a fiche of these départements covers, from the communes and EPCI that it names."""
        found = Couverture(departements=set(declared))
        for commune in communes:
            found.jetons.append(f"commune:{commune.code}")
            found.departements.add(commune.departement_id)
            if commune.epci_id:
                found.epci.add(commune.epci_id)
        for row in epci:
            found.jetons.append(f"epci:{row.siren}")
            found.epci.add(row.siren)
            found.departements |= self.departements_of[row.siren]
        if not found.jetons:
            for code in sorted(declared):
                found.jetons.append(f"departement:{code}")
                found.epci |= self.epci_of[code]
        if france_entiere:
            found.jetons.append("france")
            found.departements |= set(self.departements)
        found.regions = {self.departements[code].region_id for code in found.departements}
        return found
