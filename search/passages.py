"""Where the words of a question are inside documents: a page, and an extract of it."""

import logging
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection

from dispositifs.choices import NaturePublique
from dispositifs.models import FichePublique, PageTexte
from search.highlight import Marker
from search.indexing import engine, read_in
from search.wording import Wording

logger = logging.getLogger(__name__)

Json = dict[str, Any]
OWN = ("titre", "sigle", "fort", "corps")  # what a fiche says itself
READ = 500_000  # characters read in one page, which may be a whole sheet
# By hand: the query set of the same costs ten times what it reads.
PAGES_SQL = """
WITH asked(identifiant, n) AS (VALUES {asked})
SELECT f.identifiant, f.titre, f.url, p.n, p.texte
FROM asked a
JOIN {fiches} f ON f.nature = 'document' AND f.identifiant = a.identifiant
JOIN {pages} p ON p.document_id = f.document_id AND p.n = a.n
"""
TABLES = {"fiches": FichePublique._meta.db_table, "pages": PageTexte._meta.db_table}


def find_passages(
    nature: str, asked: Wording, marker: Marker, textes: Mapping[str, Mapping[str, Any]]
) -> dict[str, Json]:
    """For the results (identifiant → texts) that their documents explain, the best page of these.

    A document always shows its own; a dispositif that has every word itself shows none. One
    question to the engine and one to the database, however many results there are.
    """
    documents = {
        identifiant: read
        for identifiant, some in textes.items()
        if (read := read_in(some))
        and (nature == NaturePublique.DOCUMENT or not _says_all(some, asked, marker))
    }
    best = _best_pages(asked, {row for some in documents.values() for row in some})
    chosen = {
        identifiant: (document, best[document])
        for identifiant, some in documents.items()
        if (document := next((row for row in best if row in some), None))
    }
    passages = _read(chosen.values(), marker)
    return {identifiant: passages[page] for identifiant, page in chosen.items() if page in passages}


def _says_all(textes: Mapping[str, Any], asked: Wording, marker: Marker) -> bool:
    missing = asked.groupes
    for field in OWN:
        found = marker.tokens_in(textes.get(field, ""))
        missing = tuple(
            groupe for groupe in missing if any(found.isdisjoint(mot.tokens) for mot in groupe.mots)
        )
        if not missing:
            return True
    return False


def _best_pages(asked: Wording, documents: Collection[str]) -> dict[str, int]:
    if not documents:
        return {}
    try:
        return engine().best_pages(asked, documents)
    except Exception:
        # Results are worth showing without it.
        logger.warning("Pages des documents non cherchées : le moteur a échoué.", exc_info=True)
        return {}


def _read(pages: Iterable[tuple[str, int]], marker: Marker) -> dict[tuple[str, int], Json]:
    """The passages of those pages that are still public."""
    wanted = list(dict.fromkeys(pages))
    if not wanted:
        return {}
    sql = PAGES_SQL.format(asked=", ".join(["(%s, %s)"] * len(wanted)), **TABLES)
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for page in wanted for value in page])
        rows = cursor.fetchall()
    found = {}
    for identifiant, titre, url, n, texte in rows:
        if extrait := marker.passage(texte, READ):
            document = {"identifiant": identifiant, "titre": titre, "url": url}
            found[identifiant, n] = {"document": document, "page": n, "extrait": extrait}
    return found
