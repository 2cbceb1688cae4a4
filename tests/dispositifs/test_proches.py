"""After a fiche: dispositifs like it with the reason, bonnes pratiques on its thématiques."""

import json
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.text import slugify
from wagtail.models import PageViewRestriction

from annuaire.acteurs.models import Departement
from dispositifs.models import FichePublique
from dispositifs.views.proches import PROCHES, proches, suggestions
from tests.dispositifs.pages import headings_of, links_of, main_of, text_of
from tests.dispositifs.portes import bear, make_porteur, make_thematique
from tests.factories import make_bonne_pratique, make_departement, make_dispositif

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("tree", "strict_templates", "empty_cache"),
]

MOUS = {"thematiques": ["logement", "sante"], "formes": ["mous"]}


def fiche_of(page):
    return json.loads(FichePublique.objects.get(page=page).fiche)


def found_for(page):
    """{title: reason} in order."""
    return {carte["titre"]: carte["raison"] for carte in proches(fiche_of(page))}


def make_neighbours():
    make_departement("47")
    gironde = make_departement("33")
    gironde.voisins.add(Departement.objects.get(pk="47"))


# --- order and reasons ---------------------------------------------------------------------------
def test_the_closest_come_first_each_with_its_reason():
    make_neighbours()
    page = make_porteur("Ici", publics=["femmes"], **MOUS)
    make_porteur("Loin", "59", **MOUS)
    make_porteur("Voisin", "47", publics=["femmes"], **MOUS)
    make_porteur("Même lieu", thematiques=["logement"])
    make_porteur("Sans rapport", thematiques=["scolarisation"])

    found = found_for(page)

    assert list(found.items()) == [
        (
            "Voisin",
            "Même forme (Mous), 2 thématiques communes et même public visé, département voisin",
        ),
        ("Loin", "Même forme (Mous) et 2 thématiques communes"),
        ("Même lieu", "Une thématique commune (Logement), même département"),
    ]


def test_several_formes_publics_and_the_region_are_said():
    make_departement("47")
    page = make_porteur("Ici", formes=["mous", "eta"], publics=["femmes", "jeunes"])
    make_porteur("Là", "47", formes=["eta", "mous"], publics=["jeunes", "femmes"])

    found = found_for(page)

    assert found == {"Là": "Mêmes formes (Eta, Mous) et 2 publics visés communs, même région"}


def test_a_running_dispositif_is_preferred_to_an_ended_one():
    page = make_porteur("Ici", statut="en-cours", **MOUS)
    make_porteur("En cours", "59", statut="en-cours", **MOUS)
    make_porteur("Terminé", "59", statut="termine", **MOUS)

    assert list(found_for(page)) == ["En cours", "Terminé"]


def test_equal_ones_keep_one_order_the_newest_first():
    page = make_porteur("Ici", **MOUS)
    for number in range(PROCHES + 3):
        make_porteur(f"Égal {number}", **MOUS)

    orders = [list(found_for(page)) for _ in range(3)]

    assert orders == [["Égal 6", "Égal 5", "Égal 4", "Égal 3"]] * 3


# --- what is never proposed ----------------------------------------------------------------------
@pytest.mark.parametrize("state", ["brouillon", "depublie", "restreint"])
def test_what_is_not_published_is_never_proposed(client, state):
    page = make_porteur("Ici", **MOUS)
    other = make_dispositif("CANARI", live=False)
    if state != "brouillon":
        bear(other, **MOUS)
    if state == "depublie":
        other.unpublish()
    if state == "restreint":
        PageViewRestriction.objects.create(page=other, restriction_type=PageViewRestriction.LOGIN)

    response = client.get(fiche_of(page)["url"])

    assert found_for(page) == {}
    assert response.status_code == 200
    assert "CANARI" not in response.content.decode()


def test_a_dispositif_is_never_close_to_itself_nor_to_its_documents():
    page = make_porteur("Ici", **MOUS)

    assert found_for(page) == {}


def test_a_fiche_without_forme_nor_thematique_has_nothing_close():
    page = make_porteur("Ici", publics=["femmes"])
    make_porteur("Là", publics=["femmes"])

    assert found_for(page) == {}


# --- the page ------------------------------------------------------------------------------------
def test_the_page_shows_them_and_leads_to_their_comparison(client):
    page = make_porteur("Ici", **MOUS)
    other = make_porteur("Là", **MOUS)

    response = client.get(fiche_of(page)["url"])

    html = main_of(response)
    assert headings_of(response)[-2:] == ["Dispositifs proches", "Là"]
    assert "Même forme (Mous) et 2 thématiques communes, même département" in text_of(response)
    assert f"/dispositifs/comparer/?f={page.identifiant}" in links_of(response)
    assert re.findall(r'name="f" value="([^"]*)"', html) == [page.identifiant, other.identifiant]


def test_nothing_is_shown_when_nothing_is_close(client):
    page = make_porteur("Ici", **MOUS)

    response = client.get(fiche_of(page)["url"])

    assert "Dispositifs proches" not in headings_of(response)
    assert "Bonnes pratiques sur les mêmes thématiques" not in headings_of(response)


def test_the_cost_is_four_queries_whatever_is_close_then_two(client):
    page = make_porteur("Ici", **MOUS)
    url = fiche_of(page)["url"]
    costs = [queries_of(client, url), queries_of(client, url)]
    for number in range(4):
        make_porteur(f"Là {number}", **MOUS)
        make_bonne_pratique(f"Pratique {number}")
    cache.clear()

    costs += [queries_of(client, url), queries_of(client, url)]

    assert costs == [4, 2, 4, 2]


def queries_of(client, url):
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len([query for query in queries if "versionannuaire" not in query["sql"]]) + 1


def test_the_next_publication_renews_them(client):
    page = make_porteur("Ici", **MOUS)
    url = fiche_of(page)["url"]
    before = headings_of(client.get(url))
    make_porteur("Là", **MOUS)

    after = headings_of(client.get(url))

    assert [title for title in after if title not in before] == ["Dispositifs proches", "Là"]


# --- bonnes pratiques ----------------------------------------------------------------------------
def make_pratique(titre, *slugs, live=True, dispositifs=()):
    page = make_bonne_pratique(
        titre, live=False, dispositifs=dispositifs, identifiant=slugify(titre)
    )
    page.thematiques.add(*(make_thematique(slug) for slug in slugs))
    revision = page.save_revision()
    if live:
        revision.publish()
    return page


def test_bonnes_pratiques_of_its_thematiques_are_suggested_the_tied_ones_apart(client):
    page = make_porteur("Ici", **MOUS)
    make_pratique("Une commune", "sante")
    make_pratique("Deux communes", "sante", "logement", "scolarisation")
    make_pratique("Sans rapport", "scolarisation")
    make_pratique("CANARI-BROUILLON", "sante", live=False)
    make_pratique("Observée ici", "sante", dispositifs=[page])
    fiche = fiche_of(page)

    response = client.get(fiche["url"])

    suggested = [carte["titre"] for carte in suggestions(fiche)]
    assert suggested == ["Deux communes", "Une commune"]
    assert [row["titre"] for row in fiche["bonnes_pratiques"]] == ["Observée ici"]
    assert headings_of(response)[-3:] == [
        "Bonnes pratiques sur les mêmes thématiques",
        *suggested,
    ]
    assert "CANARI" not in response.content.decode()


def test_a_bonne_pratique_and_its_dispositif_lead_to_each_other(client):
    page = make_porteur("Ici", **MOUS)
    make_pratique("Observée ici", "sante", dispositifs=[page])
    url, pratique = (fiche_of(page)["url"], fiche_of(page)["bonnes_pratiques"][0]["url"])

    links = {url: links_of(client.get(url)), pratique: links_of(client.get(pratique))}

    assert pratique in links[url]
    assert url in links[pratique]
