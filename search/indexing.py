"""When the index is written: after each change, by the worker, and by `manage.py search`.

The version of the directory is the outbox: rows of FichePublique and FicheRetiree above the
version that the index has applied are what remains to do.
"""

import logging
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from dispositifs.models import FichePublique, FicheRetiree, VersionAnnuaire
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


def to_document(fiche: FichePublique) -> SearchDocument:
    textes = fiche.textes
    return SearchDocument(
        id=fiche.cle,
        nature=fiche.nature,
        version=fiche.version,
        titre=textes.get("titre", ""),
        sigle=textes.get("sigle", ""),
        fort=textes.get("fort", ""),
        corps=textes.get("corps", ""),
        documents=textes.get("documents", ""),
        facets=fiche.facettes,
        maj=fiche.maj.isoformat(),
        debut=fiche.date_debut.isoformat() if fiche.date_debut else "",
        titre_tri=fiche.titre_tri,
        territoires=fiche.territoires,
    )


def documents(order: str = "pk", **filters: Any) -> Iterator[SearchDocument]:
    rows = FichePublique.objects.filter(**filters).only(*INDEXED).order_by(order)
    return map(to_document, rows.iterator(chunk_size=BATCH))


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
    put = list(documents("version", version__gt=applied))
    retired = FicheRetiree.objects.filter(version__gt=applied)
    ids = {f"{nature}:{id}" for nature, id in retired.values_list("nature", "identifiant")}
    removed = ids - {document.id for document in put}
    lexicon = vocabulaire.Lexicon()
    for document in put:
        lexicon.add(document)
    vocabulaire.learn(lexicon)
    engine().apply(put, sorted(removed), current)
    return len(put) + len(removed)


def _rebuild(progress: Progress | None = None) -> int:
    # Read before the rows: what changes meanwhile is above it, and will be applied again.
    version = VersionAnnuaire.current()
    lexicon = vocabulaire.Lexicon()
    count = 0

    def learned() -> Iterator[SearchDocument]:
        nonlocal count
        for document in documents():
            lexicon.add(document)
            count += 1
            if progress and count % BATCH == 0:
                progress(count)
            yield document

    engine().rebuild(learned(), version)
    vocabulaire.replace_all(lexicon)
    return count


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
        put = [document for document in documents() if document.id in wanted]
        engine().apply(put, found.unexpected, engine().version())
