import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from annuaire.acteurs.models import Departement
from dispositifs.actions.dispositifs import declare_dispositif, delete_dispositif
from dispositifs.models import DispositifPage, FichePublique, GroupeMenages
from tests.factories import make_dispositif, make_document, make_mandat, make_tree, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


@pytest.fixture
def users():
    make_tree()
    return {
        "ici": make_user("correspondant", "33"),
        "ailleurs": make_user("correspondant", "13"),
        "sans rôle": make_user(None),
        "national": make_user("national"),
    }


def test_only_those_of_the_departement_declare(users):
    gironde = Departement.objects.get(pk="33")

    made = set()
    for who, user in users.items():
        try:
            page = declare_dispositif(titre="MOUS", departement=gironde, publier=True, by=user)
        except PermissionDenied:
            continue
        made.add((who, page.slug, page.live, page.owner))

    assert made == {
        ("ici", "mous", True, users["ici"]),
        ("national", "mous-2", True, users["national"]),
    }


def test_an_address_is_said_in_plain_letters(users):
    page = declare_dispositif(
        titre="Maîtrise d’œuvre à Bègles",
        departement=Departement.objects.get(pk="33"),
        publier=True,
        by=users["ici"],
    )

    assert (page.slug, page.identifiant) == ("maitrise-d-oeuvre-a-begles",) * 2


def test_only_those_of_the_departement_delete(users):
    for user in users.values():
        page = make_dispositif()
        try:
            delete_dispositif(page=page, by=user)
        except PermissionDenied:
            continue

    assert (
        DispositifPage.objects.count(),
        GroupeMenages.objects.count(),
        FichePublique.objects.count(),
    ) == (2, 2, 2)


@pytest.mark.parametrize("hold", [make_mandat, make_document])
def test_what_holds_something_is_not_deleted(users, hold):
    page = make_dispositif()
    hold(page)

    with pytest.raises(ValidationError, match="Dépubliez-la plutôt"):
        delete_dispositif(page=page, by=users["national"])

    assert DispositifPage.objects.count() == 1
