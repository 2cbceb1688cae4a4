"""One file of the torture suite, and what the site must make of it."""

from collections.abc import Callable
from dataclasses import dataclass

ACCEPTE = ""


@dataclass(frozen=True)
class Cas:
    """`refus` is the code of the expected refusal, ACCEPTE if the file is kept."""

    nom: str
    contenu: Callable[[], bytes]
    refus: str


def cas(refus, **fichiers):
    """`name__extension=maker` for each file that this refusal awaits."""
    return [Cas(nom.replace("__", "."), contenu, refus) for nom, contenu in fichiers.items()]
