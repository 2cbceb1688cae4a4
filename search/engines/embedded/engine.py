from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import tantivy

from dispositifs.choices import NaturePublique
from search.engines.base import (
    PAGE,
    PARTIAL_BELOW,
    PARTIAL_LIMIT,
    EngineAnswer,
    EngineHealth,
    EngineUnavailable,
    FacetCount,
    Hit,
    SearchDocument,
    Weights,
)
from search.engines.embedded.folder import IndexFolder, open_index
from search.engines.embedded.question import Question
from search.engines.embedded.schema import (
    EPCI,
    FACETS,
    STATE_ID,
    build_schema,
    only,
    state,
    to_tantivy,
)
from search.query import SearchQuery
from search.wording import Wording

WRITE_WAIT = 0.2  # seconds: publishing is never slowed by a busy index
UPDATE_HEAP = 20_000_000  # bytes
REBUILD_HEAP = 80_000_000
PAGES_READ = 1_000  # to find the best page of each document shown
ALL_VALUES = 60_000  # a terms aggregation counts them all, never the first ten
ORDERS = {
    "maj": ("maj", tantivy.Order.Desc),
    "debut": ("debut", tantivy.Order.Desc),
    "titre": ("titre_tri", tantivy.Order.Asc),
}


@dataclass(frozen=True)
class Reader:
    """One commit of one index, as a request sees it from its beginning to its end."""

    stamp: tuple[str, int, int]
    schema: tantivy.Schema
    searcher: tantivy.Searcher
    version: int
    fiches: int
    pages: int


class EmbeddedEngine:
    moteur = "embedded"

    def __init__(self, path: Path, weights: Weights | None = None) -> None:
        self.folder = IndexFolder(path)
        self.weights = weights or Weights()
        self._reader: Reader | None = None
        self._lock = Lock()

    def search(self, query: SearchQuery, asked: Wording) -> EngineAnswer:
        reader = self._read()
        question = self._question(reader, query, asked)
        total, addresses = self._complete_hits(question)
        total_partiel, more = self._partial_hits(question, total, query.limit - len(addresses))
        ids = [(reader.searcher.doc(a)["id"][0], False) for a in addresses]
        ids += [(reader.searcher.doc(a)["id"][0], True) for a in more]
        return EngineAnswer(
            total=total,
            total_partiel=total_partiel,
            hits=[Hit(id, partiel) for id, partiel in ids],
            facets=self._facets(question) if query.with_facets else {},
            version=reader.version,
            moteur=self.moteur,
        )

    def best_pages(self, asked: Wording, documents: Collection[str]) -> dict[str, int]:
        if not asked.groupes or not documents:
            return {}
        reader = self._read()
        question = self._question(reader, SearchQuery(), asked)
        keys = [f"{NaturePublique.DOCUMENT}:{identifiant}" for identifiant in documents]
        best: dict[str, int] = {}
        for _score, address in reader.searcher.search(question.pages(keys), PAGES_READ).hits:
            _nature, identifiant, n = reader.searcher.doc(address)["id"][0].split(":")
            best.setdefault(identifiant, int(n))
            if len(best) == len(documents):
                break
        return best

    def writing(self) -> AbstractContextManager[None]:
        return self.folder.lock(WRITE_WAIT)

    def apply(
        self, documents: Iterable[SearchDocument], removed: Iterable[str], version: int
    ) -> None:
        index = open_index(self.folder.current())
        with index.writer(UPDATE_HEAP, 1) as writer:
            for id in [*removed, STATE_ID]:
                _delete(writer, id)
            for document in documents:
                _delete(writer, document.id)
                writer.add_document(to_tantivy(document))
            writer.add_document(state(version))

    def rebuild(self, documents: Iterable[SearchDocument], version: int) -> None:
        folder = self.folder.new()
        index = tantivy.Index(build_schema(), path=str(folder), reuse=False)
        with index.writer(REBUILD_HEAP, 1) as writer:
            for document in documents:
                writer.add_document(to_tantivy(document))
            writer.add_document(state(version))
        self.folder.publish(folder)

    def version(self) -> int:
        return self._read().version

    def digests(self) -> Iterator[tuple[str, str]]:
        searcher = self._read().searcher
        everything = searcher.search(tantivy.Query.all_query(), max(searcher.num_docs, 1))
        for _score, address in everything.hits:
            doc = searcher.doc(address)
            if doc["id"][0] != STATE_ID:
                yield doc["id"][0], doc["digest"][0]

    def health(self) -> EngineHealth:
        try:
            reader = self._read()
        except EngineUnavailable as error:
            return EngineHealth(self.moteur, ready=False, detail=str(error))
        return EngineHealth(
            self.moteur,
            ready=True,
            version=reader.version,
            documents=reader.fiches,
            pages=reader.pages,
        )

    def _read(self) -> Reader:
        """The last commit, opened again only when it is not the one known."""
        try:
            return self._open()
        except EngineUnavailable:
            # A rebuild may have replaced the folder between its name and its opening.
            return self._open()

    def _open(self) -> Reader:
        stamp = self.folder.stamp()
        with self._lock:
            if self._reader is None or self._reader.stamp != stamp:
                index = open_index(self.folder.path / stamp[0])
                searcher = index.searcher()
                version, pages = _applied(index, searcher), _pages(index, searcher)
                fiches = searcher.num_docs - pages - 1  # the last one is the state
                self._reader = Reader(stamp, index.schema, searcher, version, fiches, pages)
            return self._reader

    def _question(self, reader: Reader, query: SearchQuery, asked: Wording) -> Question:
        return Question(query, asked, reader.schema, reader.searcher, reader.fiches, self.weights)

    def _complete_hits(self, question: Question) -> tuple[int, list[Any]]:
        query, searcher = question.query, question.searcher
        if query.tri in ORDERS:
            field, order = ORDERS[query.tri]
            found = searcher.search(
                question.complete(),
                query.limit,
                offset=query.offset,
                order_by_field=field,
                order=order,
            )
        else:
            found = searcher.search(question.ranked(), query.limit, offset=query.offset)
        return found.count, [address for _score, address in found.hits]

    def _partial_hits(self, question: Question, total: int, room: int) -> tuple[int, list[Any]]:
        """Partial results follow the complete ones on the same pages."""
        if total >= PARTIAL_BELOW or len(question.wording.groupes) < 2:
            return 0, []
        found = question.searcher.search(question.partial(), PARTIAL_LIMIT)
        start = max(question.query.offset - total, 0)
        addresses = [address for _score, address in found.hits]
        return len(addresses), addresses[start : start + room]

    def _facets(self, question: Question) -> dict[str, list[FacetCount]]:
        counts = self._counts(question, "")
        for facette in question.query.values:
            counts[facette] = self._counts(question, facette).get(facette, [])
        return counts

    def _counts(self, question: Question, without: str) -> dict[str, list[FacetCount]]:
        """Counts without the filter of the facet `without`, and of it alone; else of all facets."""
        with_epci = question.query.with_epci and without in ("", EPCI)
        aggregations = {EPCI: _terms(EPCI)} if with_epci else {}
        if without != EPCI:
            aggregations[FACETS] = _terms(FACETS, f"{without}:.*" if without else "")
        found = question.searcher.aggregate(question.complete(without), aggregations)
        counts: dict[str, list[FacetCount]] = {}
        for bucket in found.get(FACETS, {"buckets": []})["buckets"]:
            facette, _, value = bucket["key"].partition(":")
            counts.setdefault(facette, []).append(FacetCount(value, bucket["doc_count"]))
        if with_epci:
            # A click on an EPCI also gives what covers the whole country.
            national = question.national(without)
            own = {bucket["key"]: bucket["doc_count"] for bucket in found[EPCI]["buckets"]}
            values = dict.fromkeys([*own, *question.query.values.get(EPCI, ())])
            counts[EPCI] = [FacetCount(v, own.get(v, 0) + national) for v in values]
        return counts


def _terms(field: str, include: str = "") -> dict[str, Any]:
    terms = {"field": field, "size": ALL_VALUES, "segment_size": ALL_VALUES}
    return {"terms": terms | ({"include": include} if include else {})}


def _delete(writer: tantivy.IndexWriter, id: str) -> None:
    writer.delete_documents_by_term("id", id)
    writer.delete_documents_by_term("parent", id)


def _pages(index: tantivy.Index, searcher: tantivy.Searcher) -> int:
    return int(searcher.search(only("nature", index.schema, [PAGE]), 1).count)


def _applied(index: tantivy.Index, searcher: tantivy.Searcher) -> int:
    term = tantivy.Query.term_query(index.schema, "id", STATE_ID, "basic")
    hits = searcher.search(term, 1).hits
    if not hits:
        raise EngineUnavailable("L’index ne dit pas sa version.")
    return int(searcher.fast_field_values("version", [hits[0][1]])[0])
