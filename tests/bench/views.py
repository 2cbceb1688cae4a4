"""What only the bench asks of the server: the ping, what to ask, and work without a page."""

import os

from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpResponse, JsonResponse

from dispositifs.models import DispositifPage, Document, FichePublique, VersionAnnuaire
from search import indexing, wording
from search.query import parse

from .questions import draw

READY = b"x" * 10_000


def ping(request):
    return HttpResponse(READY)


def questions(request):
    return JsonResponse(draw(int(request.GET["graine"])))


def engine_only(request):
    """The share of the engine in a page of the directory."""
    query = parse(request.GET)
    answer = indexing.engine().search(query, wording.read(query.q))
    return HttpResponse(str(answer.total))


def index_one(request, rank):
    """A fiche that has changed reaches the index."""
    with transaction.atomic():
        version = VersionAnnuaire.raise_version()
        fiche = FichePublique.objects.dispositifs().order_by("pk")[rank]
        FichePublique.objects.filter(pk=fiche.pk).update(version=version)
    return HttpResponse(str(indexing.apply_changes()))


def publish_one(request, rank):
    """An editor publishes: revision, page, projection, index."""
    page = DispositifPage.objects.live().order_by("pk")[rank]
    page.resume = f"{page.resume[:280]} (révision {VersionAnnuaire.current()})"
    page.save_revision().publish()
    return HttpResponse(page.identifiant)


def big_files(request):
    """Ten files of 20 MB on one fiche, and one of 5 MB: made once."""
    page = DispositifPage.objects.live().order_by("pk").first()
    small = _file("bench-cinq", 5 << 20, None)
    for rank in range(10):
        _file(f"bench-{rank}", 20 << 20, page)
    archive = f"{page.get_url()}documents.zip"
    return JsonResponse({"fichier": small.url, "etag": f'"{small.sha256}"', "archive": archive})


def _file(identifiant, size, page):
    found = Document.objects.filter(identifiant=identifiant).first()
    if found:
        return found
    content = b"%PDF-1.7" + os.urandom(size - 8)
    made = Document(
        identifiant=identifiant, title=identifiant, dispositif=page, niveau="public", file_size=size,
        file=ContentFile(content, f"{identifiant}.pdf"), anonymat="rien", texte_etat="sans-texte",
    )  # fmt: skip
    made.sha256 = made.fingerprint()
    made.save()
    return made
