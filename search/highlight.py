"""Extracts of the texts of results: escaped, with the words of the question between <mark>."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from django.utils.html import escape

from annuaire.acteurs.normalisation import fold
from search.analysis import SINGULARS, STEM_MARK, analyse_word

LENGTH = 220  # characters of an extract
AROUND = LENGTH * 3 // 4  # two words farther apart than this are not shown together
READ = 20_000  # characters read in one text, at most
LAST_LETTER = 0x2000  # beyond, no letter has an accent of its own
NOTHING = re.compile(r"(?!)")
WINDOWS = 60  # words found that are tried as the beginning of an extract
# The title is shown anyway, and the strong text is a list of labels, not something to read.
FIELDS = ("corps", "documents")

Span = tuple[int, int, str]  # start, end, folded form


class Marker:
    """Marks the words that answer to the tokens of one question, in the texts of its results."""

    def __init__(self, tokens: frozenset[str]) -> None:
        self.tokens = tokens
        self._seen: set[str] = set()
        self._near = _beginning(frozenset(t.removeprefix(STEM_MARK)[:1] for t in tokens))
        self._found: dict[str, str] = {}  # word as written → folded form
        self._words: dict[str, list[str]] = {}  # text → its words that are marked

    def extract(self, textes: Mapping[str, str]) -> str:
        """The best passage, as HTML; "" when no text has any word of the question."""
        for field in FIELDS:
            found = self.passage(textes.get(field, ""))
            if found:
                return found
        return ""

    def tokens_in(self, text: str) -> set[str]:
        """Which tokens of the question the words of a text answer to."""
        found = self._words_in(_readable(text))
        return {token for raw in found for token in _answers(raw)} & self.tokens

    def passage(self, text: str, read: int = READ) -> str:
        """The best passage among the first `read` characters, as HTML."""
        text = _readable(text, read)
        spans = self._spans(text)
        if not spans:
            return ""
        start, end = _best_window(text, spans)
        pieces = ["…" if start else ""]
        position = start
        for left, right, _forme in spans:
            if right > end:
                break
            if left >= start:
                pieces.append(escape(text[position:left]))
                pieces.append(f"<mark>{escape(text[left:right])}</mark>")
                position = right
        pieces += [escape(text[position:end]), "…" if end < len(text) else ""]
        return "".join(pieces)

    def _spans(self, text: str) -> list[Span]:
        found = self._words_in(text)
        if not found:
            return []
        matches = _whole_words(tuple(found)).finditer(text)
        return [(m.start(), m.end(), self._found[m[0]]) for m in matches]

    def _words_in(self, text: str) -> list[str]:
        if text not in self._words:
            written = set(self._near.findall(text))
            self._learn(written)
            self._words[text] = sorted(written & self._found.keys())
        return self._words[text]

    def _learn(self, written: set[str]) -> None:
        """Each written word is compared once for all the results."""
        for raw in written - self._seen:
            answers = _answers(raw)
            if not self.tokens.isdisjoint(answers):
                self._found[raw] = answers[0]
        self._seen.update(written)


def _readable(text: str, read: int = READ) -> str:
    return unicodedata.normalize("NFC", text[:read].replace("\0", " "))


@lru_cache(maxsize=50_000)
def _answers(raw: str) -> tuple[str, ...]:
    """The tokens that a written word answers to, its folded form first.

    Kept: the results of one question hold some two thousand words, and half its time went here.
    """
    word = analyse_word(raw)
    # A capital word may be of a sentence in capitals, indexed as if it were not.
    lowered = analyse_word(raw.lower()) if raw.isupper() else word
    return tuple(dict.fromkeys((*word.tokens, *lowered.tokens)))


@lru_cache(maxsize=256)
def _beginning(initials: frozenset[str]) -> re.Pattern[str]:
    """Whole words that may answer to tokens of these initials: a few of the words of a text."""
    if not initials:
        return NOTHING
    wanted = initials | {plural[0] for plural, one in SINGULARS.items() if one[0] in initials}
    letters = {*wanted, *(initial.upper() for initial in wanted)}
    letters.update(char for initial in wanted for char in _letters().get(initial, ()))
    # The letter before the look behind: most places of a text are then left at once.
    return re.compile(rf"[{re.escape(''.join(sorted(letters)))}](?<![^\W_].)[^\W_]*", re.DOTALL)


@lru_cache(maxsize=1)
def _letters() -> dict[str, list[str]]:
    """Folded initial → the letters that it stands for: e → é È Ê…"""
    found: dict[str, list[str]] = {}
    for char in filter(str.isalpha, map(chr, range(LAST_LETTER))):
        found.setdefault(fold(char)[:1], []).append(char)
    return found


@lru_cache(maxsize=256)
def _whole_words(written: tuple[str, ...]) -> re.Pattern[str]:
    # None is a part of another: they are whole words, and hold letters and digits only.
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(written)})(?![^\W_])")


def _best_window(text: str, spans: list[Span]) -> tuple[int, int]:
    """Bounds, on whole words, of the passage with the most different words."""
    best, most = spans[0][0], 0
    different = len({forme for _start, _end, forme in spans})
    for index, (start, _end, _forme) in enumerate(spans[:WINDOWS]):
        near = spans[index : index + WINDOWS]
        inside = {forme for left, _end, forme in near if left - start < AROUND}
        if len(inside) > most:
            best, most = start, len(inside)
        if most == different:
            break
    start = max(best - LENGTH // 4, 0)
    end = min(start + LENGTH, len(text))
    if start:
        start = text.find(" ", start, best) + 1 or best
    if end < len(text):
        # A very long word is shown whole.
        end = max(text.rfind(" ", start, end), next(r for left, r, _f in spans if left >= best))
    return start, end
