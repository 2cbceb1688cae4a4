"""« Déclarer un dispositif »: two clicks, near duplicates shown before."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.generic import View
from wagtail.admin import messages

from dispositifs.actions.dispositifs import declare_dispositif
from dispositifs.models import DispositifPage
from dispositifs.saisie.declaration import DeclarationForm, departements_of

from .requete import account


class DeclarerView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        wanted = request.GET.get("departement", "")
        user = account(request)
        initial = {"departement": wanted} if wanted in departements_of(user) else {}
        return self._show(request, DeclarationForm(user=user, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        user = account(request)
        form = DeclarationForm(request.POST, user=user)
        if not form.is_valid() or not form.is_confirmed():
            return self._show(request, form)
        page = declare_dispositif(
            titre=form.cleaned_data["titre"],
            departement=form.cleaned_data["departement"],
            publier="publier" in request.POST,
            by=user,
        )
        _say(request, page)
        return redirect("wagtailadmin_pages:edit", page.pk)

    def _show(self, request: HttpRequest, form: DeclarationForm) -> HttpResponse:
        only = departements_of(account(request))
        context: dict[str, Any] = {
            "form": form,
            "doublons": form.doublons,
            "departement": form.fields["departement"].queryset.first() if len(only) == 1 else None,  # type: ignore[attr-defined]  # a ModelChoiceField
            "page_title": "Déclarer un dispositif",
            "header_title": "Déclarer un dispositif",
            "header_icon": "plus",
            "breadcrumbs_items": [
                {"url": reverse("dispositifs_admin:index"), "label": "Mes dispositifs"},
                {"url": "", "label": "Déclarer un dispositif"},
            ],
        }
        return TemplateResponse(request, "dispositifs/admin/declarer.html", context)


def _say(request: HttpRequest, page: DispositifPage) -> None:
    if page.live:
        buttons = [messages.button(page.url, "Voir la fiche")]
        messages.success(
            request,
            f"« {page.title} » est en ligne. Complétez la fiche quand vous le pouvez.",
            buttons=buttons,
        )
    else:
        messages.success(
            request,
            f"« {page.title} » est enregistré en brouillon : il ne se lit pas encore sur le site.",
        )
