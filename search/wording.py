"""From the text of a question to what an engine must find: groups of words, all of them wanted."""

from dataclasses import dataclass

from annuaire.acteurs.normalisation import fold_name
from search import territoires
from search.analysis import (
    STEM_MARK,
    STOP_WORDS,
    analyse_word,
    is_sigle,
    question_stems,
    raw_words,
    without_elision,
)
from search.territoires import Territoire
from search.vocabulaire import stems_seen

MAX_GROUPS = 24


@dataclass(frozen=True, slots=True)
class Mot:
    """One word of the question and every token that answers to it."""

    forme: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Groupe:
    """Words that must all be found, unless the fiche covers the territory that they name."""

    mots: tuple[Mot, ...]
    territoire: Territoire | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    groupes: tuple[Groupe, ...] = ()
    exact: str = ""

    @property
    def territoires(self) -> tuple[Territoire, ...]:
        return tuple(groupe.territoire for groupe in self.groupes if groupe.territoire)

    @property
    def tokens(self) -> frozenset[str]:
        """What is to be marked in the texts shown."""
        return frozenset(t for g in self.groupes for mot in g.mots for t in mot.tokens)


def read(q: str) -> Wording:
    """Two queries at most: the vocabulary, the territories. None for an empty text."""
    raws = list(dict.fromkeys(raw_words(q)))
    if not raws:
        return Wording()
    formes = [analyse_word(raw).forme for raw in raws]
    glued = {forme: without_elision(forme) for forme in formes}
    seen = stems_seen([*formes, *glued.values()])
    known = territoires.names()
    weighty: list[Groupe] = []
    empty: list[Groupe] = []
    start = 0
    while start < len(raws):
        length, territoire = territoires.longest_name(formes[start:], known)
        end = start + max(length, 1)
        mots = tuple(_mot(raw, seen, glued) for raw in raws[start:end])
        is_stop = not territoire and mots[0].forme in STOP_WORDS
        (empty if is_stop else weighty).append(Groupe(mots, territoire))
        start = end
    return Wording(_distinct(weighty or empty), fold_name(q))


def _mot(raw: str, seen: dict[str, tuple[str, ...]], glued: dict[str, str]) -> Mot:
    forme = analyse_word(raw).forme
    if forme in STOP_WORDS:
        return Mot(forme, (forme,))
    rest = glued[forme]
    tokens = {forme: None}
    if forme not in seen and rest in seen:
        # « linsertion », « dhebergement »: the corpus knows the word without its elided article.
        tokens[rest] = None
        racines = {*seen[rest], *question_stems(rest)}
    elif not seen.get(forme) and (is_sigle(raw) or forme in seen):
        # A sigle, typed so or known as nothing else: « caf » does not mean « cafés ».
        racines = set()
    else:
        racines = {*seen.get(forme, ()), *question_stems(raw)}
    return Mot(forme, (*tokens, *(STEM_MARK + racine for racine in sorted(racines))))


def _distinct(groupes: list[Groupe]) -> tuple[Groupe, ...]:
    by_tokens = {tuple(mot.tokens for mot in groupe.mots): groupe for groupe in groupes}
    return tuple(by_tokens.values())[:MAX_GROUPS]
