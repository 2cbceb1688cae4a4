"""Home, départements and plan of the site: true counts, few queries, nothing private."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispositifs.models import AccueilPage, ContenuPage, DepartementPage, Thematique
from tests.dispositifs.pages import headings_of, links_of, main_of, text_of
from tests.factories import (
    make_bonne_pratique,
    make_departement,
    make_dispositif,
    make_document,
    make_tree,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("tree", "strict_templates", "empty_cache"),
]

GIRONDE = "/dispositifs/33-gironde/"


def publish_with(page, *slugs):
    page.thematiques.add(*Thematique.objects.filter(slug__in=slugs))
    page.save_revision().publish()


# --- home ----------------------------------------------------------------------------------------
def test_home_counts_what_is_published(client):
    Thematique.objects.create(slug="logement", name="Logement", description="Un toit.")
    Thematique.objects.create(slug="ancienne", name="Ancienne", actif=False)
    publish_with(make_dispositif(), "logement")
    make_dispositif("Autre")
    make_dispositif("Ailleurs", "13", live=False)
    page = make_dispositif("Avec pièces")
    make_document(page, "Convention")
    make_document(page, "CANARI-INTERNE", niveau="interne")
    page.save_revision().publish()
    make_bonne_pratique()

    response = client.get("/")

    text = text_of(response)
    for figures in (
        "3 dispositifs",
        "1 département engagé",
        "1 document",
        "1 bonne pratique",
        "Logement Un toit. 1 dispositif",
        "33 Gironde 3 dispositifs",
    ):
        assert figures in text
    assert "CANARI" not in text
    assert "Ailleurs" not in text
    assert "Ancienne" not in text


def test_home_leads_to_filters_départements_and_latest_fiches(client):
    Thematique.objects.create(slug="logement", name="Logement")
    make_dispositif()

    links = links_of(client.get("/"), "/")

    assert {
        "/dispositifs/?thematique=logement",
        GIRONDE,
        "/dispositifs/33-gironde/mous-de-bordeaux/",
    } <= set(links)


def test_home_follows_a_publication(client):
    make_dispositif()
    before = text_of(client.get("/"))

    make_dispositif("Un tout nouveau dispositif")

    after = text_of(client.get("/"))
    assert ("nouveau dispositif" in before, "nouveau dispositif" in after) == (False, True)


def test_home_of_an_empty_site_explains_itself(client):
    response = client.get("/")

    assert response.status_code == 200
    assert "Aucune fiche n’est encore publiée." in text_of(response)


def test_home_shows_the_introduction_of_the_editors(client):
    make_tree()
    AccueilPage.objects.update(introduction="Bienvenue <ici>.")

    assert "Bienvenue <ici>." in text_of(client.get("/"))


def test_home_costs_the_same_few_queries_whatever_it_lists(client):
    make_dispositif()
    with CaptureQueriesContext(connection) as one:
        client.get("/")
    for rank in range(3):
        make_dispositif(f"Dispositif {rank}")
    with CaptureQueriesContext(connection) as four:
        client.get("/")

    assert len(one) == len(four) <= 10


# --- département ---------------------------------------------------------------------------------
def test_a_departement_lists_what_concerns_it_and_its_neighbours(client):
    make_tree("33", "47", "13")
    make_departement("33").voisins.add(make_departement("47"))
    Thematique.objects.create(slug="logement", name="Logement")
    publish_with(make_dispositif("Ici", statut="en-cours"), "logement")
    make_dispositif("Fini", statut="termine")
    beside = make_dispositif("À côté", "47", statut="en-cours")
    beside.departements_secondaires.add(make_departement("33"))
    publish_with(beside)
    make_dispositif("Loin", "13")
    make_dispositif("CANARI-BROUILLON", live=False)

    response = client.get(GIRONDE)

    text = text_of(response)
    for words in (
        "3 dispositifs 2 En cours 1 Terminé",
        "Logement 1",
        "Lot-et-Garonne (47) 1 dispositif",
    ):
        assert words in text
    assert headings_of(response)[1:4] == ["Fini", "Ici", "À côté"]
    assert "Loin" not in text
    assert "CANARI" not in text


def test_a_departement_says_whom_to_contact(client):
    make_tree("33")
    silent = text_of(client.get(GIRONDE))
    DepartementPage.objects.update(contact="DDETS, pôle inclusion", presentation="Deux pôles.")

    told = text_of(client.get(GIRONDE))

    assert "Ce département n’a pas encore indiqué son service." in silent
    assert "Service à contacter DDETS, pôle inclusion" in told
    assert "Deux pôles." in told


def test_a_departement_without_dispositif_helps(client):
    make_departement("33")

    response = client.get(GIRONDE)

    assert response.status_code == 200
    assert "Aucun dispositif n’est publié pour ce département." in text_of(response)


def test_a_departement_shows_its_public_documents(client):
    page = make_dispositif()
    for rank in range(8):
        make_document(page, f"Bilan {rank}")
    make_document(page, "CANARI-INTERNE", niveau="interne")
    page.save_revision().publish()

    response = client.get(GIRONDE)

    assert main_of(response).count('class="piece ') == 6
    assert "/documents/33-gironde/" in links_of(response)
    assert "CANARI" not in text_of(response)


def test_a_departement_shows_its_own_documents_before_those_of_all_france(client):
    make_tree("33", "13")
    make_document(make_dispositif("Ici"), "Bilan d’ici").dispositif.save_revision().publish()
    everywhere = make_dispositif("Partout", "13", france_entiere=True)
    make_document(everywhere, "Guide de partout")
    everywhere.save_revision().publish()

    response = client.get(GIRONDE)

    assert [row["titre"] for row in response.context["documents"]] == [
        "Bilan d’ici",
        "Guide de partout",
    ]
    assert [row["titre"] for row in response.context["cartes"]] == ["Ici", "Partout"]


def test_a_departement_is_limited_and_leads_to_the_directory(client):
    for rank in range(13):
        make_dispositif(f"Dispositif {rank}")

    response = client.get(GIRONDE)

    assert main_of(response).count('<article class="carte">') == 12
    assert "Voir les 13 dispositifs" in text_of(response)
    assert "/dispositifs/?departement=33" in links_of(response)


@pytest.mark.parametrize("slug", ["33", "33-", "33-girondins"])
def test_a_departement_answers_by_its_code(client, slug):
    make_departement("33")

    response = client.get(f"/dispositifs/{slug}/")

    assert (response.status_code, response["Location"]) == (301, GIRONDE)


@pytest.mark.parametrize("slug", ["99", "gironde", "2c-corse", "9" * 1000])
def test_an_unknown_departement_is_a_404(client, slug):
    make_departement("33")

    assert client.get(f"/dispositifs/{slug}/").status_code == 404


def test_a_departement_costs_the_same_few_queries_for_1_and_3(client):
    make_tree("33", "47")
    make_departement("33").voisins.add(make_departement("47"))
    make_document(make_dispositif("Premier"), "Convention").dispositif.save_revision().publish()
    costs = []
    for titre in ("", "Deuxième", "Troisième"):
        if titre:
            make_document(make_dispositif(titre), titre).dispositif.save_revision().publish()
        with CaptureQueriesContext(connection) as queries:
            client.get(GIRONDE)
        costs.append(len(queries))

    assert costs[0] == costs[2] <= 10


# --- plan of the site ----------------------------------------------------------------------------
def test_the_plan_leads_to_what_is_published(client):
    make_tree("33", "13")
    home = AccueilPage.objects.get()
    home.add_child(instance=ContenuPage(title="Méthode", slug="methode"))
    home.add_child(instance=ContenuPage(title="CANARI", slug="canari", live=False))

    response = client.get("/plan-du-site/")

    links = set(links_of(response, "/"))
    assert {"/methode/", GIRONDE, "/dispositifs/13-bouches-du-rhone/", "/documents/"} <= links
    assert "CANARI" not in text_of(response)
