import copy

import pytest
from django.core.cache import cache


@pytest.fixture
def strict_templates(settings):
    """Unknown template variables show, so that reading the page fails."""
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["string_if_invalid"] = "VARIABLE-INCONNUE %s"
    settings.TEMPLATES = templates


@pytest.fixture
def empty_cache():
    """What is kept by version of the directory would pass from a test to another."""
    cache.clear()
    yield
    cache.clear()
