"""The words of the public corpus: folded form → stems seen, number of fiches."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db import transaction

from search.analysis import Word, analyse_word, raw_words
from search.engines.base import SearchDocument
from search.models import Terme

BATCH = 500


def stems_seen(formes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Stems of each form known to the corpus, in one query; a sigle has none."""
    rows = Terme.objects.filter(pk__in=set(formes)).values_list("forme", "racines")
    return {forme: tuple(racines.split()) for forme, racines in rows}


class Lexicon:
    """Gathers the words of fiches while they are indexed; a page adds nothing to its document."""

    def __init__(self) -> None:
        self.fiches = 0
        self.racines: dict[str, set[str]] = {}
        self.df: Counter[str] = Counter()
        self._words: set[Word] = set()

    def add(self, document: SearchDocument) -> None:
        if document.parent:
            return
        self.fiches += 1
        found = document_words(document)
        self.df.update({word.forme for word in found})
        for word in found - self._words:
            self.racines.setdefault(word.forme, set()).update(word.racines)
        self._words |= found

    def terms(self) -> list[Terme]:
        return [
            Terme(forme=forme, racines=joined(racines), df=self.df[forme])
            for forme, racines in sorted(self.racines.items())
        ]


def document_words(document: SearchDocument) -> set[Word]:
    """The words of a document that carry a meaning; numbers have neither accents nor stems."""
    texts = (document.titre, document.sigle, document.fort, document.corps, document.documents)
    written = {raw for text in texts for raw in raw_words(text) if raw.isalpha()}
    return {word for word in map(analyse_word, written) if not word.is_stop}


@transaction.atomic
def replace_all(lexicon: Lexicon) -> None:
    Terme.objects.all().delete()
    Terme.objects.bulk_create(lexicon.terms(), batch_size=BATCH)


@transaction.atomic
def learn(lexicon: Lexicon) -> None:
    """Add the words of documents that have changed; nothing is forgotten before a rebuild."""
    known = _known(lexicon.racines)
    new = [term for term in lexicon.terms() if term.forme not in known]
    # Another process may learn the same word at the same time.
    Terme.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
    changed = []
    for forme, racines in known.items():
        merged = joined({*racines.split(), *lexicon.racines[forme]})
        if merged != racines:
            changed.append(Terme(forme=forme, racines=merged))
    Terme.objects.bulk_update(changed, ["racines"], batch_size=BATCH)


def joined(racines: Iterable[str]) -> str:
    """As the column holds them; beyond its size, the last ones are left out whole."""
    text = " ".join(sorted(racines))
    return text if len(text) <= 400 else text[:400].rpartition(" ")[0]


def _known(formes: Mapping[str, object]) -> dict[str, str]:
    found: dict[str, str] = {}
    wanted = list(formes)
    for start in range(0, len(wanted), BATCH):
        rows = Terme.objects.filter(pk__in=wanted[start : start + BATCH])
        found.update(rows.values_list("forme", "racines"))
    return found
