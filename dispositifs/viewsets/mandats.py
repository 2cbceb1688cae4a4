"""The mandats of a dispositif: running, ended, opened and closed on one screen."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View
from wagtail.admin import messages

from dispositifs.actions.mandats import close_mandat, open_mandat
from dispositifs.models import DispositifPage
from dispositifs.saisie.mandats import FermerMandatForm, ouvrir_mandat_form

from .requete import account, dispositif_or_404


class MandatsView(View):
    """GET lists; POST opens. A dispositif of another département is 404."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return _show(request, dispositif_or_404(request, pk), ouvrir_mandat_form()())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        page = dispositif_or_404(request, pk)
        form = ouvrir_mandat_form()(request.POST)
        if form.is_valid():
            try:
                mandat = open_mandat(dispositif=page, by=account(request), **form.cleaned_data)
            except ValidationError as refusal:
                _add_errors(form, refusal)
            else:
                messages.success(request, f"Mandat ouvert à {mandat.structure}.")
                return redirect("dispositifs_admin:mandats", page.pk)
        return _show(request, page, form)


class FermerView(View):
    def post(self, request: HttpRequest, pk: int, mandat_pk: int) -> HttpResponse:
        page = dispositif_or_404(request, pk)
        mandat = get_object_or_404(page.mandats.select_related("structure"), pk=mandat_pk)
        form = FermerMandatForm(request.POST)
        if form.is_valid():
            try:
                close_mandat(mandat=mandat, au=form.cleaned_data["au"], by=account(request))
            except ValidationError as refusal:
                _add_errors(form, refusal)
            else:
                messages.success(request, f"Mandat de {mandat.structure} fermé.")
                return redirect("dispositifs_admin:mandats", page.pk)
        return _show(request, page, ouvrir_mandat_form()(), closing=(mandat.pk, form))


def _add_errors(form: BaseForm, refusal: ValidationError) -> None:
    """On the field that the refusal names, if the form has it; else above the form."""
    by_field = refusal.message_dict if hasattr(refusal, "error_dict") else {"": refusal.messages}
    for name, sentences in by_field.items():
        form.add_error(name if name in form.fields else None, sentences)


def _show(
    request: HttpRequest,
    page: DispositifPage,
    form: BaseForm,
    closing: tuple[int, FermerMandatForm] | None = None,
) -> HttpResponse:
    mandats = list(page.mandats.select_related("structure", "donne_par"))
    today = timezone.localdate()
    current = [mandat for mandat in mandats if mandat.au is None or mandat.au >= today]
    context: dict[str, Any] = {
        "page": page,
        "form": form,
        "closing_pk": closing[0] if closing else None,
        "closing_form": closing[1] if closing else FermerMandatForm(),
        "en_cours": current,
        "termines": [mandat for mandat in mandats if mandat not in current],
        "media": form.media + FermerMandatForm().media,
        "header_title": f"Mandats : {page.title}",
        "header_icon": "key",
        "breadcrumbs_items": [
            {"url": reverse("dispositifs_admin:index"), "label": "Mes dispositifs"},
            {"url": reverse("wagtailadmin_pages:edit", args=[page.pk]), "label": page.title},
            {"url": "", "label": "Mandats"},
        ],
    }
    return TemplateResponse(request, "dispositifs/admin/mandats.html", context)
