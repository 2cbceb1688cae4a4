from django.urls import URLPattern, URLResolver, path

from . import views

OBLIGATORY = ("mentions-legales", "donnees-personnelles")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.accueil, name="accueil"),
    # Before the départements, which take any word.
    path("dispositifs/comparer/", views.comparer, name="comparer"),
    path("dispositifs/matrice/", views.matrice, name="matrice"),
    path("dispositifs/<slug:slug>/", views.departement, name="departement"),
    path("dispositifs/<slug:departement>/<str:slug>/", views.dispositif, name="dispositif"),
    path("documents/<slug:slug>/", views.bibliotheque, name="bibliotheque"),
    path("bonnes-pratiques/<str:slug>/", views.bonne_pratique, name="bonne_pratique"),
    path("territoires/<str:code>/", views.region, name="region"),
    path("espace/", views.espace, name="espace"),
    path("espace/propositions/", views.propositions, name="propositions"),
    path(
        "espace/propositions/<int:pk>/retirer/",
        views.retirer_proposition,
        name="retirer_proposition",
    ),
    path(
        "espace/dispositifs/<slug:identifiant>/proposer-document/",
        views.proposer_document,
        name="proposer_document",
    ),
    path(
        "espace/dispositifs/<slug:identifiant>/proposer-texte/",
        views.choisir_rubrique,
        name="choisir_rubrique",
    ),
    path(
        "espace/dispositifs/<slug:identifiant>/proposer-texte/<slug:rubrique>/",
        views.proposer_texte,
        name="proposer_texte",
    ),
    path("plan-du-site/", views.plan_du_site, name="plan_du_site"),
    path("contact/", views.contact, name="contact"),
    *(path(f"{slug}/", views.contenu, {"slug": slug}, name=slug) for slug in OBLIGATORY),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("sitemap-<int:numero>.xml", views.sitemap_part, name="sitemap_part"),
]
