"""The read API: the same sets as the pages, ready JSON, ETag, problem+json."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annuaire.api.application import api
from annuaire.api.liste import cursor
from dispositifs.models import FichePublique
from search.engines.base import EngineUnavailable
from search.engines.embedded import EmbeddedEngine
from search.indexing import rebuild
from tests.factories import make_dispositif, make_document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
URL = "/api/v1/dispositifs/"


@pytest.fixture
def three():
    pages = [
        make_dispositif("MOUS de Bordeaux", resume="Accompagner vers le logement."),
        make_dispositif("Médiation scolaire", departement="13", statut="termine"),
        make_dispositif("Espace temporaire", departement="13"),
    ]
    rebuild()
    return pages


def identifiants(answer):
    return [row["identifiant"] for row in answer["results"]]


def test_list_gives_ready_cartes_in_a_stable_order(client, three):
    answer = client.get(URL)

    body = answer.json()
    row = FichePublique.objects.get(page=three[0])
    assert body == {
        "total": 3,
        "total_partiel": 0,
        "results": body["results"],
        "suggestion": None,
        "moteur": "base",
        "next": None,
    }
    assert body["results"][0] == {
        **json.loads(row.carte),
        "extrait": "",
        "partiel": False,
        "passage": None,
    }
    assert identifiants(body) == [page.identifiant for page in three]
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer.cookies == {}


def test_cursor_loses_and_repeats_nothing_while_the_directory_changes(client, three):
    first = client.get(URL, {"limit": 2}).json()
    three[0].resume = "Changé"
    three[0].save_revision().publish()
    make_dispositif("Nouveau")

    second = client.get(first["next"]).json()

    assert identifiants(first) == [page.identifiant for page in three[:2]]
    assert identifiants(second) == [three[2].identifiant, "nouveau"]
    assert second["next"] is None


def test_cursor_of_a_search_answers_410_once_the_index_has_changed(client, three):
    first = client.get(URL, {"tri": "titre", "limit": 2}).json()
    following = client.get(first["next"]).json()
    make_dispositif("Nouveau")
    rebuild()

    late = client.get(first["next"])

    assert identifiants(first) + identifiants(following) == [
        three[2].identifiant,
        three[1].identifiant,
        three[0].identifiant,
    ]
    assert (late.status_code, late["Content-Type"]) == (410, "application/problem+json")


def test_search_filters_and_facets_are_those_of_the_page(client, three):
    body = client.get(URL, {"q": "hebergement logement", "facets": "1"}).json()
    filtered = client.get(URL, {"departement": "13", "facets": "1"}).json()

    assert body["results"][0]["identifiant"] == three[0].identifiant
    assert filtered["total"] == 2
    assert filtered["facets"]["statut"] == [
        {"value": "en-preparation", "label": "En préparation", "count": 1},
        {"value": "termine", "label": "Terminé", "count": 1},
    ]


def test_fiche_is_the_row_of_the_projection(client, three):
    document = make_document(three[0])

    answer = client.get(f"{URL}{three[0].identifiant}")

    assert answer.content.decode() == FichePublique.objects.get(page=three[0]).fiche
    assert answer.json()["documents"][0]["url"] == document.url


def test_draft_is_as_unknown_as_what_does_not_exist(client):
    draft = make_dispositif("Titre secret", live=False)

    answers = [client.get(f"{URL}{name}") for name in (draft.identifiant, "inconnu", "a\0b")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert answers[0].content.replace(draft.identifiant.encode(), b"inconnu") == answers[1].content
    assert b"secret" not in answers[0].content.replace(draft.identifiant.encode(), b"")


@pytest.mark.parametrize("path", [URL, f"{URL}mous-de-bordeaux"])
def test_unchanged_answer_is_304_until_something_changes(client, three, path):
    etag = client.get(path)["ETag"]

    same = client.get(path, headers={"If-None-Match": etag})
    three[0].resume = "Changé"
    three[0].save_revision().publish()
    rebuild()
    changed = client.get(path, headers={"If-None-Match": etag})

    assert (same.status_code, same.content) == (304, b"")
    assert changed.status_code == 200


@pytest.mark.parametrize(
    ("params", "named"),
    [
        ("inconnu=1", "inconnu"),
        ("page=2", "page"),
        ("thematique=n-existe-pas", "thematique"),
        ("departement=999", "departement"),
        ("tri=hasard", "tri"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=" + "9" * 30, "limit"),
        ("limit=%C2%B2", "limit"),
        ("facets=oui", "facets"),
        ("format=xml", "format"),
        ("updated_since=hier", "updated_since"),
        ("curseur=n%20importe", "curseur"),
        ("curseur=" + "W1tb" * 500, "curseur"),  # lists in lists, deeper than may be read
        ("curseur=" + cursor(page=2), "curseur"),
        ("tri=titre&curseur=" + cursor(id=2), "curseur"),
        ("q=" + "a" * 10_000, "q"),
    ],
)
def test_wrong_parameter_is_422_and_named(client, three, params, named):
    answer = client.get(f"{URL}?{params}")

    body = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert [error["parametre"] for error in body["errors"]] == [named]
    assert body["title"] == "Paramètre refusé"


@pytest.mark.parametrize("params", ["q=%00", "q=%22(%5B", "q=%FF%FE", "limit=&q=", "q=a&q=b"])
def test_odd_but_readable_questions_are_answered(client, three, params):
    assert client.get(f"{URL}?{params}").status_code == 200


def test_updated_since_keeps_what_changed_on_or_after_the_day(client, three):
    FichePublique.objects.filter(page=three[0]).update(maj="2020-01-01")

    body = client.get(URL, {"updated_since": "2020-01-02"}).json()

    assert identifiants(body) == [page.identifiant for page in three[1:]]


def test_list_costs_as_many_queries_for_one_result_as_for_three(client, three):
    def cost(limit):
        with CaptureQueriesContext(connection) as queries:
            client.get(URL, {"limit": limit})
        return len(queries)

    assert cost(1) == cost(3) <= 10


def test_openapi_is_3_1_without_third_party_and_documented(client):
    schema = client.get("/api/v1/openapi.json").json()
    page = client.get("/api/v1/docs")

    assert schema["openapi"].startswith("3.1")
    assert sorted(schema["paths"]) == [URL, f"{URL}{{identifiant}}", "/api/v1/documents/"]
    assert [*api.get_openapi_schema()["paths"]] == [*schema["paths"]]
    assert "://" not in page.content.decode().split("<main")[1].split("</main>")[0]


def test_answer_made_without_the_index_is_kept_by_nobody(client, three, monkeypatch):
    def broken(self, query, asked):
        raise EngineUnavailable("panne")

    monkeypatch.setattr(EmbeddedEngine, "search", broken)

    first = client.get(URL, {"q": "logement"})
    monkeypatch.undo()
    second = client.get(URL, {"q": "logement"})

    assert (first.json()["moteur"], first["Cache-Control"], first.has_header("ETag")) == (
        "secours",
        "no-store",
        False,
    )
    assert (second.json()["moteur"], second.has_header("ETag")) == ("embedded", True)


def test_unchanged_answer_is_made_once(client, three):
    client.get(URL, {"q": "logement", "facets": "1"})

    with CaptureQueriesContext(connection) as queries:
        client.get(URL, {"q": "logement", "facets": "1"})

    assert len(queries) <= 2
