"""What operators propose for their dispositifs: two forms, and the answers. No script needed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from annuaire.acteurs.models import User
from dispositifs import permissions
from dispositifs.actions.propositions import (
    propose_document,
    propose_text,
    withdraw_proposition,
)
from dispositifs.choices import RUBRIQUES, EtatProposition
from dispositifs.models import DispositifPage, Document, Proposition
from dispositifs.models.texte_riche import has_marks, html_to_text
from dispositifs.saisie.propositions import ProposerDocumentForm, ProposerTexteForm

BY_PAGE = 20
SENT = "Votre proposition est envoyée. Vous serez prévenu par courriel de la réponse."
ANSWERED = "Cette proposition a déjà sa réponse, ou est déjà retirée : rien n’a été changé."
# The word of the queue, « À traiter », is the correspondant's.
ETATS = {
    EtatProposition.PROPOSEE: "En attente de réponse",
    EtatProposition.ACCEPTEE: "Acceptée",
    EtatProposition.REFUSEE: "Refusée",
    EtatProposition.RETIREE: "Retirée",
}


@login_required
def propositions(request: HttpRequest) -> HttpResponse:
    """The propositions of this structure; an answer shown here once is no longer new."""
    user = _account(request)
    own = Proposition.objects.proposed_by(user).select_related(
        "dispositif__departement", "document", "structure"
    )
    page = Paginator(own, BY_PAGE).get_page(request.GET.get("page"))
    context = {
        "propositions": _entries(user, list(page)),
        "pages": page,
        "fil": _trail("Mes propositions"),
    }
    unread = [row.pk for row in page if row.is_new_answer]
    response = render(request, "espace/propositions.html", context)
    if unread:
        Proposition.objects.filter(pk__in=unread).update(vue_le=timezone.now())
    return response


@login_required
def retirer_proposition(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks to confirm; one that has its answer meanwhile is not taken back."""
    user = _account(request)
    proposition = get_object_or_404(Proposition.objects.proposed_by(user), pk=pk)
    if request.method == "POST":
        try:
            withdraw_proposition(proposition=proposition, by=user)
        except ValidationError:
            messages.warning(request, ANSWERED)
        else:
            messages.success(request, "Votre proposition est retirée.")
        return redirect("propositions")
    context = {"proposition": proposition, "fil": _trail("Retirer une proposition")}
    return render(request, "espace/retirer_proposition.html", context)


@login_required
def proposer_document(request: HttpRequest, identifiant: str) -> HttpResponse:
    user = _account(request)
    page = _dispositif(user, identifiant)
    form = ProposerDocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        propose_document(
            dispositif=page, document=form.document(), message=form.cleaned_data["message"], by=user
        )
        messages.success(request, SENT)
        return redirect("propositions")
    context = {"page": page, "form": form, "fil": _trail("Proposer un document")}
    return render(request, "espace/proposer_document.html", context)


@login_required
def choisir_rubrique(request: HttpRequest, identifiant: str) -> HttpResponse:
    """The six rubriques and how their text begins today."""
    page = _dispositif(_account(request), identifiant)
    rubriques = [
        {"nom": nom, "libelle": libelle, "texte": html_to_text(getattr(page, nom))}
        for nom, libelle in RUBRIQUES.items()
    ]
    context = {"page": page, "rubriques": rubriques, "fil": _trail("Proposer un nouveau texte")}
    return render(request, "espace/choisir_rubrique.html", context)


@login_required
def proposer_texte(request: HttpRequest, identifiant: str, rubrique: str) -> HttpResponse:
    if rubrique not in RUBRIQUES:
        raise Http404("Cette rubrique n’existe pas.")
    user = _account(request)
    page = _dispositif(user, identifiant)
    form = ProposerTexteForm(request.POST or None, page=page, rubrique=rubrique)
    if request.method == "POST" and form.is_valid():
        try:
            propose_text(dispositif=page, rubrique=rubrique, by=user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            form.show_current()
        else:
            messages.success(request, SENT)
            return redirect("propositions")
    pending = Proposition.objects.proposed_by(user).pending()
    context = {
        "page": page,
        "form": form,
        "rubrique": RUBRIQUES[rubrique],
        "mise_en_forme": has_marks(getattr(page, rubrique)),
        "en_attente": pending.filter(dispositif=page, rubrique=rubrique).first(),
        "fil": _trail("Proposer un nouveau texte"),
    }
    return render(request, "espace/proposer_texte.html", context)


def _account(request: HttpRequest) -> User:
    """An account of a structure; anybody else is told that the page does not exist."""
    if not isinstance(request.user, User) or not permissions.can_enter_espace(request.user):
        raise Http404("Cette page n’existe pas.")
    return request.user


def _dispositif(user: User, identifiant: str) -> DispositifPage:
    rows = DispositifPage.objects.open_to_propositions_of(user).select_related("departement")
    return get_object_or_404(rows, identifiant=identifiant)


def _entries(user: User, rows: list[Proposition]) -> list[dict[str, Any]]:
    shown = [row.dispositif_id for row in rows]
    public = set(
        DispositifPage.objects.publicly_readable().filter(pk__in=shown).values_list("pk", flat=True)
    )
    files = [row.document_id for row in rows if row.document_id]
    readable = set(
        Document.objects.readable_by(user).filter(pk__in=files).values_list("pk", flat=True)
    )
    return [
        {
            "proposition": row,
            "etat": ETATS[EtatProposition(row.etat)],
            "en_attente": row.etat == EtatProposition.PROPOSEE,
            # The title of a fiche that is no longer public may be a draft's.
            "dispositif": row.dispositif if row.dispositif_id in public else None,
            "document": row.document if row.document_id in readable else None,
        }
        for row in rows
    ]


def _trail(label: str) -> list[dict[str, str]]:
    return [{"libelle": "Mon espace", "url": "/espace/"}, {"libelle": label, "url": ""}]
