"""Every file sent to a real server: what it costs in memory, and what it leaves on the disk."""

import http.cookies
import json
import os
import pathlib
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.torture import autres, bureautique, lourds, ordinaires, pdf
from tests.torture.canaux import upload

pytestmark = pytest.mark.torture

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MODULES = (ordinaires, lourds, pdf, bureautique, autres)
GROWTH = 64 << 20  # bytes
WARMED = 10  # first files, while libraries are loaded


@pytest.fixture(scope="module")
def serveur(tmp_path_factory):
    folder = tmp_path_factory.mktemp("serveur")
    env = {
        **os.environ,
        "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"sqlite:///{folder / 'base.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "INDEX_DIR": str(folder / "index"),
        "TMPDIR": str(_made(folder / "temporaire")),
    }
    told = subprocess.run(
        [sys.executable, "-m", "tests.torture.monde_reel"],
        cwd=ROOT,
        env=env,
        check=True,
        capture_output=True,
        text=True,
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    with (folder / "journal").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "annuaire.wsgi", "-b", address, "--threads", "2"],
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield Serveur(folder, address, process, json.loads(told.stdout.splitlines()[-1]))
        finally:
            process.terminate()
            process.wait(timeout=20)


def _made(folder):
    folder.mkdir()
    return folder


class Serveur:
    def __init__(self, folder, address, process, told):
        self.folder, self.url = folder, f"http://{address}/admin/documents/add/"
        self.told = told
        self.cookies = {"sessionid": told["session"]}
        self.token = self._wait()
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
        self.worker = int(children.split()[0])

    def _wait(self):
        for _ in range(120):
            try:
                page = self._open(self.url)[1]
                return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
            except urllib.error.URLError:
                time.sleep(0.25)
        pytest.fail("Le serveur n’a pas démarré.")

    def _open(self, url, body=None):
        request = urllib.request.Request(url, body)
        request.add_header("Cookie", "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        if body is not None:
            request.add_header("Content-Type", MULTIPART_CONTENT)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                for header in answer.headers.get_all("Set-Cookie", []):
                    for name, morsel in http.cookies.SimpleCookie(header).items():
                        self.cookies[name] = morsel.value
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""

    def send(self, cas):
        data = {
            "title": "Pièce",
            "dispositif": self.told["page"],
            "type": self.told["type"],
            "niveau": "public",
            "statut": "valide",
            "langue": "fr",
            "csrfmiddlewaretoken": self.token,
            "file": upload(cas.nom, cas.contenu()),
        }
        return self._open(self.url, encode_multipart(BOUNDARY, data))[0]

    def memory(self, name):
        status = pathlib.Path(f"/proc/{self.worker}/status").read_text()
        return int(re.search(rf"{name}:\s+(\d+)", status)[1]) << 10

    def forget_peak(self):
        pathlib.Path(f"/proc/{self.worker}/clear_refs").write_text("5")

    def kept(self):
        """Names of stored files that rows explain."""
        with sqlite3.connect(self.folder / "base.sqlite3") as base:
            rows = base.execute("SELECT file, vignette FROM dispositifs_document").fetchall()
        base.close()
        return {name for row in rows for name in row if name}

    def files(self, folder):
        top = self.folder / folder
        return {str(path.relative_to(top)) for path in top.rglob("*") if path.is_file()}


def test_server_keeps_its_memory_and_its_disk(serveur, record_property):
    cases = [cas for module in MODULES for cas in module.CAS]
    growths, answers = {}, set()

    for cas in cases:
        serveur.forget_peak()
        before = serveur.memory("VmRSS")
        answers.add(serveur.send(cas))
        growths[cas.nom] = serveur.memory("VmHWM") - before

    log = (serveur.folder / "journal").read_text()
    worst = max(list(growths)[WARMED:], key=growths.get)
    record_property(
        "torture", f"{len(cases)} fichiers, mémoire au plus +{growths[worst] >> 20} Mo ({worst})."
    )
    assert answers == {200}
    assert growths[worst] < GROWTH
    assert [line for line in log.splitlines() if "Traceback" in line or "ERROR" in line] == []
    assert serveur.files("media") == serveur.kept()
    assert serveur.files("temporaire") == set()
