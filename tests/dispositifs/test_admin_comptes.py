import pytest

from annuaire.acteurs.models import Role, User
from tests.factories import make_structure, make_tree, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


@pytest.fixture
def administrateur(client):
    make_tree()
    client.force_login(User.objects.create_superuser("root@exemple.fr", "motdepasse-de-test"))
    return client


def test_account_is_opened_given_a_role_then_closed(administrateur):
    administrateur.post(
        "/admin/comptes/ouvrir/",
        {"email": "Neuve@Exemple.fr", "first_name": "", "last_name": "", "structure": ""},
    )
    user = User.objects.get(email="neuve@exemple.fr")
    administrateur.post(
        f"/admin/comptes/{user.pk}/",
        {"nature": "correspondant", "departements": "Gironde", "du": "", "au": ""},
    )
    groups = list(user.groups.values_list("name", flat=True))
    administrateur.post(f"/admin/comptes/{user.pk}/roles/{user.roles.get().pk}/terminer/")
    administrateur.post(f"/admin/comptes/{user.pk}/fermer/")

    user.refresh_from_db()
    assert (groups, user.groups.count(), user.is_active) == (["correspondants-33"], 0, False)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"nature": "correspondant", "departements": ""}, "Un correspondant a au moins un"),
        ({"nature": "operateur", "departements": ""}, "Un opérateur ou un partenaire travaille"),
        ({"nature": "national", "departements": "33"}, "Seul un correspondant a des départements"),
    ],
)
def test_role_errors_are_sentences(administrateur, fields, sentence):
    user = make_user(None)

    response = administrateur.post(f"/admin/comptes/{user.pk}/", {**fields, "du": "", "au": ""})

    (shown,) = response.context["form"].non_field_errors()
    assert (shown.startswith(sentence), Role.objects.filter(user=user).count()) == (True, 0)


def test_accounts_belong_to_the_administrator_alone(client):
    make_tree()
    user = make_user("operateur", structure=make_structure())
    users = {
        "correspondant": make_user("correspondant", "33"),
        "national": make_user("national"),
        "administrateur": User.objects.create_superuser("root@exemple.fr", "motdepasse-de-test"),
    }
    urls = ("", "ouvrir/", "results/?q=a", f"{user.pk}/")

    found = {}
    for who, account in users.items():
        client.force_login(account)
        found[who] = [client.get(f"/admin/comptes/{url}").status_code for url in urls]

    assert found == {
        "correspondant": [404] * 4,
        "national": [404] * 4,
        "administrateur": [200] * 4,
    }


def test_nobody_closes_the_own_account(administrateur):
    me = User.objects.get(email="root@exemple.fr")

    administrateur.post(f"/admin/comptes/{me.pk}/fermer/")

    me.refresh_from_db()
    assert me.is_active
