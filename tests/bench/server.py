"""A site of a given size on generated data, and the real server, under production settings."""

import contextlib
import hashlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build" / "bench"
# What decides of the data: when one of these changes, they are made again.
SOURCES = (
    "annuaire/demonstration",
    "annuaire/acteurs/migrations",
    "dispositifs/migrations",
    "dispositifs/publication",
    "dispositifs/saisie/fichier",
    "search/migrations",
)


class Site:
    def __init__(self, size, seed):
        self.size, self.seed = size, seed
        url = os.environ.get("DATABASE_URL", "")
        self.engine = "postgresql" if url.startswith("postgres") else "sqlite"
        self.folder = BUILD / "donnees" / f"{self.engine}-{size}-{seed}"
        self.database = url if url else f"sqlite:///{self.folder / 'annuaire.sqlite3'}"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    @property
    def env(self):
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return {
            **kept,
            "HOME": str(self.folder),  # gunicorn puts a socket there
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            "DEBUG": "0",
            "SECRET_KEY": "mesures-seulement-aucun-secret-ici",
            "ALLOWED_HOSTS": "127.0.0.1",
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "DATABASE_URL": self.database,
            "CONN_MAX_AGE": "86400",  # the same PostgreSQL backends for the whole run
            "MEDIA_ROOT": str(self.folder / "media"),
            "INDEX_DIR": str(self.folder / "index"),
            "STATIC_ROOT": str(BUILD / "static"),
            "LOG_LEVEL": "WARNING",
        }

    def manage(self, *words):
        """Run a command of manage.py; gives what it used: seconds, CPU seconds, bytes at most."""
        started = time.monotonic()
        command = [sys.executable, "manage.py", *words]
        with (self.folder / "commandes.log").open("a") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log)
            _, status, used = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"Échec de « {' '.join(words)} » : voir {log.name}")
        return {
            "seconds": time.monotonic() - started,
            "cpu": used.ru_utime + used.ru_stime,
            "rss": used.ru_maxrss * 1024,
        }

    def build(self, with_baseline_search, keep=False):
        """Make the data; False when those of an earlier run serve again, on SQLite only.

        They do as long as what makes them has not changed, or with `keep`.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.manage("collectstatic", "--noinput")
        stamp = self.folder / "empreinte"
        mark = f"{fingerprint()} {with_baseline_search}"
        if self.engine == "sqlite" and stamp.is_file() and (keep or stamp.read_text() == mark):
            self.manage("migrate")
            return False
        self._empty()
        for words in (("migrate",), ("territoires",), ("referentiel",)):
            self.manage(*words)
        self.manage("demonstration", "--taille", str(self.size), "--graine", str(self.seed))
        if with_baseline_search:
            self.manage("bench_index")
        stamp.write_text(mark)
        return True

    def _empty(self):
        subprocess.run(["rm", "-rf", self.folder], check=True)
        self.folder.mkdir(parents=True)
        if self.engine == "postgresql":
            name = f"bench_{self.size}_{self.seed}"
            with psycopg.connect(self.database, autocommit=True) as connection:
                connection.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
                )
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            self.database = self.database.rpartition("/")[0] + f"/{name}"

    @contextlib.contextmanager
    def serve(self):
        """gunicorn as the image starts it, with one process, whose CPU is read."""
        command = [sys.executable, "-m", "gunicorn", "tests.bench.wsgi"]
        command += ["--workers", "1", "--threads", "4"]
        with (self.folder / "serveur.log").open("w") as log:
            server = subprocess.Popen(
                [*command, "--timeout", "900", "--bind", f"127.0.0.1:{self.port}"],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
            )
            try:
                self._wait(server)
                yield
            finally:
                server.terminate()
                server.wait(timeout=30)

    def _wait(self, server):
        for _ in range(240):
            if server.poll() is not None:
                break
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.25)
        raise SystemExit(f"Le serveur n’a pas démarré : voir {self.folder / 'serveur.log'}")

    def index_bytes(self):
        files = (self.folder / "index").rglob("*")
        return sum(path.stat().st_size for path in files if path.is_file())


def resident(pid, part="VmRSS"):
    """Resident memory of a process, in bytes; of its mapped files alone with `RssFile`."""
    with open(f"/proc/{pid}/status") as file:
        line = next(line for line in file if line.startswith(f"{part}:"))
    return int(line.split()[1]) * 1024


def fingerprint():
    digest = hashlib.sha256()
    for source in SOURCES:
        for path in sorted((ROOT / source).rglob("*")):
            if path.suffix in (".py", ".jsonl", ".json", ".csv"):
                digest.update(path.read_bytes())
    return digest.hexdigest()
