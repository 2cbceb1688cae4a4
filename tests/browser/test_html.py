"""The HTML of every public template is valid, as the Nu Html Checker of the W3C reads it."""

import json
import os
import subprocess
import urllib.error
import urllib.request

import pytest

from .etats import ADRESSES, FICHES, addresses

pytestmark = pytest.mark.html


@pytest.fixture(scope="module")
def faults(site, tmp_path_factory):
    """{state: errors}, of every page that anybody opens by its address, checked at once."""
    if "VNU_JAR" not in os.environ:
        pytest.fail("Le validateur manque : tests/servers/vnu pytest tests/browser -m html")
    folder = tmp_path_factory.mktemp("html")
    pages = addresses(lambda path: read(f"{site}{path}"))
    for number, path in enumerate(pages.values()):
        (folder / f"{number}.html").write_text(read(f"{site}{path}"), encoding="utf-8")
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


@pytest.mark.parametrize("state", [*ADRESSES, *FICHES, "bonne pratique"])
def test_the_page_is_valid(faults, state):
    assert faults[state] == set()
