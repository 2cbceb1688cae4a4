"""The home page: where to start from, and what the directory holds today."""

from collections import defaultdict
from typing import Any

from django.core.cache import cache
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dispositifs.carte.dessin import draw_france
from dispositifs.carte.lieux import lieux_of, with_lieux
from dispositifs.choices import NaturePublique
from dispositifs.models import AccueilPage, FichePublique, VersionAnnuaire

from . import chiffres

LATEST = 6
KEPT = 24 * 3600  # seconds


def accueil(request: HttpRequest) -> HttpResponse:
    introduction = AccueilPage.objects.values_list("introduction", flat=True).first()
    context = {**directory_today(), "introduction": introduction or ""}
    return render(request, "accueil/accueil.html", context)


def directory_today() -> dict[str, Any]:
    """Figures and latest fiches, kept until the directory's version changes."""
    key = f"accueil:{VersionAnnuaire.current()}"
    found: dict[str, Any] = cache.get_or_set(key, _read, KEPT)  # type: ignore[assignment]  # never None
    return found


def _read() -> dict[str, Any]:
    dispositifs = chiffres.public_dispositifs()
    totals, pilots = _totals()
    counts = chiffres.counts_by_value("thematique", "departement", among=dispositifs)
    recents = dispositifs.order_by("-maj", "-pk")
    return {
        "chiffres": [
            _figure(totals.get(NaturePublique.DISPOSITIF, 0), "dispositif", "/dispositifs/"),
            _figure(pilots, "département engagé", "#territoires"),
            _figure(totals.get(NaturePublique.DOCUMENT, 0), "document", "/documents/"),
            _figure(
                totals.get(NaturePublique.BONNE_PRATIQUE, 0), "bonne pratique", "/bonnes-pratiques/"
            ),
        ],
        "thematiques": chiffres.thematique_counts(counts["thematique"]),
        "regions": chiffres.regions(counts["departement"]),
        "dessin": draw_france(
            counts["departement"],
            url=lambda forme: f"/dispositifs/{forme.slug}/",
            lieux=lieux_of(with_lieux(recents)),
        ),
        "recents": chiffres.cartes(recents, LATEST),
    }


def _totals() -> tuple[dict[str, int], int]:
    """({nature: number of public objects}, number of départements that pilot a dispositif)."""
    rows = FichePublique.objects.order_by().values_list("nature", "departement")
    totals: dict[str, int] = defaultdict(int)
    pilots = set()
    for nature, departement, total in rows.annotate(Count("pk")):
        totals[nature] += total
        if departement and nature == NaturePublique.DISPOSITIF:
            pilots.add(departement)
    return totals, len(pilots)


def _figure(total: int, label: str, url: str) -> dict[str, Any]:
    return {"total": total, "libelle": label, "url": url}
