"""Words and sentences of generated fiches: those of the written ones, in a natural distribution.

Only texts that are public anyway are learnt from: a sentence of a restricted document must not
reappear in a public one.
"""

import json
import re
from collections import defaultdict
from pathlib import Path
from random import Random
from typing import Any

DONNEES = Path(__file__).parent / "donnees"
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
FIGURE = re.compile(r"\d")
Suites = dict[tuple[str, str], list[str]]
START = ("", "")
END = ""
LONGEST = 60  # words in a sentence


class Vocabulaire:
    """A chain of words: each pair is followed by one of the words that followed it somewhere."""

    def __init__(self) -> None:
        self.suites: Suites = defaultdict(list)
        self.mots_cles: list[str] = []
        with (DONNEES / "dispositifs.jsonl").open(encoding="utf-8") as stream:
            for line in stream:
                self._learn(json.loads(line))

    def _learn(self, fiche: dict[str, Any]) -> None:
        texts = [*fiche.get("corps", {}).values(), fiche.get("resume", "")]
        texts += [
            document["texte"]
            for document in fiche.get("documents", ())
            if document["niveau"] == "public"
        ]
        for text in texts:
            for sentence in SENTENCE.split(text):
                self._learn_sentence(sentence.split(" "))
        self.mots_cles += fiche.get("mots_cles", ())

    def _learn_sentence(self, words: list[str]) -> None:
        # Figures would make counts that nobody wrote, small ones among them.
        if len(words) < 5 or any(FIGURE.search(word) for word in words):
            return
        pair = START
        for word in [*words, END]:
            self.suites[pair].append(word)
            pair = (pair[1], word)

    def sentence(self, rng: Random) -> str:
        words: list[str] = []
        pair = START
        while len(words) < LONGEST:
            word = rng.choice(self.suites[pair])
            if word == END:
                break
            words.append(word)
            pair = (pair[1], word)
        return " ".join(words)

    def text(self, rng: Random, length: int, place: str = "") -> str:
        """About `length` characters, in paragraphs; `place` is named now and then."""
        paragraphs: list[str] = []
        sentences: list[str] = []
        size = 0
        while size < length:
            sentence = self.sentence(rng)
            if place and rng.random() < 0.12:
                sentence = f"À {place}, {sentence[:1].lower()}{sentence[1:]}"
            sentences.append(sentence)
            size += len(sentence)
            if len(sentences) == 4:
                paragraphs.append(" ".join(sentences))
                sentences = []
        paragraphs += [" ".join(sentences)] if sentences else []
        return "\n\n".join(paragraphs)
