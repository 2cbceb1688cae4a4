"""Who gets what at every address of the site, tried cell by cell against hand-written data."""

import pytest

from . import matrice
from .conftest import CELLS

# The mark alone makes pytest-django prepare the test database before the module's world.
pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each new rendition to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
FILES = matrice.fichiers()


def test_every_route_has_exactly_one_family():
    families = {ligne.route for fichier in FILES for ligne in matrice.lignes(fichier)}
    routes = matrice.all_routes()

    matches = {
        route: sorted(family for family in families if matrice.expression(family).fullmatch(route))
        for route in routes
    }

    odd = [f"{route} : {found}" for route, found in matches.items() if len(found) != 1]
    odd += sorted(families - {family for found in matches.values() for family in found})
    if odd:
        pytest.fail("\n".join(["Zéro ou deux familles, ou sans adresse :", *odd]), pytrace=False)


def test_every_word_of_the_world_says_who_reads_it(monde):
    written = {word for objet in monde.objets.values() for word in objet.mots}

    assert written - matrice.all_words() == set()


@pytest.mark.matrix
@pytest.mark.parametrize("fichier", FILES)
def test_cells(fichier, monde, record_property):
    essai = matrice.Essai(monde)
    cells = list(matrice.cells(fichier, monde))

    problems = essai.problems(cells)

    record_property(CELLS, len(cells))
    if problems:
        pytest.fail("\n".join(["Cellules inexpliquées", *problems]), pytrace=False)
