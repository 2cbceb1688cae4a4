from django.urls import include, path
from wagtail import urls as wagtail_urls

from . import views
from .baselines import drf, recherche

urlpatterns = [
    path("bench/ping/", views.ping),
    path("bench/questions/", views.questions),
    path("bench/moteur/", views.engine_only),
    path("bench/indexer/<int:rank>/", views.index_one),
    path("bench/publier/<int:rank>/", views.publish_one),
    path("bench/fichiers/", views.big_files),
    path("bench/reference/dispositifs/", recherche.liste),
    path("bench/reference/drf/", drf.DispositifList.as_view()),
    path("bench/reference/drf/<slug:identifiant>/", drf.DispositifDetail.as_view()),
    path("bench/reference/", include(wagtail_urls)),
    path("", include("annuaire.urls")),  # for the addresses that the baselines write
]
