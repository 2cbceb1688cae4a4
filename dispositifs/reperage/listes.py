"""Lists of persons: three or more names near each other, or the rows under « Nom, Prénom »."""

import re
from collections.abc import Iterator
from itertools import islice

from .mots import COMMUNS
from .personnes import FAINT, MOST, SURE, UPPER, Personne, find_personnes, masked_name
from .trouvaille import Trouvaille, folded

NOMS = "noms"
LEAST = 3  # distinct persons that make a list
FOR_FAINT = 2  # sure names that let « Prénom Nom » count as one
NEAR = 300  # characters between two persons of one list
HEAD = re.compile(r"[Pp](?<!\w.)(?:r[ée]nom|RENOM|RÉNOM)[sS]?\b")
HEAD_NAME = re.compile(r"\b(?:noms?|patronyme|identit[ée])\b", re.IGNORECASE)
HEAD_LENGTH = 250  # characters: a longer line is a sentence
SENTENCE = re.compile(r"[.:!?][ ]|:$|\b(?:est|sont|les|leurs?|des)\b")
NAMES = re.compile(
    rf"[\s•*\-\d.)(|;\t]*([{UPPER}][\w'\-]*"
    rf"(?:[ \t|;,]+(?:(?:de|el|ben|di|van)[ ])?[{UPPER}][\w'\-]*){{1,4}})"
)
ROW_LENGTH = 200  # characters of a row looked at
MISSED = 3  # lines without a name after which the table is over


def find_noms(text: str) -> Iterator[Trouvaille]:
    """One by list, shown by its first names masked."""
    for group in map(_trusted, _groups(_apart([*find_personnes(text), *_under_heads(text)]))):
        distinct = {one.cle for one in group}
        if len(distinct) >= LEAST:
            names = (masked_name(text[one.start : one.end]) for one in group[:LEAST])
            cle = " ".join(sorted(" ".join(sorted(words)) for words in distinct))
            masque = f"{', '.join(names)}… ({len(distinct)} personnes)"
            yield Trouvaille(NOMS, group[0].start, group[-1].end, cle, masque)


def _apart(personnes: list[Personne]) -> list[Personne]:
    kept: list[Personne] = []
    for one in sorted(personnes, key=lambda one: (one.start, -one.force)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _groups(personnes: list[Personne]) -> Iterator[list[Personne]]:
    group: list[Personne] = []
    for one in personnes:
        if group and one.start - group[-1].end > NEAR:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _trusted(group: list[Personne]) -> list[Personne]:
    """A shape alone may be a heading: it counts where known names are among its neighbours."""
    sure = sum(one.force == SURE for one in group)
    if sure < FOR_FAINT:
        group = [one for one in group if one.force != FAINT]
    return group if sure * 4 >= len(group) else []


def _under_heads(text: str) -> list[Personne]:
    """The rows of tables whose head says « Nom » and « Prénom », known names or not."""
    rows: list[Personne] = []
    for head in islice(HEAD.finditer(text), MOST):
        if len(rows) >= MOST or (rows and head.start() < rows[-1].end):
            continue
        first = text.rfind("\n", max(0, head.start() - HEAD_LENGTH), head.start()) + 1
        end = text.find("\n", head.end(), head.end() + HEAD_LENGTH)
        if end >= 0 and _is_head(text[first:end]):
            rows += _rows(text, end)
    return rows


def _is_head(line: str) -> bool:
    return bool(HEAD_NAME.search(line)) and not SENTENCE.search(line)


def _rows(text: str, end: int) -> Iterator[Personne]:
    missed = 0
    while missed < MISSED and end < len(text):
        start = end + 1
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        match = NAMES.match(text, start, min(end, start + ROW_LENGTH))
        words = [folded(word) for word in re.findall(r"[\w'\-]+", match[1])] if match else []
        if match and sum(word not in COMMUNS for word in words) > 1:
            missed = 0
            yield Personne(match.start(1), match.end(1), frozenset(words), SURE)
        else:
            missed += 1
