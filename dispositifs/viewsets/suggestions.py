"""Suggestions of the fields that are typed: communes, intercommunalités, départements."""

from django.http import Http404, HttpRequest, JsonResponse

from dispositifs import permissions
from dispositifs.models import DispositifPage
from dispositifs.models.champs import TERRITOIRES, RepertoireDispositifs

from .requete import account

DISPOSITIFS = RepertoireDispositifs(
    "dispositifs", DispositifPage, "identifiant", "dispositif", "mous-bordeaux"
)


def suggestions(request: HttpRequest, repertoire: str) -> JsonResponse:
    """Names that begin with `term`, those of `departements` first, as the tag widget reads them."""
    found = TERRITOIRES.get(repertoire)
    if repertoire == DISPOSITIFS.nom and permissions.can_manage_vocabularies(account(request)):
        # National alone: the titles of drafts are among them.
        found = DISPOSITIFS
    if found is None:
        raise Http404
    near = [code for code in request.GET.get("departements", "").split(",") if code]
    rows = found.suggest(request.GET.get("term", "")[:100], near)
    return JsonResponse([found.label(row) for row in rows], safe=False)
