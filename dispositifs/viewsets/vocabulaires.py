"""The controlled vocabularies, kept by national alone: retired or merged, never deleted."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSetGroup
from wagtail.admin.widgets.button import HeaderButton

from dispositifs import permissions
from dispositifs.actions.thematiques import merge_thematiques
from dispositifs.models import Forme, Public, RoleParticipation, Thematique, TypeDocument
from dispositifs.saisie.vocabulaires import FusionThematiqueForm

from .gardes_modeles import GuardedModelViewSet
from .requete import account

PROPOSE = Column(
    "actif",
    label="Proposé à la saisie",
    accessor=lambda word: "oui" if word.actif else "retiré",
    sort_key="actif",
)


class ThematiqueEditView(generic.EditView):
    @property
    def header_more_buttons(self) -> list[Any]:
        url = reverse("thematiques:fusionner", args=[self.object.pk])
        merge = HeaderButton("Fusionner dans une autre", url=url, icon_name="resubmit")
        return [*super().header_more_buttons, merge]


class ThematiqueIndexView(generic.IndexView):
    def get_base_queryset(self) -> "QuerySet[Any]":
        return Thematique.objects.filter(remplacee_par=None)


class FusionnerThematiqueView(View):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not permissions.can_manage_vocabularies(account(request)):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        merged = get_object_or_404(Thematique, pk=pk, remplacee_par=None)
        return self._show(request, merged, FusionThematiqueForm(fusionnee=merged))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        merged = get_object_or_404(Thematique, pk=pk, remplacee_par=None)
        form = FusionThematiqueForm(request.POST, fusionnee=merged)
        if form.is_valid():
            kept = form.cleaned_data["gardee"]
            try:
                merge_thematiques(kept=kept, merged=merged, by=account(request))
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                messages.success(request, f"« {merged} » se lit désormais « {kept} ».")
                return redirect("thematiques:index")
        return self._show(request, merged, form)

    def _show(
        self, request: HttpRequest, merged: Thematique, form: FusionThematiqueForm
    ) -> HttpResponse:
        context = {
            "titre": f"Fusionner « {merged} »",
            "aide": (
                "Les fiches gardent leurs étiquettes ; elles se lisent, se filtrent et"
                " s’exportent sous la thématique gardée."
            ),
            "form": form,
            "bouton": "Fusionner",
            "header_title": f"Fusionner « {merged} »",
            "breadcrumbs_items": [
                {"url": reverse("thematiques:index"), "label": "Thématiques"},
                {"url": reverse("thematiques:edit", args=[merged.pk]), "label": str(merged)},
                {"url": "", "label": "Fusionner"},
            ],
        }
        return TemplateResponse(request, "dispositifs/admin/formulaire.html", context)


class VocabulaireViewSet(GuardedModelViewSet):
    add_to_admin_menu = False
    list_display = ("libelle", PROPOSE, "ordre")
    list_filter = ("actif",)
    list_per_page = 100
    ordering = ("ordre", "libelle")
    icon = "tag"
    extra_panels: tuple[str, ...] = ()

    @property
    def panels(self) -> list[FieldPanel]:
        names = ("libelle", *self.extra_panels, "description", "ordre", "actif")
        slug = FieldPanel(
            "slug", help_text="Employé dans les adresses et les fichiers : ne le changez pas."
        )
        return [*(FieldPanel(name) for name in names), slug]


class ThematiqueViewSet(GuardedModelViewSet):
    model = Thematique
    name = "thematiques"
    menu_label = "Thématiques"
    icon = "tag"
    add_to_admin_menu = False
    index_view_class = ThematiqueIndexView
    edit_view_class = ThematiqueEditView
    list_display = ("name", PROPOSE, "ordre")
    list_filter = ("actif",)
    ordering = ("ordre", "name")
    panels = (
        FieldPanel(
            "name", heading="Libellé", help_text="Nom affiché sur les fiches et dans les filtres."
        ),
        FieldPanel("description"),
        FieldPanel("ordre"),
        FieldPanel("actif"),
        FieldPanel(
            "slug", help_text="Employé dans les adresses et les fichiers : ne le changez pas."
        ),
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        extra = path("fusionner/<int:pk>/", FusionnerThematiqueView.as_view(), name="fusionner")
        return [*super().get_urlpatterns(), extra]


class FormeViewSet(VocabulaireViewSet):
    model = Forme
    name = "formes"
    menu_label = "Formes"
    extra_panels = ("sigle",)


class PublicViewSet(VocabulaireViewSet):
    model = Public
    name = "publics"
    menu_label = "Publics visés"


class TypeDocumentViewSet(VocabulaireViewSet):
    model = TypeDocument
    name = "types_document"
    url_prefix = "types-document"
    menu_label = "Types de document"
    extra_panels = ("article", "visibilite_par_defaut", "raison")


class RoleParticipationViewSet(VocabulaireViewSet):
    model = RoleParticipation
    name = "roles_participation"
    url_prefix = "roles-participation"
    menu_label = "Rôles sur une fiche"
    extra_panels = ("maximum", "saisie_releves")


class VocabulairesGroup(ModelViewSetGroup):
    menu_label = "Vocabulaires"
    menu_name = "vocabulaires"
    menu_icon = "tag"
    menu_order = 600
    items = (
        ThematiqueViewSet,
        FormeViewSet,
        PublicViewSet,
        TypeDocumentViewSet,
        RoleParticipationViewSet,
    )
