"""Describing the files just deposited on a dispositif, all on one page, saved at once."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.generic import View
from wagtail.admin import messages

from dispositifs.documents.auteurs import author_sentences
from dispositifs.documents.doublons import same_files
from dispositifs.documents.forms import DocumentForm
from dispositifs.documents.lot import (
    ESSENTIELS,
    FACULTATIFS,
    Fichier,
    describing_forms,
    discard,
    make_document,
    put_aside,
    still_aside,
)
from dispositifs.models import DispositifPage
from dispositifs.templatetags.lisible import pluriel

from .reperages import tell_findings
from .requete import account, dispositif_or_404


class DepotView(View):
    """Each file has its own fields; what is right is kept, what is wrong waits beside its error."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        page = dispositif_or_404(request, pk)
        fichiers = files_aside(request, page)
        if not fichiers:
            return redirect("dispositifs_admin:documents", page.pk)
        return _show(request, page, fichiers, describing_forms(fichiers, page, account(request)))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        page = dispositif_or_404(request, pk)
        fichiers = files_aside(request, page)
        forms = describing_forms(fichiers, page, account(request), request.POST)
        waiting = [row for row in fichiers if not _settle(request, row, forms[row.pk])]
        if not waiting:
            request.session.pop(_key(page), None)
            return redirect("dispositifs_admin:documents", page.pk)
        left = pluriel(len(waiting), "fichier attend,fichiers attendent")
        messages.error(
            request, f"{left} une correction ; rien de ce que vous avez saisi n’est perdu."
        )
        return _show(request, page, waiting, forms)


# --- files put aside, in the session -------------------------------------------------------------
def put_all_aside(request: HttpRequest, page: DispositifPage, files: Iterable[File]) -> bool:
    """Receive these files; tell those that are refused; whether any was kept."""
    kept = []
    for file in files:
        try:
            kept.append(put_aside(file, account(request)))
        except ValidationError as refusal:
            messages.error(request, f"« {file.name} » est refusé. {' '.join(refusal.messages)}")
    request.session[_key(page)] = [*request.session.get(_key(page), []), *kept]
    return bool(kept)


def files_aside(request: HttpRequest, page: DispositifPage) -> list[Fichier]:
    """The files that this session deposited on this dispositif and has not described yet."""
    kept = request.session.get(_key(page), [])
    return still_aside(kept, account(request)) if kept else []


def _key(page: DispositifPage) -> str:
    return f"depot-{page.pk}"


# --- the page ------------------------------------------------------------------------------------
def breadcrumbs(page: DispositifPage, *labels: str) -> list[dict[str, str]]:
    """From « Mes dispositifs » to this page, then to the screens of these labels."""
    addresses = {"Documents": reverse("dispositifs_admin:documents", args=[page.pk])}
    return [
        {"url": reverse("dispositifs_admin:index"), "label": "Mes dispositifs"},
        {"url": reverse("wagtailadmin_pages:edit", args=[page.pk]), "label": page.title},
        *({"url": addresses.get(label, ""), "label": label} for label in labels),
    ]


def _settle(request: HttpRequest, fichier: Fichier, form: DocumentForm) -> bool:
    """Make the document, or forget the file when asked; False if something is to be corrected."""
    if f"{fichier.prefix}-ecarter" in request.POST:
        discard(fichier)
        messages.success(request, f"« {fichier.nom} » n’est pas gardé.")
        return True
    if not form.is_valid():
        return False
    document = make_document(fichier, form)
    if document is not None:
        niveau = document.get_niveau_display().lower()
        messages.success(request, f"« {document.title} » est enregistré (niveau : {niveau}).")
        for sentence in author_sentences(document):
            messages.warning(request, sentence)
        tell_findings(request, document)
    return True


def _show(
    request: HttpRequest,
    page: DispositifPage,
    fichiers: list[Fichier],
    forms: dict[int, DocumentForm],
) -> HttpResponse:
    same = same_files([fichier.sha256 for fichier in fichiers], account(request))
    context: dict[str, Any] = {
        "page": page,
        "lignes": [
            {
                "fichier": fichier,
                "form": forms[fichier.pk],
                "deja": same.get(fichier.sha256, []),
                "essentiels": [forms[fichier.pk][name] for name in ESSENTIELS],
                "facultatifs": [forms[fichier.pk][name] for name in FACULTATIFS],
                "ouvert": any(name in FACULTATIFS for name in forms[fichier.pk].errors),
            }
            for fichier in fichiers
        ],
        "media": forms[fichiers[0].pk].media,
        "header_title": f"Décrire les documents : {page.title}",
        "header_icon": "doc-full-inverse",
        "breadcrumbs_items": breadcrumbs(page, "Documents", "Décrire"),
    }
    return TemplateResponse(request, "dispositifs/admin/depot.html", context)
