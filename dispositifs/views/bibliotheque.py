"""The library of a département: its documents, dispositif by dispositif."""

import json
from collections import defaultdict
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from annuaire.acteurs.models import Departement, User
from annuaire.acteurs.normalisation import fold_name
from dispositifs import permissions
from dispositifs.choices import NaturePublique
from dispositifs.models import DispositifPage, Document, FichePublique

from . import chiffres
from .departements import departement_at
from .fiches import reserved_entry

GROUPS = 25  # dispositifs a page
Json = dict[str, Any]
UNNAMED = {
    "identifiant": "",
    "titre": "Fiches qui ne sont pas publiques",
    "url": "",
    "public": False,
}


def bibliotheque(request: HttpRequest, slug: str) -> HttpResponse:
    row, _ = departement_at(slug)
    if row.slug != slug:
        return redirect("bibliotheque", row.slug, permanent=True)
    public = _public(row)
    documents = [*public, *_reserved(request, row)]
    groups = _by_dispositif(documents, row.code)
    paginator = Paginator(groups, GROUPS)
    context = {
        "departement": row,
        "total": len(documents),
        "types": _types(public),
        "groupes": paginator.get_page(request.GET.get("page")),
        "fil": [
            {"libelle": "Documents", "url": "/documents/"},
            {"libelle": f"{row.nom} ({row.code})", "url": f"/dispositifs/{row.slug}/"},
            {"libelle": "Bibliothèque", "url": ""},
        ],
    }
    return render(request, "dispositifs/bibliotheque.html", context)


def _public(row: Departement) -> list[Json]:
    rows = chiffres.in_departement(NaturePublique.DOCUMENT, row.code)
    return [
        json.loads(carte) for carte in rows.order_by("-maj", "-pk").values_list("carte", flat=True)
    ]


def _reserved(request: HttpRequest, row: Departement) -> list[Json]:
    """What this reader may have beyond the public; nothing is asked for the public."""
    if not isinstance(request.user, User):
        return []
    shown = Exists(FichePublique.objects.filter(page=OuterRef("dispositif")))
    at_home = DispositifPage.objects.filter(permissions.q_at_home(request.user))
    here = Q(dispositif__departement=row) | Q(dispositif__departements_secondaires=row)
    found = (
        Document.objects.readable_by(request.user)
        .current()
        .filter(here)
        .exclude(permissions.q_public_document())
        .annotate(on_public_page=shown)
        .annotate(named=shown | Exists(at_home.filter(pk=OuterRef("dispositif"))))
        .select_related("type", "dispositif__departement")
        .recent_first()
        .distinct()
    )
    # Of a public document, only its page is not.
    closed = {"niveau_libelle": "Sa fiche n’est pas publique", "statut_libelle": ""}
    return [{**closed, **reserved_entry(document), **_host(document)} for document in found]


def _host(document: Any) -> Json:
    """Its dispositif; without a name for who may read the document, and not the fiche."""
    page = document.dispositif
    if not document.named:
        return {"dispositif": UNNAMED, "departement": {"code": page.departement_id}}
    return {
        "dispositif": {
            "identifiant": page.identifiant,
            "titre": page.title,
            "url": f"/dispositifs/{page.departement.slug}/{page.slug}/",
            "public": document.on_public_page,
        },
        "departement": {"code": page.departement_id},
    }


def _by_dispositif(documents: list[Json], code: str) -> list[Json]:
    """Those that the département pilots, then those that concern it too, each by title."""
    groups: dict[str, Json] = {}
    for document in documents:
        host = document["dispositif"]
        guest = document["departement"]["code"] != code
        new = {"public": True, **host, "guest": guest, "documents": []}
        group = groups.setdefault(host["identifiant"], new)
        # The card is under the title of its dispositif: it need not say it again.
        group["documents"].append({**document, "dispositif": None})
    return sorted(groups.values(), key=lambda group: (group["guest"], fold_name(group["titre"])))


def _types(documents: list[Json]) -> list[Json]:
    """Types of the public documents with their number, which opens the search."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for document in documents:
        if document["type"]:
            counts[document["libelles"]["type"], document["type"]] += 1
    return [
        {"libelle": libelle, "slug": slug, "total": total}
        for (libelle, slug), total in sorted(counts.items())
    ]
