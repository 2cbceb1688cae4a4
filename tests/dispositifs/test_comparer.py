"""Two to four dispositifs side by side, chosen by the address and by nothing else."""

import html
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from dispositifs.models import FichePublique
from dispositifs.views.comparaison import Cellule, compare
from tests.dispositifs.pages import headings_of, links_of, main_of, text_of
from tests.dispositifs.portes import make_porteur
from tests.factories import make_bonne_pratique, make_dispositif, make_document, make_structure

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("tree", "strict_templates", "empty_cache"),
]

URL = "/dispositifs/comparer/"


def make_several(number, **fields):
    return [
        make_dispositif(f"Dispositif {rank}", identifiant=f"fiche-{rank}", **fields)
        for rank in range(number)
    ]


def ask(client, *identifiants):
    return client.get(URL, {"f": identifiants})


def columns_of(response):
    found = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', main_of(response), re.DOTALL)
    return [re.sub(r"<[^>]*>", "", title).strip() for title in found]


def lines_of(response):
    """{title of the line: (« Identique », « Différent » or « Incomplet », texts of its cells)}"""
    lines = {}
    for row in re.findall(r'<tr class="comparaison__ligne.*?</tr>', main_of(response), re.DOTALL):
        row = re.sub(r'<span class="comparaison__nom">.*?</span>', "", row)
        titre, etat, *cells = [
            words(cell) for cell in re.split(r"<span class=\"comparaison__etat\">|<td>", row)
        ]
        lines[titre] = (etat, cells)
    return lines


def words(fragment):
    text = html.unescape(
        re.sub(
            r"<[^>]*>", " ", fragment.partition(">")[2] if fragment.startswith("<tr") else fragment
        )
    )
    return " ".join(text.split())


# --- the table -----------------------------------------------------------------------------------
def test_fiches_stand_side_by_side_in_the_order_asked(client):
    make_several(3)

    response = ask(client, "fiche-2", "fiche-0")

    assert columns_of(response) == ["Dispositif 2", "Dispositif 0"]
    assert "Comparer 2 dispositifs" in text_of(response)


def test_each_line_says_in_words_whether_the_fiches_agree(client):
    make_dispositif("A", identifiant="a", statut="en-cours", capacite_menages=40, sigle="AA")
    make_dispositif("B", identifiant="b", statut="en-cours", capacite_menages=12)

    lines = lines_of(ask(client, "a", "b"))

    assert lines["Statut"] == ("Identique", ["En cours", "En cours"])
    assert lines["Capacité"] == ("Différent", ["40 ménages", "12 ménages"])
    assert lines["Sigle"] == ("Incomplet", ["AA", "Non renseigné"])
    assert lines["Département"] == ("Identique", ["Gironde (33)"] * 2)


def test_every_public_field_has_its_line():
    page = make_porteur(
        "A",
        thematiques=["logement"],
        formes=["mous"],
        publics=["femmes"],
        resume="Un résumé.",
        contexte="<p>Un contexte.</p>",
        statut="termine",
        enseignements_reussi="<p>Une leçon.</p>",
        chef_de_file=make_structure("Rive"),
    )
    make_document(page)
    page.save_revision().publish()
    make_bonne_pratique(dispositifs=[page])
    fiche = json.loads(FichePublique.objects.get(page=page).fiche)

    groups = {
        group.titre: {line.titre: line.cellules[0] for line in group.lignes}
        for group in compare([fiche, fiche])
    }

    assert {titre: list(lines) for titre, lines in groups.items()} == {
        "En bref": [
            *("Résumé", "Statut", "Département", "Région"),
            *("Forme", "Thématiques"),
        ],
        "Accueil des ménages": ["Public visé"],
        "Qui participe, et où": ["Opérateur chef de file"],
        "Description": ["Contexte"],
        "Enseignements": ["Ce qui a réussi"],
        "Pour aller plus loin": ["Documents", "Bonnes pratiques", "Mise à jour"],
    }
    assert groups["Description"]["Contexte"] == Cellule(html="<p>Un contexte.</p>")
    assert groups["Pour aller plus loin"]["Documents"] == Cellule(
        liens=(("Convention", fiche["documents"][0]["url"]),)
    )


def test_each_column_leads_to_its_fiche_its_data_and_the_comparison_without_it(client):
    make_several(3)

    links = links_of(ask(client, "fiche-0", "fiche-1", "fiche-2"))

    assert "/dispositifs/33-gironde/dispositif-1/" in links
    assert "/api/v1/dispositifs/fiche-1" in links
    assert f"{URL}?f=fiche-0&f=fiche-2" in links
    assert client.get("/api/v1/dispositifs/fiche-1").status_code == 200


def test_the_table_is_a_named_region_that_the_keyboard_scrolls(client):
    make_several(2)

    body = main_of(ask(client, "fiche-0", "fiche-1"))

    assert 'role="region" aria-labelledby="titre-comparaison" tabindex="0"' in body
    assert '<caption class="fr-sr-only" id="titre-comparaison">' in body
    assert len(re.findall('<th scope="row">', body)) == len(re.findall('<tr class="comp', body)) + 1


# --- what is refused, and said -------------------------------------------------------------------
@pytest.mark.parametrize("state", ["inconnu", "brouillon", "depublie", "restreint"])
def test_what_is_not_published_is_said_and_left_out(client, state):
    make_several(2)
    page = make_dispositif("CANARI", identifiant="cache", live=state == "depublie")
    if state == "restreint":
        page.save_revision().publish()
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    if state == "depublie":
        page.unpublish()
    asked = "jamais-vu" if state == "inconnu" else "cache"

    response = ask(client, "fiche-0", asked, "fiche-1")

    assert columns_of(response) == ["Dispositif 0", "Dispositif 1"]
    assert f"Aucun dispositif publié ne porte cet identifiant : « {asked} »." in text_of(response)
    assert "CANARI" not in response.content.decode()


def test_a_bonne_pratique_is_not_compared(client):
    make_several(2)
    pratique = make_bonne_pratique("Une pratique")

    response = ask(client, "fiche-0", pratique.identifiant, "fiche-1")

    assert columns_of(response) == ["Dispositif 0", "Dispositif 1"]


def test_beyond_four_the_first_four_are_compared(client):
    make_several(6)

    response = ask(client, *(f"fiche-{rank}" for rank in range(6)))

    assert columns_of(response) == [f"Dispositif {rank}" for rank in range(4)]
    assert "porte sur 4 dispositifs au plus : voici les premiers" in text_of(response)
    assert "Ajouter à la comparaison" not in headings_of(response)


@pytest.mark.parametrize("asked", [[], ["fiche-0"], ["fiche-0", "fiche-0"], ["inconnu"], ["", " "]])
def test_fewer_than_two_explains_and_lets_choose(client, asked):
    make_several(3)

    response = ask(client, *asked)

    body = main_of(response)
    chosen = ["fiche-0"] if "fiche-0" in asked else []
    assert columns_of(response) == []
    assert "Choisir les dispositifs à comparer" in headings_of(response)
    assert re.findall(r'type="hidden" name="f" value="([^"]*)"', body) == chosen
    boxes = re.findall(r'type="checkbox"[^>]* name="f" value="([^"]*)"', body)
    assert sorted(boxes + chosen) == ["fiche-0", "fiche-1", "fiche-2"]


def test_it_answers_on_an_empty_directory(client):
    response = client.get(URL)

    assert response.status_code == 200
    assert "Comparer des dispositifs" in text_of(response)


@pytest.mark.parametrize(
    "query",
    [
        "f=%00",
        "f=fiche-0%00",
        "f=%FF%FE&f=fiche-0",
        "f=" + "a" * 10_000,
        "f=" + "é" * 3_000,
        "&".join(["f=fiche-0"] * 500),
        "&".join(f"f=x{rank}" for rank in range(500)),
        "f[]=fiche-0&f=<script>alert(1)</script>",
        "f=fiche-0&q=' OR 1=1",
    ],
)
def test_strange_addresses_are_answered(client, query):
    make_several(1)

    response = client.get(f"{URL}?{query}")

    assert response.status_code == 200
    assert "Choisir les dispositifs" in text_of(response) or "Comparer" in text_of(response)
    assert "<script>alert" not in response.content.decode()
    assert len(response.content) < 60_000


def test_only_reading_is_answered_and_no_cookie_is_set(client):
    make_several(2)

    read, written = ask(client, "fiche-0", "fiche-1"), client.post(URL, {"f": "fiche-0"})

    assert (read.status_code, written.status_code) == (200, 405)
    assert dict(read.cookies) == {}


def test_the_cost_is_the_same_for_two_and_for_four(client):
    for rank in range(6):
        make_porteur(f"Dispositif {rank}", formes=["mous"], identifiant=f"fiche-{rank}")

    costs = []
    for number in (2, 3, 4):
        with CaptureQueriesContext(connection) as queries:
            ask(client, *(f"fiche-{rank}" for rank in range(number)))
        costs.append(len(queries))

    # The version of the directory, the fiches, what is close to the first one.
    assert costs == [3, 3, 2]


# --- choosing in the directory -------------------------------------------------------------------
@pytest.mark.usefixtures("strict_templates")
def test_each_result_of_the_directory_has_its_box(client):
    make_several(2)

    body = main_of(client.get("/dispositifs/"))

    boxes = re.findall(r'type="checkbox" form="comparer" name="f" id="[^"]*" value="([^"]*)"', body)
    assert sorted(boxes) == ["fiche-0", "fiche-1"]
    assert 'id="comparer" action="/dispositifs/comparer/" method="get"' in body


def test_the_choice_follows_the_reader_in_the_directory(client):
    make_several(2, statut="en-cours")

    response = client.get("/dispositifs/?f=fiche-1&f=ailleurs&statut=en-cours")

    body = main_of(response)
    assert re.findall(
        r'value="([^"]*)" checked>\s*<label class="fr-label" for="comparer', body
    ) == ["fiche-1"]
    assert "/dispositifs/?f=fiche-1&f=ailleurs" in links_of(response)
    assert "/dispositifs/?statut=en-cours&tri=titre&f=fiche-1&f=ailleurs" in links_of(response)
    # The form of the search, in the header, then that of the comparison.
    hidden = re.findall(r'type="hidden" name="f" value="([^"]*)"', response.content.decode())
    assert hidden == ["fiche-1", "ailleurs", "ailleurs"]
    assert "Paramètre inconnu" not in text_of(response)


@pytest.mark.parametrize("path", ["/documents/", "/bonnes-pratiques/"])
def test_other_tabs_have_nothing_to_compare(client, path):
    page = make_dispositif()
    make_document(page)
    page.save_revision().publish()
    make_bonne_pratique()

    assert 'name="f"' not in main_of(client.get(path + "?f=fiche-1"))


def test_the_api_still_refuses_the_choice(client):
    assert client.get("/api/v1/dispositifs/?f=fiche-1").status_code == 422
