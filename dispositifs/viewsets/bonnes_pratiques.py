"""The way from the menu to the bonnes pratiques, which stay in Wagtail's own explorer."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from dispositifs import permissions
from dispositifs.models import BonnesPratiquesPage

from .requete import account


def bonnes_pratiques(request: HttpRequest) -> HttpResponse:
    if not permissions.can_manage_vocabularies(account(request)):
        raise Http404
    page = get_object_or_404(BonnesPratiquesPage)
    return redirect("wagtailadmin_explore", page.pk)
