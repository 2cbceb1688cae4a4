"""Wagtail's own screens of documents, with the columns, the filters and the refusals of the domain.

They answer at Wagtail's addresses: these patterns come before its own.
"""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.documents.views import documents, multiple

from dispositifs.actions.documents import check_deletable, delete_document
from dispositifs.choices import EtatAnonymat, Niveau, StatutDocument
from dispositifs.models import Document, TypeDocument

from .documents import warn_of_file
from .relecture import RelectureView
from .reperages import TROUVE, finding_sentence, tell_findings
from .requete import account


class WordsFilter(django_filters.MultipleChoiceFilter):
    """Through a subquery: the search of the list knows few fields of a document."""

    def filter(self, qs: "QuerySet[Any]", value: list[Any]) -> "QuerySet[Any]":
        if not value:
            return qs
        rows = Document.objects.filter(**{f"{self.field_name}__in": value})
        return qs.filter(pk__in=rows.values("pk"))


class TypesFilter(django_filters.ModelMultipleChoiceFilter):
    filter = WordsFilter.filter


class DocumentFilterSet(WagtailFilterSet):
    niveau = WordsFilter(
        label="Qui peut le lire", choices=Niveau.choices, widget=forms.CheckboxSelectMultiple
    )
    statut = WordsFilter(
        label="Statut", choices=StatutDocument.choices, widget=forms.CheckboxSelectMultiple
    )
    anonymat = WordsFilter(
        label="Anonymat", choices=EtatAnonymat.choices, widget=forms.CheckboxSelectMultiple
    )
    type = TypesFilter(
        label="Type",
        queryset=TypeDocument.objects.all(),
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Document
        fields: list[str] = []


class DispositifColumn(Column):
    cell_template_name = "dispositifs/admin/cellule_dispositif.html"


class PiecesView(documents.IndexView):
    """Current versions that the account manages; those replaced are on the screen of each fiche."""

    filterset_class = DocumentFilterSet

    def get_base_queryset(self) -> "QuerySet[Any]":
        mine = Document.objects.current().manageable_by(account(self.request))
        rows = Document.objects.filter(pk__in=mine.values("pk"))
        return rows.select_related("type", "dispositif").only(
            *("title", "date", "niveau", "statut", "type__libelle", "dispositif__title")
        )

    def get_filterset_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_filterset_kwargs()
        kwargs.pop("is_searching", None)
        return kwargs

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("title", label="Titre", sort_key="title", get_url=self.get_edit_url),
            Column("type", label="Type", accessor="type"),
            DispositifColumn("dispositif", label="Dispositif"),
            Column("niveau", label="Qui peut le lire", accessor="get_niveau_display"),
            Column("statut", label="Statut", accessor="get_statut_display"),
            Column("date", label="Date", accessor=_day, sort_key="date"),
        ]

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Usage is not counted: it is on the screen of each document."""
        return object_list


def _day(document: Document) -> str:
    return f"{document.date:%d/%m/%Y}" if document.date else ""


class PieceCreateView(documents.CreateView):
    def save_instance(self) -> Document:
        document: Document = super().save_instance()
        warn_of_file(self.request, document)
        return document


class PieceEditView(documents.EditView):
    template_name = "dispositifs/admin/document_edit.html"

    def save_instance(self) -> Document:
        document: Document = super().save_instance()
        if "file" in self.form.changed_data:
            warn_of_file(self.request, document)
        elif "niveau" in self.form.changed_data:
            tell_findings(self.request, document)
        return document

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        found = self.object.anonymat in TROUVE
        return {**context, "reperages": finding_sentence(self.object) if found else ""}


class PieceCreateFromUploadView(multiple.CreateFromUploadedDocumentView):
    def save_object(self, form: Any) -> None:
        super().save_object(form)
        warn_of_file(self.request, form.instance)


class PieceDeleteView(documents.DeleteView):
    """National alone (the guard says so), and never what something still refers to."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            check_deletable(self.object)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
            return redirect("wagtaildocs:edit", self.object.pk)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def delete_action(self) -> None:
        delete_document(document=self.object, by=account(self.request))


def patterns() -> list[URLPattern]:
    return [
        path("", PiecesView.as_view(), name="index"),
        path("results/", PiecesView.as_view(results_only=True), name="index_results"),
        path("add/", PieceCreateView.as_view(), name="add"),
        path("edit/<int:document_id>/", PieceEditView.as_view(), name="edit"),
        path("<int:pk>/relecture/", RelectureView.as_view(), name="relecture"),
        path("delete/<int:document_id>/", PieceDeleteView.as_view(), name="delete"),
        path(
            "multiple/create_from_uploaded_document/<int:uploaded_file_id>/",
            PieceCreateFromUploadView.as_view(),
            name="create_from_upload",
        ),
    ]
