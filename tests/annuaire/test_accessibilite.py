"""The accessibility statement says what the grid counts, on each page."""

import pytest
from django.template.loader import render_to_string

from annuaire.accessibilite import STATUTS, Conformite, Critere, conformite
from tests.dispositifs.pages import text_of

# Number of criteria of each of the thirteen themes of the RGAA 4.1.
THEMES = [9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12]


def grid(**counts):
    return Conformite(tuple(
        Critere(f"1.{n}", "Intitulé", statut, "preuve")
        for statut, number in counts.items() for n in range(number)
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "taux", "etat"),
    [
        ({}, 0, "non conforme"),
        ({"NA": 5}, 0, "non conforme"),
        ({"C": 49, "NC": 51}, 49, "non conforme"),
        ({"C": 1, "NC": 1, "NA": 9}, 50, "partiellement conforme"),
        ({"C": 199, "NC": 1}, 99, "partiellement conforme"),
        ({"C": 3, "NA": 1}, 100, "totalement conforme"),
    ],
)
def test_conformite_is_computed_from_the_grid(counts, taux, etat):
    result = grid(**counts)

    assert (result.taux, result.etat) == (taux, etat)


def test_the_grid_has_the_106_criteria_each_with_its_evidence():
    criteres = conformite().criteres
    numeros = [f"{theme}.{n + 1}" for theme, size in enumerate(THEMES, 1) for n in range(size)]

    assert [critere.numero for critere in criteres] == numeros
    assert [c.numero for c in criteres if not (c.intitule and c.preuve)] == []
    assert {critere.statut for critere in criteres} <= set(STATUTS)


@pytest.mark.django_db
def test_the_statement_and_every_footer_say_the_same_state(client):
    found = conformite()

    statement, home = text_of(client.get("/accessibilite/")), text_of(client.get("/"))

    assert f"Accessibilité : {found.etat}" in home
    assert f"soit {found.taux} %" in statement.replace("\N{NO-BREAK SPACE}", " ")
    assert "auto-évaluation" in statement
    assert [c.numero for c in found.manques if f"{c.numero} – {c.intitule}" not in statement] == []


def test_without_any_grid_the_statement_claims_nothing():
    text = render_to_string("contenus/_conformite.html", {"conformite": Conformite(())})

    assert "Ce site est <strong>non conforme</strong>" in text
