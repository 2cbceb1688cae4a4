"""Loading of the territories: the code officiel géographique as shipped in donnees/geo.

Nothing is ever deleted: a commune that merged keeps its row, for the fiches that name it.
"""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.db import models, transaction

from annuaire.acteurs.models import Commune, Departement, Epci, Region
from annuaire.acteurs.models.territoires import Zone
from annuaire.acteurs.normalisation import fold_name

FOLDER = Path(__file__).resolve().parent / "donnees" / "geo"
BATCH = 2_000

Territoire = TypeVar("Territoire", bound=models.Model)


@dataclass(frozen=True)
class Bilan:
    """What a load did to one list: rows read, made, and changed."""

    nom: str
    lus: int
    crees: int
    modifies: int


@transaction.atomic
def load_territoires(
    folder: Path = FOLDER, progress: Callable[[Bilan], None] = lambda bilan: None
) -> list[Bilan]:
    """Make the database equal to the files, metro and drom only; rows unchanged are not written.

    Raises ValueError when the neighbours of the file are not symmetric.
    """
    bilans = []
    for load in (_load_regions, _load_departements, _load_voisins, _load_epci, _load_communes):
        bilan = load(folder)
        bilans.append(bilan)
        progress(bilan)
    return bilans


def _load_regions(folder: Path) -> Bilan:
    return _upsert(
        "régions",
        Region,
        [
            Region(
                code=row["code"],
                nom=row["nom"],
                zone=row["zone"],
                chef_lieu=row["chef_lieu"],
            )
            for row in _rows(folder / "regions.csv")
            if row["zone"] in Zone.values
        ],
    )


def _load_departements(folder: Path) -> Bilan:
    return _upsert(
        "départements",
        Departement,
        [
            Departement(
                code=row["code"],
                nom=row["nom"],
                region_id=row["region"],
                zone=row["zone"],
                chef_lieu=row["chef_lieu"],
                population=_integer(row["population"]),
            )
            for row in _rows(folder / "departements.csv")
            if row["zone"] in Zone.values
        ],
    )


def _load_epci(folder: Path) -> Bilan:
    return _upsert(
        "intercommunalités",
        Epci,
        [
            Epci(
                siren=row["siren"],
                nom=row["nom"],
                type=row["type"],
                population=_integer(row["population"]),
                nom_plie=fold_name(row["nom"]),
            )
            for row in _rows(folder / "epci.csv")
        ],
    )


def _load_communes(folder: Path) -> Bilan:
    departements = set(Departement.objects.values_list("code", flat=True))
    return _upsert(
        "communes",
        Commune,
        [
            Commune(
                code=row["code"],
                nom=row["nom"],
                departement_id=row["departement"],
                epci_id=row["epci"] or None,
                population=_integer(row["population"]),
                longitude=_decimal(row["longitude"]),
                latitude=_decimal(row["latitude"]),
                nom_plie=fold_name(row["nom"]),
            )
            for row in _rows(folder / "communes.csv")
            if row["departement"] in departements
        ],
    )


def _load_voisins(folder: Path) -> Bilan:
    """Neighbours, each border being two rows; those gone from the file are no longer neighbours."""
    file: dict[str, list[str]] = json.loads((folder / "frontaliers.json").read_text("utf-8"))
    wanted = {(code, other) for code, others in file.items() for other in others}
    alone = sorted((here, there) for here, there in wanted if (there, here) not in wanted)
    if alone:
        raise ValueError(f"frontaliers.json : frontière à sens unique {alone[0]}.")
    border = Departement.voisins.through
    known = set(border.objects.values_list("from_departement_id", "to_departement_id"))
    border.objects.bulk_create(
        [
            border(from_departement_id=here, to_departement_id=there)
            for here, there in sorted(wanted - known)
        ],
        batch_size=BATCH,
    )
    gone = known - wanted
    for here, there in sorted(gone):
        border.objects.filter(from_departement_id=here, to_departement_id=there).delete()
    return Bilan("frontières", len(wanted) // 2, len(wanted - known) // 2, len(gone) // 2)


def _upsert(nom: str, model: type[Territoire], rows: list[Territoire]) -> Bilan:
    """Write the rows that are new or different, in bulk."""
    key = model._meta.pk.name
    fields = [field for field in model._meta.concrete_fields if field.name != key]
    columns = [field.attname for field in fields]
    known = {pk: values for pk, *values in model._default_manager.values_list("pk", *columns)}
    changed = [
        row for row in rows if known.get(row.pk) != [getattr(row, column) for column in columns]
    ]
    model._default_manager.bulk_create(
        changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=[key],
        update_fields=[field.name for field in fields],
    )
    crees = sum(row.pk not in known for row in changed)
    return Bilan(nom, len(rows), crees, len(changed) - crees)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a file, names being given the apostrophe of displayed texts."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {**row, "nom": row["nom"].replace("'", "’")}


def _integer(text: str) -> int | None:
    return int(text) if text else None


def _decimal(text: str) -> float | None:
    return float(text) if text else None
