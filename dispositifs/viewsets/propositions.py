"""The queue of propositions: what operators ask, compared with what is there, and one decision."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from annuaire.acteurs.models import User
from dispositifs import permissions
from dispositifs.actions.propositions import (
    DECIDED,
    accept_document,
    accept_text,
    current_text,
    refuse_proposition,
    text_fingerprint,
)
from dispositifs.choices import EtatAnonymat, EtatProposition, NatureProposition, Niveau
from dispositifs.models import DispositifPage, Document, Proposition
from dispositifs.models.champs import KEY
from dispositifs.models.texte_riche import has_marks, html_to_text
from dispositifs.saisie.decisions import AccepterDocumentForm, AccepterTexteForm, RefuserForm
from dispositifs.saisie.difference import Passage, difference
from dispositifs.saisie.propositions import natures_found

from .requete import account

INDEX, DETAIL = "propositions_admin:index", "propositions_admin:detail"
BY_PAGE = 10
NOMINATIFS: tuple[str, ...] = (EtatAnonymat.A_CONFIRMER, EtatAnonymat.BLOQUE)


@dataclass(frozen=True)
class Comparaison:
    """The texts of a rubrique, seen by whoever decides on a new one."""

    passages: list[Passage]  # from the present text to the proposed one
    actuel: str
    vu: str
    has_changed: bool  # the fiche since the operator wrote
    loses_marks: bool  # links, bold and italic of the present text
    draft_differs: bool  # somebody is writing this rubrique too
    nominatives: str  # data of the proposed text that may name a person, in words


class FileView(View):
    """What waits, the oldest first; or what has been decided, the latest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = account(request)
        decided = request.GET.get("etat") == "traitees"
        rows = _rows(user)
        rows = rows.exclude(etat=EtatProposition.PROPOSEE) if decided else rows.pending()
        dispositif = _asked_dispositif(request, user)
        if dispositif is not None:
            rows = rows.filter(dispositif=dispositif)
        rows = rows.order_by("-traite_le", "-pk") if decided else rows.order_by("created_at", "pk")
        page = Paginator(rows, BY_PAGE).get_page(request.GET.get("p"))
        context = {
            "cartes": [_card(row) for row in page],
            "pages": page,
            "traitees": decided,
            "dispositif": dispositif,
            "header_title": "Propositions",
            "header_icon": "mail",
            "breadcrumbs_items": [{"url": "", "label": "Propositions"}],
        }
        return TemplateResponse(request, "dispositifs/admin/propositions.html", context)


class PropositionView(View):
    """One proposition, waiting or decided: where the mail leads."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return _show(request, _proposition(request, pk))


class AccepterView(View):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        proposition = _proposition(request, pk)
        form = _accept_form(proposition, request)
        if not form.is_valid():
            return _show(request, proposition, accepter=form)
        try:
            sentence = _accept(proposition, form, account(request))
        except ValidationError as refusal:
            return _refused(request, proposition, refusal, accepter=form)
        messages.success(request, sentence)
        return redirect(INDEX)


class RefuserView(View):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        proposition = _proposition(request, pk)
        form = RefuserForm(request.POST)
        if not form.is_valid():
            return _show(request, proposition, refuser=form)
        try:
            refuse_proposition(
                proposition=proposition, motif=form.cleaned_data["motif"], by=account(request)
            )
        except ValidationError as refusal:
            return _refused(request, proposition, refusal, refuser=form)
        messages.success(
            request, f"Proposition refusée ; {proposition.structure} en reçoit le motif."
        )
        return redirect(INDEX)


# --- rows ----------------------------------------------------------------------------------------
def _rows(user: User) -> Any:
    return Proposition.objects.decidable_by(user).select_related(
        "dispositif__departement", "dispositif__latest_revision", "document__type", "structure",
        "propose_par", "traite_par",
    )  # fmt: skip


def _proposition(request: HttpRequest, pk: int) -> Proposition:
    return get_object_or_404(_rows(account(request)), pk=pk)


def _asked_dispositif(request: HttpRequest, user: User) -> DispositifPage | None:
    asked = request.GET.get("dispositif", "")
    mine = DispositifPage.objects.editable_by(user)
    return mine.filter(pk=asked).first() if KEY.fullmatch(asked) else None


# --- decisions -----------------------------------------------------------------------------------
def _accept_form(proposition: Proposition, request: HttpRequest) -> BaseForm:
    if proposition.nature == NatureProposition.TEXTE:
        return AccepterTexteForm(request.POST)
    return AccepterDocumentForm(request.POST)


def _accept(proposition: Proposition, form: BaseForm, by: User) -> str:
    """Accept it; what has happened, in words."""
    if proposition.nature == NatureProposition.TEXTE:
        page = accept_text(proposition=proposition, by=by, **form.cleaned_data)
        where = "en ligne" if page.live else "dans le brouillon de la fiche, qui n’est pas en ligne"
        return f"{proposition.objet} : le nouveau texte est {where}."
    niveau = Niveau(form.cleaned_data["niveau"])
    document = accept_document(proposition=proposition, niveau=niveau, by=by)
    return f"« {document.title} » est accepté. {_readers(document)}"


def _readers(document: Document) -> str:
    if document.niveau != Niveau.PUBLIC:
        return f"Niveau : {document.get_niveau_display().lower()}."
    if permissions.is_diffusable(document):
        return "Tout le monde peut le lire dès que la fiche est en ligne."
    return (
        "Il ne sera public qu’une fois relu"
        f" (anonymat : {document.get_anonymat_display().lower()})."
    )


def _refused(
    request: HttpRequest, proposition: Proposition, refusal: ValidationError, **forms: BaseForm
) -> HttpResponse:
    """Show again, with the refusal and what was typed; or say that somebody came first."""
    if getattr(refusal, "code", None) == DECIDED:
        messages.warning(request, refusal.messages[0])
        return redirect(DETAIL, proposition.pk)
    for form in forms.values():
        form.add_error(None, refusal)
    return _show(request, _proposition(request, proposition.pk), **forms)


# --- what is shown -------------------------------------------------------------------------------
def _show(request: HttpRequest, proposition: Proposition, **forms: BaseForm) -> HttpResponse:
    context = {
        "carte": _card(proposition, **forms),
        "header_title": f"Proposition : {proposition.dispositif.title}",
        "header_icon": "mail",
        "breadcrumbs_items": [
            {"url": reverse(INDEX), "label": "Propositions"},
            {"url": "", "label": proposition.dispositif.title},
        ],
    }
    return TemplateResponse(request, "dispositifs/admin/proposition.html", context)


def _card(
    proposition: Proposition, accepter: BaseForm | None = None, refuser: BaseForm | None = None
) -> dict[str, Any]:
    """What the template of one proposition needs; a form given is one that was refused."""
    document = proposition.document
    comparaison = _compare(proposition) if document is None else None
    if accepter is None:
        accepter = _blank_accept_form(proposition, comparaison)
    elif comparaison is not None:
        # What is accepted next is compared with the text that is shown now.
        shown = {"vu": text_fingerprint(comparaison.actuel)}
        accepter.data = dict(accepter.data.items()) | shown
    return {
        "proposition": proposition,
        "comparaison": comparaison,
        "a_traiter": proposition.etat == EtatProposition.PROPOSEE,
        "accepter": accepter,
        "refuser": refuser or RefuserForm(auto_id=f"refuser-{proposition.pk}-%s"),
        "a_relire": document is not None and document.anonymat in NOMINATIFS,
    }


def _blank_accept_form(proposition: Proposition, comparaison: Comparaison | None) -> BaseForm:
    auto_id = f"accepter-{proposition.pk}-%s"
    if comparaison is not None:
        initial = {"texte": proposition.texte, "vu": text_fingerprint(comparaison.actuel)}
        return AccepterTexteForm(initial=initial, auto_id=auto_id)
    niveau = proposition.document and proposition.document.niveau
    return AccepterDocumentForm(initial={"niveau": niveau}, auto_id=auto_id)


def _compare(proposition: Proposition) -> Comparaison:
    page, rubrique = proposition.dispositif, proposition.rubrique
    pending = proposition.etat == EtatProposition.PROPOSEE
    actuel = current_text(page, rubrique) if pending else proposition.texte_vu
    draft = page.latest_revision if page.has_unpublished_changes else None
    draft_text = html_to_text(draft.content.get(rubrique) or "") if draft else actuel
    return Comparaison(
        passages=difference(actuel, proposition.texte),
        actuel=actuel,
        vu=proposition.texte_vu,
        has_changed=actuel != proposition.texte_vu,
        loses_marks=has_marks(getattr(page, rubrique)),
        draft_differs=draft_text != actuel,
        nominatives=natures_found(proposition.texte) if pending else "",
    )


# --- registration --------------------------------------------------------------------------------
class PropositionsMenuItem(MenuItem):
    """With the number of those that wait for this account."""

    def render_component(self, request: HttpRequest) -> Any:
        count = Proposition.objects.decidable_by(request.user).pending().count()
        component = super().render_component(request)
        if count:
            component.label = f"{self.label} ({count})"
        return component


def menu_item() -> MenuItem:
    return PropositionsMenuItem(
        "Propositions", reverse(INDEX), name="propositions", icon_name="mail"
    )


class PropositionsViewSet(ViewSet):
    name = "propositions_admin"
    url_prefix = "propositions"
    icon = "mail"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", FileView.as_view(), name="index"),
            path("<int:pk>/", PropositionView.as_view(), name="detail"),
            path("<int:pk>/accepter/", AccepterView.as_view(), name="accepter"),
            path("<int:pk>/refuser/", RefuserView.as_view(), name="refuser"),
        ]
