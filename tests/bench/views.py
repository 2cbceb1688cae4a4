"""What only the bench asks of the server: the ping, what to ask, and work without a page."""

from django.db import transaction
from django.http import HttpResponse, JsonResponse

from dispositifs.models import DispositifPage, FichePublique, VersionAnnuaire
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
