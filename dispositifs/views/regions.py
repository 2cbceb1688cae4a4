"""The page of a région: its départements, and what the directory holds there."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from annuaire.acteurs.models import Region
from dispositifs.choices import NaturePublique
from dispositifs.publication import comptes

from . import chiffres

CARTES = 6


def region(request: HttpRequest, code: str) -> HttpResponse:
    """One of the 18 régions by its code; another code answers 404 with the régions to choose."""
    row = Region.objects.filter(pk=code.replace("\0", "")).first()
    if row is None:
        return _unknown(request)
    departements = list(row.departements.order_by("code"))
    dispositifs = chiffres.in_region(NaturePublique.DISPOSITIF, row.code)
    counts = chiffres.counts_by_value("thematique", "statut", "departement", among=dispositifs)
    totals = comptes.read()
    thematiques = chiffres.thematique_counts(counts["thematique"])
    context: dict[str, Any] = {
        "region": row,
        "fil": [
            {"libelle": "Dispositifs", "url": "/dispositifs/"},
            {"libelle": row.nom, "url": ""},
        ],
        "departements": [
            chiffres.departement_link(found, counts["departement"].get(found.code, 0))
            for found in departements
        ],
        "total": totals[NaturePublique.DISPOSITIF, "region"].get(row.code, 0),
        "total_documents": totals[NaturePublique.DOCUMENT, "region"].get(row.code, 0),
        "total_bonnes_pratiques": totals[NaturePublique.BONNE_PRATIQUE, "region"].get(row.code, 0),
        "statuts": chiffres.statut_counts(counts["statut"]),
        "thematiques": [found for found in thematiques if found["total"]],
        "cartes": chiffres.cartes(dispositifs.order_by("-maj", "-pk"), CARTES),
    }
    return render(request, "dispositifs/region.html", context)


def _unknown(request: HttpRequest) -> HttpResponse:
    regions = [
        {"nom": row.nom, "url": chiffres.region_url(row.code)}
        for row in chiffres.in_order(Region.objects.all())
    ]
    return render(request, "dispositifs/region_inconnue.html", {"regions": regions}, status=404)
