"""The difference shown to whoever decides on a text."""

import time

import pytest

from dispositifs.saisie.difference import AJOUTE, EGAL, RETIRE, difference


def said(before, after):
    return [(passage.nature, passage.texte) for passage in difference(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ("Pareil.", "Pareil.", [(EGAL, "Pareil.")]),
        ("", "Tout neuf.", [(AJOUTE, "Tout neuf.")]),
        ("Parti.", "", [(RETIRE, "Parti.")]),
        (
            "45 ménages suivis",
            "60 ménages suivis",
            [(RETIRE, "45 "), (AJOUTE, "60 "), (EGAL, "ménages suivis")],
        ),
        ("un\n\ndeux", "un\n\ndeux trois", [(EGAL, "un\n\ndeux "), (AJOUTE, "trois")]),
        ("un deux", "un\n\ndeux", [(EGAL, "un"), (AJOUTE, "\n\n"), (EGAL, "deux")]),
        ("prêt\u00a0; fin", "prêt ; fin", [(EGAL, "prêt ; fin")]),
        ("<b>a</b>", "<b>c</b>", [(RETIRE, "<b>a</b>"), (AJOUTE, "<b>c</b>")]),
    ],
)
def test_passages_are_kept_taken_out_or_added(before, after, expected):
    assert said(before, after) == expected


@pytest.mark.parametrize("rank", range(6))
def test_both_texts_can_be_read_back(rank):
    words = ["le", "dispositif", "suit", "des", "ménages\n\n-", "santé\n-", "école\n", "fin"]
    before = " ".join(words)
    after = " ".join(word for n, word in enumerate(words * 2) if n % (rank + 2))

    passages = said(before, after)

    assert "".join(texte for nature, texte in passages if nature != RETIRE) == after


def test_a_hostile_text_is_compared_in_no_time():
    start = time.process_time()

    passages = said("a " * 5_000, "a b " * 2_500)

    assert [nature for nature, _ in passages] == [RETIRE, AJOUTE]
    assert time.process_time() - start < 20  # word by word, it would be minutes
