"""The menu of the administration, ordered by task: what one has to do, then what one keeps."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea

from annuaire.acteurs.droits import droits_of
from dispositifs import permissions

from .propositions import menu_item

# Wagtail's items that stay, and for whom; everything else is hidden.
CORRESPONDANT = frozenset(
    {"mes-dispositifs", "propositions", "declarer", "documents", "structures", "aide", "images"}
)
NATIONAL = CORRESPONDANT | {
    "bonnes-pratiques",
    "vocabulaires",
    "explorer",
    "reports",
    "settings",
}
ADMINISTRATEUR = frozenset({"comptes", "settings", "aide"})
ORDER = {
    "mes-dispositifs": 10,
    "propositions": 15,
    "declarer": 20,
    "documents": 30,
    "images": 35,
    "structures": 40,
    "bonnes-pratiques": 50,
    "vocabulaires": 60,
    "comptes": 70,
    "explorer": 80,
    "reports": 90,
    "settings": 95,
    "aide": 98,
    "site": 99,
}


def shown_to(user: permissions.Actor) -> frozenset[str]:
    droits = droits_of(user)
    shown = frozenset({"site"})
    if droits.correspondant:
        shown |= CORRESPONDANT
    if droits.national:
        shown |= NATIONAL
    if permissions.is_administrateur(user):
        shown |= ADMINISTRATEUR
    return shown


def arrange(request: HttpRequest, items: list[MenuItem]) -> None:
    """For the hook `construct_main_menu`."""
    shown = shown_to(request.user)
    items[:] = [item for item in items if item.name in shown]
    for item in items:
        item.order = ORDER[item.name]
    items.sort(key=lambda item: item.order)


def arrange_actions(items: list[ActionMenuItem], context: dict[str, Any]) -> None:
    """For the hook `construct_page_action_menu`: the first item is the main button.

    On a page that is online, saving a draft would leave what people read as it was.
    """
    page = context.get("page")
    if page is not None and page.live:
        items.sort(key=lambda item: item.name != "action-publish")


def recherche() -> SearchArea:
    """The search box of the side bar: titles of one's own dispositifs."""
    url = reverse("dispositifs_admin:index")
    return SearchArea("Mes dispositifs", url, name="mes-dispositifs", icon_name="list-ul", order=1)


def arrange_search(request: HttpRequest, areas: list[SearchArea]) -> None:
    """For the hook `construct_search`: no area that the guard would refuse."""
    if not permissions.can_manage_vocabularies(request.user):
        areas[:] = [
            area for area in areas if area.name in ("mes-dispositifs", "documents", "images")
        ]


def item(label: str, url_name: str, name: str, icon: str) -> MenuItem:
    return MenuItem(label, reverse(url_name), name=name, icon_name=icon)


def aide() -> MenuItem:
    return MenuItem("Aide", "/aide/#guides", name="aide", icon_name="help")


def site() -> MenuItem:
    # Wagtail shows as current what begins the address of the page: « / » alone always would.
    return MenuItem("Voir le site", "/#contenu", name="site", icon_name="globe")


# Made at the first request, when every address is known.
ITEMS: tuple[Callable[[], MenuItem], ...] = (
    partial(item, "Mes dispositifs", "dispositifs_admin:index", "mes-dispositifs", "list-ul"),
    menu_item,
    partial(item, "Déclarer un dispositif", "dispositifs_admin:declarer", "declarer", "plus"),
    partial(item, "Structures", "structures:index", "structures", "group"),
    partial(
        item, "Bonnes pratiques", "dispositifs_admin:bonnes_pratiques", "bonnes-pratiques", "pick"
    ),
    partial(item, "Comptes", "comptes:index", "comptes", "user"),
    aide,
    site,
)
