"""Names that are no person's to protect: streets and places, officials in office, the famous."""

import re

from .mots import CELEBRES, LIENS, LIEUX, TITRES
from .trouvaille import folded

BEFORE = 90  # characters of the same line looked at
TITLE_LINE = 120  # characters of the line above: a longer one is a sentence
CHAINED = 40  # characters between two names of one enumeration
TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# « écoles Jean Moulin, Pauline Kergomard et Marie Curie »: the second is excused as the first.
CHAIN = re.compile(
    r"[ ]*(?:,|;|/|\bet\b|\bou\b|,[ ]?puis|ainsi que)?[ ]*"
    r"(?:(?:de|du|la|le|l'|d'|par|M\.|Mme)[ ]*)*"
)
INTRODUCED = re.compile(r"[ ]*[,(\-:][ ]*([^\n;.]{0,60})")
QUALITY = frozenset({"en", "sa", "qualite", "de", "son", "leur", "l", "le", "la", "un", "une"}) | {
    "ancien",
    "ancienne",
    "agissant",
    "nouvelle",
    "nouveau",
}
SIGNING = frozenset(
    {"pour", "par", "delegation", "le", "la", "l", "les", "monsieur", "madame", "m"}
)
HOME = frozenset({"famille", "menage", "foyer"})


def is_excused(text: str, start: int, end: int, excused: int) -> bool:
    """Whether a name is no person's; `excused` is where the last such name ended, -1 for none."""
    line_start = text.rfind("\n", max(0, start - BEFORE), start) + 1 or max(0, start - BEFORE)
    line = text[line_start:start]
    return (
        (0 <= excused <= start <= excused + CHAINED and bool(CHAIN.fullmatch(text, excused, start)))
        or _follows(line)
        or _is_introduced(text, end)
        or "-".join(_folds(text[start:end])) in CELEBRES
        or _is_under_title(text, line_start)
    )


def _folds(text: str) -> list[str]:
    return [folded(token) for token in TOKEN.findall(text)]


def _follows(line: str) -> bool:
    """« rue », « le préfet de la Gironde, », « représentée par »: with only links in between."""
    tokens = list(TOKEN.finditer(line))
    for rank in range(len(tokens) - 1, max(-1, len(tokens) - 12), -1):
        token = tokens[rank]
        fold = folded(token[0])
        if fold in LIEUX and not re.search(r"[,;:()]", line[token.end() :]):
            return True
        if fold in TITRES and not re.search(r"[;:(]", line[token.end() :]):
            return not _is_of_home(tokens[rank + 1 :])
        if fold not in LIENS and not token[0][0].isupper():
            return False
    return False


def _is_of_home(after: list[re.Match[str]]) -> bool:
    """« chef de famille » is no office."""
    return any(folded(token[0]) in HOME for token in after[:2])


def _is_introduced(text: str, end: int) -> bool:
    """« Jean Martin, préfet », « (directrice du CCAS) », « en sa qualité de maire »."""
    match = INTRODUCED.match(text, end)
    tokens = TOKEN.findall(match[1])[:8] if match else []
    folds = [fold for fold in map(folded, tokens) if fold not in QUALITY]
    return bool(folds) and folds[0] in TITRES and not HOME.intersection(folds[1:3])


def _is_under_title(text: str, line_start: int) -> bool:
    """Under « Le préfet, » alone on its line, or « Pour l’association, »: a signature."""
    above = text[max(0, line_start - TITLE_LINE - 4) : line_start].rstrip()
    line = above[above.rfind("\n") + 1 :].strip()
    if not line or len(line) >= TITLE_LINE or line.endswith((":", ".", ";")):
        return False
    folds = _folds(line)
    if len(folds) > 1 and folds[0] == "pour" and folds[1] in ("le", "la", "l", "les"):
        return True
    first = next((fold for fold in folds if fold not in SIGNING), "")
    return first in TITRES and not HOME.intersection(folds[:4])
