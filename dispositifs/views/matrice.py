"""`/dispositifs/matrice/`: thématiques × formes, where the empty cells are what one looks for."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Count, FilteredRelation, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annuaire.acteurs.models import Region
from dispositifs.choices import NaturePublique
from dispositifs.models import FichePublique, Forme, Thematique, VersionAnnuaire

from . import chiffres

Json = dict[str, Any]
KEPT = 24 * 3600  # seconds
SHOWN = 60  # characters of what is repeated in a notice


@require_safe
def matrice(request: HttpRequest) -> HttpResponse:
    """Every thématique and every forme, with the number of dispositifs that have both."""
    regions = list(Region.objects.order_by("-zone", "nom").values("code", "nom"))
    asked = request.GET.get("region", "").strip()
    region = next((row for row in regions if row["code"] == asked), None)
    context = {
        "matrice": _matrix(region["code"] if region else ""),
        "regions": regions,
        "region": region,
        "notice": _notice(asked) if asked and not region else "",
        "fil": [
            {"libelle": "Dispositifs", "url": "/dispositifs/"},
            {"libelle": "Thématiques et formes", "url": ""},
        ],
    }
    return render(request, "dispositifs/matrice.html", context)


def _notice(asked: str) -> str:
    readable = "".join(char for char in asked[:SHOWN] if char.isprintable())
    return f"Région inconnue : « {readable} ». Voici toute la France."


def _matrix(region: str) -> Json:
    """The matrix of one région, or of France, kept until the directory's version changes."""
    key = f"matrice:{VersionAnnuaire.current()}:{region}"
    found: Json = cache.get_or_set(key, lambda: _read(region), KEPT)  # type: ignore[assignment]  # never None
    return found


def _read(region: str) -> Json:
    among = (
        chiffres.in_region(NaturePublique.DISPOSITIF, region)
        if region
        else chiffres.public_dispositifs()
    )
    cells, totals = pair_counts(among), chiffres.counts_by_value("thematique", "forme", among=among)
    thematiques = [
        {"slug": row.slug, "libelle": row.name}
        for row in Thematique.objects.filter(remplacee_par=None)
        if row.actif or row.slug in totals["thematique"]
    ]
    formes = [
        {"slug": row.slug, "libelle": row.libelle}
        for row in Forme.objects.all()
        if row.actif or row.slug in totals["forme"]
    ]
    return {
        "thematiques": [
            {**row, **_cell(totals["thematique"].get(row["slug"], 0), region, thematique=row)}
            for row in thematiques
        ],
        "lignes": [_line(forme, thematiques, cells, totals["forme"], region) for forme in formes],
        "vides": sum(
            not cells.get((thematique["slug"], forme["slug"]))
            for thematique in thematiques
            for forme in formes
        ),
        "total": among.count(),
    }


def pair_counts(among: QuerySet[FichePublique]) -> dict[tuple[str, str], int]:
    """{(thématique, forme): number of fiches that have both}, in one query."""
    rows = (
        among.order_by()
        .annotate(
            thematique=FilteredRelation("valeurs", condition=Q(valeurs__facette="thematique")),
            forme=FilteredRelation("valeurs", condition=Q(valeurs__facette="forme")),
        )
        .filter(thematique__isnull=False, forme__isnull=False)
        .values_list("thematique__valeur", "forme__valeur")
        .annotate(total=Count("pk"))
    )
    return {(thematique, forme): total for thematique, forme, total in rows}


def _line(
    forme: Json,
    thematiques: list[Json],
    cells: Mapping[tuple[str, str], int],
    totals: Mapping[str, int],
    region: str,
) -> Json:
    return {
        **forme,
        **_cell(totals.get(forme["slug"], 0), region, forme=forme),
        "cases": [
            {
                "thematique": thematique["libelle"],
                **_cell(
                    cells.get((thematique["slug"], forme["slug"]), 0),
                    region,
                    thematique=thematique,
                    forme=forme,
                ),
            }
            for thematique in thematiques
        ],
    }


def _cell(total: int, region: str, **chosen: Json) -> Json:
    """A count and the address of its list."""
    pairs = [(name, row["slug"]) for name, row in chosen.items()]
    query = urlencode([*pairs, *([("region", region)] if region else [])])
    return {"total": total, "url": f"/dispositifs/?{query}"}
