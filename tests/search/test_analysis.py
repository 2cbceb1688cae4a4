import pytest

from search.analysis import analyse_word, index_text, question_stems, words


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("hébergées", "hebergees ~heberg"),
        ("Œuvre", "oeuvre ~oeuvr"),
        ("DDCS/DDETS", "ddcs ddets"),
        ("l’eau", "l eau ~eau"),
        ("2A, n° 93", "2a n 93"),
        ("aller-vers", "aller ~aller vers"),
        ("a\0b", "a b ~b"),
        ("", ""),
        ("« !? »", ""),
    ],
)
def test_a_text_becomes_folded_forms_and_stems(text, tokens):
    assert index_text(text) == tokens


def test_a_decomposed_accent_is_the_same_letter():
    assert index_text("e\u0301le\u0300ve") == index_text("élève")


def test_a_sigle_is_never_stemmed():
    assert [analyse_word(sigle).racines for sigle in ("DDCS", "MOUS", "CAF")] == [(), (), ()]


def test_words_of_a_sentence_in_capitals_are_not_sigles():
    assert index_text("RÉSORPTION DES BIDONVILLES") == index_text("résorption des bidonvilles")
    assert index_text("Bilan : LES FAMILLES DU TERRAIN, 2024") == index_text(
        "Bilan : les familles du terrain, 2024"
    )


def test_an_unaccented_word_of_a_question_gets_the_stems_of_its_accented_spellings():
    assert question_stems("hebergees") == ("heberg", "heberge")


def test_a_very_long_word_is_cut_the_same_way_everywhere():
    assert [word.forme for word in words("x" * 10_000)] == ["x" * 60]
