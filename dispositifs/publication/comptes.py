"""How many public fiches have each value that the pages of territories count.

Kept with the version of the directory and changed in its transaction: counted at each reading,
they were the most part of the home page, and grew with the directory.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from django.db import transaction

from dispositifs.models import FichePublique, VersionAnnuaire

TOTAL, PILOTE = "total", "pilote"
FACETTES = ("thematique", "departement", "region")


def read() -> dict[tuple[str, str], dict[str, int]]:
    """{(nature, facette): {valeur: number of public objects}}, in one query.

    Two more than the facettes: (nature, TOTAL) has the one value «», and (nature, PILOTE) has the
    départements that pilot one.
    """
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for key, number in VersionAnnuaire.current_comptes().items():
        nature, facette, valeur = key.split(":")
        found[nature, facette][valeur] = number
    return found


def change(*, gone: Iterable[FichePublique], come: Iterable[FichePublique]) -> None:
    """Take those that go off the counts and add those that come; once the version is raised."""
    counts = Counter(VersionAnnuaire.current_comptes())
    counts.subtract(_keys(gone))
    counts.update(_keys(come))
    VersionAnnuaire.objects.filter(pk=1).update(comptes=+counts)


@transaction.atomic
def recount() -> None:
    """Count every public fiche again."""
    version = VersionAnnuaire.objects.select_for_update().filter(pk=1)
    if version.exists():
        version.update(comptes=count())


def count() -> Counter[str]:
    """What the counts must be today, from the rows themselves."""
    rows = FichePublique.objects.only("nature", "departement", "facettes").order_by()
    return Counter(_keys(rows.iterator(chunk_size=1000)))


def _keys(rows: Iterable[FichePublique]) -> Iterator[str]:
    for row in rows:
        yield f"{row.nature}:{TOTAL}:"
        if row.departement:
            yield f"{row.nature}:{PILOTE}:{row.departement}"
        for facette in FACETTES:
            for valeur in row.facettes.get(facette, ()):
                yield f"{row.nature}:{facette}:{valeur}"
