"""What Wagtail is told of us. Registration only: everything it calls is elsewhere."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLResolver, include, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea
from wagtail.admin.viewsets.base import ViewSet
from wagtail.log_actions import LogActionRegistry

from .actions import journal
from .viewsets import menu, pieces, politiques
from .viewsets.chooser import choosable_pages
from .viewsets.comptes import ComptesViewSet
from .viewsets.dispositifs import DispositifsViewSet
from .viewsets.pages import BonnePratiqueViewSet, DepartementViewSet, DispositifViewSet
from .viewsets.propositions import PropositionsViewSet
from .viewsets.structures import StructureChooserViewSet, StructureViewSet
from .viewsets.vocabulaires import VocabulairesGroup

politiques.register()


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[ViewSet]:
    politiques.register_documents()
    return [
        DispositifsViewSet(),
        PropositionsViewSet(),
        DispositifViewSet(),
        DepartementViewSet(),
        BonnePratiqueViewSet(),
        StructureViewSet(),
        StructureChooserViewSet(),
        VocabulairesGroup(),
        ComptesViewSet(),
    ]


# Before Wagtail's own patterns of the same addresses.
@hooks.register("register_admin_urls", order=-1)
def register_admin_urls() -> list[URLResolver]:
    return [path("documents/", include((pieces.patterns(), "documents_admin")))]


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    journal.register(actions)


@hooks.register("construct_main_menu")
def construct_main_menu(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    menu.arrange(request, menu_items)


@hooks.register("construct_page_action_menu")
def construct_page_action_menu(
    menu_items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]
) -> None:
    menu.arrange_actions(menu_items, context)


@hooks.register("register_admin_search_area")
def register_search_area() -> SearchArea:
    return menu.recherche()


@hooks.register("construct_search")
def construct_search(request: HttpRequest, search_areas: list[SearchArea]) -> None:
    menu.arrange_search(request, search_areas)


@hooks.register("construct_page_chooser_queryset")
def construct_page_chooser_queryset(pages: Any, request: HttpRequest) -> Any:
    return choosable_pages(pages, request.user)


@hooks.register("insert_global_admin_css")
def insert_css() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("dispositifs/admin.css"))


@hooks.register("insert_global_admin_js")
def insert_js() -> SafeString:
    return format_html('<script type="module" src="{}"></script>', static("dispositifs/admin.js"))


for _item in menu.ITEMS:
    hooks.register("register_admin_menu_item", _item)
