import random

import pytest

from dispositifs.models.texte_riche import html_to_text, normalise_text, text_to_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        (" \n ", ""),
        ("Un\n\nDeux", "<p>Un</p><p>Deux</p>"),
        ("Ligne\nautre", "<p>Ligne<br/>autre</p>"),
        ("a & <b>", "<p>a &amp; &lt;b&gt;</p>"),
        ("Trois axes :\n- eau\n- école", "<p>Trois axes :</p><ul><li>eau</li><li>école</li></ul>"),
        ("1. lire\n2. écrire", "<ol><li>lire</li><li>écrire</li></ol>"),
        ("12. lire", "<p>12. lire</p>"),
        ("## Titre", "<p>## Titre</p>"),
        ("fin\r\n\r\nsuite", "<p>fin</p><p>suite</p>"),
    ],
)
def test_text_to_html_makes_paragraphs_and_lists(text, html):
    assert text_to_html(text) == html


def test_headings_are_made_only_where_asked():
    assert text_to_html("## Titre\nSuite", headings=True) == "<h2>Titre</h2><p>Suite</p>"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p></p><p><br/></p>", ""),
        ('<p>un <b>mot</b>, <a title="x>y" href="/">lien</a>.</p>', "un mot, lien."),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><p>d</p>", "- a\n- b\n- c\n\nd"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<h2>T</h2><p>A &amp; &lt;p&gt; B :</p>", "## T\n\nA & <p> B :"),
        ("<p>a\n   b</p><!-- non --><hr/><p>c</p>", "a b\n\nc"),
    ],
)
def test_html_to_text_reads_what_a_reader_reads(html, text):
    assert html_to_text(html) == text


@pytest.mark.parametrize("seed", range(200))
def test_normalised_text_comes_back_unchanged(seed):
    signs = ["a", "b", "1. ", "2. ", "- ", "• ", "## ", "<", "&", "\n", "\n\n", "\u00a0", " ", "é"]
    source = random.Random(seed)
    text = "".join(source.choice(signs) for _ in range(source.randrange(30)))

    once = normalise_text(text)

    assert normalise_text(once) == once
