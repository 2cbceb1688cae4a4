"""The documents of the API: the set of the page `/documents/`, what they hold included."""

import json

import pytest

from dispositifs.models import FichePublique
from search.indexing import rebuild
from tests.factories import make_dispositif, make_document
from tests.search.documents import make_read_document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
URL = "/api/v1/documents/"


def test_list_gives_public_documents_alone(client):
    page = make_dispositif("MOUS")
    make_document(page, "Bilan")
    make_document(page, "Secret", niveau="interne")

    body = client.get(URL).json()

    row = FichePublique.objects.documents().get()
    assert (body["total"], body["moteur"]) == (1, "base")
    assert body["results"] == [
        {**json.loads(row.carte), "extrait": "", "partiel": False, "passage": None}
    ]


def test_a_word_inside_is_found_under_the_filters_of_documents(client):
    bordeaux, marseille = make_dispositif("A"), make_dispositif("B", "13")
    make_read_document(bordeaux, identifiant="a", textes=("", "Un verger"), type="bilan")
    make_read_document(marseille, identifiant="b", textes=("Un verger",), langue="ro")
    rebuild()

    bodies = {
        query: client.get(f"{URL}?q=verger&facets=1&{query}").json()
        for query in ("", "type_document=bilan", "annee=2025&departement=13", "langue=ro&region=93")
    }

    assert {
        query: sorted((row["identifiant"], row["passage"]["page"]) for row in body["results"])
        for query, body in bodies.items()
    } == {
        "": [("a", 2), ("b", 1)],
        "type_document=bilan": [("a", 2)],
        "annee=2025&departement=13": [("b", 1)],
        "langue=ro&region=93": [("b", 1)],
    }
    assert sorted(bodies[""]["facets"]) == [
        *("annee", "departement", "langue", "region", "type_document")
    ]
    assert bodies[""]["results"][0]["passage"]["extrait"] == "Un <mark>verger</mark>"
