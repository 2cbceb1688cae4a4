"""`/dispositifs/?vue=carte`: the set of the list, on a map."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annuaire.acteurs.models import Commune
from dispositifs.models import FicheLieu
from tests.factories import make_departement
from tests.search.fiches import make_fiche

pytestmark = pytest.mark.django_db

SHAPE = re.compile(
    r'<a class="plan__forme plan--\d" href="([^"]*)"( aria-current="true")?><title>([^<]*)<'
)


def make_placed(titre, code="33", *, lieu="", **facettes):
    """A public fiche of a département, with one terrain of that name if there is one."""
    make_departement(code)
    Commune.objects.get_or_create(
        code=f"{code}063",
        defaults={
            "nom": "Bordeaux",
            "departement_id": code,
            "longitude": -0.6,
            "latitude": 44.8,
        },
    )
    if lieu:
        facettes["lieu"] = ["terrain-insertion"]
    fiche = make_fiche(titre, facettes={"departement": [code], **facettes})
    if lieu:
        shown = {"nature": "terrain-insertion", "nom": lieu, "commune_id": f"{code}063"}
        FicheLieu.objects.create(fiche=fiche, **shown)
    return fiche


def read(client, query=""):
    """(shapes: {code: (name, address, chosen)}, names of signs, text of the page)."""
    body = client.get(f"/dispositifs/?vue=carte{query}").content.decode()
    shapes = {
        re.search(r"\((\w+)\)", name)[1]: (html.unescape(name), html.unescape(url), bool(current))
        for url, current, name in SHAPE.findall(body)
    }
    signs = re.findall(r"plan__lieu--[^>]*><title>([^<]*)<", body)
    return shapes, [html.unescape(sign) for sign in signs], body


def test_the_map_counts_as_the_facet_does(client, index):
    make_placed("Logement à Bordeaux")
    make_placed("Logement à Mérignac")
    make_placed("Emploi à Agen", "47")
    index()

    shapes, _, body = read(client, "&q=logement")

    assert len(shapes) == 101
    counted = {code: name for code, (name, *_) in shapes.items() if "aucun" not in name}
    assert counted == {"33": "Gironde (33)\xa0: 2\xa0dispositifs"}
    facet = re.search(r'value="33"\s+id="f-departement-0".*?facette__compte">(\d+)', body)
    assert facet[1] == "2"


def test_a_departement_leads_to_the_list_of_the_same_search(client, index):
    make_placed("Logement à Bordeaux", statut=["en-cours"])
    make_placed("Logement à Agen", "47", statut=["en-cours"])
    index()

    shapes, _, _ = read(client, "&q=logement&statut=en-cours&departement=33&tri=titre")

    assert [shapes[code][1:] for code in ("33", "47")] == [
        ("/dispositifs/?q=logement&departement=33&statut=en-cours&tri=titre", True),
        ("/dispositifs/?q=logement&departement=33&departement=47&statut=en-cours&tri=titre", False),
    ]


def test_the_lieux_are_those_of_the_set(client, index):
    make_placed("Logement à Bordeaux", lieu="Le Clos", statut=["en-cours"])
    make_placed("Logement à Pessac", lieu="CANARI-AUTRE-STATUT", statut=["termine"])
    make_placed("Emploi à Talence", lieu="CANARI-AUTRE-MOT", statut=["en-cours"])
    index()

    _, signs, body = read(client, "&q=logement&statut=en-cours")

    assert signs == ["Terrain d’insertion Le Clos, Bordeaux (33)\xa0: Logement à Bordeaux"]
    assert "<strong>Le Clos</strong>" in body
    assert "CANARI" not in body


def test_partial_results_are_not_on_the_map(client, index):
    make_placed("Logement et emploi", lieu="Entier")
    make_placed("Logement seul", lieu="CANARI-PARTIEL")
    index()

    shapes, signs, body = read(client, "&q=logement+emploi")

    assert "Résultats partiels" in body
    assert [sign.partition(",")[0] for sign in signs] == ["Terrain d’insertion Entier"]
    assert shapes["33"][0] == "Gironde (33)\xa0: 1\xa0dispositif"


def test_links_of_the_page_keep_the_map_and_the_form_too(client, index):
    make_placed("Logement à Bordeaux", statut=["en-cours"])
    index()

    body = read(client, "&q=logement&statut=en-cours")[2]

    links = [html.unescape(url) for url in re.findall(r'href="(/dispositifs/\?[^"]*)"', body)]
    assert {
        "/dispositifs/?q=logement&vue=carte",  # without the filter
        "/dispositifs/?q=logement&statut=en-cours&tri=titre&vue=carte",
        "/dispositifs/?q=logement&statut=en-cours",  # the list
    } <= set(links)
    assert '<input type="hidden" name="vue" value="carte">' in body


def test_the_list_is_kept_under_the_map(client, index):
    make_placed("Logement à Bordeaux")
    index()

    body = read(client)[2]

    assert body.index('<svg class="plan') < body.index('id="par-departement"')
    assert body.index('id="par-departement"') < body.index("Logement à Bordeaux")
    assert "pas encore disponible" not in body


def test_the_list_shows_no_map(client, index):
    make_placed("Logement à Bordeaux", lieu="Le Clos")
    index()

    body = client.get("/dispositifs/").content.decode()

    assert ('<svg class="plan' in body, "carte.css" in body) == (False, False)
    assert 'href="/dispositifs/?vue=carte">Carte</a>' in body


@pytest.mark.parametrize("path", ["/documents/", "/bonnes-pratiques/"])
def test_other_tabs_have_no_map_and_say_so(client, index, path):
    index()

    body = client.get(f"{path}?vue=carte").content.decode()

    assert "La carte ne montre que les dispositifs\xa0: voici la liste." in body
    assert ('<svg class="plan' in body, ">Carte</a>" in body) == (False, False)


def test_nothing_found_is_a_map_without_count(client, index):
    make_placed("Logement à Bordeaux", lieu="Le Clos")
    index()

    shapes, signs, body = read(client, "&q=introuvable")

    assert {name.partition("\xa0: ")[2] for name, *_ in shapes.values()} == {"aucun dispositif"}
    assert signs == []
    assert "Aucun département." in body


def test_the_map_costs_the_same_few_queries_for_1_and_3(client, index):
    costs = []
    for titre in ("Un", "Deux", "Trois"):
        make_placed(f"Logement {titre}", lieu=titre)
        index()
        client.get("/dispositifs/?vue=carte&q=logement")
        with CaptureQueriesContext(connection) as queries:
            client.get("/dispositifs/?vue=carte&q=logement")
        costs.append(len(queries))

    assert costs[0] == costs[2] <= 10
