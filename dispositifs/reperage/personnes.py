"""What may be the name of a person, and how it is shown once masked."""

import heapq
import re
from collections.abc import Iterator
from typing import NamedTuple

from .exceptions import is_excused
from .mots import COMMUNS, LIEUX, PRENOMS
from .trouvaille import folded

UPPER = "A-ZÀ-ÖØ-ÞĂÂÎȘŞȚŢČŠŽĆĐŁŃŚŹŻĞİŐŰА-Я"
# The look-behind comes after the first letter: the engine then jumps from capital to capital.
START = rf"[{UPPER}](?<![\w'\-@.].)"
WORD = rf"[{UPPER}][\w'\-]*+"
PARTICLE = r"(?:(?:de|da|di|dos|van|von|el|ben|bin)[ ])?"
# Capitalised words side by side, in a sentence, a line or two cells.
RUN = re.compile(
    rf"{START}[\w'\-]*+(?:(?:[ ]?[,;|\t][ ]?|[ ]){PARTICLE}{WORD}){{1,7}}",
)
CIVILITE = re.compile(
    r"[MfF](?<!\w.)(?:\.|M\.?|r\.?|mes?\.?|lles?\.?|onsieur|adame|ademoiselle|amilles?|[ée]nages?"
    rf"|AMILLES?|ME|R)?[ ]+(?:et[ ]M(?:me|\.)[ ])?({WORD}(?:[ ]{PARTICLE}{WORD}){{0,3}})"
)
MENAGE = re.compile(rf"\bm[ée]nages?[ ]({WORD}(?:[ ]{WORD}){{0,2}})")
FORM = re.compile(
    rf"\b[Nn](?:om|OM)\b[^\n:]{{0,20}}:[ ]*({WORD}(?:[ ]{WORD}){{0,2}})[\s;,|]{{1,12}}"
    rf"[Pp](?:r[ée]nom|RENOM|RÉNOM)[^\n:]{{0,10}}:[ ]*({WORD})"
)
CUT = re.compile(r"[ ]?[,;|\t][ ]?")
WORDS = re.compile(WORD)
MOST = 2000  # persons told of one text: nobody reads more


class Personne(NamedTuple):
    """A name in a text; `sure` when a first name or a civility says so, not its shape only."""

    start: int
    end: int
    cle: frozenset[str]
    sure: bool


def find_personnes(text: str) -> list[Personne]:
    """The persons of a text, in order; no official in office, no place named after somebody."""
    found = heapq.merge(
        _by_civilite(text, CIVILITE), _by_civilite(text, MENAGE), _by_prenom(text), _by_form(text)
    )
    kept: list[Personne] = []
    excused = -1  # where the last name that is no person's ended
    for one in found:
        if one.start < max(excused, kept[-1].end if kept else 0):
            continue
        if is_excused(text, one.start, one.end, excused):
            excused = one.end
        else:
            kept.append(one)
        if len(kept) == MOST:
            break
    return kept


def masked_name(words: str) -> str:
    """« P•••••• I•• »."""
    return re.sub(r"(?<=\w)[\w'\-]", "•", words)


def _by_civilite(text: str, pattern: re.Pattern[str]) -> Iterator[Personne]:
    for match in pattern.finditer(text):
        words = [folded(word) for word in match[1].split()]
        if len(words[0]) > 1 and words[0] not in COMMUNS:
            yield Personne(match.start(), match.end(), frozenset(words), sure=True)


def _by_form(text: str) -> Iterator[Personne]:
    for match in FORM.finditer(text):
        words = frozenset(folded(word) for word in f"{match[1]} {match[2]}".split())
        yield Personne(match.start(1), match.end(2), words, sure=True)


def _by_prenom(text: str) -> Iterator[Personne]:
    for run in RUN.finditer(text):
        for start, end in _segments(run[0]):
            yield from _in_segment(text, run.start() + start, run.start() + end)


def _segments(run: str) -> Iterator[tuple[int, int]]:
    """Where the run is cut: at each comma, unless commas part a name from a first name."""
    cuts = [(cut.start(), cut.end()) for cut in CUT.finditer(run)]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(run)]
    pieces = list(zip(starts, ends, strict=True))
    if all(" " in run[first:last].strip() for first, last in pieces):
        yield from pieces
    else:
        yield 0, len(run)


def _in_segment(text: str, start: int, end: int) -> Iterator[Personne]:
    words = [*WORDS.finditer(text, start, end)]
    folds = [folded(word[0].rstrip("'-")) for word in words]
    if folds[0] in LIEUX and folds[0] not in PRENOMS:
        return
    taken = 0  # words already given to somebody
    for index, fold in enumerate(folds):
        if index < taken or not _is_prenom(fold):
            continue
        first, last = _span([word[0] for word in words], folds, index, taken)
        if last > first:
            taken = last + 1
            cle = frozenset(folds[first:taken])
            yield Personne(words[first].start(), words[last].end(), cle, sure=True)
    if not taken and _has_shape(text, start, end, [word[0] for word in words]):
        yield Personne(start, end, frozenset(folds), sure=False)


def _span(words: list[str], folds: list[str], index: int, taken: int) -> tuple[int, int]:
    """Indexes of the first and last words of the name around a first name; equal if it has none."""
    last = index
    while last + 1 < len(words) and _is_prenom(folds[last + 1]) and not words[last + 1].isupper():
        last += 1
    before = index
    while before > taken and words[before - 1].isupper() and _is_name(words[before - 1]):
        before -= 1
    if before < index:
        return before, last
    if last + 1 < len(words) and _is_name(words[last + 1]):
        return index, last + 1
    if index > taken and _is_name(words[index - 1]):
        return index - 1, last
    return index, last  # « Marin Florin »: two first names, of which one is the name


def _is_prenom(fold: str) -> bool:
    return fold in PRENOMS or ("-" in fold and fold.partition("-")[0] in PRENOMS)


def _is_name(word: str) -> bool:
    plain = word.replace("-", "").replace("'", "")
    return len(plain) > 1 and plain.isalpha() and folded(word) not in COMMUNS


def _has_shape(text: str, start: int, end: int, words: list[str]) -> bool:
    """« NOM Prénom » or « Prénom NOM » alone in its line or cell, whatever the first name."""
    if not 2 <= len(words) <= 4 or not all(map(_is_name, words)):
        return False
    capitals = [word.isupper() for word in words]
    if all(capitals) or not (capitals[0] or capitals[-1]):
        return False
    before = text[max(0, start - 6) : start]
    alone = re.fullmatch(r"[\s•*\-\d.)(]*|.*[\n\t|;][\s•*\-\d.)(]*", before, re.DOTALL)
    return bool(alone and re.match(r"\s*(?:$|[\n\t|;,(:]|\d|-[ ])", text[end : end + 4]))
