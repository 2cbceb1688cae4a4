"""The space of operators: the dispositifs of their running mandats, and what they may read there."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.dispositifs.pages import headings_of, main_of, text_of
from tests.factories import (
    make_dispositif,
    make_document,
    make_mandat,
    make_structure,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates", "empty_cache")]


def make_operator(client, nature="operateur"):
    structure = make_structure()
    client.force_login(make_user(nature, structure=structure))
    return structure


def test_only_operators_and_partners_enter(client):
    users = {
        "opérateur": make_user("operateur", structure=make_structure("A")),
        "partenaire": make_user("partenaire", structure=make_structure("B")),
        "ancien opérateur": make_user(
            "operateur", structure=make_structure("C"), au=datetime.date(2021, 1, 1)
        ),
        "correspondant": make_user("correspondant", "33"),
        "national": make_user("national"),
    }

    answers = {}
    for who, user in users.items():
        client.force_login(user)
        answers[who] = client.get("/espace/").status_code

    assert answers == {
        "opérateur": 200,
        "partenaire": 200,
        "ancien opérateur": 404,
        "correspondant": 404,
        "national": 404,
    }


def test_the_public_is_asked_to_sign_in(client):
    response = client.get("/espace/")

    assert (response.status_code, response["Location"]) == (302, "/connexion/?next=/espace/")


def test_an_operator_sees_the_dispositifs_of_its_running_mandats(client):
    structure = make_operator(client)
    make_mandat(make_dispositif("Le mien"), structure)
    make_mandat(make_dispositif("Terminé"), structure, au=datetime.date(2021, 1, 1))
    make_mandat(make_dispositif("CANARI-BROUILLON", live=False), structure)
    make_mandat(make_dispositif("CANARI-AUTRE"), make_structure("Une autre"))

    response = client.get("/espace/")

    assert headings_of(response) == ["Le mien"]
    assert "CANARI" not in text_of(response)
    assert "Non encore en ligne : 1 autre dispositif de votre structure." in text_of(response)


def test_an_operator_sees_the_documents_it_may_read(client):
    structure = make_operator(client)
    page = make_dispositif("Le mien")
    make_mandat(page, structure)
    make_document(page, "Convention")
    make_document(page, "Compte rendu", niveau="partenaires")
    make_document(page, "CANARI-INTERNE", niveau="interne")
    make_document(page, "Bilan proposé", statut="propose", deposant=structure)

    response = client.get("/espace/")

    text = text_of(response)
    assert "CANARI" not in text
    assert "« Compte rendu » PDF – 303 octets – 3 mars 2025 Non public Partenaires" in text
    assert "« Bilan proposé » PDF – 303 octets – 3 mars 2025 Non public Public – Proposé" in text
    assert main_of(response).count("Non public") == 2


def test_an_operator_without_mandat_is_told_what_to_wait_for(client):
    make_operator(client)

    text = text_of(client.get("/espace/"))

    assert "Aucun dispositif publié ne vous est confié aujourd’hui." in text


def test_the_space_costs_the_same_queries_for_1_and_3(client):
    structure = make_operator(client)
    costs = []
    for rank in range(3):
        page = make_dispositif(f"Dispositif {rank}")
        make_mandat(page, structure)
        make_document(page, f"Compte rendu {rank}", niveau="partenaires")
        with CaptureQueriesContext(connection) as queries:
            client.get("/espace/")
        costs.append(len(queries))

    assert costs[0] == costs[2] <= 14
