"""What changes from one plain text to another, word by word, for people who decide."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

TOKEN = re.compile(r"\n+|[^\s]+[^\S\n]*|[^\S\n]+")
# Pairs of equal words to consider: beyond, comparing takes seconds, and shows a rewriting anyway.
MAX_PAIRS = 60_000
EGAL, RETIRE, AJOUTE = "egal", "retire", "ajoute"


@dataclass(frozen=True)
class Passage:
    nature: str
    texte: str


def difference(before: str, after: str) -> list[Passage]:
    """The passages kept, taken out and added, in reading order.

    Two texts too long and too repetitive to be compared are shown as one replaced by the other.
    """
    left, right = TOKEN.findall(before), TOKEN.findall(after)
    keys = [_key(token) for token in left], [_key(token) for token in right]
    if _pairs(*keys) > MAX_PAIRS:
        return [passage for passage in _replaced(left, right) if passage.texte]
    matcher = SequenceMatcher(None, *keys, autojunk=False)
    found: list[Passage] = []
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            found.append(Passage(EGAL, "".join(right[new_start:new_end])))
        else:
            found += _replaced(left[start:end], right[new_start:new_end])
    return [passage for passage in found if passage.texte]


def _replaced(left: list[str], right: list[str]) -> Iterator[Passage]:
    yield Passage(RETIRE, "".join(left))
    yield Passage(AJOUTE, "".join(right))


def _key(token: str) -> str:
    """A word is the same whatever spaces follow it; two line ends are not one."""
    return token if "\n" in token else token.rstrip()


def _pairs(left: list[str], right: list[str]) -> int:
    counts = Counter(right)
    return sum(counts[word] for word in left)
