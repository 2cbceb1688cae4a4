from search.highlight import LENGTH, Marker
from search.wording import Groupe, Mot, Wording

HEBERG = frozenset(("hebergement", "~heberg"))


def test_words_of_the_same_stem_are_marked_and_the_rest_is_escaped():
    marker = Marker(HEBERG)

    found = marker.passage("Familles hébergées <b>à l’hôtel</b> & Hébergement d’urgence")

    assert found == (
        "Familles <mark>hébergées</mark> &lt;b&gt;à l’hôtel&lt;/b&gt; &amp; "
        "<mark>Hébergement</mark> d’urgence"
    )


def test_nothing_found_gives_nothing():
    assert Marker(HEBERG).extract({"corps": "Logement", "fort": "", "titre": "Hébergement"}) == ""


def test_the_passage_with_the_most_words_is_shown_cut_on_whole_words():
    marker = Marker(frozenset(("eau", "sante")))
    text = "eau " + "mot " * 200 + "un point d’eau et la santé de tous " + "fin " * 200

    found = marker.passage(text)

    assert found.startswith("…")
    assert found.endswith("…")
    assert "d’<mark>eau</mark> et la <mark>santé</mark> de tous" in found
    assert len(found) < LENGTH + 60


def test_a_word_longer_than_the_passage_is_shown_whole():
    long = "x" * 400

    assert Marker(frozenset(("x" * 60,))).passage(f"mot {long} mot") == f"mot <mark>{long}</mark>…"


def test_a_decomposed_text_and_a_nul_are_read():
    assert Marker(HEBERG).passage("he\u0301berge\u0301es\0ici") == "<mark>hébergées</mark> ici"


def test_words_of_a_sentence_in_capitals_are_marked_as_written():
    found = Marker(frozenset(("~bidonvill",))).passage("RÉSORPTION DES BIDONVILLES")

    assert found == "RÉSORPTION DES <mark>BIDONVILLES</mark>"


def test_the_tokens_to_mark_are_those_of_every_group():
    wording = Wording((Groupe((Mot("a", ("a", "~b")),)), Groupe((Mot("c", ("c",)),))))

    assert wording.tokens == {"a", "~b", "c"}


def test_every_way_to_write_an_initial_is_read():
    marker = Marker(frozenset(("eau", "~oeil", "ile")))

    found = marker.passage("ÉAU, êau ; yeux, œil, Œil ; îles ; beau, d’eau_eau")

    assert found == (
        "<mark>ÉAU</mark>, <mark>êau</mark> ; <mark>yeux</mark>, <mark>œil</mark>, "
        "<mark>Œil</mark> ; îles ; beau, d’<mark>eau</mark>_<mark>eau</mark>"
    )


def test_a_question_without_a_word_marks_nothing():
    assert Marker(frozenset()).passage("Un texte") == ""
