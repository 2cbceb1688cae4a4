import pytest
from django.core.cache import cache
from django.template import engines

from dispositifs.models import TypeDocument
from tests.factories import make_dispositif, make_tree, make_user


@pytest.fixture
def strict_templates(monkeypatch):
    """Unknown template variables show, so that reading the page fails."""
    engine = engines["django"].engine
    monkeypatch.setattr(engine, "string_if_invalid", "VARIABLE-INCONNUE %s")


@pytest.fixture
def empty_cache():
    """What is kept by version of the directory would pass from a test to another."""
    cache.clear()
    yield
    cache.clear()


# --- depositing documents ------------------------------------------------------------------------
@pytest.fixture
def mous(db):
    """A dispositif of the 33, and a type of document that proposes « partenaires »."""
    make_tree("13", "33", "47")
    TypeDocument.objects.create(
        slug="bilan",
        libelle="Bilan",
        article="le",
        visibilite_par_defaut="partenaires",
        raison="Le bilan cite des situations.",
    )
    return make_dispositif()


@pytest.fixture
def elsewhere(mous):
    return make_dispositif("AIOS de Marseille", departement="13")


@pytest.fixture
def editor(client, mous):
    client.force_login(make_user("correspondant", "33"))
    return client
