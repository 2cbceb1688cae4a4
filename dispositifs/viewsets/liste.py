"""« Mes dispositifs »: the first screen of the administration, and its exports."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from annuaire.acteurs.models import Departement
from annuaire.acteurs.normalisation import fold_name
from dispositifs import permissions
from dispositifs.choices import Statut
from dispositifs.models import DispositifPage, Document, Forme, Thematique
from dispositifs.models.completude import annotate_presence, manques, score
from dispositifs.models.documents import document_count
from dispositifs.models.propositions import pending_count
from dispositifs.tableur import BOM, csv_line

RELECTURES = 5  # documents to read again that are named; the others are in the list of documents
ETATS = {
    "brouillon": ("Brouillon", Q(live=False)),
    "en-ligne": ("En ligne", Q(live=True, has_unpublished_changes=False)),
    "modifie": ("En ligne, modifications non publiées", Q(live=True, has_unpublished_changes=True)),
}


def etat_of(page: DispositifPage) -> str:
    """« Brouillon », « En ligne », or what is live and not yet what is written."""
    if not page.live:
        return "Expiré" if page.expired else "Brouillon"
    return ETATS["modifie" if page.has_unpublished_changes else "en-ligne"][0]


class EtatFilter(django_filters.MultipleChoiceFilter):
    def filter(self, qs: "QuerySet[Any]", value: list[str]) -> "QuerySet[Any]":
        wanted = Q()
        for name in value:
            wanted |= ETATS[name][1]
        return qs.filter(wanted)


class ManyFilter(django_filters.ModelMultipleChoiceFilter):
    """Through a subquery: a join would repeat dispositifs."""

    def filter(self, qs: "QuerySet[Any]", value: Any) -> "QuerySet[Any]":
        if not value:
            return qs
        rows = DispositifPage.objects.filter(**{f"{self.field_name}__in": value})
        return qs.filter(pk__in=rows.values("pk"))


class PropositionsFilter(django_filters.MultipleChoiceFilter):
    """Dispositifs for which at least one proposition waits."""

    def filter(self, qs: "QuerySet[Any]", value: list[str]) -> "QuerySet[Any]":
        return qs.filter(propositions_a_traiter__gt=0) if value else qs


def _departements(request: Any) -> "QuerySet[Departement]":
    mine = DispositifPage.objects.editable_by(request.user).values("departement")
    return Departement.objects.filter(pk__in=mine)


class DispositifFilterSet(WagtailFilterSet):
    statut = django_filters.MultipleChoiceFilter(
        label="Statut", choices=Statut.choices, widget=forms.CheckboxSelectMultiple
    )
    etat = EtatFilter(
        label="État",
        choices=[(name, label) for name, (label, _) in ETATS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    thematique = ManyFilter(
        label="Thématique",
        field_name="liens_thematiques__tag",
        queryset=lambda request: Thematique.objects.all(),
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
    )
    forme = ManyFilter(
        label="Forme",
        field_name="formes",
        queryset=lambda request: Forme.objects.all(),
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
    )
    propositions = PropositionsFilter(
        label="Propositions",
        choices=[("a-traiter", "À traiter")],
        widget=forms.CheckboxSelectMultiple,
    )
    departement = django_filters.ModelMultipleChoiceFilter(
        label="Département", queryset=_departements, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = DispositifPage
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not covers_several(self.request.user):
            del self.filters["departement"]


def covers_several(user: permissions.Actor) -> bool:
    """Whether the account writes in more than one département."""
    departements = Departement.objects.filter(page__isnull=False).values_list("pk", flat=True)
    return sum(permissions.can_create_in(user, code) for code in departements) > 1


class CompletudeColumn(Column):
    cell_template_name = "dispositifs/admin/cellule_completude.html"

    def get_value(self, instance: DispositifPage) -> dict[str, Any]:
        return {"score": score(instance), "manques": manques(instance)}


class EtatColumn(Column):
    cell_template_name = "dispositifs/admin/cellule_etat.html"

    def get_value(self, instance: DispositifPage) -> str:
        return etat_of(instance)


class PropositionsColumn(Column):
    cell_template_name = "dispositifs/admin/cellule_propositions.html"


class DocumentsColumn(Column):
    cell_template_name = "dispositifs/admin/cellule_documents.html"


def _edit_url(page: DispositifPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


DEPARTEMENT = Column(
    "departement", label="Département", accessor="departement", sort_key="departement"
)
COLUMNS = [
    TitleColumn("title", label="Titre", get_url=_edit_url, sort_key="title"),
    Column("statut", label="Statut", accessor="get_statut_display", sort_key="statut"),
    CompletudeColumn("completude", label="Complétude"),
    EtatColumn("etat", label="État", sort_key="live"),
    DocumentsColumn("nombre_documents", label="Documents"),
    PropositionsColumn("propositions_a_traiter", label="Propositions"),
    Column("dates", label="Dates", accessor=lambda page: periode_of(page), sort_key="date_debut"),
    DateColumn("latest_revision_created_at", label="Mis à jour", sort_key="maj"),
]


def periode_of(page: DispositifPage) -> str:
    """« 1er janvier 2024 → 31 décembre 2026 », with what is known of it."""
    end = page.date_fin or page.date_fin_prevue
    days = [f"{day:%d/%m/%Y}" if day else "?" for day in (page.date_debut, end)]
    return " → ".join(days) if page.date_debut or end else ""


class ListeView(generic.IndexView):
    """Dispositifs that the account may edit; the same number of queries whatever their number."""

    model = DispositifPage
    page_title = "Mes dispositifs"
    header_icon = "list-ul"
    index_url_name = "dispositifs_admin:index"
    index_results_url_name = "dispositifs_admin:index_results"
    filterset_class = DispositifFilterSet
    search_fields = ("title",)
    search_backend_name = None
    is_searchable = True
    any_permission_required: list[str] = []
    permission_policy = None
    default_ordering = "-maj"
    paginate_by = 30
    show_other_searches = False
    template_name = "dispositifs/admin/liste.html"
    results_template_name = "dispositifs/admin/liste_resultats.html"
    list_export = [
        "identifiant",
        "title",
        "departement",
        "statut",
        "etat",
        "completude",
        "manques",
        "date_debut",
        "date_fin_prevue",
        "date_fin",
        "mis_a_jour",
        "adresse",
    ]
    export_headings = {
        "identifiant": "Identifiant",
        "title": "Titre",
        "departement": "Département",
        "statut": "Statut",
        "etat": "État",
        "completude": "Complétude (%)",
        "manques": "Il manque",
        "date_debut": "Début",
        "date_fin_prevue": "Fin prévue",
        "date_fin": "Fin effective",
        "mis_a_jour": "Mis à jour le",
        "adresse": "Adresse",
    }
    export_filename = "mes-dispositifs"

    # --- rows ------------------------------------------------------------------------------------
    def get_base_queryset(self) -> "QuerySet[Any]":
        rows = DispositifPage.objects.editable_by(self.request.user)
        rows = rows.annotate(
            nombre_documents=document_count(), propositions_a_traiter=pending_count()
        )
        return annotate_presence(rows.select_related("departement"))

    def get_valid_orderings(self) -> list[str]:
        keys = ("title", "departement", "statut", "live", "date_debut", "maj")
        return [sign + key for key in keys for sign in ("", "-")]

    def order_queryset(self, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        name = self.ordering.lstrip("-")
        field = F("latest_revision_created_at" if name == "maj" else name)
        if self.ordering.startswith("-"):
            return queryset.order_by(field.desc(nulls_last=True), "-pk")
        return queryset.order_by(field.asc(nulls_last=True), "pk")

    def search_queryset(self, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        if not self.is_searching:
            return queryset
        words = fold_name(self.search_query).split()
        titles = queryset.order_by().values_list("pk", "title", "sigle")
        found = [
            pk
            for pk, title, sigle in titles
            if all(word in fold_name(f"{title} {sigle}") for word in words)
        ]
        return queryset.filter(pk__in=found)

    @cached_property
    def columns(self) -> list[Column]:
        if self.covers_several:
            return [COLUMNS[0], DEPARTEMENT, *COLUMNS[1:]]
        return COLUMNS

    @cached_property
    def covers_several(self) -> bool:
        return covers_several(self.request.user)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [
            HeaderButton(
                "Déclarer un dispositif",
                url=reverse("dispositifs_admin:declarer"),
                icon_name="plus",
            )
        ]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        if not self.results_only:
            context["comptes"] = self.get_base_queryset().aggregate(
                brouillons=Count("pk", filter=ETATS["brouillon"][1]),
                modifies=Count("pk", filter=ETATS["modifie"][1]),
                en_ligne=Count("pk", filter=Q(live=True)),
                propositions=Sum("propositions_a_traiter"),
            )
            mine = Document.objects.manageable_by(self.request.user).to_review()
            context["a_relire"] = mine.order_by("-created_at").only("title")[: RELECTURES + 1]
            context["relectures"] = RELECTURES
        context["can_add"] = True
        context["declarer_url"] = reverse("dispositifs_admin:declarer")
        return context

    # --- exports ---------------------------------------------------------------------------------
    def to_row_dict(self, item: DispositifPage) -> dict[str, Any]:
        moment = item.latest_revision_created_at
        return {
            "identifiant": item.identifiant,
            "title": item.title,
            "departement": str(item.departement),
            "statut": item.get_statut_display(),
            "etat": etat_of(item),
            "completude": score(item),
            "manques": ", ".join(manque.libelle for manque in manques(item)),
            "date_debut": item.date_debut,
            "date_fin_prevue": item.date_fin_prevue,
            "date_fin": item.date_fin,
            "mis_a_jour": timezone.localtime(moment).date() if moment else None,
            "adresse": item.url,
        }

    def stream_csv(self, queryset: "QuerySet[Any]") -> Iterator[str]:
        """As French spreadsheets read it: BOM, semicolons, no cell that acts."""
        yield BOM + csv_line(self.export_headings[name] for name in self.list_export)
        for item in queryset:
            yield csv_line(self.to_row_dict(item).values())

    def write_csv_response(self, queryset: "QuerySet[Any]") -> StreamingHttpResponse:
        response = super().write_csv_response(queryset)
        response["Content-Type"] = "text/csv; charset=utf-8"
        return response


class MenuDispositifs(MenuItem):
    """Shown to whoever has dispositifs to keep."""

    def is_shown(self, request: Any) -> bool:
        return permissions.can_create_structure(request.user)
