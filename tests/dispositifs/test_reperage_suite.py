"""The rates that are promised, on texts and on files made by code; the whole is `make test-anonymat`."""

import os
import random
from collections import Counter

import pytest

from dispositifs.documents.fabrication import Contenu, fabricate
from dispositifs.documents.lecture.appel import Fichier, read_files
from dispositifs.reperage import examine

from .nominatif import IDENTIFIANTS, nominatif, ordinaire

FORMATS = ("pdf", "xlsx", "docx", "odt", "txt")
IDENTIFIERS_FOUND, LISTS_FOUND, FALSE_ALARMS = 0.99, 0.95, 0.05
SEED = int(os.environ.get("SEED", "2026"))


def found_natures(piece):
    return {row["nature"] for row in examine([piece.brut], {}).reperages}


def rates(rng, each, ordinary):
    """Of so many texts for each nature: how many were found, of how many, by family."""
    found, tried = Counter(), Counter()
    for nature in (*IDENTIFIANTS, "noms"):
        family = "listes" if nature == "noms" else "identifiants"
        for _ in range(each):
            tried[family] += 1
            found[family] += nature in found_natures(nominatif(rng, nature))
    for _ in range(ordinary):
        tried["fausses alertes"] += 1
        found["fausses alertes"] += bool(found_natures(ordinaire(rng)))
    return found, tried


def check(found, tried):
    assert found["identifiants"] >= IDENTIFIERS_FOUND * tried["identifiants"]
    assert found["listes"] >= LISTS_FOUND * tried["listes"]
    assert found["fausses alertes"] <= FALSE_ALARMS * tried["fausses alertes"]


@pytest.fixture
def say(pytestconfig, capsys):
    """Print the line of the suite, although what tests write is captured."""
    reporter = pytestconfig.pluginmanager.get_plugin("terminalreporter")

    def say(name, found, tried):
        rates = [
            f"{family.replace(' ', '_')}={100 * found[family] / tried[family]:.1f}%"
            f"({found[family]}/{tried[family]})"
            for family in tried
        ]
        with capsys.disabled():
            line = f"SUITE anonymat-{name} checks={tried.total()} {' '.join(rates)} seed={SEED}"
            reporter.write_line(f"\n{line}")

    return say


def files_of(tmp_path, pieces):
    for rank, (format, piece) in enumerate(pieces):
        path = tmp_path / f"{rank}.{format}"
        path.write_bytes(fabricate(Contenu("Document", piece.texte, piece.tableau), format))
        yield Fichier(str(path), format)


def file_rates(rng, tmp_path, each, ordinary):
    """Through the real reading of files, each holding one datum of each nature."""
    natures = (*IDENTIFIANTS, "noms")
    holding = [(FORMATS[rank % 5], nominatif(rng, *natures)) for rank in range(each)]
    nothing = [(FORMATS[rank % 5], ordinaire(rng)) for rank in range(ordinary)]
    contents = list(read_files(list(files_of(tmp_path, [*holding, *nothing]))))
    examens = [examine(content.pages, content.metadonnees) for content in contents]
    found, tried = Counter(), Counter()
    for examen in examens[:each]:
        seen = {row["nature"] for row in examen.reperages}
        tried.update(identifiants=len(IDENTIFIANTS), listes=1)
        found.update(identifiants=len(seen & IDENTIFIANTS.keys()), listes="noms" in seen)
    for examen in examens[each:]:
        tried["fausses alertes"] += 1
        found["fausses alertes"] += bool(examen.total)
    return found, tried


def test_a_sample_of_texts_is_told_apart():
    found, tried = rates(random.Random(SEED), each=40, ordinary=60)

    check(found, tried)


def test_a_sample_of_files_is_told_apart(tmp_path):
    found, tried = file_rates(random.Random(SEED), tmp_path, each=20, ordinary=10)

    check(found, tried)


@pytest.mark.anonymat
def test_texts_are_told_apart(say):
    found, tried = rates(random.Random(SEED), each=600, ordinary=1000)

    say("textes", found, tried)
    check(found, tried)


@pytest.mark.anonymat
def test_files_are_told_apart(say, tmp_path):
    found, tried = file_rates(random.Random(SEED), tmp_path, each=200, ordinary=200)

    say("fichiers", found, tried)
    check(found, tried)
