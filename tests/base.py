"""The database of the tests: what the migrations make, kept as long as none of them changes.

`migrate` runs on each copy, so that what follows it (permissions, content types) is never old.
"""

import contextlib
import fcntl
import hashlib
import sqlite3
import sys
from pathlib import Path

import django
import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import setup_databases, teardown_databases


@pytest.fixture(scope="session")
def django_db_setup(
    request, django_test_environment, django_db_modify_db_settings, django_db_blocker
):
    folder = request.config.cache.mkdir("base")
    copied = _sqlite if connection.vendor == "sqlite" else _postgresql
    with (folder / "lock").open("w") as lock, django_db_blocker.unblock():
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other worker waits for the copy
        with copied(folder):
            databases = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(databases, verbosity=0)


@contextlib.contextmanager
def _sqlite(folder):
    kept = folder / f"{_state_of_migrations()}.sqlite3"
    name = connection.creation._get_test_db_name()
    with contextlib.closing(sqlite3.connect(name, uri=True)) as memory:
        if kept.exists():
            with contextlib.closing(sqlite3.connect(kept)) as file:
                file.backup(memory)
        yield
        if not kept.exists():
            for old in folder.glob("*.sqlite3"):
                old.unlink()
            partial = folder / "partial"
            with contextlib.closing(sqlite3.connect(partial)) as file:
                memory.backup(file)
            partial.rename(kept)


@contextlib.contextmanager
def _postgresql(folder):
    model = f"test_modele_{_state_of_migrations()}"
    with connection._nodb_cursor() as cursor:
        exists = connection.creation._database_exists(cursor, model)
    if exists:
        connection.settings_dict["TEST"]["TEMPLATE"] = model
    yield
    if not exists:
        connection.close()  # a database that is in use is not copied
        with connection._nodb_cursor() as cursor:
            made = connection.settings_dict["NAME"]
            cursor.execute(f'CREATE DATABASE "{model}" TEMPLATE "{made}"')


def _state_of_migrations():
    versions = (sys.version, sqlite3.sqlite_version, django.__version__)
    digest = hashlib.sha256(repr(versions).encode())
    for app in apps.get_app_configs():
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
