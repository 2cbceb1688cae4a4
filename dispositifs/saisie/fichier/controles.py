"""Checks of one JSON value: its kind, its bounds. Each says in French what it expected.

A check returns the value in its Python form, or `INVALIDE` once it has reported why.
"""

import datetime
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .erreurs import Ligne

INVALIDE: Final = object()
Controle = Callable[[Any, str, Ligne], Any]

# Neither a database nor an office file can hold them.
FORBIDDEN_SIGNS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
KINDS = {
    str: "un texte",
    bool: "vrai ou faux",
    int: "un nombre",
    float: "un nombre",
    list: "une liste",
    dict: "un objet",
    type(None): "null",
}


def _refuse_kind(value: Any, expected: str, champ: str, ligne: Ligne) -> Any:
    kind = KINDS.get(type(value), "autre chose")
    ligne.refuse(champ, f"attendu : {expected} ; reçu : {kind}.")
    return INVALIDE


@dataclass(frozen=True)
class Texte:
    """A text; null and absent say the same as an empty one, unless it is `obligatoire`."""

    maximum: int | None = None
    obligatoire: bool = False

    def __call__(self, value: Any, champ: str, ligne: Ligne) -> Any:
        if value is None and not self.obligatoire:
            return ""
        if not isinstance(value, str):
            return _refuse_kind(value, "un texte", champ, ligne)
        if found := FORBIDDEN_SIGNS.search(value):
            ligne.refuse(champ, f"le signe U+{ord(found[0]):04X} ne peut pas être enregistré.")
            return INVALIDE
        text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
        if self.obligatoire and not text:
            ligne.refuse(champ, "ce texte ne peut pas être vide.")
            return INVALIDE
        if self.maximum is not None and len(text) > self.maximum:
            ligne.refuse(
                champ, f"{len(text)} caractères, {self.maximum} au plus : raccourcissez ce texte."
            )
            return INVALIDE
        return text


@dataclass(frozen=True)
class Motif:
    """A text of a given shape, such as a code; null where it may be unknown."""

    expression: str
    attendu: str
    nullable: bool = False

    def __call__(self, value: Any, champ: str, ligne: Ligne) -> Any:
        if value is None and self.nullable:
            return None
        if not isinstance(value, str):
            return _refuse_kind(value, "un texte", champ, ligne)
        if not re.fullmatch(self.expression, value):
            ligne.refuse(champ, f"« {_short(value)} » n’est pas valide : {self.attendu}.")
            return INVALIDE
        return value


@dataclass(frozen=True)
class Choix:
    """One word of a closed list."""

    mots: Collection[str]
    nullable: bool = False

    def __call__(self, value: Any, champ: str, ligne: Ligne) -> Any:
        if value is None and self.nullable:
            return None
        if not isinstance(value, str):
            return _refuse_kind(value, "un texte", champ, ligne)
        if value not in self.mots:
            known = ", ".join(self.mots)
            ligne.refuse(champ, f"« {_short(value)} » est inconnu ; valeurs admises : {known}.")
            return INVALIDE
        return value


@dataclass(frozen=True)
class Entier:
    minimum: int = 0
    maximum: int = 1_000_000
    nullable: bool = True

    def __call__(self, value: Any, champ: str, ligne: Ligne) -> Any:
        if value is None and self.nullable:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            return _refuse_kind(value, "un nombre entier", champ, ligne)
        if not self.minimum <= value <= self.maximum:
            ligne.refuse(
                champ, f"ce nombre doit être compris entre {self.minimum} et {self.maximum}."
            )
            return INVALIDE
        return value


@dataclass(frozen=True)
class Nombre:
    """A number, decimals allowed; null is unknown."""

    minimum: float
    maximum: float

    def __call__(self, value: Any, champ: str, ligne: Ligne) -> Any:
        if value is None:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool):
            return _refuse_kind(value, "un nombre", champ, ligne)
        if not self.minimum <= value <= self.maximum:
            ligne.refuse(
                champ, f"ce nombre doit être compris entre {self.minimum:g} et {self.maximum:g}."
            )
            return INVALIDE
        return float(value)


@dataclass(frozen=True)
class Booleen:
    nullable: bool = True

    def __call__(self, value: Any, champ: str, ligne: Ligne) -> Any:
        if isinstance(value, bool) or (value is None and self.nullable):
            return value
        return _refuse_kind(value, "vrai ou faux (true, false)", champ, ligne)


@dataclass(frozen=True)
class Jour:
    """A date « 2024-01-31 »; null is unknown."""

    nullable: bool = True

    def __call__(self, value: Any, champ: str, ligne: Ligne) -> Any:
        if value is None and self.nullable:
            return None
        if not isinstance(value, str):
            return _refuse_kind(value, "une date « 2024-01-31 »", champ, ligne)
        try:
            day = datetime.date.fromisoformat(value) if DATE.fullmatch(value) else None
        except ValueError:
            day = None
        if day is None or not 1900 <= day.year <= 2200:
            ligne.refuse(
                champ,
                f"« {_short(value)} » n’est pas une date : écrivez-la sous la forme 2024-01-31.",
            )
            return INVALIDE
        return day


@dataclass(frozen=True)
class Liste:
    """A list of values that pass the same check; null is an empty list."""

    de: Controle
    sans_doublon: bool = False

    def __call__(self, value: Any, champ: str, ligne: Ligne) -> Any:
        if value is None:
            return []
        if not isinstance(value, list):
            return _refuse_kind(value, "une liste", champ, ligne)
        read = [self.de(item, f"{champ}[{rank}]", ligne) for rank, item in enumerate(value)]
        if any(item is INVALIDE for item in read):
            return INVALIDE
        if self.sans_doublon:
            seen = set()
            for rank, item in enumerate(read):
                if item in seen:
                    ligne.refuse(f"{champ}[{rank}]", f"« {item} » est donné deux fois.")
                    return INVALIDE
                seen.add(item)
        return read


@dataclass(frozen=True)
class Objet:
    """An object of known keys: those absent stay absent, an unknown one is named and refused."""

    cles: Mapping[str, Controle]
    obligatoires: Collection[str] = field(default_factory=tuple)
    nullable: bool = False

    def __call__(self, value: Any, champ: str, ligne: Ligne) -> Any:
        if value is None and self.nullable:
            return {}
        if not isinstance(value, dict):
            return _refuse_kind(value, "un objet", champ, ligne)
        prefix = f"{champ}." if champ else ""
        complete = self._names_are_right(value, prefix, ligne)
        read = {
            key: self.cles[key](item, f"{prefix}{key}", ligne)
            for key, item in value.items()
            if key in self.cles
        }
        if not complete or any(item is INVALIDE for item in read.values()):
            return INVALIDE
        return read

    def _names_are_right(self, value: dict[str, Any], prefix: str, ligne: Ligne) -> bool:
        unknown = [key for key in value if key not in self.cles]
        missing = [key for key in self.obligatoires if key not in value]
        for key in unknown:
            ligne.refuse(f"{prefix}{_short(key)}", "cette clé est inconnue.")
        for key in missing:
            ligne.refuse(f"{prefix}{key}", "cette clé est obligatoire.")
        return not unknown and not missing


def _short(value: str) -> str:
    shown = value if len(value) <= 60 else f"{value[:59]}…"
    return shown.encode("unicode_escape").decode() if FORBIDDEN_SIGNS.search(shown) else shown
