"""What is inside documents: found, named with its page, shown, and forgotten with the document."""

import json

import pytest
from django.http import QueryDict

from dispositifs.actions.documents import replace_document
from dispositifs.documents.fabrication import Contenu, fabricate
from dispositifs.documents.lecture.lots import read_document
from dispositifs.models import Document, FichePublique, PageTexte
from dispositifs.publication import projection
from search import indexing
from search.models import Terme
from search.query import parse
from search.recherche import run_search
from tests.factories import make_dispositif, make_document, make_user
from tests.search.documents import make_read_document, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def run(text, nature="dispositif"):
    return run_search(parse(QueryDict(text), nature=nature))


def found(text, nature="dispositif"):
    """(identifiant, document and page that explain it) of each result."""
    return [
        (carte.identifiant, carte.passage and where(carte.passage))
        for carte in run(text, nature).results
    ]


def where(passage):
    return passage["document"]["identifiant"], passage["page"]


def indexed_pages():
    return sorted(id for id, _digest in indexing.engine().digests() if id.startswith("page:"))


# --- finding -------------------------------------------------------------------------------------
def test_a_word_of_one_page_finds_the_dispositif_and_names_document_and_page(index):
    page = make_dispositif("MOUS de Bordeaux", identifiant="mous")
    make_dispositif("Autre")
    document = make_read_document(
        page,
        "Convention 2024",
        identifiant="convention-2024",
        textes=("Préambule", "", "Un bail glissant est signé <b>ici</b> & maintenant."),
    )
    index()

    [carte] = run("q=baux+glissants").results

    assert (carte.identifiant, carte.extrait, carte.partiel) == ("mous", "", False)
    assert carte.passage == {
        "document": {
            "identifiant": "convention-2024",
            "titre": "Convention 2024",
            "url": document.url,
        },
        "page": 3,
        "extrait": "Un <mark>bail</mark> <mark>glissant</mark> est signé "
        "&lt;b&gt;ici&lt;/b&gt; &amp; maintenant.",
    }


def test_a_fiche_that_has_every_word_itself_shows_no_passage(index):
    page = make_dispositif("MOUS", identifiant="mous", resume="Vergers", contexte="<p>Eau.</p>")
    make_read_document(page, "Bilan", identifiant="bilan", textes=("Vergers, eau et maraîchage",))
    index()

    [own] = run("q=vergers+eau").results
    [both] = run("q=vergers+maraichage").results

    assert (own.extrait, own.passage) == ("<mark>Eau</mark>.", None)
    assert (both.extrait, where(both.passage)) == ("", ("bilan", 1))


def test_the_page_that_covers_the_rarest_words_is_shown(index):
    page = make_dispositif("MOUS", identifiant="mous")
    make_read_document(page, identifiant="a", textes=("Convention " * 9, "Convention, verger"))
    make_read_document(page, identifiant="b", textes=("Rien", "Verger et convention : serre"))
    index()

    assert found("q=verger+serre") == [("mous", ("b", 2))]
    assert found("q=convention+serre+verger") == [("mous", ("b", 2))]


def test_the_tab_of_documents_finds_words_of_several_pages(index):
    page = make_dispositif("MOUS")
    make_read_document(page, identifiant="a", textes=("Le verger", "La serre et la serre"))
    make_read_document(page, identifiant="b", textes=("Le verger",))
    make_read_document(page, identifiant="c", textes=("Rien",))
    index()

    answer = run("q=verger+serre", "document")

    assert answer.total == 1
    assert found("q=serre", "document") == [("a", ("a", 2))]
    assert found("q=verger", "document") in (
        [("a", ("a", 1)), ("b", ("b", 1))],
        [("b", ("b", 1)), ("a", ("a", 1))],
    )


def test_documents_are_filtered_by_type_year_territory_and_language(index):
    bordeaux, marseille = make_dispositif("A"), make_dispositif("B", "13")
    make_read_document(bordeaux, identifiant="a", textes=("verger",), type="bilan", langue="ro")
    make_read_document(marseille, identifiant="b", textes=("verger",), date="2020-01-01")
    index()

    answers = {
        text: [row.identifiant for row in run(f"q=verger&{text}", "document").results]
        for text in (
            "type_document=bilan",
            "annee=2020",
            "departement=33",
            "region=93",
            "langue=ro",
        )
    }
    facets = {nom: len(values) for nom, values in run("q=verger", "document").facets.items()}

    assert answers == {
        "type_document=bilan": ["a"],
        "annee=2020": ["b"],
        "departement=33": ["a"],
        "region=93": ["b"],
        "langue=ro": ["a"],
    }
    assert facets == {
        "region": 2,
        "departement": 2,
        "annee": 2,
        "type_document": 2,
        "langue": 2,
    }


def test_titles_come_before_texts_and_texts_of_documents_last(index):
    make_dispositif("Verger", identifiant="titre")
    make_dispositif("B", identifiant="resume", resume="Un verger")
    make_dispositif("C", identifiant="corps", contexte="<p>Un verger</p>")
    page = make_dispositif("D", identifiant="document")
    make_read_document(page, textes=("verger " * 200,))
    index()

    assert [id for id, _ in found("q=verger")] == ["titre", "resume", "corps", "document"]


def test_pages_are_no_result_no_total_and_no_count(index):
    page = make_dispositif("MOUS", identifiant="mous", statut="en-cours")
    make_read_document(page, identifiant="a", textes=("verger", "verger", "verger"))
    index()

    for nature, text in (("dispositif", "q=verger"), ("document", "q=verger"), ("document", "")):
        answer = run(text, nature)
        counts = {v.count for facette in answer.facettes for v in facette.valeurs}
        assert (answer.total, answer.total_partiel, counts) == (1, 0, {1}), (nature, text)
    assert (indexing.engine().health().documents, indexing.engine().health().pages) == (2, 3)


def test_words_of_documents_are_known_to_the_vocabulary_once_for_each_fiche(index):
    page = make_dispositif("MOUS")
    make_read_document(page, textes=("hébergées", "hébergées 2024"))
    index()

    assert found("q=hebergees")[0][1] == ("doc-convention", 1)
    assert list(
        Terme.objects.filter(forme__in=("hebergees", "2024")).values_list("forme", "df")
    ) == [("hebergees", 2)]


def test_a_word_far_in_a_long_page_is_shown(index):
    page = make_dispositif("MOUS", identifiant="mous")
    make_read_document(page, textes=("mot " * 20_000 + "verger",))
    index()

    [carte] = run("q=verger").results

    assert carte.passage["extrait"].endswith("<mark>verger</mark>")


def test_twenty_results_cost_the_queries_of_one(index, django_assert_num_queries):
    def queries():
        index()
        run("q=verger")  # labels of facets are kept
        with django_assert_num_queries(4):  # vocabulary, territories, cartes, pages
            answer = run("q=verger")
        return {where(row.passage)[1] for row in answer.results}

    make_read_document(make_dispositif("A"), textes=("rien", "verger"))
    assert queries() == {2}
    for rank in range(19):
        make_read_document(make_dispositif(f"B {rank}"), textes=("rien", "verger"))
    assert queries() == {2}


# --- following changes ---------------------------------------------------------------------------
def test_a_text_that_arrives_raises_the_version_of_its_rows(index):
    page = make_dispositif("MOUS", identifiant="mous")
    document = make_document(page, identifiant="a", texte_etat="a-extraire")
    index()
    before = {row.cle: row.version for row in FichePublique.objects.all()}

    read(document, "verger")

    rows = {row.cle: row for row in FichePublique.objects.all()}
    mark = [f"a@{document.sha256}"]
    assert all(row.version > before[cle] for cle, row in rows.items())
    assert {cle: row.textes["lus"] for cle, row in rows.items()} == {
        "dispositif:mous": mark,
        "document:a": mark,
    }
    assert not any("verger" in row.texte_plie for row in rows.values())
    assert not projection.verify()
    assert indexing.apply_changes() == 2
    assert found("q=verger") == [("mous", ("a", 1))]


@pytest.mark.parametrize(
    "leave",
    [
        lambda document: document.delete(),
        lambda document: change(document, niveau="interne"),
        lambda document: change(document, statut="retire"),
        lambda document: change(document, anonymat="a-confirmer"),
        lambda document: change(document, texte_etat="a-extraire"),
        lambda document: document.dispositif.specific.unpublish(),
    ],
)
def test_what_leaves_the_public_leaves_the_index_with_its_pages(index, leave):
    page = make_dispositif("MOUS", identifiant="mous")
    document = make_read_document(page, identifiant="a", textes=("verger", "verger"))
    make_read_document(make_dispositif("Autre"), identifiant="b", textes=("serre",))
    index()

    leave(document)
    indexing.apply_changes()

    assert indexed_pages() == ["page:b:1"]
    assert (run("q=verger").total, run("q=verger", "document").total) == (0, 0)
    assert not indexing.verify()


def change(document, **fields):
    for name, value in fields.items():
        setattr(document, name, value)
    document.save()


def test_a_new_version_takes_the_place_of_the_pages_of_the_old_one(index):
    page = make_dispositif("MOUS", identifiant="mous")
    first = make_read_document(page, identifiant="a", textes=("verger", "verger"))
    index()

    second = replace_document(
        document=first,
        replacement=Document(
            title="B", dispositif=page, niveau="public", file=first.file, file_size=1
        ),
        by=make_user("national"),
    )
    indexing.apply_changes()
    between = (indexed_pages(), found("q=verger"))
    read(second, "", "serre")
    indexing.apply_changes()

    assert between == ([], [])
    assert indexed_pages() == ["page:a:2"]
    assert (found("q=verger"), found("q=serre")) == ([], [("mous", ("a", 2))])


def test_another_change_of_the_dispositif_keeps_the_pages(index):
    page = make_dispositif("MOUS", identifiant="mous")
    make_read_document(page, identifiant="a", textes=("verger",))
    index()

    page.resume = "Changé"
    page.save_revision().publish()
    indexing.apply_changes()

    assert found("q=verger") == [("mous", ("a", 1))]
    assert not indexing.verify()


def test_a_passage_is_not_shown_once_its_document_is_not_public(index):
    page = make_dispositif("MOUS", identifiant="mous")
    document = make_read_document(page, textes=("verger",))
    index()

    Document.objects.filter(pk=document.pk).update(niveau="interne")
    projection.project_pages([page.pk])

    assert found("q=verger") == [("mous", None)]
    assert run("q=verger", "document").results == []


def test_the_plain_query_names_no_document():
    page = make_dispositif("Verger", identifiant="mous")
    make_read_document(page, textes=("serre",))

    assert (found("q=verger"), found("q=serre")) == ([("mous", None)], [])


def test_an_engine_that_loses_its_pages_still_gives_results(index, monkeypatch, caplog):
    page = make_dispositif("MOUS", identifiant="mous")
    make_read_document(page, textes=("verger",))
    engine = index()
    monkeypatch.setattr(engine, "best_pages", None)

    assert found("q=verger") == [("mous", None)]
    assert "Pages des documents non cherchées" in caplog.text
    caplog.clear()


# --- verifying -----------------------------------------------------------------------------------
def test_verify_and_repair_follow_each_page(index):
    page = make_dispositif("MOUS", identifiant="mous")
    document = make_read_document(page, identifiant="a", textes=("verger", "serre"))
    engine = index()
    with engine.writing():
        engine.apply([], ["page:a:1"], engine.version())
    PageTexte.objects.filter(document=document, n=2).update(texte="rucher")
    PageTexte.objects.create(document=document, n=3, texte="ruche")

    differences = indexing.verify()
    indexing.repair(differences)

    assert (differences.missing, differences.different, differences.unexpected) == (
        ["page:a:1", "page:a:3"],
        ["dispositif:mous", "document:a", "page:a:2"],
        [],
    )
    assert not indexing.verify()
    assert found("q=verger") == [("mous", ("a", 1))]
    assert found("q=rucher") == [("mous", ("a", 2))]


def test_a_page_too_many_is_removed_alone(index):
    page = make_dispositif("MOUS")
    document = make_read_document(page, identifiant="a", textes=("verger", "serre"))
    index()
    PageTexte.objects.filter(document=document, n=2).delete()

    indexing.repair(indexing.verify())

    assert indexed_pages() == ["page:a:1"]
    assert not indexing.verify()


# --- showing -------------------------------------------------------------------------------------
def test_pages_and_api_say_where_the_words_are(client, index):
    page = make_dispositif("MOUS", identifiant="mous")
    document = make_read_document(
        page, "Bilan « 2024 »", identifiant="bilan", textes=("", "<script>verger</script>")
    )
    index()

    html = client.get("/dispositifs/?q=verger").content.decode()
    tab = client.get("/documents/?q=verger").content.decode()
    api = json.loads(client.get("/api/v1/dispositifs/?q=verger").content)

    extract = "&lt;script&gt;<mark>verger</mark>&lt;/script&gt;"
    link = f'<a href="{document.url}#page=2">'
    assert f"Dans le document {link}«\xa0Bilan “2024”\xa0» (PDF), page 2</a> :" in html
    assert f"{link}Page 2<span" in tab
    assert (extract in html, extract in tab) == (True, True)
    assert api["results"][0]["passage"]["extrait"] == extract
    assert where(api["results"][0]["passage"]) == ("bilan", 2)


def test_a_word_of_one_pdf_is_found_from_its_file_to_its_page(client, index):
    paragraphs = "\n\n".join(f"Alinéa {rank} de la convention." for rank in range(60))
    contenu = fabricate(
        Contenu("Convention 2024", f"{paragraphs}\n\nUne serre chauffée.", []), "pdf"
    )
    page = make_dispositif("MOUS", identifiant="mous")
    document = make_document(page, "Convention 2024", contenu=contenu, texte_etat="a-extraire")
    index()

    read_document(document)
    indexing.apply_changes()

    last = document.textes.order_by("n").last()
    [carte] = json.loads(client.get("/api/v1/dispositifs/?q=serres+chauffees").content)["results"]
    assert (last.n > 1, last.n) == (True, document.pages)
    assert (carte["identifiant"], where(carte["passage"])) == (
        "mous",
        ("doc-convention-2024", last.n),
    )
    assert "Une <mark>serre</mark> <mark>chauffée</mark>." in carte["passage"]["extrait"]
