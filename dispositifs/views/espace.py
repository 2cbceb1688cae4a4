"""The space of operators and partners: the dispositifs of their running mandats."""

from collections import defaultdict
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from annuaire.acteurs.droits import droits_of
from annuaire.acteurs.models import User
from dispositifs import permissions
from dispositifs.choices import EtatProposition, NatureMandat
from dispositifs.models import DispositifPage, Document, Mandat, Proposition

from .fiches import reserved_entry


@login_required
def espace(request: HttpRequest) -> HttpResponse:
    """Published dispositifs entrusted to this account; drafts are only counted, never named."""
    user = request.user
    if not isinstance(user, User) or not permissions.can_enter_espace(user):
        raise Http404("Cette page n’existe pas.")
    entrusted = DispositifPage.objects.entrusted_to(user).select_related("departement")
    pages = list(entrusted.filter(permissions.q_public_page()).order_by("title"))
    context = {
        "structure": user.structure,
        "dispositifs": _entries(user, pages),
        "propositions": _propositions(user),
        "a_venir": entrusted.count() - len(pages),
        "fil": [{"libelle": "Mon espace", "url": ""}],
    }
    return render(request, "espace/espace.html", context)


def _propositions(user: User) -> dict[str, int]:
    """How many there are, how many wait for an answer, how many answers nobody here has read."""
    return Proposition.objects.proposed_by(user).aggregate(
        total=Count("pk"),
        en_attente=Count("pk", filter=Q(etat=EtatProposition.PROPOSEE)),
        nouvelles=Count("pk", filter=~Q(etat=EtatProposition.PROPOSEE) & Q(vue_le=None)),
    )


def _entries(user: User, pages: list[DispositifPage]) -> list[dict[str, Any]]:
    documents = defaultdict(list)
    readable = Document.objects.readable_by(user).current().filter(dispositif__in=pages)
    for document in readable.select_related("type").recent_first():
        documents[document.dispositif_id].append(reserved_entry(document))
    mandats = defaultdict(list)
    running = Mandat.objects.running().filter(dispositif__in=pages)
    for mandat in running.filter(structure__in=droits_of(user).structures).order_by("nature"):
        mandats[mandat.dispositif_id].append(mandat)
    return [
        {
            "identifiant": page.identifiant,
            "titre": page.title,
            "url": f"/dispositifs/{departement.slug}/{page.slug}/",
            "departement": departement,
            "statut": page.statut,
            "statut_libelle": page.get_statut_display(),
            "documents": documents[page.pk],
            "mandats": mandats[page.pk],
            "peut_proposer": any(
                mandat.nature == NatureMandat.OPERATEUR for mandat in mandats[page.pk]
            ),
        }
        for page in pages
        if (departement := page.departement)
    ]
