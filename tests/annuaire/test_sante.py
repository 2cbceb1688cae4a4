"""`/sante/` says what is up, without saying anything else."""

import datetime
import json

import pytest
from django.utils import timezone

from annuaire import sante
from dispositifs.models import VersionAnnuaire
from search import indexing
from tests.factories import make_dispositif

pytestmark = pytest.mark.django_db


def asked(rf):
    response = sante.sante(rf.get("/sante/"))
    return response.status_code, json.loads(response.content)


def test_all_is_well_with_an_index_and_a_worker(rf):
    make_dispositif()
    indexing.rebuild()

    status, body = asked(rf)

    version = VersionAnnuaire.current()
    assert (status, body) == (
        200,
        {
            "etat": "ok",
            "database": {"ok": True, "version": version},
            "search": {"ok": True, "moteur": "embedded", "version": version, "documents": 1},
            "storage": {"ok": True},
            "queue": {"ok": True, "en_retard": 0},
        },
    )


def test_without_an_index_the_site_is_up_but_degraded(rf):
    status, body = asked(rf)

    assert (status, body["etat"], body["search"]["ok"]) == (200, "degrade", False)


def test_a_probe_that_fails_says_nothing_of_why(rf, settings):
    indexing.rebuild()
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "tests.annuaire.test_sante.BrokenStorage"},
    }

    status, body = asked(rf)

    assert (status, body["etat"], body["storage"]) == (503, "panne", {"ok": False})


class BrokenStorage:
    def exists(self, name):
        raise OSError("clé secrète du magasin")


def test_a_page_whose_hour_has_long_passed_shows_a_stopped_worker(rf):
    indexing.rebuild()
    page = make_dispositif()
    indexing.apply_changes()
    page.expire_at = timezone.now() - datetime.timedelta(hours=1)
    page.save()

    status, body = asked(rf)

    assert (status, body["etat"], body["queue"]) == (
        200,
        "degrade",
        {"ok": False, "en_retard": 1},
    )
