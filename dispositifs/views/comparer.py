"""`/dispositifs/comparer/?f=…&f=…`: the choice is carried by the address, and by nothing else."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from . import chiffres
from .choix import FEWEST, MOST, MOST_READ, asked, readable
from .comparaison import compare
from .proches import proches

Json = dict[str, Any]
SHOWN = 60  # characters of what is repeated in a notice
PROPOSED = 6
ADRESSE = "/dispositifs/comparer/"


@require_safe
def comparer(request: HttpRequest) -> HttpResponse:
    """Two to four public dispositifs; what is not one is said and left out."""
    found = _read(readable(request.GET))
    fiches = found[:MOST]
    chosen = [fiche["identifiant"] for fiche in fiches]
    context = {
        "notices": _notices(asked(request.GET), found),
        "colonnes": [_column(fiche, chosen) for fiche in fiches],
        "groupes": compare(fiches) if len(fiches) >= FEWEST else [],
        "choisis": chosen,
        "annuaire": address(chosen, "/dispositifs/"),
        "proposes": _proposed(fiches) if len(fiches) < MOST else [],
        "fil": [
            {"libelle": "Dispositifs", "url": "/dispositifs/"},
            {"libelle": "Comparer", "url": ""},
        ],
    }
    return render(request, "dispositifs/comparer.html", context)


def address(identifiants: Sequence[str], path: str = ADRESSE) -> str:
    """An address that carries these dispositifs; the comparison's, or another page's."""
    query = urlencode([("f", row) for row in identifiants])
    return f"{path}?{query}" if query else path


def _read(identifiants: Sequence[str]) -> list[Json]:
    """The public fiches of these identifiants, in the order asked, in one query."""
    if not identifiants:
        return []
    rows = chiffres.public_dispositifs().filter(identifiant__in=identifiants)
    found = dict(rows.values_list("identifiant", "fiche"))
    return [json.loads(found[row]) for row in identifiants if row in found]


def _notices(identifiants: Sequence[str], found: Sequence[Json]) -> list[str]:
    known = {fiche["identifiant"] for fiche in found}
    unknown = [_shown(row) for row in identifiants[:MOST_READ] if row not in known]
    notices = []
    if unknown:
        names = ", ".join(f"« {row} »" for row in unknown[:MOST])
        more = f" (et {len(unknown) - MOST} de plus)" if len(unknown) > MOST else ""
        notices.append(f"Aucun dispositif publié ne porte cet identifiant : {names}{more}.")
    if len(found) > MOST or len(identifiants) > MOST_READ:
        notices.append(f"La comparaison porte sur {MOST} dispositifs au plus : voici les premiers.")
    return notices


def _shown(identifiant: str) -> str:
    readable = "".join(char for char in identifiant if char.isprintable())
    return readable if len(readable) <= SHOWN else readable[:SHOWN] + "…"


def _column(fiche: Json, chosen: Sequence[str]) -> Json:
    """The head of a column: the fiche, where it is read by machines, the address without it."""
    identifiant = fiche["identifiant"]
    others = [row for row in chosen if row != identifiant]
    return {
        "fiche": fiche,
        "api": f"/api/v1/dispositifs/{identifiant}",
        "retirer": address(others),
    }


def _proposed(fiches: Sequence[Json]) -> list[Json]:
    """Cartes to choose from: those close to the first one, else the latest of the directory."""
    chosen = {fiche["identifiant"] for fiche in fiches}
    close = proches(fiches[0]) if fiches else []
    proposed = [carte for carte in close if carte["identifiant"] not in chosen]
    if proposed:
        return proposed
    latest = chiffres.public_dispositifs().exclude(identifiant__in=chosen).order_by("-maj", "-pk")
    return chiffres.cartes(latest, PROPOSED)
