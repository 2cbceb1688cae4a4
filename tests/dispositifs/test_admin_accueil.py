import pytest
from django.urls import reverse
from wagtail.admin.menu import admin_menu

from tests.factories import make_dispositif, make_tree, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]

CORRESPONDANT = [
    *("Mes dispositifs", "Propositions", "Déclarer un dispositif", "Documents", "Images"),
    *("Structures", "Aide"),
    "Voir le site",
]
NATIONAL = [
    *("Mes dispositifs", "Propositions", "Déclarer un dispositif", "Documents", "Images"),
    *("Structures", "Bonnes pratiques", "Vocabulaires", "Pages", "Rapports", "Paramètres", "Aide"),
    "Voir le site",
]


@pytest.fixture
def users():
    make_tree()
    administrateur = make_user(None)
    administrateur.is_superuser = True
    administrateur.save()
    return {
        "correspondant": make_user("correspondant", "33"),
        "national": make_user("national"),
        "administrateur": administrateur,
    }


def test_sign_in_lands_on_the_work_to_do_never_on_the_explorer(client, users):
    found = {}
    for who, user in users.items():
        client.force_login(user)
        found[who] = client.get("/admin/")["Location"]

    assert found == {
        "correspondant": "/admin/dispositifs/",
        "national": "/admin/dispositifs/",
        "administrateur": "/admin/comptes/",
    }


def test_explorer_of_a_correspondant_is_the_list(client, users):
    page = make_dispositif()
    client.force_login(users["correspondant"])

    found = {
        client.get(url)["Location"]
        for url in ("/admin/pages/", f"/admin/pages/{page.get_parent().pk}/", "/admin/pages/1/")
    }

    assert found == {"/admin/dispositifs/"}


def test_menu_is_ordered_by_task(rf, users):
    found = {}
    for who, user in users.items():
        request = rf.get("/admin/")
        request.user = user
        found[who] = [str(item.label) for item in admin_menu.menu_items_for_request(request)]

    assert found == {
        "correspondant": CORRESPONDANT,
        "national": NATIONAL,
        "administrateur": ["Comptes", "Paramètres", "Aide", "Voir le site"],
    }


def test_the_main_button_publishes_what_is_online_and_saves_what_is_not(client, users):
    pages = {
        "en ligne": make_dispositif(titre="En ligne"),
        "brouillon": make_dispositif(titre="Brouillon", live=False),
    }
    client.force_login(users["correspondant"])

    first = {
        state: client.get(f"/admin/pages/{page.pk}/edit/").context["action_menu"].default_item.name
        for state, page in pages.items()
    }

    assert first == {"en ligne": "action-publish", "brouillon": "action-save-draft"}


@pytest.mark.parametrize("who", ["correspondant", "national", "administrateur"])
def test_every_item_of_the_menu_opens(client, rf, users, who):
    request = rf.get("/admin/")
    request.user = users[who]
    client.force_login(users[who])

    found = {
        item.url: client.get(item.url, follow=True).status_code
        for item in admin_menu.menu_items_for_request(request)
        if item.url.startswith("/admin/")
    }

    assert set(found.values()) == {200}


def test_page_not_found_shows_the_way_back(client, users):
    client.force_login(users["correspondant"])

    response = client.get("/admin/reports/site-history/")

    assert (response.status_code, reverse("dispositifs_admin:index") in response.text) == (
        404,
        True,
    )


def test_nothing_of_wagtail_brand_or_third_parties(client, users):
    client.force_login(users["correspondant"])

    body = client.get("/admin/dispositifs/").text

    named = [
        word
        for word in ("gravatar", "releases.wagtail", "What's new", "Nouveautés de Wagtail")
        if word in body
    ]
    assert (named, "<title>Mes dispositifs - Annuaire des dispositifs</title>" in body) == (
        [],
        True,
    )
