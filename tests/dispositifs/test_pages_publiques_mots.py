"""How dates, sizes, numbers and documents are said in French."""

import datetime

import pytest

from dispositifs.templatetags import lisible, publication

DOCUMENT = {
    "titre": "Convention de la MOUS",
    "format": "pdf",
    "taille": 61_900,
    "date": "2025-03-03",
    "pages": 12,
    "balise": None,
    "langue": "fr",
    "libelles": {"type": "Convention", "article": "la"},
}


def plain(text):
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2025-03-03", "3 mars 2025"),
        ("2025-08-01", "1er août 2025"),
        (datetime.date(2024, 12, 31), "31 décembre 2024"),
        (None, ""),
        ("", ""),
        ("hier", ""),
    ],
)
def test_a_date_is_said_in_words(value, said):
    assert plain(lisible.date_fr(value)) == said


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 octets"),
        (None, "0 octets"),
        (512, "512 octets"),
        (61_900, "61,9 ko"),
        (2_000_000, "2 Mo"),
        (999_960, "1 Mo"),
        (3_250_000_000, "3,2 Go"),
    ],
)
def test_a_size_is_said_in_decimal_units(size, said):
    assert plain(lisible.poids(size)) == said


@pytest.mark.parametrize(
    ("value", "words", "said"),
    [
        (0, "document", "0 document"),
        (1, "document", "1 document"),
        (2, "bonne pratique", "2 bonnes pratiques"),
        (12_345, "cheval,chevaux", "12 345 chevaux"),
    ],
)
def test_a_number_agrees_with_its_words(value, words, said):
    assert plain(lisible.pluriel(value, words)) == said


@pytest.mark.parametrize(
    ("months", "said"), [(6, "6 mois"), (12, "1 an"), (24, "2 ans"), (30, "2 ans et 6 mois")]
)
def test_a_length_is_said_in_years_and_months(months, said):
    assert plain(lisible.duree(months)) == said


@pytest.mark.parametrize(
    ("titre", "kind", "article", "said"),
    [
        ("Convention de la MOUS", "Convention", "la", "la convention de la MOUS"),
        ("Conventions types", "Convention", "la", "la convention « Conventions types »"),
        ("Visiter", "Guide", "le", "le guide « Visiter »"),
        ("Lire « Ici »", "Guide", "le", "le guide « Lire “Ici” »"),
        ("Avenant n° 1", "Avenant", "l'", "l’avenant n° 1"),
        ("Durée", "Avenant", "l'", "l’avenant « Durée »"),
        ("Délibération du 4 mai", "Délibération", "la", "la délibération du 4 mai"),
    ],
)
def test_a_download_names_its_document_once(titre, kind, article, said):
    document = {**DOCUMENT, "titre": titre, "libelles": {"type": kind, "article": article}}

    assert plain(lisible.designation(document)) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "PDF – 61,9 ko – 3 mars 2025 – 12 pages"),
        ({"pages": None, "date": None}, "PDF – 61,9 ko"),
        ({"balise": True}, "PDF – 61,9 ko – 3 mars 2025 – 12 pages – PDF balisé"),
        (
            {"format": "odt", "langue": "ro", "pages": 1},
            "ODT – 61,9 ko – 3 mars 2025 – 1 page – en roumain",
        ),
        ({"format": ""}, "61,9 ko – 3 mars 2025 – 12 pages"),
    ],
)
def test_details_of_a_download_say_what_is_known(changes, said):
    assert plain(lisible.details({**DOCUMENT, **changes})) == said


@pytest.mark.parametrize(
    ("start", "planned", "end", "said"),
    [
        (None, None, None, ""),
        ("2020-01-01", None, None, "depuis le 1er janvier 2020"),
        ("2999-01-02", None, None, "à partir du 2 janvier 2999"),
        ("2020-01-01", "2021-02-03", None, "du 1er janvier 2020 au 3 février 2021 (fin prévue)"),
        ("2020-01-01", "2021-02-03", "2022-02-03", "du 1er janvier 2020 au 3 février 2022"),
        (None, "2021-02-03", None, "jusqu’au 3 février 2021 (fin prévue)"),
        (None, None, "2021-02-03", "jusqu’au 3 février 2021"),
    ],
)
def test_a_period_is_said_in_words(start, planned, end, said):
    fiche = {"date_debut": start, "date_fin_prevue": planned, "date_fin": end}

    assert plain(publication.periode(fiche)) == said


@pytest.mark.parametrize(
    ("months", "renewals", "total", "said"),
    [
        (None, None, None, ""),
        (6, None, 6, "6 mois"),
        (6, 0, 6, "6 mois, non renouvelable"),
        (6, 3, 24, "6 mois, renouvelable 3 fois, soit 2 ans au plus"),
    ],
)
def test_a_contract_is_said_in_words(months, renewals, total, said):
    fiche = {
        "duree_contrat_mois": months,
        "renouvellements": renewals,
        "duree_totale_mois": total,
    }

    assert plain(publication.contrat(fiche)) == said


@pytest.mark.parametrize(
    ("free", "day", "said"),
    [
        (None, None, ""),
        (0, "2026-10-31", "aucune place le 31 octobre 2026"),
        (1, "2026-10-31", "1 place le 31 octobre 2026"),
        (3, None, "3 places"),
    ],
)
def test_free_places_are_dated(free, day, said):
    assert plain(publication.places({"places_libres": free, "places_libres_au": day})) == said


def test_a_thematique_added_later_has_no_drawing():
    drawn = {slug: bool(publication.illustration(slug)) for slug in ("logement", "autre", "")}

    assert drawn == {"logement": True, "autre": False, "": False}
