import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from dispositifs.models import DispositifPage, Forme, Thematique
from dispositifs.models.completude import manques, score
from tests.factories import (
    make_departement,
    make_dispositif,
    make_document,
    make_mandat,
    make_structure,
    make_tree,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
LISTE = "/admin/dispositifs/"


@pytest.fixture
def world(client):
    make_tree("33", "13", "47")
    make_dispositif("MOUS de Bordeaux", statut="en-cours", date_debut=datetime.date(2024, 1, 1))
    make_dispositif("Étape d’insertion", live=False)
    make_dispositif("Village", "13")
    make_dispositif("Action", "47")
    client.force_login(make_user("correspondant", "33"))
    return client


def titles(response):
    return [page.title for page in response.context["object_list"]]


def test_each_account_sees_its_own_and_secondary_departements_are_not_its_own(client):
    make_tree("33", "13", "47")
    page = make_dispositif("MOUS de Bordeaux")
    page.departements_secondaires.add(make_departement("47"))
    page.save_revision().publish()
    make_dispositif("Village", "13")
    users = {
        "ici": make_user("correspondant", "33"),
        "secondaire": make_user("correspondant", "47"),
        "les deux": make_user("correspondant", "33", "13"),
        "national": make_user("national"),
    }

    seen = {}
    for who, user in users.items():
        client.force_login(user)
        seen[who] = sorted(titles(client.get(LISTE)))

    assert seen == {
        "ici": ["MOUS de Bordeaux"],
        "secondaire": [],
        "les deux": ["MOUS de Bordeaux", "Village"],
        "national": ["MOUS de Bordeaux", "Village"],
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=etape", ["Étape d’insertion"]),
        ("q=INSERTION d", ["Étape d’insertion"]),
        ("q=village", []),
        ("etat=brouillon", ["Étape d’insertion"]),
        ("etat=en-ligne", ["MOUS de Bordeaux"]),
        ("etat=brouillon&etat=en-ligne", ["MOUS de Bordeaux", "Étape d’insertion"]),
        ("statut=en-cours", ["MOUS de Bordeaux"]),
        ("thematique=sante", ["MOUS de Bordeaux"]),
        ("forme=mous&thematique=sante", ["MOUS de Bordeaux"]),
        ("ordering=title", ["MOUS de Bordeaux", "Étape d’insertion"]),
        ("ordering=-title", ["Étape d’insertion", "MOUS de Bordeaux"]),
        ("ordering=inconnu", ["MOUS de Bordeaux", "Étape d’insertion"]),
        ("thematique=inconnue", ["MOUS de Bordeaux", "Étape d’insertion"]),
        ("p=0", ["MOUS de Bordeaux", "Étape d’insertion"]),
        ("p=99999999999999999999", ["MOUS de Bordeaux", "Étape d’insertion"]),
    ],
)
def test_list_searches_filters_and_sorts(world, query, expected):
    page = DispositifPage.objects.get(title="MOUS de Bordeaux")
    for slug in ("sante", "logement"):
        page.thematiques.add(Thematique.objects.create(name=slug, slug=slug))
    page.formes.add(Forme.objects.create(slug="mous", libelle="MOUS"))
    page.save_revision().publish()

    response = world.get(f"{LISTE}?{query}")

    assert titles(response) == expected


def test_departement_column_and_filter_appear_with_a_second_departement(client, world):
    alone = world.get(LISTE).context
    client.force_login(make_user("correspondant", "33", "47"))
    several = client.get(f"{LISTE}?departement=47")

    assert (
        [column.name for column in alone["table"].columns.values()][:2],
        "departement" in alone["filters"].filters,
        [column.name for column in several.context["table"].columns.values()][:2],
        titles(several),
    ) == (["title", "statut"], False, ["title", "departement"], ["Action"])


@pytest.mark.parametrize("query", ["", "?export=csv", "?export=xlsx"])
def test_list_asks_the_same_number_of_queries_for_one_and_for_seven(world, query):
    def ask():
        with CaptureQueriesContext(connection) as queries:
            response = world.get(LISTE + query)
            assert response.getvalue()
        return len(queries)

    ask()
    few = ask()
    for rank in range(6):
        page = make_dispositif(f"Autre {rank}", chef_de_file=make_structure(f"S{rank}"))
        make_mandat(page)
        make_document(page)

    assert ask() == few


def test_csv_is_read_by_french_spreadsheets_and_runs_nothing(world):
    make_dispositif("=1+1", date_debut=datetime.date(2024, 3, 1))

    response = world.get(f"{LISTE}?export=csv&ordering=title")

    body = b"".join(response).decode()
    rows = list(csv.reader(io.StringIO(body[1:]), delimiter=";"))
    assert (body[0], response["Content-Type"]) == ("\ufeff", "text/csv; charset=utf-8")
    assert [row[1:5] for row in rows] == [
        ["Titre", "Département", "Statut", "État"],
        ["'=1+1", "Gironde (33)", "En cours", "En ligne"],
        ["MOUS de Bordeaux", "Gironde (33)", "En cours", "En ligne"],
        ["Étape d’insertion", "Gironde (33)", "En préparation", "Brouillon"],
    ]
    assert rows[1][7] == "01/03/2024"


def test_xlsx_has_typed_cells_and_no_formula(world):
    make_dispositif("=1+1", date_debut=datetime.date(2024, 3, 1))

    response = world.get(f"{LISTE}?export=xlsx&ordering=title")

    sheet = load_workbook(io.BytesIO(b"".join(response))).active
    cells = {cell.value: cell for cell in sheet[1]}
    row = sheet[2]
    assert (
        row[1].value,
        row[1].data_type,
        row[cells["Complétude (%)"].column - 1].data_type,
        row[cells["Début"].column - 1].value,
    ) == ("=1+1", "s", "n", datetime.date(2024, 3, 1))


def test_completeness_names_what_is_missing_and_never_more():
    page = make_dispositif(
        "MOUS",
        resume="Résumé",
        contexte="<p>Contexte</p>",
        statut="en-preparation",
        date_debut=datetime.date(2099, 1, 1),
        selection=False,
    )

    assert ([manque.champ for manque in manques(page)], score(page)) == (
        [
            *("thematiques", "date_fin_prevue", "objectifs", "actions", "publics"),
            *("capacite_menages", "chef_de_file", "participations", "documents", "mandats"),
        ],
        29,
    )


def test_completeness_asks_for_lessons_once_closed_and_for_no_mandat():
    page = make_dispositif("MOUS", statut="termine")

    champs = {manque.champ for manque in manques(page)}

    assert ("enseignements_reussi" in champs, "mandats" in champs) == (True, False)
