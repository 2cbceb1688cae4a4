"""What one tantivy document holds."""

from collections.abc import Iterable
from datetime import date

import tantivy

from annuaire.acteurs.normalisation import fold_name
from search.analysis import index_text
from search.engines.base import SearchDocument

# Raised at each change of this module or of the analyser: an older index is rebuilt by itself.
SCHEMA_VERSION = 2
STATE_ID = "_etat"  # the one document that says which version has been applied

TEXTS = ("titre", "fort", "corps")
# Values of all facets in one column, « forme:mous »: one aggregation counts them all. EPCI have
# their own: they are many, and counted only when asked.
FACETS = "facettes"
EPCI = "epci"

_TITLE_BITS = 40


def build_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("id", "digest"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("nature", "exact", "jeton", "parent"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in TEXTS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    # Apart from `page`, so that pages weigh neither on the rarity of words nor on reading them.
    for name in ("tout", "page"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in (FACETS, EPCI, "titre_tri"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("maj", "debut", "jour", "version"):
        # Always integer, never unsigned: a mismatch kills the writer without a word.
        builder.add_integer_field(name, indexed=True, fast=True)
    return builder.build()


def to_tantivy(document: SearchDocument) -> tantivy.Document:
    doc = tantivy.Document()
    doc.add_text("id", document.id)
    doc.add_text("digest", document.digest())
    doc.add_text("nature", document.nature)
    if document.parent:
        doc.add_text("parent", document.parent)
        doc.add_text("page", index_text(document.corps))
        return doc
    title = index_text(f"{document.titre}\n{document.sigle}")
    fort, corps = index_text(document.fort), index_text(document.corps)
    doc.add_text("titre", title)
    doc.add_text("fort", fort)
    doc.add_text("corps", corps)
    # Each word of the documents once: what they repeat says nothing of the fiche itself.
    documents = dict.fromkeys(index_text(document.documents).split())
    doc.add_text("tout", " ".join((title, fort, corps, *documents)))
    for exact in {fold_name(document.titre), fold_name(document.sigle)} - {""}:
        doc.add_text("exact", exact)
    for facette, values in document.facets.items():
        for value in values:
            if facette == EPCI:
                doc.add_text(EPCI, value)
            else:
                doc.add_text(FACETS, f"{facette}:{value}")
    for jeton in document.territoires:
        doc.add_text("jeton", jeton)
    doc.add_text("titre_tri", document.titre_tri)
    doc.add_integer("maj", _day_then_title(document.maj, document.titre_tri))
    doc.add_integer("debut", _day_then_title(document.debut, document.titre_tri))
    doc.add_integer("jour", day_number(document.maj))
    doc.add_integer("version", document.version)
    return doc


def state(version: int) -> tantivy.Document:
    doc = tantivy.Document()
    doc.add_text("id", STATE_ID)
    doc.add_integer("version", version)
    return doc


def day_number(day: str) -> int:
    return date.fromisoformat(day).toordinal() if day else 0


def _day_then_title(day: str, titre_tri: str) -> int:
    """A key that sorts by day, the most recent first, then by the beginning of the title."""
    size = _TITLE_BITS // 8
    title = int.from_bytes(titre_tri.encode()[:size].ljust(size, b"\0"), "big")
    return (day_number(day) << _TITLE_BITS) | ((1 << _TITLE_BITS) - 1 - title)


def only(field: str, schema: tantivy.Schema, values: Iterable[str]) -> tantivy.Query:
    """Documents with one of the values, without weight in the ranking."""
    found = [tantivy.Query.term_query(schema, field, value, "basic") for value in values]
    query = found[0] if len(found) == 1 else either(found)
    return tantivy.Query.const_score_query(query, 0.0)


def either(queries: list[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def both(queries: list[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])
