import datetime

import pytest

from dispositifs.models import DispositifPage, FichePublique
from dispositifs.saisie.doublons import near_duplicates
from tests.factories import make_dispositif, make_structure, make_tree, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
DECLARER = "/admin/dispositifs/declarer/"


@pytest.fixture
def editor(client):
    make_tree("33", "13", "47")
    client.force_login(make_user("correspondant", "33"))
    return client


def test_title_alone_publishes_in_two_clicks(editor):
    form = editor.get(DECLARER).context["form"]

    response = editor.post(
        DECLARER,
        {"titre": "MOUS de Bordeaux", "departement": form["departement"].value(), "publier": "1"},
    )

    page = DispositifPage.objects.get()
    assert (form["departement"].is_hidden, response["Location"]) == (
        True,
        f"/admin/pages/{page.pk}/edit/",
    )
    assert (
        page.departement_id,
        page.live,
        page.identifiant,
        page.groupes.count(),
        FichePublique.objects.dispositifs().count(),
    ) == ("33", True, "mous-de-bordeaux", 1, 1)


def test_draft_is_not_public(editor):
    editor.post(DECLARER, {"titre": "MOUS", "departement": "33", "brouillon": "1"})

    page = DispositifPage.objects.get()
    assert (page.live, page.latest_revision is not None, FichePublique.objects.count()) == (
        False,
        True,
        0,
    )


def test_near_duplicate_is_shown_then_created_all_the_same(editor):
    make_dispositif("MOUS de Bordeaux")
    data = {"titre": "Mous de bordeaux 2", "departement": "33", "publier": "1"}

    shown = editor.post(DECLARER, data)
    confirmed = editor.post(DECLARER, {**data, "confirme": shown.context["form"].signature})

    assert ([page.title for page in shown.context["doublons"]], shown.status_code) == (
        ["MOUS de Bordeaux"],
        200,
    )
    assert 'value="Mous de bordeaux 2"' in shown.content.decode()
    assert (confirmed.status_code, DispositifPage.objects.count()) == (302, 2)


def test_confirmation_holds_for_what_was_shown_only(editor):
    first = make_dispositif("MOUS de Bordeaux")
    make_dispositif("Village d’insertion")

    response = editor.post(
        DECLARER,
        {
            "titre": "Village d’insertions",
            "departement": "33",
            "publier": "1",
            "confirme": str(first.pk),
        },
    )

    assert (response.status_code, DispositifPage.objects.count()) == (200, 2)


@pytest.mark.parametrize("departement", ["13", "99", "", "abc"])
def test_elsewhere_is_refused_and_the_title_is_kept(editor, departement):
    response = editor.post(
        DECLARER, {"titre": "Chez les autres", "departement": departement, "publier": "1"}
    )

    assert (
        response.status_code,
        set(response.context["form"].errors),
        DispositifPage.objects.count(),
    ) == (200, {"departement"}, 0)
    assert 'value="Chez les autres"' in response.content.decode()


def test_several_departements_are_offered_and_one_may_come_filled(client):
    make_tree("33", "13", "47")
    client.force_login(make_user("correspondant", "33", "47"))

    form = client.get(f"{DECLARER}?departement=47").context["form"]

    assert (
        [row.pk for row in form.fields["departement"].queryset],
        form["departement"].value(),
        form["departement"].is_hidden,
    ) == (["33", "47"], "47", False)


def test_stock_creation_leads_to_the_declaration(editor):
    parent = make_dispositif("Autre").get_parent()

    response = editor.get(f"/admin/pages/add/dispositifs/dispositifpage/{parent.pk}/")

    assert response["Location"] == f"{DECLARER}?departement=33"


@pytest.mark.parametrize(
    ("titre", "expected"),
    [
        ("MOUS DE BORDEAUX", ["MOUS de Bordeaux"]),
        ("Mous de Bordéaux", ["MOUS de Bordeaux"]),
        ("MOUS de Bordeaux Nord", ["MOUS de Bordeaux"]),
        ("Village d’insertion", []),
        ("", []),
    ],
)
def test_near_titles(titre, expected):
    make_dispositif("MOUS de Bordeaux")
    make_dispositif("MOUS de Bordeaux", "13")

    found = near_duplicates(titre=titre, departement="33")

    assert [(page.title, page.departement_id) for page in found] == [(t, "33") for t in expected]


def test_same_operator_and_first_day_are_near_whatever_the_title():
    structure = make_structure()
    page = make_dispositif("MOUS", chef_de_file=structure, date_debut=datetime.date(2024, 1, 1))

    found = near_duplicates(
        titre="Tout autre chose",
        departement="33",
        chef_de_file=structure.pk,
        date_debut=page.date_debut,
    )

    assert found == [page]
