"""What every engine promises: one suite, run on each of them."""

import pytest
from django.utils.http import urlencode

from annuaire.acteurs.models import Commune, Epci
from dispositifs.models import Forme, Thematique
from search import wording
from search.engines.base import FacetCount
from tests.factories import make_departement, make_dispositif
from tests.search.documents import make_read_document
from tests.search.fiches import make_fiche

pytestmark = pytest.mark.django_db

NASTY = [
    '"',
    "'",
    "(",
    "a AND (b OR",
    "titre:*",
    "\\",
    "%",
    "_",
    "\0",
    "*",
    "~",
    "~heberg",
    "-",
    "NOT",
    "<script>",
    "𝕏" * 50,
    "x" * 10_000,
    "mot " * 2_500,
    "\u202e\ufeff",
    "ﬁ ½ İ ß",
]


@pytest.fixture
def vocabularies():
    for slug in ("logement", "sante"):
        Thematique.objects.create(slug=slug, name=slug.title())
    for slug in ("mous", "eti"):
        Forme.objects.create(slug=slug, libelle=slug.upper())


def ids(answer):
    return [hit.id.partition(":")[2] for hit in answer.hits]


def test_every_word_is_wanted(any_engine, ask):
    make_fiche("Eau et santé", identifiant="a")
    make_fiche("Eau potable", identifiant="b")
    make_fiche("Santé des femmes", corps="Un point d’eau", identifiant="c")

    answer = ask(any_engine(), "q=eau+sante")

    assert answer.total == 2
    assert {hit.id for hit in answer.hits if not hit.partiel} == {"dispositif:a", "dispositif:c"}


def test_natures_never_mix(any_engine, ask):
    make_fiche("Logement", identifiant="a")
    make_fiche("Logement", nature="document", identifiant="a")

    assert [hit.id for hit in ask(any_engine(), "q=logement", "document").hits] == ["document:a"]


def test_filters_are_or_within_a_facet_and_and_between(any_engine, ask, vocabularies):
    make_fiche("A", identifiant="a", facettes={"thematique": ["logement"], "forme": ["mous"]})
    make_fiche("B", identifiant="b", facettes={"thematique": ["sante"], "forme": ["mous"]})
    make_fiche("C", identifiant="c", facettes={"thematique": ["sante"], "forme": ["eti"]})
    make_fiche("D", identifiant="d", facettes={"forme": ["mous"]})

    answer = ask(any_engine(), "thematique=logement&thematique=sante&forme=mous&tri=titre")

    assert (answer.total, ids(answer)) == (2, ["a", "b"])


def test_a_count_is_what_a_click_gives(any_engine, ask, vocabularies):
    make_fiche("A", facettes={"thematique": ["logement"], "forme": ["mous"]})
    make_fiche("B", facettes={"thematique": ["sante", "logement"], "forme": ["mous"]})
    make_fiche("C", facettes={"thematique": ["sante"], "forme": ["eti"]})

    answer = ask(any_engine(), "thematique=logement&forme=mous")

    assert {
        nom: sorted(counts, key=lambda c: c.value) for nom, counts in answer.facets.items()
    } == {
        "thematique": [FacetCount("logement", 2), FacetCount("sante", 1)],
        "forme": [FacetCount("mous", 2)],
    }


def test_sorts(any_engine, ask):
    make_fiche("Bêta", identifiant="b", maj="2026-01-02", debut="2020-01-01")
    make_fiche("Alpha", identifiant="a", maj="2026-01-02", debut=None)
    make_fiche("Éclair", identifiant="e", maj="2026-03-01", debut="2024-01-01")
    engine = any_engine()

    orders = {tri: ids(ask(engine, f"tri={tri}")) for tri in ("maj", "debut", "titre")}

    assert orders == {
        "maj": ["e", "a", "b"],
        "debut": ["e", "b", "a"],
        "titre": ["a", "b", "e"],
    }


def test_pages_lose_and_repeat_nothing(any_engine, ask):
    for number in range(45):
        make_fiche(f"Fiche {number:02}", identifiant=f"{number:02}")
    engine = any_engine()

    pages = [ids(ask(engine, f"tri=titre&page={page}")) for page in (1, 2, 3, 4)]

    assert [len(page) for page in pages] == [20, 20, 5, 0]
    assert [id for page in pages for id in page] == [f"{number:02}" for number in range(45)]


def test_a_commune_is_found_in_what_contains_it(any_engine, ask):
    make_departement("33")
    epci = Epci.objects.create(siren="243300316", nom="Bordeaux Métropole", type="METRO")
    Commune.objects.create(code="33063", nom="Bordeaux", departement_id="33", epci=epci)
    for jeton in ("commune:33063", "epci:243300316", "departement:33", "france", "commune:33281"):
        make_fiche(jeton, identifiant=jeton, territoires=[jeton])

    answer = ask(any_engine(), "commune=33063")

    assert {*ids(answer)} == {"commune:33063", "epci:243300316", "departement:33", "france"}


def test_what_covers_the_country_counts_in_every_epci(any_engine, ask):
    make_departement("33")
    Epci.objects.create(siren="243300316", nom="Bordeaux Métropole", type="METRO")
    make_fiche("A", identifiant="a", facettes={"epci": ["243300316"], "departement": ["33"]})
    make_fiche("B", identifiant="b", facettes={"departement": ["33"]}, territoires=["france"])
    make_fiche("C", identifiant="c", facettes={"departement": ["33"]})
    engine = any_engine()

    answer = ask(engine, "departement=33")

    assert answer.facets["epci"] == [FacetCount("243300316", 2)]
    assert sorted(ids(ask(engine, "epci=243300316"))) == ["a", "b"]


def test_a_territory_typed_is_also_what_covers_it(any_engine, ask):
    make_departement("33")
    make_departement("13")
    make_fiche("Logement à Bordeaux", identifiant="a", facettes={"departement": ["33"]})
    make_fiche("Logement", identifiant="b", fort="Gironde", facettes={"departement": ["33"]})
    make_fiche("Logement à Marseille", identifiant="c", facettes={"departement": ["13"]})
    engine = any_engine()

    found = {
        q: complete(ask(engine, urlencode({"q": q}))) for q in ("logement gironde", "logement 33")
    }

    assert found == {"logement gironde": {"a", "b"}, "logement 33": {"a", "b"}}


def complete(answer):
    return {hit.id.partition(":")[2] for hit in answer.hits if not hit.partiel}


def test_a_question_of_stop_words_still_answers(any_engine, ask):
    make_fiche("Pour tous et avec eux", identifiant="a")
    make_fiche("Logement", identifiant="b")

    assert ids(ask(any_engine(), "q=pour+tous")) == ["a"]


def test_stop_words_are_not_wanted(any_engine, ask):
    make_fiche("Logement familles", identifiant="a")

    assert ids(ask(any_engine(), urlencode({"q": "le logement pour les familles"}))) == ["a"]


@pytest.mark.parametrize("text", NASTY)
def test_nasty_texts_are_only_texts(any_engine, ask, text):
    make_fiche("Logement")

    answer = ask(any_engine(), urlencode({"q": text}))

    assert answer.total in (0, 1)


def test_no_facet_is_counted_when_none_is_asked(any_engine, ask):
    make_fiche("A", facettes={"statut": ["en-cours"]})

    assert ask(any_engine(), "").facets == {"statut": [FacetCount("en-cours", 1)]}
    assert ask(any_engine(), "page=1").version == 1


def test_pages_of_documents_are_never_results(any_engine, ask):
    page = make_dispositif("Logement", identifiant="a")
    make_read_document(page, "Logement", identifiant="b", textes=("logement", "logement"))
    engine = any_engine()

    answers = {nature: ask(engine, "q=logement", nature) for nature in ("dispositif", "document")}

    assert {
        nature: (answer.total, answer.total_partiel, [hit.id for hit in answer.hits])
        for nature, answer in answers.items()
    } == {"dispositif": (1, 0, ["dispositif:a"]), "document": (1, 0, ["document:b"])}
    assert answers["document"].facets["departement"] == [FacetCount("33", 1)]


def test_the_best_page_of_each_document_is_given_best_first(index):
    page = make_dispositif("Logement")
    make_read_document(page, identifiant="a", textes=("rien", "eau", "eau et vergers"))
    make_read_document(page, identifiant="b", textes=("eau",))
    make_read_document(page, identifiant="c", textes=("rien",))
    make_read_document(page, identifiant="other", textes=("eau et vergers",))
    engine = index()

    asked = wording.read("eau vergers")

    assert list(engine.best_pages(asked, ["b", "a", "c"]).items()) == [("a", 3), ("b", 1)]
    assert engine.best_pages(asked, []) == {}
    assert engine.best_pages(wording.read(""), ["a"]) == {}
