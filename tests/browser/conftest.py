"""A real server on a demonstration directory of its own, and the system's Chromium."""

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
PASSWORD = "demonstration"


@pytest.fixture(scope="session")
def directory(tmp_path_factory):
    """A folder that holds the demonstration directory, with its environment."""
    folder = tmp_path_factory.mktemp("site")
    env = {
        **os.environ,
        "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "annuaire.settings",
        "DATABASE_URL": f"sqlite:///{folder / 'annuaire.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "INDEX_DIR": str(folder / "index"),
        "EMAIL_URL": f"filemail:///{folder / 'mails'}",
    }
    _manage(env, "demarrer", "--sans-serveur")
    yield folder, env
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def site(directory):
    """Address of the running site."""
    folder, env = directory
    yield from _serve(folder / "serveur.log", env)


@pytest.fixture(scope="session")
def production(directory):
    """Address of the same directory served as in production: static files with hashes."""
    folder, env = directory
    env = {
        **env,
        "DEBUG": "0",
        "SECRET_KEY": "une clé qui ne sert qu’à cet essai, le temps de quelques pages",
        "ALLOWED_HOSTS": "127.0.0.1",
        "STATIC_ROOT": str(folder / "static"),
    }
    _manage(env, "collectstatic", "--noinput", "--verbosity", "0")
    yield from _serve(folder / "production.log", env)


def _manage(env, *arguments):
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, check=True)


def _serve(log_path, env):
    """Run the site on a free port until the tests are over; an error in its log fails them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    log = log_path.open("w+")
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "annuaire.wsgi", "--threads", "4", "-b", address[7:]],
        cwd=ROOT,
        env={**env, "PUBLIC_URL": address},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        _wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.seek(0)
        errors = [line for line in log if "Traceback" in line or "ERROR" in line]
        log.close()
    assert errors == [], "le serveur a journalisé des erreurs"


def _wait_for(address):
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{address}/sante/", timeout=5).read()
        except OSError:
            time.sleep(0.25)
        else:
            return
    pytest.fail("Le serveur n’a pas démarré.")


@pytest.fixture(scope="session")
def chromium():
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if executable is None:
        pytest.fail("Chromium manque : apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


class Visitor:
    """One person with a browser of his own, whom nothing hostile or broken must reach."""

    def __init__(self, chromium, site, **options):
        self.site = site
        options = {"viewport": {"width": 1280, "height": 900}, "locale": "fr-FR", **options}
        self.context = chromium.new_context(base_url=site, accept_downloads=True, **options)
        self.page = self.context.new_page()
        self.problems = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.problems.append(f"script : {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def _console(self, message):
        if message.type == "error":
            self.problems.append(f"console : {message.text}")

    def _request(self, request):
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.problems.append(f"tiers : {request.url}")

    def _response(self, response):
        if response.status >= 500:
            self.problems.append(f"{response.status} : {response.url}")

    def open(self, path):
        self.page.goto(path)
        return self.page

    def sign_in(self, courriel):
        page = self.open("/connexion/")
        page.get_by_label("Adresse électronique").fill(courriel)
        page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Se connecter", exact=True).click()
        return page

    def accessibility_faults(self, ignored=()):
        """What axe finds on the page as it is: « rule: target »."""
        found = Axe().run(self.page, options={"runOnly": AXE_TAGS, "resultTypes": ["violations"]})
        return [
            f"{fault['id']}: {node['target']}"
            for fault in found.response["violations"]
            for node in fault["nodes"]
            if fault["id"] not in ignored
        ]

    def fits(self):
        """Whether nothing is wider than the window."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )


@pytest.fixture
def visit(chromium, site):
    """`visit()` gives a visitor; `visit(width=360)` one with a phone."""
    visitors = []

    def make(width=1280, **options):
        visitor = Visitor(chromium, site, viewport={"width": width, "height": 900}, **options)
        visitors.append(visitor)
        return visitor

    yield make
    for visitor in visitors:
        visitor.context.close()
    assert [problem for visitor in visitors for problem in visitor.problems] == []


def pytest_terminal_summary(terminalreporter):
    """What tests recorded: the states seen by axe, the weight of each page."""
    reports = [report for some in terminalreporter.stats.values() for report in some]
    recorded = [
        item
        for report in reports
        if getattr(report, "when", "") == "call"
        for item in getattr(report, "user_properties", ())
    ]
    counts = [value for name, value in recorded if name == "etats"]
    if counts:
        terminalreporter.write_line(f"Accessibilité : {sum(counts)} états de page vus par axe.")
    for name, value in recorded:
        if name == "poids":
            terminalreporter.write_line(f"Poids : {value}")
