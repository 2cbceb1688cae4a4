"""When the index is written: after each change, by the worker, and by `manage.py search`.

The version of the directory is the outbox: rows of FichePublique and FicheRetiree above the
version that the index has applied are what remains to do.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from dispositifs.choices import NaturePublique
from dispositifs.models import FichePublique, FicheRetiree, PageTexte, VersionAnnuaire
from dispositifs.publication.projection import chunks
from search import vocabulaire
from search.engines.base import (
    Differences,
    EngineBusy,
    EngineUnavailable,
    SearchDocument,
    SearchEngine,
)
from search.engines.embedded import EmbeddedEngine

logger = logging.getLogger(__name__)

Progress = Callable[[int], None]

BATCH = 500
# Fiches whose documents are read together: their text is all that a rebuild keeps in memory.
CHUNK = 50
# Beyond this many changes an index is rebuilt: cheaper than so many replacements.
REBUILD_ABOVE = 2_000
INDEXED = (
    "nature",
    "identifiant",
    "version",
    "textes",
    "facettes",
    "territoires",
    "titre_tri",
    "date_debut",
    "maj",
)


def engine() -> SearchEngine:
    """The engine of this site."""
    return _embedded(Path(settings.INDEX_DIR))


def applied_version() -> int | None:
    """The version that the index has applied; None when it is absent or broken.

    Pages and API then answer without it, and say so themselves.
    """
    try:
        return engine().version()
    except Exception:
        return None


@lru_cache(maxsize=8)
def _embedded(path: Path) -> EmbeddedEngine:
    return EmbeddedEngine(path)


def documents(order: str = "pk", **filters: Any) -> Iterator[SearchDocument]:
    """Fiches as an index takes them, each document followed by its pages."""
    rows = FichePublique.objects.filter(**filters).only(*INDEXED).order_by(order)
    for fiches in chunks(rows.iterator(chunk_size=CHUNK), CHUNK):
        textes = _read_texts(fiches)
        for fiche in fiches:
            pages = [page for identifiant in read_in(fiche.textes) for page in textes[identifiant]]
            document = _to_document(fiche, "\n".join(texte for _n, texte in pages))
            yield document
            if fiche.nature == NaturePublique.DOCUMENT:
                for n, texte in pages:
                    yield SearchDocument.of_page(document, n, texte)


def read_in(textes: Mapping[str, Any]) -> list[str]:
    """Identifiants of the documents whose text is part of a fiche."""
    return [read.rpartition("@")[0] for read in textes.get("lus", ())]


def _read_texts(fiches: list[FichePublique]) -> dict[str, list[tuple[int, str]]]:
    """(number, text) of the pages of every document of these fiches, in one query."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    wanted = {identifiant for fiche in fiches for identifiant in read_in(fiche.textes)}
    if wanted:
        # Through the projection: an earlier version, or what is not public, has no row there.
        rows = PageTexte.objects.filter(
            document__fiche_publique__nature=NaturePublique.DOCUMENT,
            document__fiche_publique__identifiant__in=wanted,
        ).order_by("document", "n")
        for identifiant, n, texte in rows.values_list("document__identifiant", "n", "texte"):
            found[identifiant].append((n, texte))
    return found


def _to_document(fiche: FichePublique, read: str) -> SearchDocument:
    """`read`: the text of its documents, which for a document is its own."""
    textes = fiche.textes
    is_document = fiche.nature == NaturePublique.DOCUMENT
    return SearchDocument(
        id=fiche.cle,
        nature=fiche.nature,
        version=fiche.version,
        titre=textes.get("titre", ""),
        sigle=textes.get("sigle", ""),
        fort=textes.get("fort", ""),
        corps=_joined(textes.get("corps", ""), read if is_document else ""),
        documents=_joined(textes.get("documents", ""), "" if is_document else read),
        facets=fiche.facettes,
        maj=fiche.maj.isoformat(),
        debut=fiche.date_debut.isoformat() if fiche.date_debut else "",
        titre_tri=fiche.titre_tri,
        territoires=fiche.territoires,
    )


def _joined(*texts: str) -> str:
    return "\n".join(filter(None, texts))


def on_fiches_changed(**kwargs: Any) -> None:
    """After a publication: index it at once when that can be done, else leave it to the worker."""
    try:
        apply_changes()
    except EngineUnavailable:
        logger.info("Pas d’index à mettre à jour : il sera reconstruit.")
    except EngineBusy:
        logger.info("Index occupé : la mise à jour attend le prochain passage.")
    except Exception:
        # Whatever the index suffers, the publication is done: the worker tries again.
        logger.warning("Mise à jour de l’index remise à plus tard.", exc_info=True)


def apply_changes() -> int:
    """Bring the index from its version to that of the directory; how many changes were applied.

    Raises EngineUnavailable without an index, EngineBusy when another process writes it.
    """
    if engine().version() == VersionAnnuaire.current():
        return 0
    with engine().writing():
        applied, current = engine().version(), VersionAnnuaire.current()
        changed = FichePublique.objects.filter(version__gt=applied)
        # A database restored from a backup may be behind its index.
        if applied > current or changed.count() > REBUILD_ABOVE:
            return _rebuild()
        return _apply(applied, current)


def rebuild(progress: Progress | None = None) -> int:
    """Build a new index beside the old one, then answer with it; how many documents it holds."""
    with engine().writing():
        return _rebuild(progress)


def _apply(applied: int, current: int) -> int:
    # By version: SQLite would read every row of the table to give one change by id.
    lexicon = vocabulaire.Lexicon()
    retired = FicheRetiree.objects.filter(version__gt=applied)
    removed = [f"{nature}:{id}" for nature, id in retired.values_list("nature", "identifiant")]

    def learned() -> Iterator[SearchDocument]:
        for document in documents("version", version__gt=applied):
            lexicon.add(document)
            yield document
        # Before the index is committed: then nothing would say that words remain to be learnt.
        vocabulaire.learn(lexicon)

    engine().apply(learned(), removed, current)
    return lexicon.fiches + len(removed)


def _rebuild(progress: Progress | None = None) -> int:
    # Read before the rows: what changes meanwhile is above it, and will be applied again.
    version = VersionAnnuaire.current()
    lexicon = vocabulaire.Lexicon()

    def learned() -> Iterator[SearchDocument]:
        for document in documents():
            lexicon.add(document)
            if progress and not document.parent and lexicon.fiches % BATCH == 0:
                progress(lexicon.fiches)
            yield document

    engine().rebuild(learned(), version)
    vocabulaire.replace_all(lexicon)
    return lexicon.fiches


def catch_up() -> int:
    """For the worker: rebuild a lost index, else apply what remains.

    0 when nothing did, or when another process is at it.
    """
    try:
        try:
            return apply_changes()
        except EngineUnavailable:
            logger.info("Index absent ou d’une autre version : reconstruction.")
            return rebuild()
    except EngineBusy:
        return 0


def verify() -> Differences:
    """Compare the index with the projection, document by document."""
    indexed = dict(engine().digests())
    expected = {document.id: document.digest() for document in documents()}
    return Differences(
        missing=sorted(expected.keys() - indexed.keys()),
        different=sorted(i for i in expected.keys() & indexed.keys() if expected[i] != indexed[i]),
        unexpected=sorted(indexed.keys() - expected.keys()),
    )


def repair(found: Differences) -> None:
    """Write again what `verify` found, as it is in the database now."""
    wanted = {*found.missing, *found.different}
    with engine().writing():
        # A document that is put loses its pages: they are put again with it.
        put = (row for row in documents() if row.id in wanted or row.parent in wanted)
        engine().apply(put, found.unexpected, engine().version())
