"""The addresses of our own screens under /admin/dispositifs/."""

from django.urls import URLPattern, path
from wagtail.admin.viewsets.base import ViewSet

from .bonnes_pratiques import bonnes_pratiques
from .declaration import DeclarerView
from .depot import DepotView
from .documents import DocumentsView, RetirerView, VersionView
from .liste import ListeView
from .mandats import FermerView, MandatsView
from .suggestions import suggestions


class DispositifsViewSet(ViewSet):
    name = "dispositifs_admin"
    url_prefix = "dispositifs"
    icon = "list-ul"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", ListeView.as_view(), name="index"),
            path("results/", ListeView.as_view(results_only=True), name="index_results"),
            path("declarer/", DeclarerView.as_view(), name="declarer"),
            path("<int:pk>/mandats/", MandatsView.as_view(), name="mandats"),
            path(
                "<int:pk>/mandats/<int:mandat_pk>/fermer/",
                FermerView.as_view(),
                name="fermer_mandat",
            ),
            path("<int:pk>/documents/", DocumentsView.as_view(), name="documents"),
            path("<int:pk>/documents/depot/", DepotView.as_view(), name="depot"),
            path(
                "<int:pk>/documents/<int:document_pk>/version/",
                VersionView.as_view(),
                name="nouvelle_version",
            ),
            path(
                "<int:pk>/documents/<int:document_pk>/retirer/",
                RetirerView.as_view(),
                name="retirer_document",
            ),
            path("bonnes-pratiques/", bonnes_pratiques, name="bonnes_pratiques"),
            path("suggestions/<slug:repertoire>/", suggestions, name="suggestions"),
        ]
