"""Reading again a document where personal data may be: the places found, and what to do of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.generic import View
from wagtail.admin import messages

from dispositifs.actions.documents import confirm_anonymat, withdraw_document
from dispositifs.choices import EtatAnonymat
from dispositifs.models import Document
from dispositifs.reperage import LIBELLES, MAXIMUM

from .documents import RetirerForm
from .requete import account

SHEETS = ("xlsx", "ods", "csv")
GESTES = {
    "nir": "Masquez-le dans le fichier et déposez la nouvelle version : il n’est jamais diffusé.",
    "iban": "Masquez-le dans le fichier et déposez la nouvelle version : il n’est jamais diffusé.",
    "nir-probable": "Si c’en est un, même incomplet, masquez-le et déposez la nouvelle version.",
    "telephone": "Celui d’un accueil ou d’un service peut rester, celui d’une personne jamais.",
    "courriel": "L’adresse d’un agent en fonction peut rester s’il est d’accord ; les autres non.",
    "naissance": "Une date de naissance désigne quelqu’un : mettez un âge ou une tranche d’âge.",
    "noms": "Les signataires et les élus peuvent rester ; les personnes accompagnées jamais.",
}


class ConfirmerForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi ces données peuvent être diffusées",
        max_length=300,
        help_text="Gardé au journal : « standard de la mairie », « signataires de la convention ».",
        error_messages={"required": "Dites pourquoi ces données peuvent être diffusées."},
    )


@dataclass(frozen=True)
class Famille:
    """The places of one nature, in the order of the pages."""

    libelle: str
    geste: str
    places: list[dict[str, str]]


class RelectureView(View):
    """GET shows the places; POST confirms, or withdraws. What is not one's own is 404."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return _show(request, _document(request, pk), ConfirmerForm(), _retirer())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = _document(request, pk)
        confirming = "confirmer" in request.POST
        confirmer = ConfirmerForm(request.POST if confirming else None)
        retirer = _retirer(None if confirming else request.POST)
        form = confirmer if confirming else retirer
        if form.is_valid():
            try:
                sentence = (_confirm if confirming else _withdraw)(request, document, form)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                messages.success(request, sentence)
                return redirect(_back(document))
        return _show(request, document, confirmer, retirer)


def _document(request: HttpRequest, pk: int) -> Document:
    mine = Document.objects.manageable_by(account(request))
    return get_object_or_404(mine.select_related("dispositif", "type"), pk=pk)


def _retirer(data: Any = None) -> RetirerForm:
    """Beside the other form, which has a motif too."""
    return RetirerForm(data, prefix="retrait")


def _confirm(request: HttpRequest, document: Document, form: forms.Form) -> str:
    confirm_anonymat(document=document, motif=form.cleaned_data["motif"], by=account(request))
    return f"« {document.title} » est relu : sa diffusion suit son niveau et son statut."


def _withdraw(request: HttpRequest, document: Document, form: forms.Form) -> str:
    withdraw_document(document=document, motif=form.cleaned_data["motif"], by=account(request))
    return f"« {document.title} » est retiré : il n’est plus servi."


def _back(document: Document) -> str:
    if document.dispositif_id:
        return reverse("dispositifs_admin:documents", args=[document.dispositif_id])
    return reverse("wagtaildocs:index")


def _familles(document: Document) -> Iterable[Famille]:
    """What blocks first, as it was kept."""
    places: dict[str, list[dict[str, str]]] = {}
    for row in document.reperages:
        place = {"extrait": row["extrait"], **_place(document, row["page"])}
        places.setdefault(row["nature"], []).append(place)
    for nature, rows in places.items():
        yield Famille(LIBELLES.get(nature, nature), GESTES.get(nature, ""), rows)


def _place(document: Document, page: int) -> dict[str, str]:
    """« page 3 », and the address of the file at this page where browsers can go to it."""
    url = f"{document.url}?version={document.version}"
    if page == 0:
        return {"lieu": "Propriétés du fichier", "url": ""}
    if document.format in SHEETS:
        return {"lieu": f"Feuille {page}", "url": url}
    if document.format == "pdf":
        return {"lieu": f"Page {page}", "url": f"{url}#page={page}"}
    return {"lieu": f"Page {page}", "url": url}


def _show(
    request: HttpRequest, document: Document, confirmer: forms.Form, retirer: forms.Form
) -> HttpResponse:
    edit = reverse("wagtaildocs:edit", args=[document.pk])
    context: dict[str, Any] = {
        "document": document,
        "familles": list(_familles(document)),
        "a_confirmer": document.anonymat == EtatAnonymat.A_CONFIRMER,
        "bloque": document.anonymat == EtatAnonymat.BLOQUE,
        "limite": MAXIMUM if len(document.reperages) >= MAXIMUM else 0,
        "confirmer": confirmer,
        "retirer": retirer,
        "remplacer_url": f"{edit}?{urlencode({'next': _back(document)})}",
        "retour": _back(document),
        "header_title": f"Relecture : {document.title}",
        "header_icon": "doc-full-inverse",
        "breadcrumbs_items": [
            {"url": _back(document), "label": "Documents"},
            {"url": "", "label": document.title},
        ],
    }
    return TemplateResponse(request, "dispositifs/admin/relecture.html", context)
