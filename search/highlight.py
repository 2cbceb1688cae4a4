"""Extracts of the texts of a result: escaped, with the words of the question between <mark>."""

import unicodedata
from collections.abc import Mapping

from django.utils.html import escape

from search.analysis import WORD, analyse_word

LENGTH = 220  # characters of an extract
WINDOWS = 60  # first words found that are tried as the beginning of an extract
READ = 20_000  # characters read in one text, at most
# The title and the résumé are shown anyway: what is worth showing is found elsewhere.
FIELDS = ("corps", "documents", "fort")


def extract(textes: Mapping[str, str], tokens: frozenset[str]) -> str:
    """The best passage, as HTML; "" when no text has any word of the question."""
    for field in FIELDS:
        found = passage(textes.get(field, ""), tokens)
        if found:
            return found
    return ""


def passage(text: str, tokens: frozenset[str]) -> str:
    text = unicodedata.normalize("NFC", text[:READ].replace("\0", " "))
    spans = _spans(text, tokens)
    if not spans:
        return ""
    start, end = _best_window(text, spans)
    pieces = ["…" if start else ""]
    position = start
    for left, right, _forme in spans:
        if left >= start and right <= end:
            pieces.append(escape(text[position:left]))
            pieces.append(f"<mark>{escape(text[left:right])}</mark>")
            position = right
    pieces += [escape(text[position:end]), "…" if end < len(text) else ""]
    return "".join(pieces)


def _spans(text: str, tokens: frozenset[str]) -> list[tuple[int, int, str]]:
    """(start, end, folded form) of the words of the text that answer to a token."""
    spans = []
    for match in WORD.finditer(text):
        word = analyse_word(match[0])
        found = not tokens.isdisjoint(word.tokens)
        if not found and match[0].isupper():
            # A word of a sentence in capitals, which is indexed as if it were not.
            found = not tokens.isdisjoint(analyse_word(match[0].lower()).tokens)
        if found:
            spans.append((match.start(), match.end(), word.forme))
    return spans


def _best_window(text: str, spans: list[tuple[int, int, str]]) -> tuple[int, int]:
    """Bounds, on whole words, of the passage with the most different words."""
    best, most = spans[0][0], 0
    for index, (start, _end, _forme) in enumerate(spans[:WINDOWS]):
        inside = {
            forme
            for left, _right, forme in spans[index : index + WINDOWS]
            if left - start < LENGTH * 3 // 4
        }
        if len(inside) > most:
            best, most = start, len(inside)
    start = max(best - LENGTH // 4, 0)
    end = min(start + LENGTH, len(text))
    if start:
        start = text.find(" ", start, best) + 1 or best
    if end < len(text):
        end = max(text.rfind(" ", start, end), spans_end(spans, start, end))
    return start, end


def spans_end(spans: list[tuple[int, int, str]], start: int, end: int) -> int:
    """End of the first word found in the window: a very long word is never cut."""
    return next((right for left, right, _forme in spans if left >= start), end)
