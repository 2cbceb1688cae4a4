"""Addresses of files. `/documents/` itself is a tab of the search, routed there."""

from django.urls import path, re_path

from . import telechargement, views

urlpatterns = [
    # Before the identifiants: one is never a number.
    path("documents/<int:id>/<str:nom>", views.document_by_id, name="wagtaildocs_serve"),
    # The name of a file always has a dot.
    path("documents/<slug:identifiant>/vignette", views.vignette, name="vignette"),
    path("documents/<slug:identifiant>/<str:nom>", views.document, name="document"),
    path(
        "dispositifs/<slug:departement>/<slug:slug>/documents.zip",
        telechargement.documents_zip,
        name="documents_zip",
    ),
    re_path(r"^media/(?P<path>[\w./-]{1,300})$", views.media, name="media"),
]
