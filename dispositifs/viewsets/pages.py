"""Wagtail's own page views, for dispositifs and départements: where they lead, what they refuse."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.pages.copy import CopyView
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.delete import DeleteView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.unpublish import UnpublishView
from wagtail.admin.views.pages.utils import type_to_delete_confirmation
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page, Revision

from dispositifs.actions.dispositifs import check_deletable, confirm_texts, delete_dispositif
from dispositifs.models import BonnePratiquePage, DepartementPage, DispositifPage
from dispositifs.models.champs import limit_choices
from dispositifs.saisie.avertissements import avertissements
from dispositifs.saisie.declaration import departements_of

from .requete import account

LISTE = "dispositifs_admin:index"


class DispositifCreateView(CreateView):
    """Creation begins with « Déclarer un dispositif », which shows near duplicates."""

    def get(self, request: HttpRequest) -> HttpResponse:
        code = self.parent_page.departement_id
        return redirect(f"{reverse('dispositifs_admin:declarer')}?departement={code}")

    def redirect_away(self) -> HttpResponse:
        _warn(self)
        return redirect(self.next_url or LISTE)

    def redirect_and_remain(self) -> HttpResponse:
        _warn(self)
        response: HttpResponse = super().redirect_and_remain()
        return response


class GuardedEditView(EditView):
    """Refuses to write over what somebody else saved meanwhile, and keeps what was typed."""

    latest_revision: Any  # set by Wagtail's `dispatch`

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            if self._is_overtaken() and not self.page.alias_of_id:
                return self._show_conflict(request)
            return _with_new_revision(super().post(request, *args, **kwargs))

    def _is_overtaken(self) -> bool:
        """Whether another revision was saved since the form was opened or this request began.

        The row stays locked until the end: two people who save at once come one after the other.
        """
        locked = Page.objects.select_for_update().filter(pk=self.page.pk)
        current = locked.values_list("latest_revision", flat=True).get()
        if current != (self.latest_revision and self.latest_revision.pk):
            self.latest_revision = Revision.objects.get(pk=current)
            self.page.latest_revision = self.latest_revision
            self.__dict__.pop("latest_revision_created_at", None)
            return True
        return bool(self.is_out_of_date)

    def _show_conflict(self, request: HttpRequest) -> HttpResponse:
        sentence = conflict_message(self.latest_revision)
        response: HttpResponse
        if self.expects_json_response:
            response = self.json_error_response("invalid_revision", sentence)
            return response
        self.form = self.form_class(
            request.POST,
            request.FILES,
            instance=self.page,
            subscription=self.subscription,
            parent_page=self.parent,
            for_user=request.user,
        )
        self.form.is_valid()
        self.has_unsaved_changes = True
        # Saving by itself, at once, is what has just been refused.
        self.autosave_enabled = False
        messages.error(request, sentence)
        response = self.render_to_response(self.get_context_data())
        return response


class DispositifEditView(GuardedEditView):
    def redirect_away(self) -> HttpResponse:
        _warn(self)
        return redirect(self.next_url or LISTE)

    def redirect_and_remain(self) -> HttpResponse:
        _warn(self)
        response: HttpResponse = super().redirect_and_remain()
        return response


class DepartementEditView(GuardedEditView):
    def redirect_away(self) -> HttpResponse:
        return redirect(self.next_url or LISTE)


class DispositifDeleteView(DeleteView):
    """What hangs on a dispositif keeps it; the refusal says what to do instead."""

    def dispatch(self, request: HttpRequest, page_id: int) -> HttpResponse:
        page = DispositifPage.objects.editable_by(request.user).filter(pk=page_id).first()
        if page is not None:
            try:
                check_deletable(page)
            except ValidationError as refusal:
                messages.error(request, refusal.messages[0])
                return redirect("wagtailadmin_pages:edit", page.pk)
        response: HttpResponse = super().dispatch(request, page_id)
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not type_to_delete_confirmation(request):
            response: HttpResponse = self.render_to_response(self.get_context_data())
            return response
        title = self.page.get_admin_display_title()
        delete_dispositif(page=self.page, by=account(request))
        messages.success(request, f"« {title} » est supprimé.")
        return redirect(LISTE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        # Usage names pages of every département: it is not shown.
        return {**context, "usage_count": 0}


class DispositifUnpublishView(UnpublishView):
    def get_next_url(self) -> str:
        return get_valid_next_url_from_request(self.request) or reverse(LISTE)


class DispositifCopyView(CopyView):
    """A copy is a new draft, in a département of one's own; never an alias, which would follow."""

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields.pop("alias", None)
        codes = departements_of(account(self.request))
        # The stock form names the page that it refuses: only what may be chosen is looked up.
        mine = Page.objects.filter(departementpage__departement__in=codes)
        limit_choices(form.fields["new_parent_page"], mine)
        return form

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        response: HttpResponse = (
            self.form_valid(form) if form.is_valid() else self.form_invalid(form)
        )
        return response


class DispositifViewSet(PageViewSet):
    model = DispositifPage
    add_view_class = DispositifCreateView
    edit_view_class = DispositifEditView
    delete_view_class = DispositifDeleteView
    unpublish_view_class = DispositifUnpublishView
    copy_view_class = DispositifCopyView


class DepartementViewSet(PageViewSet):
    model = DepartementPage
    edit_view_class = DepartementEditView


class BonnePratiqueViewSet(PageViewSet):
    model = BonnePratiquePage
    edit_view_class = GuardedEditView


def _with_new_revision(response: HttpResponse) -> HttpResponse:
    """Tell a form that saved itself which revision it now holds: else it would overtake itself."""
    if not isinstance(response, JsonResponse):
        return response
    answer = json.loads(response.content)
    if answer.get("revision_id"):
        answer["field_updates"] = {
            **answer.get("field_updates", {}),
            "loaded_revision_id": str(answer["revision_id"]),
            "loaded_revision_created_at": answer["revision_created_at"],
        }
        return JsonResponse(answer)
    return response


def conflict_message(revision: Any) -> str:
    """Who saved what would be lost, when, and what to do."""
    who = revision.user or "une autre session"
    moment = timezone.localtime(revision.created_at)
    return (
        f"Cette fiche a été enregistrée par {who} le {moment:%d/%m/%Y} à {moment:%H:%M}, après que"
        " vous l’avez ouverte. Rien n’a été remplacé et votre saisie est ci-dessous : comparez avec"
        " l’historique, puis enregistrez de nouveau pour garder votre version."
    )


def _warn(view: CreateView | EditView) -> None:
    """Keep the word of who has read the texts, and say what looks wrong on what was saved."""
    if view.form.cleaned_data.get("anonymat_relu"):
        confirm_texts(page=view.page, by=account(view.request))
    for sentence in avertissements(view.page, view.form.changed_data):
        messages.warning(view.request, sentence)
