"""Documents whose verdict is awaited, or asked again with newer signatures."""

from collections.abc import Callable
from dataclasses import dataclass

from dispositifs.actions.antivirus import record_verdict
from dispositifs.choices import EtatAntivirus
from dispositifs.models import Document
from dispositifs.models.documents import DocumentQuerySet

from .antivirus import AntivirusMuet, scan

Progress = Callable[[int, int], None]


@dataclass
class Bilan:
    """How many files were judged, how many of them are infected, how many still wait."""

    juges: int = 0
    infectes: int = 0
    absents: int = 0
    en_attente: int = 0
    raison: str = ""


def waiting() -> DocumentQuerySet:
    return Document.objects.filter(antivirus=EtatAntivirus.A_ANALYSER)


def scan_documents(documents: DocumentQuerySet, progress: Progress | None = None) -> Bilan:
    """Ask for a verdict on each of these, and keep it.

    A document without verdict stays in the state it has: one that nobody could read yet still
    waits, one that was sound is not hidden because clamd is restarting.
    """
    bilan = Bilan()
    ids = list(documents.order_by("pk").values_list("pk", flat=True))
    for rank, pk in enumerate(ids):
        document = Document.objects.filter(pk=pk).first()
        if document is not None:
            _scan(document, bilan)
        if progress:
            progress(rank + 1, len(ids))
    return bilan


def _scan(document: Document, bilan: Bilan) -> None:
    try:
        with document.file.open("rb") as file:
            signature = scan(file)
    except FileNotFoundError:
        bilan.absents += 1
        return
    except AntivirusMuet as reason:
        bilan.en_attente += 1
        bilan.raison = str(reason)
        return
    etat = EtatAntivirus.INFECTE if signature else EtatAntivirus.SAIN
    bilan.juges += 1
    bilan.infectes += bool(signature)
    record_verdict(document=document, etat=etat, signature=signature)
