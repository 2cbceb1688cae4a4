"""Wagtail's permission policies for our models: each asks permissions.py, row by row."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import register_permission_policy

from annuaire.acteurs.models import Structure, User
from dispositifs import permissions
from dispositifs.models import (
    Document,
    Forme,
    Public,
    RoleParticipation,
    Thematique,
    TypeDocument,
)

VOCABULAIRES: tuple[type[Model], ...] = (Thematique, Forme, Public, TypeDocument, RoleParticipation)


class RowPolicy(ModelPermissionPolicy):
    """Who may act on which rows; a subclass says it with `rows_for`."""

    def rows_for(self, user: User, action: str) -> "QuerySet[Any]":
        raise NotImplementedError

    def user_has_permission(self, user: User, action: str) -> bool:
        raise NotImplementedError

    def user_has_any_permission(self, user: User, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: User, action: str, instance: Model) -> bool:
        rows = self.rows_for(user, action)
        return self.user_has_permission(user, action) and rows.filter(pk=instance.pk).exists()

    def instances_user_has_any_permission_for(
        self, user: User, actions: Iterable[str]
    ) -> "QuerySet[Any]":
        rows = self.model._default_manager.none()
        for action in actions:
            if self.user_has_permission(user, action):
                rows = rows | self.rows_for(user, action)
        return rows


class StructurePolicy(RowPolicy):
    """Shared by all; corrected by the département that declared it; merged, never deleted."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action != "delete" and permissions.can_create_structure(user)

    def rows_for(self, user: User, action: str) -> "QuerySet[Any]":
        current = Structure.objects.current()
        if action in ("view", "choose"):
            return current
        return current.filter(permissions.q_editable_structure(user))


class VocabulairePolicy(RowPolicy):
    """National alone; a word is retired or merged, never deleted: fiches carry it."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action != "delete" and permissions.can_manage_vocabularies(user)

    def rows_for(self, user: User, action: str) -> "QuerySet[Any]":
        return self.model._default_manager.all()


class DocumentPolicy(CollectionOwnershipPermissionPolicy):
    """The collection gives the right to add; who manages a document depends on its dispositif."""

    def user_has_permission_for_instance(self, user: User, action: str, instance: Document) -> bool:
        rows = self.instances_user_has_any_permission_for(user, [action])
        return bool(rows.filter(pk=instance.pk).exists())

    def user_has_any_permission_for_instance(
        self, user: User, actions: Iterable[str], instance: Document
    ) -> bool:
        rows = self.instances_user_has_any_permission_for(user, actions)
        return bool(rows.filter(pk=instance.pk).exists())

    def instances_user_has_any_permission_for(
        self, user: User, actions: Iterable[str]
    ) -> "QuerySet[Any]":
        # Only national deletes: a correspondant withdraws, and the trace stays.
        if set(actions) == {"delete"} and not permissions.can_manage_vocabularies(user):
            return Document.objects.none()
        # A subquery: the search of the list knows no field of the dispositif.
        mine = Document.objects.manageable_by(user)
        return Document.objects.filter(pk__in=mine.values("pk"))


def register() -> None:
    """Before any view asks for one."""
    register_permission_policy(Structure, StructurePolicy(Structure))
    for model in VOCABULAIRES:
        register_permission_policy(model, VocabulairePolicy(model))


def register_documents() -> None:
    """Once `wagtail.documents` is ready: it registers its own, and the last one counts."""
    policy = DocumentPolicy(
        "dispositifs.Document",
        auth_model="wagtaildocs.Document",
        owner_field_name="uploaded_by_user",
    )
    register_permission_policy(Document, policy)
