"""Wagtail's groups, made from the rules of permissions.py. Membership: acteurs, from roles.

`correspondants-33` writes under the page and in the collection of the 33; `national` everywhere.
Operators and partners are in no group: they never enter the administration.
"""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from annuaire.acteurs.models import Departement
from dispositifs.models import DepartementPage
from dispositifs.models.documents import collection_name

PAGE_RIGHTS = ("add_page", "change_page", "publish_page")
NATIONAL_PAGE_RIGHTS = (*PAGE_RIGHTS, "lock_page", "unlock_page")
# Choosing is a permission of Wagtail's own models alone; its policies read the codename.
COLLECTION_RIGHTS = (
    ("dispositifs", "add_document"),
    ("dispositifs", "change_document"),
    ("wagtaildocs", "choose_document"),
    ("dispositifs", "add_image"),
    ("dispositifs", "change_image"),
    ("wagtailimages", "choose_image"),
)
NATIONAL_COLLECTION_RIGHTS = (
    *COLLECTION_RIGHTS,
    ("dispositifs", "delete_document"),
    ("dispositifs", "delete_image"),
)
# Structures are a model of their own, guarded row by row (viewsets); pages and files are above.
CORRESPONDANT_MODEL_RIGHTS = (
    ("wagtailadmin", "access_admin"),
    ("acteurs", "add_structure"),
    ("acteurs", "change_structure"),
    ("acteurs", "view_structure"),
)
NATIONAL_MODELS = (
    ("acteurs", "structure"),
    ("dispositifs", "thematique"),
    ("dispositifs", "forme"),
    ("dispositifs", "public"),
    ("dispositifs", "typedocument"),
    ("dispositifs", "roleparticipation"),
    ("wagtailredirects", "redirect"),
)


@transaction.atomic
def provision_groups() -> None:
    """Make every group and exactly its permissions. Idempotent; a few queries a group made."""
    # Wagtail's own groups have rights on the whole tree and no member here.
    Group.objects.filter(name__in=("Editors", "Moderators")).delete()
    _provision_national()
    pages = {page.departement_id: page for page in DepartementPage.objects.all()}
    collections = {collection.name: collection for collection in Collection.objects.all()}
    page_rights = _permissions(("wagtailcore", codename) for codename in PAGE_RIGHTS)
    collection_rights = _permissions(COLLECTION_RIGHTS)
    model_rights = _permissions(CORRESPONDANT_MODEL_RIGHTS)
    known = set(Group.objects.values_list("name", flat=True))
    for departement in Departement.objects.order_by("code"):
        name = group_name(departement.code)
        if name in known or departement.code not in pages:
            continue
        group = Group.objects.create(name=name)
        group.permissions.set(model_rights)
        _allow_pages(group, pages[departement.code], page_rights)
        _allow_files(group, collections[collection_name(departement)], collection_rights)


def group_name(departement_code: str) -> str:
    return f"correspondants-{departement_code}"


def _provision_national() -> None:
    group, created = Group.objects.get_or_create(name="national")
    actions = ("add", "change", "delete", "view")
    models = ((app, f"{action}_{model}") for app, model in NATIONAL_MODELS for action in actions)
    group.permissions.set(_permissions((("wagtailadmin", "access_admin"), *models)))
    if created:
        rights = _permissions(("wagtailcore", codename) for codename in NATIONAL_PAGE_RIGHTS)
        _allow_pages(group, Page.get_first_root_node(), rights)
        _allow_files(
            group, Collection.get_first_root_node(), _permissions(NATIONAL_COLLECTION_RIGHTS)
        )


def _permissions(names: Iterable[tuple[str, str]]) -> list[Permission]:
    wanted = set(names)
    rows = Permission.objects.filter(
        codename__in={codename for _, codename in wanted}
    ).select_related("content_type")
    return [row for row in rows if (row.content_type.app_label, row.codename) in wanted]


def _allow_pages(group: Group, page: Page, rights: list[Permission]) -> None:
    GroupPagePermission.objects.bulk_create(
        GroupPagePermission(group=group, page=page, permission=right) for right in rights
    )


def _allow_files(group: Group, collection: Collection, rights: list[Permission]) -> None:
    GroupCollectionPermission.objects.bulk_create(
        GroupCollectionPermission(group=group, collection=collection, permission=right)
        for right in rights
    )
