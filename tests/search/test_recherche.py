import re

import pytest
from django.http import QueryDict

from dispositifs.models import Forme, Thematique
from search import indexing
from search.query import Filtre, parse
from search.recherche import FacetValue, Resultat, run_search
from search.templatetags.facettes import cases
from tests.factories import make_departement
from tests.search.fiches import make_fiche

pytestmark = pytest.mark.django_db


def run(text=""):
    return run_search(parse(QueryDict(text)))


def test_results_are_cartes_with_an_extract(index):
    make_fiche("MOUS", corps="Des baux glissants pour 12 ménages", identifiant="a", capacite=12)
    index()

    page = run("q=bail+glissant")

    assert [
        (c["identifiant"], c["capacite"], c["extrait"], c["partiel"])
        for c in map(Resultat.as_dict, page.results)
    ] == [("a", 12, "Des <mark>baux</mark> <mark>glissants</mark> pour 12 ménages", False)]
    assert (page.total, page.total_partiel, page.moteur, page.degraded) == (1, 0, "embedded", False)


def test_the_plain_query_answers_while_there_is_no_index():
    make_fiche("MOUS", identifiant="a", facettes={"statut": ["en-cours"]})

    page = run("q=mous")

    assert (page.total, page.moteur, page.degraded) == (1, "secours", True)
    assert page.facets == {"statut": [{"value": "en-cours", "label": "En cours", "count": 1}]}


def test_the_plain_query_answers_when_the_engine_fails(index, monkeypatch):
    make_fiche("MOUS")
    engine = index()
    monkeypatch.setattr(engine, "weights", None)

    assert (run("q=mous").total, run("q=mous").moteur) == (1, "secours")


def test_what_has_left_the_projection_is_not_shown_even_before_the_index_knows(index):
    make_fiche("Reste", identifiant="a")
    gone = make_fiche("Partie", identifiant="b")
    index()
    gone.delete()

    assert [row.identifiant for row in run().results] == ["a"]


def test_facets_come_by_count_then_by_name_with_every_value_ticked(index):
    for slug, name in (("sante", "Santé"), ("ecole", "École"), ("eau", "Eau"), ("rien", "Rien")):
        Thematique.objects.create(slug=slug, name=name)
    make_fiche("A", facettes={"thematique": ["sante", "ecole"]})
    make_fiche("B", facettes={"thematique": ["sante", "eau"]})
    index()

    [facette] = run("thematique=rien").facettes

    assert (facette.titre, facette.selected) == ("Thématique", True)
    assert facette.valeurs == [
        FacetValue("sante", "Santé", 2, False),
        FacetValue("eau", "Eau", 1, False),
        FacetValue("ecole", "École", 1, False),
        FacetValue("rien", "Rien", 0, True),
    ]


def test_a_forme_is_offered_with_its_sigle_which_its_label_does_not_hold(index):
    Forme.objects.create(slug="mous", libelle="Maîtrise d’œuvre", sigle="MOUS", ordre=1)
    Forme.objects.create(slug="mobile", libelle="Équipe mobile", ordre=2)
    make_fiche("A", facettes={"forme": ["mous", "mobile"]})
    index()

    [facette] = run().facettes

    assert [(row.label, row.sigle) for row in facette.valeurs] == [
        ("Équipe mobile", ""),
        ("Maîtrise d’œuvre", "MOUS"),
    ]
    assert re.findall(r'for="f-forme-\d">([^<]*\S) ?<', cases(facette)) == [
        "Équipe mobile",
        "Maîtrise d’œuvre (MOUS)",
    ]


def test_a_renamed_value_is_shown_at_the_next_version(index):
    Thematique.objects.create(slug="sante", name="Santé")
    make_fiche("A", facettes={"thematique": ["sante"]})
    index()
    before = run().facettes[0].valeurs[0].label
    Thematique.objects.update(name="Santé et soins")
    make_fiche("B")
    indexing.apply_changes()

    assert (before, run().facettes[0].valeurs[0].label) == ("Santé", "Santé et soins")


def test_a_territory_typed_is_offered_as_a_filter(index):
    make_departement("33")
    make_departement("47")
    make_fiche("Logement", facettes={"departement": ["33"]})
    index()

    assert run("q=logement+gironde+47").territoires == [
        Filtre("departement", "33", "Gironde"),
        Filtre("departement", "47", "Lot-et-Garonne"),
    ]
    assert run("q=logement+aquitaine").territoires == [Filtre("region", "75", "Nouvelle-Aquitaine")]
    assert run("q=logement+gironde&departement=33").territoires == []


def test_a_page_beyond_the_last_answers_as_the_last(index):
    for number in range(21):
        make_fiche(f"Fiche {number:02}")
    index()

    page = run("tri=titre&page=99999")

    assert (page.query.page, page.pages, len(page.results)) == (2, 2, 1)


@pytest.mark.parametrize("engine_ready", [True, False])
def test_the_number_of_queries_does_not_depend_on_the_number_of_results(
    index, engine_ready, django_assert_max_num_queries
):
    def queries():
        if engine_ready:
            index()
        with django_assert_max_num_queries(10) as context:
            run("q=logement&statut=en-cours")
        return len(context)

    make_fiche("Logement", facettes={"statut": ["en-cours"], "forme": ["mous"]})
    one = queries()
    for number in range(2):
        make_fiche(f"Logement {number}", facettes={"statut": ["en-cours"], "forme": ["mous"]})

    assert queries() == one
