"""Pages made from the documents of this repository: guides, « Nouveautés », accessibility."""

from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from annuaire.accessibilite import conformite
from annuaire.balisage import render_text
from dispositifs.views import contenu

# slug → title of the guide, and for whom it is.
GUIDES = {
    "public": ("Consulter l’annuaire", "Pour tous : chercher, lire, imprimer, télécharger."),
    "correspondant": (
        "Guide du correspondant",
        "Pour les DDETS et les préfectures : déclarer, compléter, publier, ouvrir des accès.",
    ),
    "operateur": (
        "Guide de l’opérateur et du partenaire",
        "Pour les structures : se connecter, retrouver ses dispositifs et leurs documents.",
    ),
    "national": (
        "Guide de l’administration nationale",
        "Pour la Dihal : vocabulaires, bonnes pratiques, pages du site, comptes.",
    ),
}
LIENS = [{"url": f"/aide/{slug}/", "titre": titre, "pour": pour}
         for slug, (titre, pour) in GUIDES.items()]  # fmt: skip


def aide(request: HttpRequest) -> HttpResponse:
    return contenu(request, "aide", guides=LIENS)


def guide(request: HttpRequest, role: str) -> HttpResponse:
    if role not in GUIDES:
        raise Http404("Ce guide n’existe pas.")
    titre, pour = GUIDES[role]
    context = {
        "titre": titre,
        "pour": pour,
        "texte": _document(f"docs/guide/{role}.md"),
        "autres": [lien for lien in LIENS if lien["titre"] != titre],
        "fil": [{"libelle": "Aide", "url": "/aide/"}, {"libelle": titre, "url": ""}],
    }
    return render(request, "aide/guide.html", context)


def nouveautes(request: HttpRequest) -> HttpResponse:
    context = {
        "texte": _document("CHANGELOG.md"),
        "fil": [{"libelle": "Nouveautés", "url": ""}],
    }
    return render(request, "aide/nouveautes.html", context)


def accessibilite(request: HttpRequest) -> HttpResponse:
    return contenu(request, "accessibilite", conformite=conformite())


@cache
def _document(path: str) -> SafeString:
    """A document of the repository as HTML, without its own title; it changes with the code."""
    text = (settings.BASE_DIR / path).read_text(encoding="utf-8")
    title, _, rest = text.partition("\n")
    return render_text(rest if title.startswith("# ") else text)
