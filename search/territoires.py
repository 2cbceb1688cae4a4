"""Départements and régions typed in a question: « logement gironde », « 93 », « Aquitaine »."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from django.db import connection

from search.analysis import words

# What people still write: régions before 2016, renamed départements, usual sigles.
ANCIENS_NOMS = {
    "Alsace": ("region", "44"),
    "Aquitaine": ("region", "75"),
    "Auvergne": ("region", "84"),
    "Basse-Normandie": ("region", "28"),
    "Bourgogne": ("region", "27"),
    "Champagne-Ardenne": ("region", "44"),
    "Franche-Comté": ("region", "27"),
    "Haute-Normandie": ("region", "28"),
    "Languedoc-Roussillon": ("region", "76"),
    "Limousin": ("region", "75"),
    "Lorraine": ("region", "44"),
    "Midi-Pyrénées": ("region", "76"),
    "Nord-Pas-de-Calais": ("region", "32"),
    "Picardie": ("region", "32"),
    "Poitou-Charentes": ("region", "75"),
    "Rhône-Alpes": ("region", "84"),
    "AURA": ("region", "84"),
    "IDF": ("region", "11"),
    "PACA": ("region", "93"),
    "Basses-Alpes": ("departement", "04"),
    "Basses-Pyrénées": ("departement", "64"),
    "Charente-Inférieure": ("departement", "17"),
    "Côtes-du-Nord": ("departement", "22"),
    "Loire-Inférieure": ("departement", "44"),
    "Seine-Inférieure": ("departement", "76"),
}
# By hand: asked at every search, the query set of the same costs three times more.
NAMES_SQL = """
SELECT 'departement', code, nom FROM acteurs_departement
UNION ALL SELECT 'region', code, nom FROM acteurs_region
"""
LONGEST_NAME = 6  # words; « Provence Alpes Côte d Azur » has five


class Territoire(NamedTuple):
    facette: str
    code: str
    nom: str

    @property
    def token(self) -> str:
        return f"{self.facette}:{self.code}"


Names = dict[tuple[str, ...], Territoire]


def names() -> Names:
    """What may be typed, as folded words, and the territories meant; in one query.

    A département comes before a région of the same name or code: « 93 » is not Provence.
    """
    with connection.cursor() as cursor:
        cursor.execute(NAMES_SQL)
        return _names(tuple(sorted(cursor.fetchall())))


@lru_cache(maxsize=4)
def _names(rows: tuple[tuple[str, str, str], ...]) -> Names:
    found: Names = {}
    known = {(facette, code): nom for facette, code, nom in rows}
    for (facette, code), nom in known.items():
        territoire = Territoire(facette, code, nom)
        found.setdefault(_folded_words(nom), territoire)
        if facette == "departement":
            found.setdefault((code.lower(),), territoire)
    for ancien, (facette, code) in ANCIENS_NOMS.items():
        if (facette, code) in known:
            territoire = Territoire(facette, code, known[facette, code])
            found.setdefault(_folded_words(ancien), territoire)
    return found


def longest_name(formes: Sequence[str], known: Names) -> tuple[int, Territoire | None]:
    """How many of the first words name a territory, and which one; (0, None) when none does."""
    for length in range(min(LONGEST_NAME, len(formes)), 0, -1):
        found = known.get(tuple(formes[:length]))
        if found:
            return length, found
    return 0, None


@lru_cache(maxsize=512)
def _folded_words(nom: str) -> tuple[str, ...]:
    return tuple(word.forme for word in words(nom))
