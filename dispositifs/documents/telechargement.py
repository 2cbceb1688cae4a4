"""« Tout télécharger »: the documents of a dispositif that this reader may have, as one ZIP."""

import zipfile
from collections.abc import Iterable, Iterator

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from dispositifs.models import Document
from dispositifs.tableur import BOM, csv_line

from .medias import open_file
from .views import actor_of

MANIFEST = "manifeste.csv"
COLUMNS = ("Fichier", "Titre", "Type", "Date", "Langue", "Licence", "Qui peut le lire", "SHA-256")
BLOCK = 1 << 16  # bytes


@require_safe
def documents_zip(request: HttpRequest, departement: str, slug: str) -> StreamingHttpResponse:
    """Streamed: nothing larger than a block is ever in memory, nothing is written on disk."""
    actor = actor_of(request)
    found = (
        Document.objects.readable_by(actor)
        .current()
        .filter(
            dispositif__slug=slug, dispositif__departement=departement.partition("-")[0].upper()
        )
        .select_related("type")
        .recent_first()
    )
    documents = list(found)
    if not documents:
        raise Http404("Aucun document à télécharger ici.")
    body = zip_of(documents) if request.method == "GET" else ()
    response = StreamingHttpResponse(body, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{slug}-documents.zip"'
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["X-Content-Type-Options"] = "nosniff"
    patch_vary_headers(response, ["Cookie"])
    return response


def zip_of(documents: Iterable[Document]) -> Iterator[bytes]:
    """The bytes of the archive: each file, then the list of what it holds.

    A file that the storage has lost is left out, and out of the list.
    """
    pipe = _Pipe()
    names: set[str] = set()
    lines = [BOM + csv_line(COLUMNS)]
    # Stored as they are: PDF and office files are compressed already.
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for document in documents:
            opened = open_file(document.file, shared=False)
            if opened is None:
                continue
            name = _free_name(document.nom, names)
            lines.append(csv_line(_described(document, name)))
            with (
                opened[0],
                archive.open(_entry(document, name), "w") as entry,
            ):
                for block in opened[0].chunks(BLOCK):
                    entry.write(block)
                    yield pipe.take()
        archive.writestr(MANIFEST, "".join(lines))
    yield pipe.take()


class _Pipe:
    """What the archive writes, taken away as it comes."""

    def __init__(self) -> None:
        self.blocks: list[bytes] = []

    def write(self, block: bytes, /) -> int:
        self.blocks.append(bytes(block))
        return len(block)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Nothing is open."""

    def take(self) -> bytes:
        taken = b"".join(self.blocks)
        self.blocks.clear()
        return taken


def _entry(document: Document, name: str) -> zipfile.ZipInfo:
    moment = timezone.localtime(document.maj)
    return zipfile.ZipInfo(name, date_time=moment.timetuple()[:6])


def _free_name(nom: str, taken: set[str]) -> str:
    """Two documents may have one title: the second is « titre-2.pdf »."""
    stem, _, extension = nom.rpartition(".")
    name, rank = nom, 1
    while name in taken:
        rank += 1
        name = f"{stem}-{rank}.{extension}"
    taken.add(name)
    return name


def _described(document: Document, name: str) -> list[object]:
    return [
        name,
        document.title,
        document.type.libelle if document.type else "",
        document.date,
        document.get_langue_display(),
        document.get_licence_display(),
        document.get_niveau_display(),
        document.sha256,
    ]
