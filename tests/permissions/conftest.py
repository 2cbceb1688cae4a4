import logging
import shutil
import tempfile

import pytest
from django.conf import settings as current
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

from . import monde as world

CELLS = "cellules"


@pytest.fixture(scope="module")
def folder():
    path = tempfile.mkdtemp(dir=current.TESTS_FOLDER)
    with override_settings(MEDIA_ROOT=f"{path}/media", INDEX_DIR=f"{path}/index"):
        yield path
    shutil.rmtree(path)


@pytest.fixture(autouse=True)
def _own_state(folder):
    """Instead of one for each test: files, index and cache are those of the module’s world."""


@pytest.fixture(scope="module", autouse=True)
def _quiet_refusals():
    """Refusals and failures are cells of the report: Django's own lines would hide it."""
    logger = logging.getLogger("django.request")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)


@pytest.fixture(scope="module")
def monde(django_db_setup, django_db_blocker, folder):
    """One world for all tests of a module, taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield world.build()
        transaction.set_rollback(True)
    cache.clear()


def pytest_terminal_summary(terminalreporter):
    reports = [report for some in terminalreporter.stats.values() for report in some]
    counts = [
        value
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in getattr(report, "user_properties", ())
        if name == CELLS
    ]
    if counts:
        terminalreporter.write_line(f"Matrice des droits : {sum(counts)} cellules.")
