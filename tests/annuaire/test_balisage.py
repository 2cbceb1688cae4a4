"""The small marks of guides and changelog, and nothing more."""

import pytest

from annuaire.balisage import render_text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("## Titre\n\nUn **mot**\net `code`.", "<h2>Titre</h2>\n<p>Un <strong>mot</strong> et <code>code</code>.</p>"),
        ("## A\n### B", "<h2>A</h2>\n<h3>B</h3>"),
        ("# Le titre de la page", "<p># Le titre de la page</p>"),
        ("- un\n- deux\n\n1. trois\n2. quatre", "<ul><li>un</li><li>deux</li></ul>\n<ol><li>trois</li><li>quatre</li></ol>"),
        ("Avant\n- un", "<p>Avant</p>\n<ul><li>un</li></ul>"),
        ("[Aide](/aide/) et [Etalab](https://etalab.gouv.fr/)", '<p><a href="/aide/">Aide</a> et <a href="https://etalab.gouv.fr/">Etalab</a></p>'),
        ("Un « mot » : deux ?", "<p>Un «\xa0mot\xa0»\xa0: deux\xa0?</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_render_text_knows_these_marks(text, html):
    assert render_text(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](http://ailleurs.fr/)", "<p>[x](http://ailleurs.fr/)</p>"),
        ('[x](/a"onclick=b)', '<p><a href="/a&quot;onclick=b">x</a></p>'),
    ],
)
def test_render_text_lets_no_tag_and_no_script_pass(text, html):
    assert render_text(text) == html
