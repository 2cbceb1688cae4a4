import pytest
from django.http import QueryDict

from annuaire.acteurs.models import Commune, Epci
from dispositifs.models import Thematique
from search.query import Filtre, parse
from tests.factories import make_departement, make_structure


@pytest.fixture
def logement(db):
    return Thematique.objects.create(slug="logement", name="Logement")


def problems(text):
    return [(p.parametre, p.message) for p in parse(QueryDict(text)).problems]


def test_values_that_exist_become_filters_with_their_labels(logement):
    make_departement("33")

    query = parse(QueryDict("thematique=logement&departement=33&statut=en-cours&annee=2024"))

    assert query.problems == ()
    assert query.filtres == (
        Filtre("thematique", "logement", "Logement"),
        Filtre("departement", "33", "Gironde"),
        Filtre("statut", "en-cours", "En cours"),
        Filtre("annee", "2024", "2024"),
    )


def test_a_merged_value_is_read_as_its_successor(logement):
    Thematique.objects.create(slug="habitat", name="Habitat", remplacee_par=logement)
    current = make_structure("Rive et Seuil")
    merged = make_structure("Rive & Seuil", fusionne_dans=current)

    query = parse(QueryDict(f"thematique=habitat&structure={merged.pk}"))

    assert query.filtres == (
        Filtre("thematique", "logement", "Logement"),
        Filtre("structure", str(current.pk), "Rive et Seuil"),
    )


def test_what_is_not_understood_is_left_out_and_told(db):
    assert problems("couleur=bleu&thematique=licorne&tri=hasard&vue=3d&annee=24&selection=oui") == [
        ("couleur", "Paramètre inconnu : « couleur »."),
        ("thematique", "Valeur inconnue pour « thematique » : « licorne »."),
        ("selection", "Valeur inconnue pour « selection » : « oui »."),
        ("annee", "Valeur inconnue pour « annee » : « 24 »."),
        ("tri", "Valeur inconnue pour « tri » : « hasard »."),
        ("vue", "Valeur inconnue pour « vue » : « 3d »."),
    ]


@pytest.mark.parametrize(
    "value", ["0", "-1", "abc", "1e3", "²", "100000000000000000000", "1.5", "\0"]
)
def test_a_page_that_cannot_be_is_the_first_one(db, value):
    params = QueryDict(mutable=True)
    params["page"] = value

    query = parse(params)

    assert query.page == 1
    assert [p.parametre for p in query.problems] == ["page"]


@pytest.mark.parametrize(
    "facette",
    ["thematique", "departement", "region", "commune", "epci", "structure", "financeur", "annee"],
)
@pytest.mark.parametrize(
    "value", ["\0", "'", "%", "9" * 40, "9223372036854775808", "-1", "é" * 10_000, "²", "\ud7ff"]
)
def test_a_nasty_filter_value_is_only_unknown(db, facette, value):
    params = QueryDict(mutable=True)
    params[facette] = value

    query = parse(params)

    assert query.filtres == ()
    assert [p.parametre for p in query.problems] == [facette]


def test_a_text_too_long_is_cut_and_told(db):
    query = parse(QueryDict("q=" + "a" * 10_000))

    assert query.q == "a" * 400
    assert [p.parametre for p in query.problems] == ["q"]


def test_the_address_is_canonical_and_keeps_everything(logement):
    make_departement("33")
    asked = QueryDict(
        "departement=33&q=baux++glissants&thematique=logement&page=3&tri=maj&vue=liste"
    )

    query = parse(asked)

    assert query.url() == (
        "/dispositifs/?q=baux+glissants&thematique=logement&departement=33&tri=maj&page=3"
    )
    assert parse(QueryDict(query.url().partition("?")[2])) == query
    assert query.url(tri="titre") == (
        "/dispositifs/?q=baux+glissants&thematique=logement&departement=33&tri=titre"
    )
    assert query.url_without(query.filtres[0]) == (
        "/dispositifs/?q=baux+glissants&departement=33&tri=maj"
    )
    assert query.url_of_tab("document") == "/documents/?q=baux+glissants"


def test_pertinence_needs_a_text(db):
    assert [
        parse(QueryDict(text)).tri for text in ("", "q=eau", "tri=pertinence", "q=eau&tri=maj")
    ] == [
        "maj",
        "pertinence",
        "maj",
        "maj",
    ]


def test_a_commune_is_asked_as_itself_and_all_that_contains_it(db):
    make_departement("33")
    epci = Epci.objects.create(siren="243300316", nom="Bordeaux Métropole", type="METRO")
    Commune.objects.create(code="33063", nom="Bordeaux", departement_id="33", epci=epci)

    query = parse(QueryDict("commune=33063"))

    assert query.jetons == {"commune:33063", "epci:243300316", "departement:33", "france"}


def test_reading_every_filter_costs_two_queries(logement, django_assert_num_queries):
    make_departement("33")
    Commune.objects.create(code="33063", nom="Bordeaux", departement_id="33")
    text = "thematique=logement&departement=33&region=75&commune=33063&epci=2&structure=3&forme=x"

    with django_assert_num_queries(2):
        parse(QueryDict(text + "&public=y&financeur=4&type_document=z"))
