"""Every address of the site, in the order in which they are tried."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from annuaire.sante import sante

urlpatterns = [
    path("sante/", sante, name="sante"),
    path("", include("annuaire.acteurs.urls")),
    path("", include("annuaire.api.urls")),
    path("", include("dispositifs.documents.urls")),
    path("", include("search.urls")),
    path("", include("dispositifs.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("", include(wagtail_urls)),
]
