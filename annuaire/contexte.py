"""What every page needs: the name of the site, its navigation, and the account's own menu."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from annuaire.accessibilite import conformite
from annuaire.acteurs.models import User
from dispositifs import permissions

NAVIGATION = (
    ("Dispositifs", "/dispositifs/"),
    ("Bonnes pratiques", "/bonnes-pratiques/"),
    ("Documents", "/documents/"),
    ("Aide", "/aide/"),
)


def site(request: HttpRequest) -> dict[str, Any]:
    """Context of every page; `compte` is read only where a template shows it."""
    return {
        "marque_etat": settings.MARQUE_ETAT,
        "nom_site": settings.WAGTAIL_SITE_NAME,
        "etat_accessibilite": conformite().etat,
        "navigation": [
            {"libelle": libelle, "url": url, "courant": request.path.startswith(url)}
            for libelle, url in NAVIGATION
        ],
        "compte": SimpleLazyObject(lambda: account_menu(request)),
    }


def account_menu(request: HttpRequest) -> dict[str, Any]:
    """{"connecte", "nom", "liens"}: what the header offers to this reader.

    A preview of the administration may come without a session: it is read as anonymous.
    """
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"connecte": False, "nom": "", "liens": []}
    liens = []
    if permissions.can_enter_espace(user):
        liens.append({"libelle": "Mon espace", "url": "/espace/"})
    if permissions.can_enter_admin(user):
        liens.append({"libelle": "Administration", "url": "/admin/"})
    return {"connecte": True, "nom": str(user), "liens": liens}
