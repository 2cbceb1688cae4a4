"""Every write on accounts and roles. What a role opens is in droits and in permissions.

Groups only carry Wagtail's own permissions; they are always what the running roles say.
"""

import datetime
import logging
from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from annuaire.acteurs.droits import NATURES_DE_STRUCTURE, forget
from annuaire.acteurs.models import Departement, NatureRole, Role, User

logger = logging.getLogger("securite")

GROUPE_NATIONAL = "national"


def groupe_correspondants(code: str) -> str:
    """The group of the correspondants of a département, « correspondants-33 »."""
    return f"correspondants-{code}"


@transaction.atomic
def give_role(  # noqa: PLR0913  # keyword-only: none can be taken for another
    *,
    user: User,
    nature: NatureRole,
    departements: Iterable[Departement] = (),
    du: datetime.date | None = None,
    au: datetime.date | None = None,
    by: User | None = None,
) -> Role:
    """Give a dated role, today and without end by default; its rights open on its first day.

    A correspondant needs at least one département; an operator or a partner, a structure. `by` is
    None for commands. Raises ValidationError when something is missing, PermissionDenied when
    `by` may not manage accounts.
    """
    _check_may_manage_accounts(by)
    chosen = list(departements)
    role = Role(user=user, nature=nature, du=du or timezone.localdate(), au=au)
    _check_role(role, chosen)
    role.save()
    role.departements.set(chosen)
    sync_account(user)
    _log("donné", role, by)
    return role


@transaction.atomic
def end_role(*, role: Role, au: datetime.date | None = None, by: User | None = None) -> Role:
    """End a role on its last day `au`; without it, at once: the last day is then yesterday.

    A role that begins after that day is deleted (the security log keeps it): dates cannot tell
    that it was open for part of today. Raises PermissionDenied as `give_role` does.
    """
    _check_may_manage_accounts(by)
    last_day = au or timezone.localdate() - datetime.timedelta(days=1)
    if role.du > last_day:
        role.delete()
    else:
        role.au = last_day
        role.save(update_fields=["au"])
    sync_account(role.user)
    _log("terminé", role, by)
    return role


@transaction.atomic
def sync_account(user: User) -> bool:
    """Give the account the groups of its running roles, and no other; whether they changed.

    Sets `droits_a_revoir_le`, the next midnight (Europe/Paris) at which a role begins or is over.
    """
    # A group not provisioned yet is not made here: it would have no permission, for ever.
    wanted = set(Group.objects.filter(name__in=_groups_of(user)))
    current = set(user.groups.all())
    if current != wanted:
        user.groups.set(wanted)
    moment = _next_change(user)
    if user.droits_a_revoir_le != moment:
        user.droits_a_revoir_le = moment
        user.save(update_fields=["droits_a_revoir_le"])
    forget(user)
    return current != wanted


def sync_accounts() -> int:
    """`sync_account` for every account; how many had groups that no longer matched their roles."""
    return sum(sync_account(user) for user in User.objects.order_by("pk"))


def _groups_of(user: User) -> set[str]:
    """Operators and partners have no group: they never enter the administration."""
    if not user.is_active:
        return set()
    rows = Role.objects.running().filter(user=user).values_list("nature", "departements")
    names = {
        groupe_correspondants(code)
        for nature, code in rows
        if nature == NatureRole.CORRESPONDANT and code
    }
    if any(nature == NatureRole.NATIONAL for nature, _ in rows):
        names.add(GROUPE_NATIONAL)
    return names


def _next_change(user: User) -> datetime.datetime | None:
    if not user.is_active:
        return None
    today = timezone.localdate()
    roles = Role.objects.filter(Q(du__gt=today) | Q(au__gte=today), user=user)
    days = []
    for du, au in roles.values_list("du", "au"):
        if du > today:
            days.append(du)
        if au is not None:
            days.append(au + datetime.timedelta(days=1))
    if not days:
        return None
    return timezone.make_aware(datetime.datetime.combine(min(days), datetime.time.min))


def _check_may_manage_accounts(by: User | None) -> None:
    if by is not None and not by.has_perm("acteurs.change_user"):
        raise PermissionDenied("Votre compte ne permet pas de gérer les comptes.")


def _check_role(role: Role, departements: list[Departement]) -> None:
    if role.nature == NatureRole.CORRESPONDANT and not departements:
        raise ValidationError("Un correspondant a au moins un département : choisissez-le.")
    if role.nature != NatureRole.CORRESPONDANT and departements:
        raise ValidationError("Seul un correspondant a des départements : retirez-les.")
    if role.nature in NATURES_DE_STRUCTURE and role.user.structure_id is None:
        raise ValidationError(
            "Un opérateur ou un partenaire travaille pour une structure : choisissez-la."
        )
    role.full_clean()


def _log(event: str, role: Role, by: User | None) -> None:
    author = f"le compte {by.pk}" if by else "une commande"
    logger.info(
        "Rôle %s du compte %s (%s → %s) %s par %s.",
        role.nature,
        role.user_id,
        role.du,
        role.au or "sans fin",
        event,
        author,
    )
