"""How names are compared everywhere: structures, communes, titles, words of a search."""

import re
import unicodedata
from collections.abc import Container
from itertools import chain, count

LONGEST_SLUG = 200  # characters
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "ʼ": "'", "‘": "'", "`": "'"})


def fold(text: str) -> str:
    """Lower case, without accents or ligatures, with straight apostrophes."""
    lowered = unicodedata.normalize("NFC", text).lower().translate(LIGATURES)
    decomposed = unicodedata.normalize("NFD", lowered)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def fold_name(text: str) -> str:
    """`fold`, with every run of other signs than letters and digits made one space."""
    return re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()


def slug_of(text: str) -> str:
    """The segment of an address that says this text: « Maîtrise d’œuvre » → maitrise-d-oeuvre."""
    return fold_name(text).replace(" ", "-")


def free_slug(titre: str, taken: Container[str], default: str) -> str:
    """The segment of the address of a page, free among its neighbours."""
    return free_name(slug_of(titre)[:LONGEST_SLUG].strip("-") or default, taken)


def free_name(base: str, *taken: Container[str]) -> str:
    """`base` itself, else the first of `base-2`, `base-3`… that none of these holds."""
    names = chain([base], (f"{base}-{rank}" for rank in count(2)))
    return next(name for name in names if not any(name in some for some in taken))


def similarity(left: str, right: str) -> float:
    """Share of trigrams that two folded texts have in common, from 0 to 1 (as pg_trgm counts)."""
    ours, theirs = _trigrams(left), _trigrams(right)
    if not ours or not theirs:
        return 0.0
    return len(ours & theirs) / len(ours | theirs)


def _trigrams(text: str) -> set[str]:
    words = (f"  {word} " for word in fold_name(text).split())
    return {word[i : i + 3] for word in words for i in range(len(word) - 2)}
