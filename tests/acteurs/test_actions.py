import datetime

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from annuaire.acteurs.actions import end_role, give_role, sync_account, sync_accounts
from annuaire.acteurs.droits import PUBLIC, Droits, droits_of, forget
from annuaire.acteurs.models import NatureRole, Role
from tests.factories import make_departement, make_structure, make_user

pytestmark = pytest.mark.django_db

GROUPS = ("national", *(f"correspondants-{code}" for code in ("13", "33", "47", "59")))
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _groups():
    Group.objects.bulk_create(Group(name=name) for name in GROUPS)


def groups(user):
    return sorted(user.groups.values_list("name", flat=True))


def midnight(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


@pytest.mark.parametrize(
    ("nature", "codes", "expected"),
    [
        ("correspondant", ("33", "47"), ["correspondants-33", "correspondants-47"]),
        ("national", (), ["national"]),
        ("operateur", (), []),
        ("partenaire", (), []),
    ],
)
def test_give_role_gives_the_groups_of_its_nature(nature, codes, expected):
    user = make_user(None, structure=make_structure())

    give_role(
        user=user,
        nature=NatureRole(nature),
        departements=[make_departement(code) for code in codes],
    )

    assert groups(user) == expected


def test_sync_gives_the_groups_of_running_roles_and_no_other():
    today = timezone.localdate()
    user = make_user("correspondant", "33")
    for code, du, au in (
        ("47", today - 9 * DAY, today - DAY),
        ("13", today + DAY, None),
        ("59", today - DAY, today),
    ):
        role = Role.objects.create(user=user, nature="correspondant", du=du, au=au)
        role.departements.add(make_departement(code))
    user.groups.add(Group.objects.get(name="Editors"))

    changed = sync_account(user)

    assert changed is True
    assert groups(user) == ["correspondants-33", "correspondants-59"]


def test_closed_account_has_no_group_and_no_next_moment():
    user = make_user("national", au=timezone.localdate() + DAY)
    sync_account(user)
    user.is_active = False
    user.save()

    sync_account(user)

    assert groups(user) == []
    assert user.droits_a_revoir_le is None


@pytest.mark.parametrize(
    ("du", "au", "expected"),
    [
        (-9, None, None),
        (0, None, None),
        (-9, 0, 1),  # over at the midnight that follows its last day
        (-9, 5, 6),
        (3, 5, 3),  # begins first
        (-9, -1, None),
    ],
)
def test_next_moment_is_the_first_midnight_of_paris_that_changes_something(du, au, expected):
    today = timezone.localdate()
    user = make_user(None)
    Role.objects.create(
        user=user,
        nature="national",
        du=today + du * DAY,
        au=None if au is None else today + au * DAY,
    )

    sync_account(user)

    user.refresh_from_db()
    assert user.droits_a_revoir_le == (
        None if expected is None else midnight(today + expected * DAY)
    )


def test_next_moment_is_the_nearest_of_all_roles():
    today = timezone.localdate()
    user = make_user("national", au=today + 9 * DAY)

    give_role(
        user=user,
        nature=NatureRole.CORRESPONDANT,
        departements=[make_departement("33")],
        du=today + 2 * DAY,
    )

    assert user.droits_a_revoir_le == midnight(today + 2 * DAY)
    assert groups(user) == ["national"]


def test_group_that_is_not_provisioned_is_not_made():
    Group.objects.filter(name="national").delete()
    user = make_user("national")

    changed = sync_account(user)

    assert (changed, groups(user)) == (False, [])
    assert not Group.objects.filter(name="national").exists()


def test_end_role_closes_it_at_once():
    user = make_user("correspondant", "33")
    sync_account(user)

    role = end_role(role=user.roles.get())

    assert role.au == timezone.localdate() - DAY
    assert groups(user) == []
    assert droits_of(user) == PUBLIC


def test_end_role_at_a_later_day_keeps_it_until_then():
    last_day = timezone.localdate() + 3 * DAY
    user = make_user("national")

    end_role(role=user.roles.get(), au=last_day)

    user.refresh_from_db()
    assert groups(user) == ["national"]
    assert user.droits_a_revoir_le == midnight(last_day + DAY)


def test_end_role_begun_today_leaves_nothing_open():
    user = make_user("national", du=timezone.localdate())

    end_role(role=user.roles.get())

    assert droits_of(user) == PUBLIC
    assert user.roles.count() == 0


@pytest.mark.parametrize(
    ("nature", "codes", "words"),
    [
        ("correspondant", (), "Un correspondant a au moins un département\xa0: choisissez-le."),
        ("national", ("33",), "Seul un correspondant a des départements\xa0: retirez-les."),
        (
            "operateur",
            (),
            "Un opérateur ou un partenaire travaille pour une structure\xa0: choisissez-la.",
        ),
    ],
)
def test_role_that_lacks_something_is_refused_in_words(nature, codes, words):
    user = make_user(None)

    with pytest.raises(ValidationError) as refusal:
        give_role(
            user=user,
            nature=NatureRole(nature),
            departements=[make_departement(code) for code in codes],
        )

    assert refusal.value.messages == [words]
    assert user.roles.count() == 0


def test_only_who_manages_accounts_gives_and_ends_roles():
    manager, user = make_user("national"), make_user("national")
    allowed = {"sans droit": make_user("correspondant", "33"), "gère les comptes": manager}
    manager.user_permissions.add(Permission.objects.get(codename="change_user"))

    refused = set()
    for name, by in allowed.items():
        try:
            end_role(role=give_role(user=user, nature=NatureRole.NATIONAL, by=by), by=by)
        except PermissionDenied:
            refused.add(name)
    with pytest.raises(PermissionDenied):
        end_role(role=user.roles.get(), by=allowed["sans droit"])

    assert refused == {"sans droit"}


def test_nightly_sync_revises_every_account():
    stale = make_user("correspondant", "33")
    right = make_user("national")
    sync_account(right)
    over = make_user(None)
    over.groups.add(Group.objects.get(name="national"))
    stale.groups.clear()

    count = sync_accounts()

    assert count == 2
    assert [groups(user) for user in (stale, right, over)] == [
        ["correspondants-33"],
        ["national"],
        [],
    ]


def test_droits_are_those_of_today():
    today = timezone.localdate()
    structure = make_structure()
    users = {
        "national": make_user("national"),
        "correspondant": make_user("correspondant", "33", "47"),
        "opérateur": make_user("operateur", structure=structure),
        "partenaire": make_user("partenaire", structure=structure),
        "opérateur sans structure": make_user("operateur"),
        "rôle terminé hier": make_user("national", au=today - DAY),
        "rôle qui finit ce soir": make_user("national", au=today),
        "rôle de demain": make_user("national", du=today + DAY),
        "structure sans rôle": make_user(None, structure=structure),
        "compte fermé": make_user("national"),
    }
    users["compte fermé"].is_active = False

    droits = {who: droits_of(user) for who, user in users.items()}

    of_structure = Droits(structures=frozenset({structure.pk}))
    assert droits == {
        "national": Droits(national=True),
        "correspondant": Droits(departements=frozenset({"33", "47"})),
        "opérateur": of_structure,
        "partenaire": of_structure,
        "opérateur sans structure": PUBLIC,
        "rôle terminé hier": PUBLIC,
        "rôle qui finit ce soir": Droits(national=True),
        "rôle de demain": PUBLIC,
        "structure sans rôle": PUBLIC,
        "compte fermé": PUBLIC,
    }


def test_droits_of_a_merged_structure_are_those_of_the_whole():
    kept = make_structure("Rive et Seuil")
    merged = make_structure("R. et S.", fusionne_dans=kept)
    other = make_structure("Autre")
    before, after = make_user("operateur", structure=merged), make_user("operateur", structure=kept)

    droits = {droits_of(before), droits_of(after)}

    assert droits == {Droits(structures=frozenset({kept.pk, merged.pk}))}
    assert other.pk not in droits_of(before).structures


def test_droits_are_read_once_and_again_after_forget(django_assert_num_queries):
    user = make_user("national")

    with django_assert_num_queries(1):
        droits_of(user), droits_of(user)
    user.roles.all().delete()
    before = droits_of(user)
    forget(user)

    assert (before, droits_of(user)) == (Droits(national=True), PUBLIC)
