"""What a search engine is for the rest of the site, and the words it is spoken to with."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from search.query import SearchQuery
    from search.wording import Wording

PARTIAL_BELOW = 20  # partial results follow only a complete answer smaller than this
PARTIAL_LIMIT = 50
PAGE = "page"  # nature of a page of a document: no search of fiches ever sees one


@dataclass(frozen=True, slots=True)
class Weights:
    """How much a word weighs by where it is found, before saturation (design: recherche.md)."""

    titre: float = 10.0
    fort: float = 4.0
    corps: float = 1.0
    documents: float = 0.5
    saturation: float = 1.2

    def saturated(self, weight: float) -> float:
        """Between 0 and 1: ten times the weight is never ten times the score."""
        return weight / (weight + self.saturation)


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One public object as an index takes it, made from one FichePublique.

    Or one page of a public document: its text is its `corps`, `parent` the id of its document,
    which it never outlives in the index.
    """

    id: str
    nature: str
    version: int
    titre: str = ""
    sigle: str = ""
    fort: str = ""
    corps: str = ""
    documents: str = ""
    facets: Mapping[str, list[str]] = field(default_factory=dict)
    maj: str = ""
    debut: str = ""
    titre_tri: str = ""
    territoires: list[str] = field(default_factory=list)
    parent: str = ""

    @classmethod
    def of_page(cls, document: "SearchDocument", n: int, texte: str) -> "SearchDocument":
        identifiant = document.id.partition(":")[2]
        return cls(
            id=f"{PAGE}:{identifiant}:{n}",
            nature=PAGE,
            version=document.version,
            corps=texte,
            parent=document.id,
        )

    def digest(self) -> str:
        """What `search verify` compares: equal if and only if the documents are."""
        values = {name: getattr(self, name) for name in self.__slots__}
        text = json.dumps(values, sort_keys=True, ensure_ascii=False)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Hit:
    id: str
    partiel: bool = False


@dataclass(slots=True)  # not frozen: see FacetValue
class FacetCount:
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class EngineAnswer:
    """`total` and `facets` are those of the complete set: every word of the question found."""

    total: int
    total_partiel: int
    hits: list[Hit]
    facets: dict[str, list[FacetCount]]
    version: int
    moteur: str


@dataclass(frozen=True, slots=True)
class EngineHealth:
    moteur: str
    ready: bool
    version: int = 0
    documents: int = 0
    pages: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Differences:
    """What `verify` finds, by document id."""

    missing: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.missing or self.different or self.unexpected)


class EngineUnavailable(Exception):
    """The engine cannot answer now: no index yet, an index of another version, a broken one."""


class EngineBusy(Exception):
    """Somebody else is writing the index; what is to be written stays to do."""


class SearchEngine(Protocol):
    """Readers see the last commit, whole; writers take turns."""

    moteur: str

    def search(self, query: "SearchQuery", asked: "Wording") -> EngineAnswer:
        """`asked` is the text of the query, read once for all engines."""

    def best_pages(self, asked: "Wording", documents: Collection[str]) -> dict[str, int]:
        """Of these documents (identifiants), the number of the page that answers best.

        The best answer first; a document without any word of the question is left out.
        """

    def writing(self) -> AbstractContextManager[None]:
        """Be the one writer, the time of a `with`. Raises EngineBusy when another stays it."""

    def apply(
        self, documents: Iterable[SearchDocument], removed: Iterable[str], version: int
    ) -> None:
        """Put and remove in one commit, which then answers as being at `version`.

        A document put or removed loses the pages it had; those it has now follow it.
        As `rebuild`, to be called inside `writing()`: what is written was read there too, so
        that an older reading never covers a newer one.
        """

    def rebuild(self, documents: Iterable[SearchDocument], version: int) -> None:
        """Replace everything at once: readers see the old index, then the new one."""

    def version(self) -> int:
        """The version of the directory last applied. Raises EngineUnavailable."""

    def digests(self) -> Iterator[tuple[str, str]]:
        """(id, digest) of every document of the index, pages included."""

    def health(self) -> EngineHealth: ...
