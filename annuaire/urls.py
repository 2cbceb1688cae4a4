"""Every address of the site, in the order in which they are tried."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from annuaire import pages
from annuaire.sante import sante

urlpatterns = [
    path("sante/", sante, name="sante"),
    path("aide/", pages.aide, name="aide"),
    path("aide/<slug:role>/", pages.guide, name="guide"),
    path("nouveautes/", pages.nouveautes, name="nouveautes"),
    path("accessibilite/", pages.accessibilite, name="accessibilite"),
    path("", include("annuaire.acteurs.urls")),
    path("", include("annuaire.api.urls")),
    path("", include("dispositifs.documents.urls")),
    path("", include("search.urls")),
    path("", include("dispositifs.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("", include(wagtail_urls)),
]
