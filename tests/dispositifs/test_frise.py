"""The life of a dispositif: its public dates in order, what is past and what is to come."""

import datetime
import json
import re

import pytest
from django.utils import timezone

from dispositifs.models import FichePublique, Participation, RoleParticipation
from dispositifs.templatetags.frise import frise
from tests.dispositifs.pages import headings_of, main_of, text_of
from tests.factories import make_dispositif, make_document, make_structure

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("tree", "strict_templates", "empty_cache"),
]

URL = "/dispositifs/33-gironde/mous-de-bordeaux/"
TODAY = datetime.date(2026, 6, 15)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)


def fiche_of(page):
    return json.loads(FichePublique.objects.get(page=page).fiche)


def told(page):
    return [(row["date"], row["titre"], row["passe"]) for row in frise(fiche_of(page))]


def test_dates_structures_and_documents_are_told_in_order():
    role = RoleParticipation.objects.create(slug="operateur", libelle="Opérateur", ordre=20)
    page = make_dispositif(
        date_debut=datetime.date(2024, 1, 1), date_fin_prevue=datetime.date(2027, 12, 31)
    )
    page.participations.add(
        Participation(
            structure=make_structure("Rive et Seuil"),
            role=role,
            du=datetime.date(2024, 1, 1),
            au=datetime.date(2025, 6, 30),
        ),
        Participation(
            structure=make_structure("Les Passeurs"), role=role, du=datetime.date(2025, 7, 1)
        ),
    )
    make_document(page, "Convention", date=datetime.date(2024, 2, 12))
    make_document(page, "Sans date", date=None)
    page.save_revision().publish()

    assert told(page) == [
        ("2024-01-01", "Début du dispositif", True),
        ("2024-02-12", "Convention", True),
        ("2025-06-30", "Départ : Rive et Seuil", True),
        ("2025-07-01", "Arrivée : Les Passeurs", True),
        ("2027-12-31", "Fin prévue du dispositif", False),
    ]


@pytest.mark.parametrize(
    ("fields", "titres"),
    [
        (
            {"date_debut": "2025-01-01", "date_fin": "2026-01-01", "statut": "termine"},
            ["Début du dispositif", "Fin du dispositif"],
        ),
        (
            {"date_debut": "2025-01-01", "date_fin": "2026-01-01", "statut": "abandonne"},
            ["Début du dispositif", "Abandon du dispositif"],
        ),
        (
            {"date_debut": "2025-01-01", "date_fin_prevue": "2026-01-01", "statut": "en-cours"},
            [
                "Début du dispositif",
                "Fin prévue du dispositif, qui n’est pas annoncée comme terminée",
            ],
        ),
        (
            {"date_debut": "2026-09-01", "date_fin": "2027-01-01", "statut": "en-preparation"},
            ["Début prévu du dispositif", "Fin prévue du dispositif"],
        ),
    ],
)
def test_past_and_future_are_said_in_words(fields, titres):
    days = {
        name: value if name == "statut" else datetime.date.fromisoformat(value)
        for name, value in fields.items()
    }

    page = make_dispositif(**days)

    assert [row[1] for row in told(page)] == titres


def test_the_page_tells_it_in_an_ordered_list_with_machine_dates(client):
    make_dispositif(
        date_debut=datetime.date(2024, 1, 1), date_fin_prevue=datetime.date(2027, 12, 31)
    )

    response = client.get(URL)

    html = re.search(r'<ol class="frise">.*?</ol>', main_of(response), re.DOTALL)[0]
    assert re.findall(r'<time datetime="([^"]*)">', html) == ["2024-01-01", "2027-12-31"]
    assert "31\xa0décembre 2027 à venir Fin prévue du dispositif".replace("\xa0", " ") in text_of(
        response
    )
    assert "Chronologie" in headings_of(response)


def test_nothing_internal_is_told(client):
    page = make_dispositif(
        date_debut=datetime.date(2024, 1, 1), date_fin_prevue=datetime.date(2027, 12, 31)
    )
    make_document(page, "CANARI-INTERNE", niveau="interne")
    make_document(page, "CANARI-PARTENAIRES", niveau="partenaires")
    make_document(page, "CANARI-PROPOSE", statut="propose")
    page.save_revision().publish()

    response = client.get(URL)

    assert len(told(page)) == 2
    assert "CANARI" not in response.content.decode()


def test_one_date_alone_makes_no_timeline(client):
    page = make_dispositif(date_debut=datetime.date(2024, 1, 1))

    response = client.get(URL)

    assert told(page) == []
    assert "Chronologie" not in headings_of(response)
