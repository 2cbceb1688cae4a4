"""The directory as a Wagtail site writes it: `.live().public().search()`, facets by SQL."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import render

from dispositifs.models import DispositifPage

FACETTES = {
    "thematique": "thematiques__slug",
    "region": "departement__region",
    "departement": "departement",
    "forme": "formes__slug",
    "statut": "statut",
    "public": "publics__slug",
    "annee": "date_debut__year",
    "operateur": "chef_de_file__nom",
}
SHOWN = ("departement__region", "chef_de_file")
LISTS = ("thematiques", "formes", "communes", "documents")


def liste(request):
    pages = DispositifPage.objects.live().public()
    for facette, lookup in FACETTES.items():
        if values := request.GET.getlist(facette):
            chosen = DispositifPage.objects.filter(**{f"{lookup}__in": values})
            pages = pages.filter(pk__in=list(chosen.values_list("pk", flat=True)))
    if q := request.GET.get("q"):
        # In the order of the relevance; the queryset of the results is still one.
        pages = pages.search(q, operator="and").get_queryset()
    else:
        pages = pages.order_by("-last_published_at")
    shown = pages.select_related(*SHOWN).prefetch_related(*LISTS)
    page = Paginator(shown, 20).get_page(request.GET.get("page"))
    found = list(pages.order_by().values_list("pk", flat=True))
    context = {"page": page, "facettes": {name: counts(found, FACETTES[name]) for name in FACETTES}}
    return render(request, "bench/liste.html", context)


def counts(found, lookup):
    rows = DispositifPage.objects.filter(pk__in=found).order_by().values_list(lookup)
    return rows.annotate(total=Count("pk")).order_by("-total")
