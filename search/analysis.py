"""The one French analyser: what a word becomes in every index and in every question.

A word is indexed as its folded form and as its folded stems, so that a text or a question typed
without accents still meets the other. Stems are written `~heberg`: a stem never passes for a form.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import tantivy

from annuaire.acteurs.normalisation import fold

STEM_MARK = "~"
MAX_WORD_LENGTH = 60
MAX_SIGLE_LENGTH = 7

WORD = re.compile(r"[^\W_]+")
# Four capital words in a row are a sentence in capitals, not four sigles.
SENTENCE_IN_CAPITALS = re.compile(r"\b[A-ZÀ-ÖØ-Þ]+(?:[ ’'-]+[A-ZÀ-ÖØ-Þ]+){3,}\b")

# Elided articles (l’, d’, qu’…) are words of their own here, and weigh nothing.
STOP_WORDS = frozenset(
    """
    a ai ait alors apres au aucun aucune aujourd aussi autre autres aux avait avant avec avoir c ce
    ceci cela celle celles celui ces cet cette ceux chaque chez comme comment d dans de des depuis
    donc dont du elle elles en encore entre es est et etaient etait etant ete etre eu eux fait faire
    hui il ils j je jusqu jusque l la le les leur leurs lors lorsqu lorsque lui m ma mais me meme
    memes mes moi mon n ne ni nos notre nous on ont ou par parce pas pendant peu peut plus plusieurs
    pour pourquoi presqu puis puisqu puisque qu quand que quel quelle quelles quels qui quoi quoiqu
    s sa se sera ses si soit son sont sous sur t ta te tes toi ton tous tout toute toutes tres tu un
    une vers voici voila vos votre vous y
    """.split()  # noqa: SIM905  # a hundred quotes would be harder to read
)
# Plurals that neither Snowball nor the removal of an s or an x brings back to their singular.
SINGULARS = {"baux": "bail", "travaux": "travail", "vitraux": "vitrail", "yeux": "oeil"}
# Endings whose accent decides how Snowball cuts: tried when a word is typed without any accent.
ACCENTED_ENDINGS = (
    (re.compile(r"e(e?s?)$"), r"é\1"),
    (re.compile(r"ite(s?)$"), r"ité\1"),
    (re.compile(r"er(es?|ent)$"), r"èr\1"),
    (re.compile(r"erement$"), "èrement"),
)
# Snowball takes these for endings of verbs: « petit » → pet, but « petite » → petit.
FALSE_VERB_ENDING = re.compile(r"(?:[ai]t|is|ier|ment)$")
GLUED_ELISION = re.compile(r"^(?:jusqu|lorsqu|puisqu|qu|[cdjlmnst])(?=[aeiouyh])")

_snowball = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    .filter(tantivy.Filter.stemmer("french"))
    .build()
)


class Word(NamedTuple):
    """A word as it is compared: its folded form and its folded stems (none for a sigle)."""

    forme: str
    racines: tuple[str, ...]

    @property
    def is_stop(self) -> bool:
        return self.forme in STOP_WORDS

    @property
    def tokens(self) -> tuple[str, ...]:
        if self.is_stop:
            return (self.forme,)
        return (self.forme, *(STEM_MARK + racine for racine in self.racines))


def clean(text: str) -> str:
    """NFC, without NUL, sentences in capitals lowered so that only sigles stay in capitals."""
    composed = unicodedata.normalize("NFC", text.replace("\0", " "))
    if composed.isupper() and len(composed.split()) > 1:
        return composed.lower()
    return SENTENCE_IN_CAPITALS.sub(lambda match: match[0].lower(), composed)


def raw_words(text: str) -> list[str]:
    """The words of a text in order, as typed."""
    return WORD.findall(clean(text))


@lru_cache(maxsize=50_000)
def analyse_word(raw: str) -> Word:
    """Analyse one word as typed: capitals tell a sigle, accents tell the stem."""
    forme = fold(raw)[:MAX_WORD_LENGTH]
    if is_sigle(raw) or not raw.isalpha():
        return Word(forme, ())
    return Word(forme, _stems(raw.lower().replace("œ", "oe").replace("æ", "ae")))


def is_sigle(raw: str) -> bool:
    return 2 <= len(raw) <= MAX_SIGLE_LENGTH and raw.isupper() and raw.isascii()


def words(text: str) -> Iterator[Word]:
    return map(analyse_word, raw_words(text))


@lru_cache(maxsize=50_000)
def _ready(raw: str) -> str:
    return " ".join(analyse_word(raw).tokens)


def index_text(text: str) -> str:
    """The tokens of a text, parted by spaces: what an engine with a white-space tokenizer takes."""
    return " ".join(map(_ready, raw_words(text)))


def question_stems(raw: str) -> tuple[str, ...]:
    """The stems that a word of a question may mean; one typed without accents gets them back."""
    lowered = raw.lower()
    if not lowered.isalpha():
        return ()
    stems = set(_stems(lowered.replace("œ", "oe").replace("æ", "ae")))
    if lowered.isascii():
        for ending, accented in ACCENTED_ENDINGS:
            if ending.search(lowered):
                stems.update(_stems(ending.sub(accented, lowered)))
    # A stem of one letter left by a guessed accent would mean anything.
    return tuple(sorted(stem for stem in stems if len(stem) > 1 or stem == fold(lowered)))


def without_elision(forme: str) -> str:
    """« linsertion » → « insertion »; the same word when nothing is glued before it."""
    return GLUED_ELISION.sub("", forme)


def _stems(lowered: str) -> tuple[str, ...]:
    """Folded stems of the word and of its singular: Snowball parts « foyers » from « foyer »."""
    singular = SINGULARS.get(lowered)
    if singular is None and len(lowered) > 3 and lowered[-1] in "sx":
        singular = lowered[:-1]
    stems = [_stem(lowered)]
    if singular is not None:
        stems.append(_stem(singular))
    if FALSE_VERB_ENDING.search(lowered):
        stems.append(fold(lowered))
    return tuple(dict.fromkeys(stem[:MAX_WORD_LENGTH] for stem in stems))


def _stem(lowered: str) -> str:
    return fold(next(iter(_snowball.analyze(lowered)), lowered))
