"""Pages of one fiche: the projection's JSON for all, and what this reader may see beyond."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from annuaire.acteurs.models import User
from dispositifs import permissions
from dispositifs.choices import NaturePublique, StatutDocument
from dispositifs.models import DispositifPage, Document, FichePublique, Mandat
from dispositifs.publication.documents import attach_earlier, document_entry

from .chiffres import region_url
from .proches import beyond


def dispositif(request: HttpRequest, departement: str, slug: str) -> HttpResponse:
    fiche, page_id = _read(NaturePublique.DISPOSITIF, f"/dispositifs/{departement}/{slug}/")
    pilote, region = fiche["libelles"]["departement"], fiche["libelles"]["region"]
    context = {
        "fiche": fiche,
        "reserve": _reserved(request, page_id),
        "choisis": [fiche["identifiant"]],
        **beyond(fiche),
        "fil": [
            {"libelle": "Dispositifs", "url": "/dispositifs/"},
            {"libelle": region["nom"], "url": region_url(region["code"])},
            {"libelle": f"{pilote['nom']} ({pilote['code']})", "url": pilote["url"]},
            {"libelle": fiche["titre"], "url": ""},
        ],
    }
    return render(request, "dispositifs/dispositif.html", context)


def bonne_pratique(request: HttpRequest, slug: str) -> HttpResponse:
    fiche, page_id = _read(NaturePublique.BONNE_PRATIQUE, f"/bonnes-pratiques/{slug}/")
    context = {
        "fiche": fiche,
        "modifier": _edit_url(page_id)
        if permissions.can_manage_vocabularies(_user(request))
        else "",
        "fil": [
            {"libelle": "Bonnes pratiques", "url": "/bonnes-pratiques/"},
            {"libelle": fiche["titre"], "url": ""},
        ],
    }
    return render(request, "dispositifs/bonne_pratique.html", context)


def _read(nature: str, url: str) -> tuple[dict[str, Any], int | None]:
    """The public fiche at this address, in one query; 404 for all that is not public."""
    if "\0" in url:  # PostgreSQL refuses it with an error
        raise Http404("Cette fiche n’existe pas.")
    # By its address alone: asked for the nature too, SQLite reads all the fiches of this nature.
    row = FichePublique.objects.filter(url=url).values_list("nature", "fiche", "page").first()
    if row is None or row[0] != nature:
        raise Http404("Cette fiche n’existe pas, ou n’est plus publiée.")
    return json.loads(row[1]), row[2]


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _reserved(request: HttpRequest, page_id: int | None) -> dict[str, Any] | None:
    """What this reader may see beyond the public; None for the public, without any query."""
    user = _user(request)
    page = DispositifPage.objects.filter(pk=page_id).first() if user else None
    if page is None:
        return None
    at_home = DispositifPage.objects.at_home_for(user).filter(pk=page.pk).exists()
    return {
        "documents": _reserved_documents(user, page),
        "mandats": _running_mandats(page) if at_home else [],
        "modifier": _edit_url(page.pk) if permissions.can_edit(user, page) else "",
    }


def _reserved_documents(user: User | None, page: DispositifPage) -> list[dict[str, Any]]:
    documents = (
        Document.objects.readable_by(user)
        .current()
        .filter(dispositif=page)
        .exclude(permissions.q_diffusable())  # of this page, which is public
        .select_related("type")
        .recent_first()
    )
    readable = Document.objects.readable_by(user)
    return [reserved_entry(document) for document in attach_earlier(documents, readable)]


def reserved_entry(document: Document) -> dict[str, Any]:
    """A document card; one that is not public also says who may read it, and its statut."""
    entry = document_entry(document)
    if permissions.is_diffusable(document):
        return entry
    entry["niveau_libelle"] = document.get_niveau_display()
    valide = document.statut == StatutDocument.VALIDE
    entry["statut_libelle"] = "" if valide else document.get_statut_display()
    return entry


def _running_mandats(page: DispositifPage) -> list[Mandat]:
    running = Mandat.objects.running().filter(dispositif=page).select_related("structure")
    return list(running.order_by("nature", "structure__nom"))


def _edit_url(page_id: int | None) -> str:
    return f"/admin/pages/{page_id}/edit/"
