import pytest
from django.http import QueryDict

from search import indexing, wording
from search.engines.fallback import FallbackEngine
from search.query import parse


@pytest.fixture
def index(db):
    """Build the index of what the test has made, and give the engine."""

    def build():
        indexing.rebuild()
        return indexing.engine()

    return build


@pytest.fixture(params=["embedded", "secours"])
def any_engine(request, index):
    """Each engine in turn, ready to answer on what the test has made."""

    def ready():
        embedded = index()
        return embedded if request.param == "embedded" else FallbackEngine()

    return ready


@pytest.fixture
def ask():
    """Ask an engine a query string of the directory."""

    def answer(engine, text="", nature="dispositif"):
        query = parse(QueryDict(text), nature=nature)
        return engine.search(query, wording.read(query.q))

    return answer
