"""The page of a département: all 101 exist, with or without dispositif."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from annuaire.acteurs.models import Commune, Departement
from dispositifs.carte.departement import draw_departement
from dispositifs.carte.dessin import Dessin
from dispositifs.carte.lieux import lieux_of
from dispositifs.choices import NaturePublique
from dispositifs.models import DepartementPage
from dispositifs.publication import comptes

from . import chiffres

CARTES = 12
DOCUMENTS = 6


def departement(request: HttpRequest, slug: str) -> HttpResponse:
    row, voisins = departement_at(slug)
    if row.slug != slug:
        return redirect("departement", row.slug, permanent=True)
    counts = comptes.read()
    dispositifs = counts[NaturePublique.DISPOSITIF, "departement"]
    page = DepartementPage.objects.filter(departement=row, live=True).first()
    context = {
        "departement": row,
        "presentation": page.presentation if page else "",
        "contact": page.contact if page else "",
        "fil": [
            {"libelle": "Dispositifs", "url": "/dispositifs/"},
            {"libelle": row.region.nom, "url": chiffres.region_url(row.region_id)},
            {"libelle": f"{row.nom} ({row.code})", "url": ""},
        ],
        **_fiches(row),
        "total_documents": counts[NaturePublique.DOCUMENT, "departement"].get(row.code, 0),
        "dessin": _map(row, dispositifs),
        "voisins": [
            chiffres.departement_link(voisin, dispositifs.get(voisin.code, 0)) for voisin in voisins
        ],
    }
    return render(request, "dispositifs/departement.html", context)


def departement_at(slug: str) -> tuple[Departement, list[Departement]]:
    """Itself and its neighbours, in one query.

    By the code that begins the address: « 33 » or « 33-nimporte » lead to « 33-gironde ».
    """
    code = slug.partition("-")[0].upper()
    borders = Departement.voisins.through.objects.filter(from_departement=code)
    rows = Departement.objects.select_related("region").filter(
        Q(pk=code) | Q(pk__in=borders.values("to_departement"))
    )
    found = {row.code: row for row in rows}
    if code not in found:
        raise Http404("Ce département n’existe pas.")
    return found.pop(code), list(found.values())


def _fiches(row: Departement) -> dict[str, Any]:
    dispositifs = chiffres.in_departement(NaturePublique.DISPOSITIF, row.code)
    documents = chiffres.in_departement(NaturePublique.DOCUMENT, row.code)
    counts = chiffres.counts_by_value("thematique", "statut", among=dispositifs)
    statuts = chiffres.statut_counts(counts["statut"])
    thematiques = chiffres.thematique_counts(counts["thematique"])
    return {
        "cartes": chiffres.cartes(chiffres.at_home_first(dispositifs, row.code), CARTES),
        "total": sum(found["total"] for found in statuts),
        "statuts": statuts,
        "thematiques": [found for found in thematiques if found["total"]],
        "documents": chiffres.cartes(chiffres.at_home_first(documents, row.code), DOCUMENTS),
    }


def _map(row: Departement, counts: dict[str, int]) -> Dessin:
    dispositifs = chiffres.in_departement(NaturePublique.DISPOSITIF, row.code)
    lieux = lieux_of(dispositifs.order_by("-maj", "-pk"))
    chef_lieu = Commune.objects.filter(pk=row.chef_lieu).first()
    return draw_departement(row, counts, chef_lieu=chef_lieu, lieux=lieux)
