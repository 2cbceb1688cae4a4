from functools import partial

from django.urls import path

from dispositifs.choices import NaturePublique
from search.query import CHEMINS
from search.views import liste

NOMS = {
    NaturePublique.DISPOSITIF: "dispositifs",
    NaturePublique.BONNE_PRATIQUE: "bonnes_pratiques",
    NaturePublique.DOCUMENT: "documents",
}
urlpatterns = [
    path(CHEMINS[nature].lstrip("/"), partial(liste, nature=nature), name=nom)
    for nature, nom in NOMS.items()
]
