import csv
import pathlib

import pytest
from django.utils.http import urlencode

from tests.search.fiches import make_fiche

PATH = pathlib.Path(__file__).with_name("paires.csv")
PAIRES = list(csv.DictReader(PATH.read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("field", ["titre", "corps"])
def test_every_pair_of_spellings_is_found(db, index, ask, field):
    for number, paire in enumerate(PAIRES):
        texts = {"titre": f"Fiche {number}"} | {field: paire["written"]}
        make_fiche(identifiant=str(number), **texts)
    engine = index()

    missed = [
        paire
        for number, paire in enumerate(PAIRES)
        if f"dispositif:{number}" not in found(engine, ask, paire["typed"])
    ]

    assert missed == []


def test_a_pair_is_found_without_the_help_of_the_rest_of_the_corpus(db, index, ask):
    missed = []
    for number, paire in enumerate(PAIRES):
        fiche = make_fiche("Fiche", corps=paire["written"], identifiant=str(number))
        if found(index(), ask, paire["typed"]) != [f"dispositif:{number}"]:
            missed.append(paire)
        fiche.delete()

    assert missed == []


def test_there_are_at_least_sixty_pairs():
    assert len(PAIRES) >= 60


def found(engine, ask, text):
    answer = ask(engine, urlencode({"q": text}))
    return [hit.id for hit in answer.hits if not hit.partiel]
