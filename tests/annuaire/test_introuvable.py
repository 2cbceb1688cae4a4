"""A page that does not exist, as the demonstration shows it."""

import re

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["/n-existe-pas/", "/aide/n-existe-pas/", "/dispositifs/33-gironde/n-existe-pas/"]
)
def test_a_page_not_found_is_said_in_french_with_debug_too(client, settings, path):
    settings.DEBUG = True

    response = client.get(path)

    assert response.status_code == 404
    assert re.findall("<h1>(.*?)</h1>", response.content.decode()) == ["Cette page est introuvable"]
