"""Guides and « Nouveautés »: made from the repository, linked, and true to the site."""

import re

import pytest
from django.conf import settings

from annuaire.pages import GUIDES
from tests.dispositifs.pages import headings_of, links_of, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", GUIDES)
def test_each_guide_shows_its_sections_and_leads_to_the_others(client, role):
    source = (settings.BASE_DIR / "docs" / "guide" / f"{role}.md").read_text(encoding="utf-8")

    response = client.get(f"/aide/{role}/")

    sections = re.findall(r"^##+ (.+)$", source, flags=re.MULTILINE)
    assert headings_of(response) == [*sections, "Les autres guides"]
    assert len(sections) >= 5
    others = [f"/aide/{slug}/" for slug in GUIDES if slug != role]
    assert links_of(response, "/aide/")[-3:] == others


def test_help_leads_to_every_guide(client):
    links = [url for url in links_of(client.get("/aide/"), "/aide/") if url != "/aide/"]

    assert links == [f"/aide/{slug}/" for slug in GUIDES]


def test_an_unknown_guide_is_not_found(client):
    assert client.get("/aide/inconnu/").status_code == 404


@pytest.mark.parametrize("path", ["/nouveautes/", *(f"/aide/{role}/" for role in GUIDES)])
def test_every_link_of_a_text_answers(client, path):
    links = {url.partition("#")[0] for url in links_of(client.get(path), "/")}

    assert {url for url in links if client.get(url).status_code not in (200, 302)} == set()


def test_news_are_the_changelog(client):
    changelog = (settings.BASE_DIR / "CHANGELOG.md").read_text(encoding="utf-8")

    response = client.get("/nouveautes/")

    assert headings_of(response) == re.findall(r"^##+ (.+)$", changelog, flags=re.MULTILINE)
    assert "L’annuaire public : accueil, recherche" in text_of(response)
