"""Loading of the reference lists: what the file says, except where people decided otherwise.

Each row keeps in `charge` the values last loaded. A column that no longer holds them was changed
by hand, and stays. A row gone from the file becomes inactive; nothing is ever deleted.
"""

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models, transaction

Valeurs = dict[str, Any]

ACTIF = "actif"


def whole_number(text: str) -> int | None:
    if text and not text.isdecimal():
        raise ValueError(f"« {text} » au lieu d’un nombre entier")
    return int(text) if text else None


def yes_or_no(text: str) -> bool:
    """« oui » or « non », as the files write them; raises ValueError otherwise."""
    if text not in {"oui", "non"}:
        raise ValueError(f"« {text} » au lieu de oui ou non")
    return text == "oui"


@dataclass(frozen=True)
class Liste:
    """One file and the model that it fills.

    A column fills the field of its name, as text: `champs` gives the field where the names
    differ, `lectures` how to read what is not text.
    """

    nom: str
    modele: type[models.Model]
    fichier: Path
    champs: Mapping[str, str] = field(default_factory=dict)
    lectures: Mapping[str, Callable[[str], Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Bilan:
    """What a load did to one list, in rows.

    `gardees` counts those where at least one column changed by hand was left alone.
    """

    nom: str
    lues: int
    creees: int
    modifiees: int
    retirees: int
    gardees: int


@transaction.atomic
def load_liste(liste: Liste) -> Bilan:
    """Make, update and retire the rows of one list.

    Raises ValueError, which names the file and the line, when a cell cannot be read.
    """
    manager = liste.modele._default_manager
    wanted = _read(liste)
    rows: Iterable[Any] = manager.all()
    known = {row.slug: row for row in rows}
    creees = modifiees = gardees = 0
    for slug, values in wanted.items():
        if slug not in known:
            manager.create(slug=slug, charge=values, **values)
            creees += 1
            continue
        changed, kept = _update(known[slug], values)
        modifiees += changed
        gardees += kept
    gone = [row for slug, row in known.items() if slug not in wanted and row.charge]
    retirees = sum(_update(row, {ACTIF: False})[0] for row in gone)
    return Bilan(liste.nom, len(wanted), creees, modifiees, retirees, gardees)


def _update(row: Any, values: Valeurs) -> tuple[bool, bool]:
    """Give a row the values of the file; whether it changed, and whether a hand's value stays."""
    charge = dict(row.charge)
    changed = kept = False
    for name, value in values.items():
        current = getattr(row, name)
        if current != value and (name not in charge or charge[name] != current):
            kept = True
            continue
        changed |= current != value
        setattr(row, name, value)
        charge[name] = value
    if changed or charge != row.charge:
        row.charge = charge
        row.save()
    return changed, kept


def _read(liste: Liste) -> dict[str, Valeurs]:
    rows: dict[str, Valeurs] = {}
    with liste.fichier.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            slug = row.pop("slug")
            try:
                rows[slug] = {**_values(liste, row), ACTIF: True}
            except ValueError as error:
                place = f"{liste.fichier.name}, ligne {reader.line_num}"
                raise ValueError(f"{place} : {error}.") from error
    return rows


def _values(liste: Liste, row: dict[str, str]) -> Valeurs:
    lectures = {"ordre": whole_number, **liste.lectures}
    return {
        liste.champs.get(column, column): lectures.get(column, str)(text)
        for column, text in row.items()
    }
