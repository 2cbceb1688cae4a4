"""Thématiques × formes: true counts, each leading to its list; empty cells are seen."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispositifs.views.chiffres import public_dispositifs
from dispositifs.views.matrice import pair_counts
from tests.dispositifs.pages import links_of, main_of, text_of
from tests.dispositifs.portes import make_forme, make_porteur, make_thematique
from tests.factories import make_departement, make_dispositif, make_document

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("tree", "strict_templates", "empty_cache"),
]

URL = "/dispositifs/matrice/"


def table_of(response):
    """Rows of the table, as one reads them."""
    rows = re.findall(r"<tr>(.*?)</tr>", main_of(response), re.DOTALL)
    cells = [re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[shown(cell) for cell in row] for row in cells]


def shown(cell):
    visible = re.sub(r'<span class="fr-sr-only">.*?</span>', "", cell, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", visible).split())


def make_directory():
    make_thematique("scolarisation")
    make_forme("eta")
    make_porteur("A", thematiques=["logement", "sante"], formes=["mous"])
    make_porteur("B", "13", thematiques=["logement"], formes=["mous", "equipe"])
    make_dispositif("Sans rien")
    make_dispositif("CANARI", live=False)


def test_each_cell_counts_what_has_both_and_totals_count_each_once(client):
    make_directory()
    page = make_porteur("C", thematiques=["sante"], formes=["equipe"])
    make_document(page)
    page.save_revision().publish()

    response = client.get(URL)

    assert table_of(response) == [
        ["Forme", "Logement", "Sante", "Scolarisation", "Toutes"],
        ["Equipe", "1", "1", "aucun", "2"],
        ["Eta", "aucun", "aucun", "aucun", "aucun"],
        ["Mous", "2", "1", "aucun", "2"],
        ["Toutes les formes", "2", "2", "aucun", "4"],
    ]
    assert "5 cases vides" in text_of(response)


def test_each_count_opens_its_list(client):
    make_directory()

    links = links_of(client.get(URL), "/dispositifs/?")

    assert links == [
        "/dispositifs/?thematique=logement&forme=equipe",
        "/dispositifs/?forme=equipe",
        "/dispositifs/?thematique=logement&forme=mous",
        "/dispositifs/?thematique=sante&forme=mous",
        "/dispositifs/?forme=mous",
        "/dispositifs/?thematique=logement",
        "/dispositifs/?thematique=sante",
    ]
    answers = [client.get(url).content.decode() for url in links]
    totals = [re.search(r'role="status">(\d+)', body)[1] for body in answers]
    assert totals == ["1", "1", "2", "1", "2", "2", "1"]


def test_a_region_may_be_chosen_and_stays_in_the_links(client):
    make_directory()

    response = client.get(f"{URL}?region=93")

    assert table_of(response)[1:4] == [
        ["Equipe", "1", "aucun", "aucun", "1"],
        ["Eta", "aucun", "aucun", "aucun", "aucun"],
        ["Mous", "1", "aucun", "aucun", "1"],
    ]
    assert "/dispositifs/?forme=mous&region=93" in links_of(response)
    assert "Provence-Alpes-Côte d’Azur" in text_of(response)


def test_retired_words_that_nothing_bears_leave_the_table(client):
    make_directory()
    for word in (make_thematique("ancienne"), make_forme("ancienne"), make_thematique("sante")):
        word.actif = False
        word.save()

    table = table_of(client.get(URL))

    assert table[0] == ["Forme", "Logement", "Sante", "Scolarisation", "Toutes"]
    assert [row[0] for row in table[1:-1]] == ["Equipe", "Eta", "Mous"]


def test_pairs_are_counted_in_one_query():
    make_directory()

    with CaptureQueriesContext(connection) as queries:
        found = pair_counts(public_dispositifs())

    assert found == {("logement", "mous"): 2, ("sante", "mous"): 1, ("logement", "equipe"): 1}
    assert len(queries) == 1


def test_the_cost_does_not_grow_and_the_next_reader_pays_less(client):
    make_directory()
    costs = [queries_of(client)]
    for rank in range(3):
        make_porteur(f"D{rank}", thematiques=[f"t{rank}"], formes=[f"f{rank}"])

    costs += [queries_of(client), queries_of(client)]

    # The version of the directory (twice), régions; pairs, totals, two vocabularies, the total.
    assert costs == [8, 8, 3]


def queries_of(client):
    with CaptureQueriesContext(connection) as queries:
        client.get(URL)
    return len(queries)


def test_it_answers_on_an_empty_directory(client):
    response = client.get(URL)

    assert response.status_code == 200
    assert table_of(response) == [["Forme", "Toutes"], ["Toutes les formes", "0"]]


@pytest.mark.parametrize(
    "query",
    [
        "region=%00",
        "region=99",
        "region=" + "9" * 10_000,
        "region=%FF",
        "region=<script>alert(1)</script>",
    ],
)
def test_an_unknown_region_is_said_and_ignored(client, query):
    make_directory()

    response = client.get(f"{URL}?{query}")

    assert response.status_code == 200
    assert "Région inconnue" in text_of(response)
    assert table_of(response)[-1][-1] == "3"
    assert "<script>alert" not in response.content.decode()


def test_repeated_and_unknown_parameters_are_harmless(client):
    make_departement("33")

    response = client.get(f"{URL}?region=75&region=93&x=1")

    assert response.status_code == 200


def test_only_reading_is_answered_and_no_cookie_is_set(client):
    read, written = client.get(URL), client.post(URL, {"region": "75"})

    assert (read.status_code, written.status_code) == (200, 405)
    assert dict(read.cookies) == {}


@pytest.mark.parametrize("path", ["/dispositifs/", "/plan-du-site/"])
def test_the_directory_and_the_plan_lead_to_it(client, path):
    make_dispositif()

    assert URL in links_of(client.get(path))
