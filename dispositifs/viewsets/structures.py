"""Structures: listed to all correspondants, corrected by those who declared them, chosen by all."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic import chooser as chooser_views
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.button import HeaderButton

from annuaire.acteurs.models import Structure
from annuaire.acteurs.normalisation import fold_name
from dispositifs import permissions
from dispositifs.actions.structures import merge_structures
from dispositifs.models.champs import KEY
from dispositifs.saisie.structures import FusionForm, StructureForm, StructureRapideForm

from .gardes_modeles import GuardedModelViewSet
from .requete import account


class StructureIndexView(generic.IndexView):
    def get_base_queryset(self) -> "QuerySet[Any]":
        return Structure.objects.current().select_related("type", "departement")

    def search_queryset(self, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        return find_structures(queryset, self.search_query) if self.is_searching else queryset

    def get_edit_url(self, instance: Structure) -> str | None:
        """A link for those that this account corrects; the others are only named."""
        return super().get_edit_url(instance) if instance.pk in self.mine else None

    @property
    def mine(self) -> set[int]:
        if not hasattr(self, "_mine"):
            rows = Structure.objects.filter(permissions.q_editable_structure(self.request.user))
            self._mine = set(rows.values_list("pk", flat=True))
        return self._mine


class StructureEditView(generic.EditView):
    @property
    def header_more_buttons(self) -> list[Any]:
        buttons = list(super().header_more_buttons)
        if permissions.can_manage_vocabularies(self.request.user):
            url = reverse("structures:fusionner", args=[self.object.pk])
            buttons.append(HeaderButton("Fusionner dans une autre", url=url, icon_name="resubmit"))
        return buttons


class FusionnerView(View):
    """National merges one structure into another, after seeing both names."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not permissions.can_manage_vocabularies(account(request)):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        merged = get_object_or_404(Structure.objects.current(), pk=pk)
        return self._show(request, merged, FusionForm(fusionnee=merged))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        merged = get_object_or_404(Structure.objects.current(), pk=pk)
        form = FusionForm(request.POST, fusionnee=merged)
        if form.is_valid():
            kept = form.cleaned_data["gardee"]
            try:
                merge_structures(kept=kept, merged=merged, by=account(request))
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                messages.success(request, f"« {merged} » se lit désormais comme « {kept} ».")
                return redirect("structures:edit", kept.pk)
        return self._show(request, merged, form)

    def _show(self, request: HttpRequest, merged: Structure, form: FusionForm) -> HttpResponse:
        context = {
            "titre": f"Fusionner « {merged} »",
            "aide": (
                "À faire quand la même structure a été créée deux fois. Rien n’est perdu :"
                " fiches, mandats et documents se lisent sous le nom gardé."
            ),
            "form": form,
            "bouton": "Fusionner",
            "header_title": f"Fusionner « {merged} »",
            "breadcrumbs_items": [
                {"url": reverse("structures:index"), "label": "Structures"},
                {"url": reverse("structures:edit", args=[merged.pk]), "label": str(merged)},
                {"url": "", "label": "Fusionner"},
            ],
        }
        return TemplateResponse(request, "dispositifs/admin/formulaire.html", context)


class StructureViewSet(GuardedModelViewSet):
    model = Structure
    name = "structures"
    menu_label = "Structures"
    icon = "group"
    menu_order = 300
    add_to_admin_menu = False
    index_view_class = StructureIndexView
    edit_view_class = StructureEditView
    search_fields = ("nom",)
    list_per_page = 50
    list_display = (
        "nom",
        Column("type", label="Type", accessor="type", sort_key="type__libelle"),
        Column("siren", label="SIREN"),
        Column("departement", label="Déclarée par", accessor="departement"),
    )
    list_filter = ("type", "departement")

    def get_form_class(self, for_update: bool = False) -> Any:
        return StructureForm

    def get_urlpatterns(self) -> list[URLPattern]:
        extra = path("fusionner/<int:pk>/", FusionnerView.as_view(), name="fusionner")
        return [*super().get_urlpatterns(), extra]


# --- the chooser of every foreign key to a structure ---------------------------------------------
class StructureFilterForm(chooser_views.BaseFilterForm):
    q = forms.CharField(label="Chercher", required=False)

    def filter(self, objects: "QuerySet[Any]") -> "QuerySet[Any]":
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        return find_structures(super().filter(objects), self.search_query)


class StructureChooserMixin:
    filter_form_class = StructureFilterForm

    def get_object_list(self) -> "QuerySet[Any]":
        return Structure.objects.current().select_related("type").order_by("nom")

    @property
    def columns(self) -> list[Column]:
        title, *_ = super().columns  # type: ignore[misc]  # the chooser view beside this one
        return [title, Column("type", label="Type"), Column("siren", label="SIREN")]

    def get_creation_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_creation_form_kwargs()  # type: ignore[misc]  # the chooser view beside
        return {**kwargs, "for_user": self.request.user}  # type: ignore[attr-defined]  # a view


class StructureChooseView(StructureChooserMixin, chooser_views.ChooseView):
    pass


class StructureChooseResultsView(StructureChooserMixin, chooser_views.ChooseResultsView):
    pass


class StructureCreateView(StructureChooserMixin, chooser_views.CreateView):
    pass


class StructureChosenView(chooser_views.ChosenView):
    def get_object(self, pk: str) -> Structure:
        return get_object_or_404(Structure.objects.current(), pk=pk)  # a key: see AdminGuard


class StructureChosenMultipleView(chooser_views.ChosenMultipleView):
    def get_objects(self, pks: list[str]) -> "QuerySet[Structure]":
        return Structure.objects.current().filter(pk__in=[pk for pk in pks if KEY.fullmatch(pk)])


class StructureChooserViewSet(ChooserViewSet):
    """Every current structure may be chosen; a missing one is declared without leaving the page."""

    model = Structure
    name = "choix_structure"
    url_prefix = "choix-structure"
    icon = "group"
    choose_one_text = "Choisir une structure"
    choose_another_text = "Choisir une autre structure"
    edit_item_text = "Corriger cette structure"
    search_tab_label = "Chercher"
    creation_tab_label = "Déclarer une structure"
    create_action_label = "Déclarer la structure"
    choose_view_class = StructureChooseView
    choose_results_view_class = StructureChooseResultsView
    chosen_view_class = StructureChosenView
    chosen_multiple_view_class = StructureChosenMultipleView
    create_view_class = StructureCreateView
    creation_form_class = StructureRapideForm


def find_structures(rows: "QuerySet[Any]", text: str) -> "QuerySet[Any]":
    """By name, alias, SIREN or SIRET; accents and case aside."""
    folded = fold_name(text)
    if not folded:
        return rows
    named = Structure.objects.filter(
        Q(nom_plie__contains=folded) | Q(alias__nom_plie__contains=folded) | Q(siren=text.strip())
    )
    return rows.filter(pk__in=named.values("pk"))
