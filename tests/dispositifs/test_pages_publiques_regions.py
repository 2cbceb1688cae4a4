"""Region pages: true counts by département, thématique and statut, few queries, nothing private."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispositifs.models import Thematique
from tests.dispositifs.pages import headings_of, links_of, text_of
from tests.factories import (
    make_bonne_pratique,
    make_departement,
    make_dispositif,
    make_document,
    make_tree,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates", "empty_cache")]

URL = "/territoires/75/"


def test_a_region_counts_its_départements_thématiques_statuts_and_documents(client):
    make_tree("33", "47", "13")
    page = make_dispositif()
    page.thematiques.add(Thematique.objects.create(slug="logement", name="Logement"))
    page.departements_secondaires.add(make_departement("47"))
    page.statut = "en-cours"
    page.save_revision().publish()
    make_document(page, "Convention")
    make_document(page, "CANARI-INTERNE", niveau="interne")
    make_dispositif("Ailleurs", "13")
    make_dispositif("CANARI-BROUILLON", live=False)
    make_bonne_pratique(dispositifs=[page])

    response = client.get(URL)

    text = text_of(response)
    for words in (
        "1 dispositif 1 En cours",
        "Gironde (33) 1 dispositif",
        "Lot-et-Garonne (47) 1 dispositif",
        "Logement 1",
        "Documents 1",
        "Bonnes pratiques 1",
        "MOUS de Bordeaux",
    ):
        assert words in text
    assert [word for word in ("CANARI", "Ailleurs", "Bouches") if word in text] == []


def test_a_region_leads_to_its_départements_and_to_the_filtered_directory(client):
    make_tree("33", "47")
    page = make_dispositif()
    page.thematiques.add(Thematique.objects.create(slug="logement", name="Logement"))
    page.save_revision().publish()

    response = client.get(URL)

    assert links_of(response, "/dispositifs/?") == [
        "/dispositifs/?region=75",
        f"/dispositifs/?region=75&statut={page.statut}",
        "/dispositifs/?region=75",
        "/dispositifs/?region=75&thematique=logement",
    ]
    assert links_of(response, "/dispositifs/33") == [
        "/dispositifs/33-gironde/",
        "/dispositifs/33-gironde/mous-de-bordeaux/",
    ]
    assert links_of(response, "/documents/") == ["/documents/?region=75"]


def test_a_region_without_dispositif_says_so(client):
    make_tree("33")

    response = client.get(URL)

    assert headings_of(response) == ["Départements 1", "Mises à jour récentes", "À lire aussi"]
    assert "Aucun dispositif n’est publié pour cette région." in text_of(response)


@pytest.mark.parametrize("code", ["98", "075", "nouvelle-aquitaine", "%00"])
def test_an_unknown_region_answers_404_and_lists_the_regions(client, code):
    make_departement("33")

    response = client.get(f"/territoires/{code}/")

    assert response.status_code == 404
    assert links_of(response) == ["/territoires/75/", "/dispositifs/"]


def test_regions_are_reached_from_home_plan_département_and_fiche(client):
    make_dispositif()
    pages = ("/", "/plan-du-site/", "/dispositifs/33-gironde/")
    fiche = "/dispositifs/33-gironde/mous-de-bordeaux/"

    found = {path: URL in links_of(client.get(path)) for path in (*pages, fiche)}

    assert found == dict.fromkeys((*pages, fiche), True)


def test_a_region_asks_as_many_questions_for_one_fiche_as_for_three(client):
    make_tree("33", "47")
    make_dispositif()
    with CaptureQueriesContext(connection) as one:
        client.get(URL)
    make_dispositif("Deux")
    make_dispositif("Trois", "47")

    with CaptureQueriesContext(connection) as three:
        client.get(URL)

    assert len(three) == len(one) <= 10
