import pytest

from annuaire.acteurs.normalisation import free_name, free_slug, slug_of


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Maîtrise d’œuvre urbaine", "maitrise-d-oeuvre-urbaine"),
        ("L'Haÿ-les-Roses (94)", "l-hay-les-roses-94"),
        ("  MOUS – Bordeaux ", "mous-bordeaux"),
        ("!!!", ""),
    ],
)
def test_a_slug_has_plain_letters_figures_and_dashes(text, slug):
    assert slug_of(text) == slug


def test_a_name_is_the_first_that_nobody_holds():
    assert free_name("mous", set()) == "mous"
    assert free_name("mous", {"mous"}, {"mous-2": 1}) == "mous-3"


def test_a_slug_is_never_empty_nor_too_long():
    assert free_slug("!!!", {"page"}, "page") == "page-2"
    assert free_slug("mot " * 100, set(), "page") == ("mot-" * 50).strip("-")
