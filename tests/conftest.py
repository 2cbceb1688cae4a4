import gc
import logging
import pathlib
import shutil

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import transaction

from tests.factories import make_tree

pytest_plugins = ["tests.base", "tests.suite"]


def pytest_collection_finish():
    """What is loaded stays to the end: to look through it again and again cost a quarter of the time."""
    gc.collect()
    gc.freeze()


class UnexpectedErrors(logging.Handler):
    def __init__(self):
        super().__init__(logging.ERROR)
        self.records = []

    def emit(self, record):
        self.records.append(self.format(record))


@pytest.fixture(autouse=True)
def _no_logged_error(request):
    """A logged ERROR fails the test, unless it is marked `logs_errors`."""
    handler = UnexpectedErrors()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    if handler.records and not request.node.get_closest_marker("logs_errors"):
        pytest.fail("Erreurs journalisées : " + "\n".join(handler.records))


@pytest.fixture(autouse=True)
def _own_state(settings, tmp_path):
    for known in caches.all():
        known.clear()
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.INDEX_DIR = tmp_path / "index"


@pytest.fixture(scope="module")
def module_rows(django_db_setup, django_db_blocker):
    """What fixtures of a module make once, under the transaction of each of its tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def tree(module_rows):
    """The tree of three départements, for modules whose tests nearly all need it."""
    make_tree("13", "33", "47")


def pytest_sessionfinish():
    folder = pathlib.Path(settings.TESTS_FOLDER)
    shutil.rmtree(folder, ignore_errors=True)
