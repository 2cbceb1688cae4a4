"""From a SearchQuery to tantivy's queries."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import tantivy

from search.engines.base import Weights
from search.engines.embedded.schema import EPCI, FACETS, TEXTS, both, day_number, either, only
from search.query import SearchQuery
from search.wording import Groupe, Mot, Wording

Q = tantivy.Query
EXACT = 1_000.0  # above any sum of words: exact title and exact sigle come first
FREQUENCY = 0.2  # how much the number of occurrences counts beside where the word is
SEVERAL_FIELDS = 0.1  # a word found in a second field adds little
TIE_BREAK = 0.001
STEM_ONLY = 0.9  # the same stem weighs a little less than the same form


@dataclass(frozen=True)
class Question:
    """The queries that answer one SearchQuery on one searcher."""

    query: SearchQuery
    wording: Wording
    schema: tantivy.Schema
    searcher: tantivy.Searcher
    fiches: int  # of the index, among which the rarity of a word is counted
    weights: Weights

    def complete(self, without: str = "") -> tantivy.Query:
        """Every filter, but that of the facet `without`, and every group of words; no ranking."""
        return both([*self.filters(without), *map(self._has_group, self.wording.groupes)])

    def ranked(self) -> tantivy.Query:
        """The same documents, with a score."""
        must = [*self.filters(), *map(self._frequency, self.wording.groupes)]
        should = [self._where(groupe) for groupe in self.wording.groupes]
        exact = Q.term_query(self.schema, "exact", self.wording.exact, "basic")
        should.append(Q.const_score_query(exact, EXACT))
        return Q.boolean_query(
            [(tantivy.Occur.Must, query) for query in must]
            + [(tantivy.Occur.Should, query) for query in should]
        )

    def partial(self) -> tantivy.Query:
        """Documents that miss some of the words, by the share of the weight that they cover."""
        covered = [
            Q.const_score_query(self._has_group(groupe), self._idf(groupe))
            for groupe in self.wording.groupes
        ]
        return Q.boolean_query(
            [(tantivy.Occur.Must, query) for query in self.filters()]
            + [(tantivy.Occur.Must, either(covered))]
            + [(tantivy.Occur.MustNot, self.complete())]
            # Among those that cover as much, the better places first.
            + [
                (tantivy.Occur.Should, Q.boost_query(self._where(groupe), TIE_BREAK))
                for groupe in self.wording.groupes
            ]
        )

    def pages(self, documents: Iterable[str]) -> tantivy.Query:
        """Pages of these documents, by the share of the weight that they cover."""
        covered, repeated = [], []
        for groupe in self.wording.groupes:
            words = both([self._any_token("page", mot, "freq") for mot in groupe.mots])
            covered.append(Q.const_score_query(words, self._idf(groupe)))
            repeated.append(Q.boost_query(words, TIE_BREAK))
        return Q.boolean_query(
            [
                (tantivy.Occur.Must, only("parent", self.schema, documents)),
                (tantivy.Occur.Must, either(covered)),
                *((tantivy.Occur.Should, query) for query in repeated),
            ]
        )

    def national(self, without: str = "") -> int:
        """How many of the complete set cover the whole country."""
        query = both([self.complete(without), only("jeton", self.schema, ["france"])])
        return int(self.searcher.search(query, 1).count)

    def filters(self, without: str = "") -> list[tantivy.Query]:
        found = [only("nature", self.schema, [self.query.nature])]
        for facette, values in self.query.values.items():
            if facette == without:
                continue
            if facette == EPCI:
                # What covers the whole country concerns every EPCI.
                of_epci = only(EPCI, self.schema, values)
                found.append(either([of_epci, only("jeton", self.schema, ["france"])]))
            else:
                found.append(only(FACETS, self.schema, [f"{facette}:{v}" for v in values]))
        if self.query.jetons:
            found.append(only("jeton", self.schema, sorted(self.query.jetons)))
        if self.query.updated_since:
            first = day_number(self.query.updated_since.isoformat())
            since = Q.range_query(self.schema, "jour", tantivy.FieldType.Integer, first)
            found.append(Q.const_score_query(since, 0.0))
        return found

    def _has_group(self, groupe: Groupe) -> tantivy.Query:
        words = both([self._any_token("tout", mot) for mot in groupe.mots])
        query = either([words, self._covers(groupe)]) if groupe.territoire else words
        return Q.const_score_query(query, 0.0)

    def _frequency(self, groupe: Groupe) -> tantivy.Query:
        words = both([self._any_token("tout", mot, "freq") for mot in groupe.mots])
        query = either([words, self._covers(groupe)]) if groupe.territoire else words
        return Q.boost_query(query, FREQUENCY)

    def _covers(self, groupe: Groupe) -> tantivy.Query:
        token = groupe.territoire.token if groupe.territoire else ""
        return Q.const_score_query(Q.term_query(self.schema, FACETS, token, "basic"), 1.0)

    def _any_token(self, field: str, mot: Mot, option: str = "basic") -> tantivy.Query:
        found = [Q.term_query(self.schema, field, token, option) for token in mot.tokens]
        return found[0] if len(found) == 1 else Q.disjunction_max_query(found)

    def _where(self, groupe: Groupe) -> tantivy.Query:
        """The weight of a group by the best field where it is found, times its rarity."""
        idf = self._idf(groupe)
        found = [self._word_where(mot, idf / len(groupe.mots)) for mot in groupe.mots]
        if groupe.territoire:
            score = idf * self.weights.saturated(self.weights.fort)
            return Q.disjunction_max_query(
                [either(found), Q.const_score_query(self._covers(groupe), score)]
            )
        return either(found)

    def _word_where(self, mot: Mot, idf: float) -> tantivy.Query:
        floor = self.weights.saturated(self.weights.documents)
        found = []
        for field in TEXTS:
            # Every document found has the word at least in its documents.
            score = idf * (self.weights.saturated(getattr(self.weights, field)) - floor)
            for rank, token in enumerate(mot.tokens):
                term = Q.term_query(self.schema, field, token, "basic")
                found.append(Q.const_score_query(term, score if rank == 0 else score * STEM_ONLY))
        return Q.disjunction_max_query(found, SEVERAL_FIELDS)

    def _idf(self, groupe: Groupe) -> float:
        """Rarity of a group: that of its rarest word."""
        total = self.fiches
        counts = (
            max(self.searcher.doc_freq("tout", token) for token in mot.tokens)
            for mot in groupe.mots
        )
        df = min(counts)
        return math.log(1 + (total - df + 0.5) / (df + 0.5))
