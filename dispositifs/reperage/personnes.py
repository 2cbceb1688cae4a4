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
    rf"{START}[\w'\-]*+(?:(?:[ ]?[,;|\t][ ]?|[ ]){PARTICLE}{WORD}){{1,60}}",
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
CUTS = (re.compile(r"[ ]?;[ ]?"), re.compile(r"[ ]?,[ ]?"))
WORDS = re.compile(WORD)
ALONE_BEFORE = re.compile(r"[\s•*\-\d.)(]*|.*[\n\t|;:,][\s•*\-\d.)(]*", re.DOTALL)
ALONE_AFTER = re.compile(r"\s*(?:$|[\n\t|;,.(:]|\d|-[ ])")
ENUMERATION = 3  # names side by side
SURE, SHAPED, FAINT = 2, 1, 0
MOST = 2000  # persons told of one text: nobody reads more


class Personne(NamedTuple):
    """A name in a text: SURE by a first name or a civility, SHAPED as one, or FAINT."""

    start: int
    end: int
    cle: frozenset[str]
    force: int


def find_personnes(text: str) -> list[Personne]:
    """The persons of a text, in order; no official in office, no place named after somebody."""
    found = heapq.merge(
        _by_civilite(text, CIVILITE), _by_civilite(text, MENAGE), _by_prenom(text), _by_form(text)
    )
    kept: list[Personne] = []
    known: set[str] = set()  # words of the names excused once: they are so wherever they come back
    excused = -1  # where the last name that is no person's ended
    for one in found:
        if one.start < max(excused, kept[-1].end if kept else 0):
            continue
        if one.cle <= known:
            continue
        if is_excused(text, one.start, one.end, excused):
            excused = one.end
            known |= one.cle
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
            yield Personne(match.start(), match.end(), frozenset(words), SURE)


def _by_form(text: str) -> Iterator[Personne]:
    for match in FORM.finditer(text):
        words = frozenset(folded(word) for word in f"{match[1]} {match[2]}".split())
        yield Personne(match.start(1), match.end(2), words, SURE)


def _by_prenom(text: str) -> Iterator[Personne]:
    for run in RUN.finditer(text):
        pieces = _pieces(run[0])
        found = [
            list(_in_piece(text, run.start() + start, run.start() + end)) for start, end in pieces
        ]
        # In « Ion Popescu, Timeea Rostaș, Ana Covaci », the second is a person as its neighbours.
        enumerated = len(pieces) >= ENUMERATION and any(found)
        for (start, end), persons in zip(pieces, found, strict=True):
            if persons:
                yield from persons
            elif enumerated or _is_alone(text, run.start() + start, run.start() + end):
                yield from _by_shape(text, run.start() + start, run.start() + end)


def _pieces(run: str) -> list[tuple[int, int]]:
    """Where the run is cut: at « ; », then at commas, unless they part a name from a first name."""
    for mark in CUTS:
        cuts = [cut.span() for cut in mark.finditer(run)]
        starts = [0, *(end for _, end in cuts)]
        ends = [*(start for start, _ in cuts), len(run)]
        pieces = list(zip(starts, ends, strict=True))
        if cuts and all(len(WORDS.findall(run, *piece)) > 1 for piece in pieces):
            return pieces
    return [(0, len(run))]


def _in_piece(text: str, start: int, end: int) -> Iterator[Personne]:
    words = WORDS.findall(text, start, end)
    folds = [folded(word.rstrip("'-")) for word in words]
    if folds[0] in LIEUX and folds[0] not in PRENOMS:
        return
    taken = 0  # words already given to somebody
    for index, fold in enumerate(folds):
        if index < taken or not _is_prenom(fold):
            continue
        first, last = _span(words, folds, index, taken)
        if last > first:
            taken = last + 1
            spans = [match.span() for match in WORDS.finditer(text, start, end)]
            yield Personne(spans[first][0], spans[last][1], frozenset(folds[first:taken]), SURE)


def _by_shape(text: str, start: int, end: int) -> Iterator[Personne]:
    """« NOM Prénom », « Prénom NOM », or more faintly « Prénom Nom », whatever the first name."""
    words = WORDS.findall(text, start, end)
    capitals = [word.isupper() for word in words]
    if 2 <= len(words) <= 4 and all(map(_is_name, words)) and not all(capitals):
        force = SHAPED if capitals[0] or capitals[-1] else FAINT
        yield Personne(start, end, frozenset(map(folded, words)), force)


def _is_alone(text: str, start: int, end: int) -> bool:
    """In its line, its cell, or between two marks of an enumeration."""
    before, after = text[max(0, start - 6) : start], text[end : end + 4]
    return bool(ALONE_BEFORE.fullmatch(before) and ALONE_AFTER.match(after))


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
