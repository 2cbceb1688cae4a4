"""The home page: where to start from, and what the directory holds today."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dispositifs.carte.dessin import draw_france
from dispositifs.carte.lieux import lieux_of
from dispositifs.choices import NaturePublique
from dispositifs.models import AccueilPage, FichePublique
from dispositifs.publication import comptes

from . import chiffres

LATEST = 6


def accueil(request: HttpRequest) -> HttpResponse:
    introduction = AccueilPage.objects.values_list("introduction", flat=True).first()
    context = {**_directory_today(), "introduction": introduction or ""}
    return render(request, "accueil/accueil.html", context)


def _directory_today() -> dict[str, Any]:
    counts = comptes.read()
    total = {nature: counts[nature, comptes.TOTAL].get("", 0) for nature in NaturePublique}
    pilots = counts[NaturePublique.DISPOSITIF, comptes.PILOTE]
    departements = counts[NaturePublique.DISPOSITIF, "departement"]
    recents = FichePublique.objects.dispositifs().order_by("-maj", "-pk")
    return {
        "chiffres": [
            _figure(total[NaturePublique.DISPOSITIF], "dispositif", "/dispositifs/"),
            _figure(len(pilots), "département engagé", "#territoires"),
            _figure(total[NaturePublique.DOCUMENT], "document", "/documents/"),
            _figure(total[NaturePublique.BONNE_PRATIQUE], "bonne pratique", "/bonnes-pratiques/"),
        ],
        "thematiques": chiffres.thematique_counts(counts[NaturePublique.DISPOSITIF, "thematique"]),
        "regions": chiffres.regions(departements),
        "dessin": draw_france(
            departements,
            url=lambda forme: f"/dispositifs/{forme.slug}/",
            lieux=lieux_of(recents),
        ),
        "recents": chiffres.cartes(recents, LATEST),
    }


def _figure(total: int, label: str, url: str) -> dict[str, Any]:
    return {"total": total, "libelle": label, "url": url}
