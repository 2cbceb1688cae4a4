"""The documents of a dispositif on one screen, with their versions: deposit, replace, withdraw."""

import datetime
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.generic import View
from wagtail.admin import messages
from wagtail.documents.forms import get_document_form

from dispositifs.actions.documents import withdraw_document
from dispositifs.choices import Niveau, StatutDocument
from dispositifs.documents.auteurs import author_sentences
from dispositifs.documents.doublons import same_file
from dispositifs.documents.forms import FILE_HELP
from dispositifs.models import DispositifPage, Document

from .depot import breadcrumbs, files_aside, put_all_aside
from .reperages import tell_findings
from .requete import account, dispositif_or_404


class RetirerForm(forms.Form):
    motif = forms.CharField(
        label="Motif",
        max_length=300,
        help_text="Pourquoi la pièce n’est plus diffusée : gardé au journal.",
        error_messages={"required": "Dites pourquoi vous retirez ce document."},
    )


@dataclass
class Anterieure:
    """An earlier version, and the day when the next one took its place."""

    document: Document
    remplacee_le: datetime.datetime

    @property
    def url(self) -> str:
        return f"{self.document.url}?version={self.document.version}"


@dataclass
class Ligne:
    """A current document with its earlier versions, and the errors of what was just asked of it."""

    document: Document
    anterieures: list[Anterieure] = field(default_factory=list)
    erreurs_version: list[str] = field(default_factory=list)
    erreurs_retrait: list[str] = field(default_factory=list)


class DocumentsView(View):
    """GET lists; POST deposits files. A dispositif of another département is 404."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return _show(request, dispositif_or_404(request, pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        page = dispositif_or_404(request, pk)
        files = request.FILES.getlist("fichiers")
        if not files:
            messages.error(request, "Aucun fichier n’a été choisi : choisissez-en au moins un.")
        elif put_all_aside(request, page, files):
            return redirect("dispositifs_admin:depot", page.pk)
        return redirect("dispositifs_admin:documents", page.pk)


class VersionView(View):
    """A new file behind the same address; the description stays as it is."""

    def post(self, request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
        page = dispositif_or_404(request, pk)
        document = _current(page, document_pk)
        form_class = get_document_form(Document, fields=["file"])
        form = form_class(request.POST, request.FILES, instance=document, user=account(request))
        # Without a file a form of this class would keep the one in place.
        if "file" not in request.FILES:
            form.add_error("file", "Choisissez le fichier de la nouvelle version.")
        if not form.is_valid():
            errors = [sentence for rows in form.errors.values() for sentence in rows]
            return _show(request, page, document_pk, erreurs_version=errors)
        version = form.save()
        messages.success(
            request, f"« {version.title} » : version {version.version} en place, à la même adresse."
        )
        warn_of_file(request, version)
        return redirect("dispositifs_admin:documents", page.pk)


class RetirerView(View):
    def post(self, request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
        page = dispositif_or_404(request, pk)
        document = _current(page, document_pk)
        form = RetirerForm(request.POST)
        if not form.is_valid():
            return _show(
                request,
                page,
                document_pk,
                erreurs_retrait=[str(row) for row in form.errors["motif"]],
            )
        withdraw_document(document=document, motif=form.cleaned_data["motif"], by=account(request))
        messages.success(request, f"« {document.title} » est retiré : plus personne ne le reçoit.")
        return redirect("dispositifs_admin:documents", page.pk)


def warn_of_file(request: HttpRequest, document: Document) -> None:
    """Whom its properties and its text name, and where the same file is already."""
    for sentence in (*author_sentences(document), *same_file(document, account(request))):
        messages.warning(request, sentence)
    tell_findings(request, document)


def _current(page: DispositifPage, document_pk: int) -> Document:
    return get_object_or_404(page.documents.current(), pk=document_pk)


def _show(
    request: HttpRequest, page: DispositifPage, pk: int | None = None, **errors: list[str]
) -> HttpResponse:
    """The screen; `errors` are those of the document `pk`."""
    lignes = _lignes(page)
    for ligne in lignes:
        if ligne.document.pk == pk:
            for name, sentences in errors.items():
                setattr(ligne, name, sentences)
    here = reverse("dispositifs_admin:documents", args=[page.pk])
    context: dict[str, Any] = {
        "page": page,
        "lignes": lignes,
        "comptes": _counts(lignes),
        "en_attente": len(files_aside(request, page)),
        "aide_fichier": FILE_HELP,
        "retour": urlencode({"next": here}),
        "header_title": f"Documents : {page.title}",
        "header_icon": "doc-full-inverse",
        "breadcrumbs_items": breadcrumbs(page, "Documents"),
    }
    return TemplateResponse(request, "dispositifs/admin/documents.html", context)


def _lignes(page: DispositifPage) -> list[Ligne]:
    """Current documents, the latest first, each with its earlier versions: one query."""
    rows = page.documents.select_related("type", "deposant").defer("reperages").recent_first()
    versions: dict[str, list[Document]] = {}
    for row in rows:
        versions.setdefault(row.identifiant, []).append(row)
    found = []
    for same in versions.values():
        same.sort(key=lambda row: row.version, reverse=True)
        if not same[0].courante:
            continue  # its current version is attached elsewhere
        ligne = Ligne(same[0])
        for later, earlier in pairwise(same):
            ligne.anterieures.append(Anterieure(earlier, later.created_at))
        found.append(ligne)
    found.sort(key=lambda ligne: ligne.document.date or datetime.date.min, reverse=True)
    return found


def _counts(lignes: list[Ligne]) -> list[tuple[str, int]]:
    """How many validated documents each niveau has, and how many are in another statut."""
    rows = [ligne.document for ligne in lignes]
    valides = [row.niveau for row in rows if row.statut == StatutDocument.VALIDE]
    counts = [(niveau.label, valides.count(niveau)) for niveau in Niveau]
    others = [
        (statut.label, sum(row.statut == statut for row in rows))
        for statut in StatutDocument
        if statut != StatutDocument.VALIDE
    ]
    return [(label, count) for label, count in (*counts, *others) if count]
