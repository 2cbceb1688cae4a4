"""Why two dispositifs are close, in words."""

from enum import Enum
from typing import Any

Json = dict[str, Any]


class Voisinage(Enum):
    """How near two pilot départements are; the value is how it is said."""

    DEPARTEMENT = "même département"
    VOISIN = "département voisin"
    REGION = "même région"
    LOIN = ""


def reason(fiche: Json, carte: Json, voisinage: Voisinage, publics: int) -> str:
    """« Même forme (MOUS) et 2 thématiques communes, département voisin ».

    `carte` is the other's; `publics` is the number of publics visés that they share.
    """
    shared = [
        _formes(_common(fiche, carte, "formes")),
        _thematiques(_common(fiche, carte, "thematiques")),
        _publics(publics),
    ]
    *first, last = filter(None, shared)
    said = f"{', '.join(first)} et {last}" if first else last
    said = f"{said}, {voisinage.value}" if voisinage.value else said
    return said[:1].upper() + said[1:]


def _common(fiche: Json, carte: Json, name: str) -> list[str]:
    """Labels of what both have."""
    pairs = zip(carte[name], carte["libelles"][name], strict=True)
    return [libelle for slug, libelle in pairs if slug in fiche[name]]


def _formes(libelles: list[str]) -> str:
    if not libelles:
        return ""
    words = "même forme" if len(libelles) == 1 else "mêmes formes"
    return f"{words} ({', '.join(libelles)})"


def _thematiques(libelles: list[str]) -> str:
    if len(libelles) == 1:
        return f"une thématique commune ({libelles[0]})"
    return f"{len(libelles)} thématiques communes" if libelles else ""


def _publics(number: int) -> str:
    if number == 1:
        return "même public visé"
    return f"{number} publics visés communs" if number else ""
