"""Pages of text: the editors' own when live, else a short honest default."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dispositifs import permissions
from dispositifs.choices import ROLE_PILOTE, NaturePublique
from dispositifs.models import ContenuPage, DepartementPage, FichePublique
from dispositifs.publication import comptes

from . import chiffres

# Their titles when no editor has written them.
TITRES = {
    "accessibilite": "Accessibilité",
    "aide": "Aide",
    "contact": "Contact",
    "donnees-personnelles": "Données personnelles",
    "mentions-legales": "Mentions légales",
}
MAX_IDENTIFIANT = 120


def contenu(request: HttpRequest, slug: str, **extra: Any) -> HttpResponse:
    """An obligatory page, which answers even on an empty site."""
    page = ContenuPage.objects.filter(permissions.q_public_page(), slug=slug).first()
    if page is None:
        fil = [{"libelle": TITRES[slug], "url": ""}]
        return render(request, f"contenus/{slug}.html", {"fil": fil, **extra})
    return render(request, page.template, {**page.get_context(request), **extra})


def contact(request: HttpRequest) -> HttpResponse:
    """Whom to write to; `?fiche=` tells which fiche is meant and names its service."""
    return contenu(request, "contact", concerne=_concerned(request.GET.get("fiche", "")))


def _concerned(identifiant: str) -> dict[str, Any] | None:
    if not identifiant or "\0" in identifiant or len(identifiant) > MAX_IDENTIFIANT:
        return None
    rows = FichePublique.objects.filter(
        nature=NaturePublique.DISPOSITIF, identifiant=identifiant
    ).values_list("carte", flat=True)
    carte = rows.first()
    if carte is None:
        return None
    fiche = json.loads(carte)
    departements = DepartementPage.objects.filter(departement=fiche["departement"]["code"])
    service = departements.values_list("contact", flat=True).first()
    pilotes = [row["nom"] for row in fiche["structures"] if row["role"] == ROLE_PILOTE]
    return {"fiche": fiche, "service": service or ", ".join(pilotes)}


def plan_du_site(request: HttpRequest) -> HttpResponse:
    counts = comptes.read()
    context = {
        "contenus": ContenuPage.objects.filter(permissions.q_public_page()).order_by("title"),
        "thematiques": chiffres.thematique_counts(counts[NaturePublique.DISPOSITIF, "thematique"]),
        "regions": chiffres.regions(counts[NaturePublique.DISPOSITIF, "departement"]),
        "fil": [{"libelle": "Plan du site", "url": ""}],
    }
    return render(request, "dispositifs/plan_du_site.html", context)
