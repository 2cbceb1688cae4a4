"""Reading the documents of the database: by batches, each at most twice, whatever is killed."""

import datetime
import logging
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

from django.db import connection, reset_queries, transaction
from django.db.models import F
from django.utils import timezone

from dispositifs.actions.lectures import Lecture, record_failures, record_readings
from dispositifs.choices import EtatTexte
from dispositifs.models import Document
from dispositifs.models.documents import DocumentQuerySet

from .appel import DELAY, Fichier, read_files
from .contenu import Contenu
from .verdict import lecture_of

logger = logging.getLogger(__name__)

BATCH = 50  # documents of one process
BATCH_SIZE = 100 << 20  # bytes of their files
HELD = 4_000_000  # characters kept in memory before they are written
ATTEMPTS = 2
AT_ONCE = 5.0  # seconds that a depositor may wait
# Left to the reading that follows a deposit, before the worker takes the document.
HEAD_START = datetime.timedelta(seconds=15)
Progress = Callable[[str, int, int], None]


# --- what callers ask ----------------------------------------------------------------------------
def read_document(document: Document) -> EtatTexte:
    """Read this one now, even if it was read before."""
    forget_readings(Document.objects.filter(pk=document.pk))
    read_all([document.pk])
    document.refresh_from_db()
    return EtatTexte(document.texte_etat)


def read_after_commit(document: Document) -> None:
    """Once it is kept, try to read it while its depositor waits; else the worker will."""
    # Robust: a deposit that is kept never answers an error.
    transaction.on_commit(partial(_read_at_once, document.pk), robust=True)


def read_pending(*, seconds: float) -> Counter[str]:
    """Read what waits, for about so long; how many came to each state."""
    end = time.monotonic() + seconds
    done: Counter[str] = Counter()
    while batch := _next_batch(Document.objects.filter(maj__lt=timezone.now() - HEAD_START)):
        done += _read(batch)
        if time.monotonic() > end:
            break
    return done


def read_all(ids: Iterable[int] | None = None, progress: Progress | None = None) -> Counter[str]:
    """Read what waits, to the end: among these, or all."""
    documents = Document.objects.all()
    if ids is not None:
        documents = documents.filter(pk__in=list(ids))
    total = _waiting(documents).count()
    done: Counter[str] = Counter()
    while batch := _next_batch(documents):
        done += _read(batch)
        if progress:
            progress("Lecture des documents", done.total(), total)
    return done


def forget_readings(documents: DocumentQuerySet) -> int:
    """Have these read anew, to be called before `read_all`; what was read is shown until then."""
    return documents.update(texte_etat=EtatTexte.A_EXTRAIRE, texte_essais=0)


# --- one batch -----------------------------------------------------------------------------------
def _waiting(documents: DocumentQuerySet) -> DocumentQuerySet:
    return documents.filter(texte_etat=EtatTexte.A_EXTRAIRE).order_by("pk")


def _next_batch(documents: DocumentQuerySet) -> list[Document]:
    """New ones together; those already tried one by one: the next failure is theirs alone."""
    batch: list[Document] = []
    size = 0
    for document in _waiting(documents).filter(texte_essais=0)[:BATCH]:
        size += document.file_size or 0
        if batch and size > BATCH_SIZE:
            break
        batch.append(document)
    return batch or list(_waiting(documents)[:1])


def _read_at_once(pk: int) -> None:
    new = Document.objects.filter(pk=pk, texte_etat=EtatTexte.A_EXTRAIRE, texte_essais=0)
    _read(list(new), delay=AT_ONCE, retry=False)


def _read(
    documents: Sequence[Document], *, delay: float = DELAY, retry: bool = True
) -> Counter[str]:
    """Read and write; how many came to each state, those to be tried again left out."""
    failed = [row.pk for row in documents if row.texte_essais >= ATTEMPTS]
    done: Counter[str] = Counter()
    found: dict[int, Lecture] = {}
    held = 0
    tried = [row for row in documents if row.texte_essais < ATTEMPTS]
    for document, contenu in _contents(tried, delay=delay, retry=retry):
        if contenu is not None:
            found[document.pk] = lecture_of(contenu, document.format)
            held += sum(map(len, contenu.pages))
        elif document.texte_essais + 1 == ATTEMPTS:
            failed.append(document.pk)
        if held > HELD:
            done += _record(found)
            held = 0
    done += _record(found)
    record_failures(failed)
    done[str(EtatTexte.ECHEC)] += len(failed)
    return done


def _record(found: dict[int, Lecture]) -> Counter[str]:
    record_readings(found)
    done = Counter(str(lecture.texte_etat) for lecture in found.values())
    found.clear()
    # Where DEBUG is on, Django keeps the text of the queries, and these hold whole documents.
    if not connection.force_debug_cursor:
        reset_queries()
    return done


def _contents(
    documents: Sequence[Document], *, delay: float, retry: bool
) -> Iterator[tuple[Document, Contenu | None]]:
    with ExitStack() as stack:
        fichiers = [_fichier(row, stack) for row in documents]
        # Before anything is read: what kills this very process is counted too.
        Document.objects.filter(pk__in=[row.pk for row in documents]).update(
            texte_essais=F("texte_essais") + 1
        )
        contents = read_files([row for row in fichiers if row], delay=delay, retry=retry)
        for document, fichier in zip(documents, fichiers, strict=True):
            yield document, next(contents) if fichier else None


def _fichier(document: Document, stack: ExitStack) -> Fichier | None:
    """The file where the process can open it; None, and a warning, if the storage has lost it."""
    name = document.file.name
    try:
        path = Path(document.file.storage.path(name))
        if path.is_file():
            return Fichier(str(path), document.format)
    except NotImplementedError:  # a distant store
        with suppress(FileNotFoundError):
            return _copy(document, stack)
    logger.warning("Fichier absent du stockage : %s", name)
    return None


def _copy(document: Document, stack: ExitStack) -> Fichier:
    """In a file without a name: whatever is killed, nothing of it stays on the disk."""
    copy = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  # the stack closes it
    with document.file.storage.open(document.file.name, "rb") as stored:
        shutil.copyfileobj(stored, copy)
    copy.flush()
    return Fichier(f"/dev/fd/{copy.fileno()}", document.format, copy.fileno())
