"""What Wagtail's own page views may do, page type by page type.

Groups give the right on a subtree; these testers take away what no rule of permissions.py gives.
"""

from typing import TYPE_CHECKING

from wagtail.models import PagePermissionTester

from dispositifs import permissions

if TYPE_CHECKING:
    from wagtail.models import Page


class StructuralPermissionTester(PagePermissionTester):
    """A page that holds the site up: it may be edited, and nothing else."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return False

    def can_set_view_restrictions(self) -> bool:
        return False

    def can_move(self) -> bool:
        return False

    def can_copy(self) -> bool:
        return False

    def can_reorder_children(self) -> bool:
        return False

    def can_lock(self) -> bool:
        return False


class DepartementPermissionTester(StructuralPermissionTester):
    """Its correspondants edit its presentation and contact; the form has no other field."""

    page: "Page"

    def can_edit(self) -> bool:
        code = self.page.specific_deferred.departement_id
        return bool(super().can_edit()) and permissions.can_create_in(self.user, code)


class DispositifPermissionTester(PagePermissionTester):
    """Only the pilot département writes; privacy, locks and aliases are not tools of this site."""

    def can_edit(self) -> bool:
        return bool(super().can_edit()) and permissions.can_edit(self.user, self.page)

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return bool(super().can_delete(ignore_bulk)) and permissions.can_edit(self.user, self.page)

    def can_publish(self) -> bool:
        return bool(super().can_publish()) and permissions.can_edit(self.user, self.page)

    def can_unpublish(self) -> bool:
        return bool(super().can_unpublish()) and permissions.can_edit(self.user, self.page)

    def can_set_view_restrictions(self) -> bool:
        return permissions.can_manage_vocabularies(self.user) and self.can_publish()

    def can_lock(self) -> bool:
        return permissions.can_manage_vocabularies(self.user) and bool(super().can_lock())
