"""How names are compared everywhere: structures, communes, titles, words of a search."""

import re
import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "ʼ": "'", "‘": "'", "`": "'"})


def fold(text: str) -> str:
    """Lower case, without accents or ligatures, with straight apostrophes."""
    lowered = unicodedata.normalize("NFC", text).lower().translate(LIGATURES)
    decomposed = unicodedata.normalize("NFD", lowered)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def fold_name(text: str) -> str:
    """`fold`, with every run of other signs than letters and digits made one space."""
    return re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()


def similarity(left: str, right: str) -> float:
    """Share of trigrams that two folded texts have in common, from 0 to 1 (as pg_trgm counts)."""
    ours, theirs = _trigrams(left), _trigrams(right)
    if not ours or not theirs:
        return 0.0
    return len(ours & theirs) / len(ours | theirs)


def _trigrams(text: str) -> set[str]:
    words = (f"  {word} " for word in fold_name(text).split())
    return {word[i : i + 3] for word in words for i in range(len(word) - 2)}
