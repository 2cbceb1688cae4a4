"""The door of the administration: which of Wagtail's own views each kind of account may open.

Wagtail asks its permissions view by view, and several of its views ask nothing, or answer with a
title. Here every view is named: one that is not named is 404 for a correspondant, an object that
is not his is 404 before its view runs. What is right is in permissions.py; this is only a table.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import ResolverMatch
from django.views.defaults import page_not_found
from wagtail.models import Page
from wagtail.permissions import policy_registry

from annuaire.acteurs.droits import droits_of
from dispositifs import permissions
from dispositifs.models import DepartementPage, DispositifPage, Document, Image
from dispositifs.models.champs import KEY

from .chooser import choosable_pages

Rule = Callable[[HttpRequest, dict[str, Any]], bool]

# Answered to everybody: no content, or our own sign-in.
OPEN = frozenset(
    {
        "admin_connexion",
        "admin_deconnexion",
        "admin_mot_de_passe",
        "wagtailadmin_sprite",
        "wagtailadmin_javascript_catalog",
    }
)
# Used by nobody here: workflows, aliases, bulk actions would pass beside our actions.
CLOSED = frozenset(
    {
        "wagtail_bulk_action",
        "wagtaildocs:delete_multiple",
        "wagtailadmin_error_test",
        "wagtailadmin_pages:convert_alias",
        "wagtailredirects:start_import",
        "wagtailredirects:process_import",
    }
)
CLOSED_NAMESPACES = frozenset({"wagtailadmin_workflows"})
# Accounts and settings: the technical administrator.
ADMINISTRATEUR = frozenset({"comptes", "wagtailusers_users", "wagtailusers_groups", "wagtailsites"})
PERSONAL = frozenset({"wagtailadmin_account", "wagtailadmin_dismissibles"})
EXPLORER = frozenset(
    {"wagtailadmin_explore", "wagtailadmin_explore_root", "wagtailadmin_explore_results"}
)
OURS = frozenset(
    {
        "dispositifs_admin",
        "propositions_admin",
        "structures",
        "choix_structure",
        "thematiques",
        "formes",
        "publics",
        "types_document",
        "roles_participation",
    }
)


def _key(kwargs: dict[str, Any], name: str) -> int:
    """The pk of an address; 0, which no row has, for what is no number."""
    value = str(kwargs[name])
    return int(value) if KEY.fullmatch(value) else 0


def anyone(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    return True


def my_dispositif(name: str = "page_id") -> Rule:
    """The page is a dispositif that this account may edit."""

    def rule(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
        return (
            DispositifPage.objects.editable_by(request.user).filter(pk=_key(kwargs, name)).exists()
        )

    return rule


def my_departement(name: str) -> Rule:
    """The page is the one of a département where this account may create."""

    def rule(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
        codes = DepartementPage.objects.filter(pk=_key(kwargs, name)).values_list(
            "departement", flat=True
        )
        return any(permissions.can_create_in(request.user, code) for code in codes)

    return rule


def my_page(name: str = "page_id") -> Rule:
    dispositif, departement = my_dispositif(name), my_departement(name)
    return lambda request, kwargs: dispositif(request, kwargs) or departement(request, kwargs)


def my_document(name: str) -> Rule:
    def rule(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
        return Document.objects.manageable_by(request.user).filter(pk=_key(kwargs, name)).exists()

    return rule


def my_image(name: str) -> Rule:
    def rule(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
        policy = policy_registry.get_by_type(Image)
        mine = policy.instances_user_has_any_permission_for(request.user, ["change", "choose"])
        return bool(mine.filter(pk=_key(kwargs, name)).exists())

    return rule


def in_my_departement(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    """A new dispositif under the page of one of my départements."""
    model = (kwargs["content_type_app_name"], kwargs["content_type_model_name"])
    mine = my_departement("parent_page_id")
    return model == ("dispositifs", "dispositifpage") and mine(request, kwargs)


def move_at_home(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    return my_dispositif("page_to_move_id")(request, kwargs) and my_departement("destination_id")(
        request, kwargs
    )


def browsable(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    """The root, a page that a link may lead to, or mine."""
    page = Page.objects.filter(pk=_key(kwargs, "parent_page_id"))
    allowed = page.filter(depth=1).exists() or choosable_pages(page, request.user).exists()
    return allowed or my_page("parent_page_id")(request, kwargs)


CORRESPONDANT: dict[str, Rule] = {
    **{f"wagtailadmin_pages:{name}": my_page() for name in ("edit", "preview_on_edit")},
    **{
        f"wagtailadmin_pages:{name}": my_dispositif()
        for name in (
            "view_draft",
            "delete",
            "unpublish",
            "copy",
            "revisions_index",
            "revisions_view",
            "revisions_revert",
            "revisions_unschedule",
            "history",
            "history_results",
            "usage",  # it names what the account may edit, and calls the rest « privé »
        )
    },
    "wagtailadmin_pages:revisions_compare": my_dispositif("pk"),
    "wagtailadmin_pages:move": my_dispositif("page_to_move_id"),
    "wagtailadmin_pages:move_confirm": move_at_home,
    "wagtailadmin_pages:add": in_my_departement,
    "wagtailadmin_pages:preview_on_add": in_my_departement,
    "wagtailadmin_pages:add_subpage": my_departement("parent_page_id"),
    "wagtailadmin_choose_page": anyone,
    "wagtailadmin_choose_page_child": browsable,
    "wagtailadmin_choose_page_search": anyone,
    "wagtailadmin_choose_page_external_link": anyone,
    "wagtailadmin_choose_page_email_link": anyone,
    "wagtailadmin_choose_page_phone_link": anyone,
    "wagtailadmin_choose_page_anchor_link": anyone,
    "wagtailadmin_editing_sessions:ping": my_page("object_id"),
    "wagtailadmin_editing_sessions:release": anyone,
    "documents_admin:index": anyone,
    "documents_admin:index_results": anyone,
    "documents_admin:add": anyone,
    "documents_admin:create_from_upload": anyone,
    "documents_admin:edit": my_document("document_id"),
    "documents_admin:relecture": my_document("pk"),
    "wagtaildocs:add_multiple": anyone,
    "wagtaildocs:delete_upload_multiple": anyone,
    "wagtaildocs:document_usage": my_document("document_id"),
    "wagtaildocs:edit_multiple": my_document("doc_id"),
    "wagtailimages:index": anyone,
    "wagtailimages:index_results": anyone,
    "wagtailimages:add": anyone,
    "wagtailimages:add_multiple": anyone,
    "wagtailimages:create_multiple_from_uploaded_image": anyone,
    "wagtailimages:delete_upload_multiple": anyone,
    **{
        f"wagtailimages:{name}": my_image("image_id")
        for name in (
            *("edit", "delete", "preview", "image_usage"),
            *("edit_multiple", "delete_multiple"),
        )
    },
    "wagtailimages_chooser:choose": anyone,
    "wagtailimages_chooser:choose_results": anyone,
    "wagtailimages_chooser:create": anyone,
    "wagtailimages_chooser:chosen": my_image("pk"),
    "wagtailimages_chooser:select_format": my_image("image_id"),
}


def landing(user: permissions.Actor) -> str:
    """Name of the first screen of an account: its dispositifs, never the explorer."""
    droits = droits_of(user)
    if droits.national or droits.correspondant:
        return "dispositifs_admin:index"
    return "comptes:index"


class AdminGuard:
    """Middleware. Anonymous readers are left to the sign-in; everybody else meets the table."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        if (
            match is None
            or not match.route.startswith("admin/")
            or not request.user.is_authenticated
        ):
            return None
        if match.view_name in OPEN:
            return None
        if not permissions.can_enter_admin(request.user):
            raise Http404
        if match.view_name == "wagtailadmin_home":
            return redirect(landing(request.user))
        if match.view_name in EXPLORER and not permissions.can_manage_vocabularies(request.user):
            return redirect(landing(request.user))
        if not _may_open(request, match, kwargs):
            return page_not_found(request, Http404(), template_name="wagtailadmin/404.html")
        return None


def _may_open(request: HttpRequest, match: ResolverMatch, kwargs: dict[str, Any]) -> bool:
    name, namespace = match.view_name, match.namespace
    keys = [value for key, value in kwargs.items() if isinstance(value, int) or key == "pk"]
    if not all(KEY.fullmatch(str(key)) for key in keys):
        return False  # an error of the database, in views that are not ours too
    if name in CLOSED or namespace in CLOSED_NAMESPACES:
        return False
    if namespace in ADMINISTRATEUR:
        return permissions.is_administrateur(request.user)
    if name in PERSONAL:
        return True
    droits = droits_of(request.user)
    if droits.national or (droits.correspondant and namespace in OURS):
        return True
    rule = CORRESPONDANT.get(name)
    return droits.correspondant and rule is not None and rule(request, kwargs)
