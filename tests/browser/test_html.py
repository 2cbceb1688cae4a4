"""The HTML of every template of ours is valid, as the Nu Html Checker of the W3C reads it."""

import json
import os
import re
import subprocess
import urllib.error
import urllib.request

import pytest

from .conftest import PASSWORD
from .etats import ADRESSES, FICHES, OPERATEUR, addresses

pytestmark = pytest.mark.html

CONNEXION, CODE = "/connexion/", "/connexion/code/"
NOBODY = {"login": "personne@demo.invalid", "password": "ce-n-est-pas-le-bon"}
# What the server answers to a form: wrong, or understood. {state: (address, fields)}
ENVOIS = {
    "connexion, champs vides": (CONNEXION, {}),
    "connexion refusée": (CONNEXION, NOBODY),
    "code, adresse vide": (CODE, {}),
    "code demandé": (CODE, {"email": "personne@demo.invalid"}),
    "mot de passe oublié, adresse vide": ("/connexion/mot-de-passe-oublie/", {}),
    "mot de passe demandé": ("/connexion/mot-de-passe-oublie/", {"email": "personne@demo.invalid"}),
}
COMPTE = ("espace", "fiche avec un compte", "déconnexion")


@pytest.fixture(scope="module")
def faults(site, chromium, tmp_path_factory):
    """{state: errors} of every page, checked at once."""
    if "VNU_JAR" not in os.environ:
        pytest.fail("Le validateur manque : tests/servers/vnu pytest tests/browser -m html")
    folder = tmp_path_factory.mktemp("html")
    paths = addresses(lambda path: read(f"{site}{path}"))
    pages = {state: read(f"{site}{path}") for state, path in paths.items()}
    pages |= sent(chromium.new_context(base_url=site).request)
    pages |= signed_in(chromium.new_context(base_url=site).request, paths["fiche longue"])
    for number, html in enumerate(pages.values()):
        (folder / f"{number}.html").write_text(html, encoding="utf-8")
    jar = os.environ["VNU_JAR"]
    done = subprocess.run(
        ["java", "-jar", jar, "--format", "json", "--exit-zero-always", str(folder)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = {state: set() for state in pages}
    for message in json.loads(done.stderr)["messages"]:
        if message["type"] == "error":
            number = int(message["url"].rpartition("/")[2].removesuffix(".html"))
            found[list(pages)[number]].add(message["message"])
    return found


def read(url):
    try:
        return urllib.request.urlopen(url).read().decode()
    except urllib.error.HTTPError as refusal:  # pages of errors are pages too
        return refusal.read().decode()


def post(request, path, fields):
    """The page that answers a form, redirections followed."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', request.get(path).text())[1]
    answer = request.post(path, form={"csrfmiddlewaretoken": token, **fields})
    assert answer.ok, f"{path} : {answer.status}"
    return answer.text()


def sent(request):
    return {state: post(request, path, fields) for state, (path, fields) in ENVOIS.items()}


def signed_in(request, fiche):
    post(request, CONNEXION, {"login": OPERATEUR, "password": PASSWORD})
    paths = dict(zip(COMPTE, ("/espace/", fiche, "/deconnexion/"), strict=True))
    pages = {state: request.get(path).text() for state, path in paths.items()}
    assert all("Mon compte" in html for html in pages.values())
    return pages


@pytest.mark.parametrize("state", [*ADRESSES, *FICHES, "bonne pratique", *ENVOIS, *COMPTE])
def test_the_page_is_valid(faults, state):
    assert faults[state] == set()
