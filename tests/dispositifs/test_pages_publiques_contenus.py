"""Pages of text, errors, headers: what answers on an empty site, and what is never sent."""

import pytest
from django.template.loader import render_to_string
from wagtail.models import PageViewRestriction

from dispositifs.models import (
    AccueilPage,
    ContenuPage,
    DepartementPage,
    Participation,
    RoleParticipation,
)
from tests.dispositifs.pages import links_of, text_of
from tests.factories import make_dispositif, make_structure, make_tree, make_user

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("tree", "strict_templates", "empty_cache"),
]

OBLIGATORY = {
    "/plan-du-site/": "Plan du site",
    "/accessibilite/": "Une partie des documents joints",
    "/mentions-legales/": "À compléter par l’exploitant",
    "/donnees-personnelles/": "ne dépose aucun cookie",
    "/contact/": "Adressez-vous au service qui suit le département",
    "/aide/": "Écrivez ce que vous cherchez",
}


@pytest.mark.parametrize(("path", "words"), OBLIGATORY.items())
def test_obligatory_pages_answer_on_an_empty_site(client, path, words):
    response = client.get(path)

    assert response.status_code == 200
    assert words in text_of(response)


def make_contenu(slug="accessibilite", **fields):
    make_tree("33")
    page = ContenuPage(title="La nôtre", slug=slug, corps="<p>Notre texte.</p>", **fields)
    return AccueilPage.objects.get().add_child(instance=page)


def test_the_page_of_the_editors_takes_the_place_of_the_default(client):
    make_contenu()

    text = text_of(client.get("/accessibilite/"))

    assert "Notre texte." in text
    assert "Voies de recours" not in text


@pytest.mark.parametrize("state", ["brouillon", "restreinte"])
def test_a_page_that_is_not_public_does_not(client, state):
    page = make_contenu(live=state != "brouillon")
    if state == "restreinte":
        PageViewRestriction.objects.create(page=page, restriction_type="login")

    text = text_of(client.get("/accessibilite/"))

    assert "Notre texte." not in text
    assert "Voies de recours" in text


def test_other_pages_of_text_are_served_by_their_address(client):
    make_contenu("methode-des-chiffres")

    assert "Notre texte." in text_of(client.get("/methode-des-chiffres/"))


# --- contact -------------------------------------------------------------------------------------
def test_contact_names_the_service_of_the_fiche(client):
    page = make_dispositif()
    role = RoleParticipation.objects.create(slug="pilote", libelle="Pilote")
    page.participations.add(Participation(structure=make_structure("La préfecture"), role=role))
    page.save_revision().publish()
    url = f"/contact/?fiche={page.identifiant}"
    by_pilot = text_of(client.get(url))
    DepartementPage.objects.update(contact="DDETS, pôle inclusion")

    by_service = text_of(client.get(url))

    assert "Au sujet de la fiche « MOUS de Bordeaux »" in by_pilot
    assert "Service à contacter (Gironde) : La préfecture ." in by_pilot
    assert "Service à contacter (Gironde) : DDETS, pôle inclusion ." in by_service


@pytest.mark.parametrize("fiche", ["inconnue", "%00", "a" * 10_000, "brouillon-canari"])
def test_contact_ignores_a_fiche_that_is_not_public(client, fiche):
    make_dispositif("Brouillon CANARI", live=False, identifiant="brouillon-canari")

    response = client.get(f"/contact/?fiche={fiche}")

    assert response.status_code == 200
    assert "Au sujet de la fiche" not in text_of(response)
    assert "Brouillon CANARI" not in text_of(response)


# --- what every page sends -----------------------------------------------------------------------
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/dispositifs/33-gironde/",
        "/dispositifs/33-gironde/mous-de-bordeaux/",
        "/nexiste-pas/",
        "/robots.txt",
        *OBLIGATORY,
    ],
)
def test_anonymous_pages_set_no_cookie_and_a_strict_policy(client, settings, path):
    settings.PUBLIC_URL = "https://annuaire.exemple.fr"
    make_dispositif()

    response = client.get(path)

    body = response.content.decode()
    assert not response.cookies
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert [
        sign for sign in (" style=", "<style", " onclick=", "csrfmiddleware") if sign in body
    ] == []
    assert "http://" not in body.replace("http://testserver", "")


def test_a_page_that_does_not_exist_helps(client):
    response = client.get("/nexiste-pas/")

    assert response.status_code == 404
    assert "Cette page est introuvable" in text_of(response)
    assert {"/dispositifs/", "/documents/", "/contact/"} <= set(links_of(response))


@pytest.mark.parametrize("name", ["400", "403", "500"])
def test_error_pages_need_nothing(name, django_assert_num_queries):
    with django_assert_num_queries(0):
        body = render_to_string(f"{name}.html")

    assert f"Erreur {name}" in body
    assert "VARIABLE-INCONNUE" not in body


# --- header --------------------------------------------------------------------------------------
def test_the_header_offers_what_each_account_may_open(client):
    users = {
        "public": None,
        "correspondant": make_user("correspondant", "33"),
        "opérateur": make_user("operateur", structure=make_structure()),
        "sans rôle": make_user(None),
    }
    words = ("Se connecter", "Mon espace", "Administration", "Se déconnecter")

    offered = {}
    for who, user in users.items():
        client.logout()
        if user:
            client.force_login(user)
        text = text_of(client.get("/"))
        offered[who] = {word for word in words if word in text}

    assert offered == {
        "public": {"Se connecter"},
        "correspondant": {"Administration", "Se déconnecter"},
        "opérateur": {"Mon espace", "Se déconnecter"},
        "sans rôle": {"Se déconnecter"},
    }


def test_signing_out_is_a_post_with_its_token(client):
    client.force_login(make_user("correspondant", "33"))

    body = client.get("/").content.decode()

    assert '<form action="/deconnexion/" method="post">' in body
    assert 'name="csrfmiddlewaretoken" value="' in body


def test_the_mark_of_the_state_is_shown_only_where_it_is_turned_on(client, settings):
    off = client.get("/").content.decode()
    settings.MARQUE_ETAT = True
    on = client.get("/").content.decode()

    signs = ("République", "fr-logo", "marque-etat")
    assert [sign for sign in signs if sign in off] == []
    assert [sign for sign in signs if sign not in on] == []
