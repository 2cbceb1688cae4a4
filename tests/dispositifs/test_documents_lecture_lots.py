"""Documents read by batches: what is written, what is retried, what becomes public."""

import datetime
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from annuaire.management.commands.worker import read_documents
from dispositifs.actions.lectures import Lecture, record_failures, record_readings
from dispositifs.documents.lecture import lots
from dispositifs.documents.lecture.lots import read_all, read_document, read_pending
from dispositifs.models import Document, FichePublique, PageTexte
from tests.factories import make_dispositif, make_document

from .fichiers import image
from .lecture import bomb_pdf, drawn, made, raw_pdf, scanned_pdf, slow_pdf, ten_pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
WAITING = {"texte_etat": "a-extraire", "anonymat": "a-verifier"}
LONG_AGO = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)


def waiting(page=None, contenu=None, nom="convention.pdf", **fields):
    """A document just kept, that nobody has read."""
    contenu = made("pdf") if contenu is None else contenu
    document = make_document(page, contenu=contenu, nom=nom, **{**WAITING, **fields})
    Document.objects.filter(pk=document.pk).update(maj=LONG_AGO)
    return document


def states(*names):
    return list(Document.objects.order_by("pk").values_list(*(names or ("texte_etat", "anonymat"))))


# --- what is written -----------------------------------------------------------------------------
def test_reading_fills_the_document_and_makes_it_public(settings):
    page = make_dispositif()
    document = waiting(page)
    hidden = FichePublique.objects.documents().count()

    etat = read_document(document)

    assert (hidden, etat) == (0, "extrait")
    assert states("texte_etat", "anonymat", "pages", "balise", "texte_essais", "reperages") == [
        ("extrait", "rien", 1, True, 1, [])
    ]
    assert [(page.n, page.texte.split("\n")[0]) for page in document.textes.order_by("n")] == [
        (1, "Convention")
    ]
    with document.vignette.open("rb") as stored:
        assert stored.read(4) == b"RIFF"
    assert FichePublique.objects.documents().get().document == document


def test_date_of_update_is_the_depositors():
    document = waiting(make_dispositif())

    read_document(document)

    assert document.maj == LONG_AGO


def test_scans_and_images_have_no_text_to_examine():
    page = make_dispositif()
    waiting(page, scanned_pdf())
    waiting(page, image("jpg"), "photo.jpg")

    read_all()

    assert states("texte_etat", "anonymat", "pages") == [
        ("sans-texte", "non-verifiable", 3),
        ("sans-texte", "non-verifiable", None),
    ]


def test_stamps_of_a_scan_are_no_text_but_are_kept():
    waiting(make_dispositif(), raw_pdf(drawn("Page 1"), 2))

    read_all()

    assert states() == [("sans-texte", "non-verifiable")]
    assert list(PageTexte.objects.values_list("n", "texte")) == [(1, "Page 1"), (2, "Page 1")]


def test_personal_data_keep_a_document_from_the_public():
    page = make_dispositif()
    waiting(page, made("txt", "Joindre M. Durand au 06 12 34 56 78."), "contacts.txt")

    read_all()

    (etat, anonymat, reperages), *_ = states("texte_etat", "anonymat", "reperages")
    assert (etat, anonymat) == ("extrait", "a-confirmer")
    assert [(row["nature"], row["page"]) for row in reperages] == [("telephone", 1)]
    assert FichePublique.objects.documents().count() == 0


def test_metadata_are_examined_too():
    waiting(make_dispositif(), made("pdf", titre="Lettre à jeanne.martin@example.org"))

    read_all()

    assert states() == [("extrait", "a-confirmer")]


def test_confirmation_stands_as_long_as_the_same_is_found():
    document = waiting(make_dispositif(), made("txt", "Tél. : 06 12 34 56 78."), "contacts.txt")
    read_document(document)
    Document.objects.filter(pk=document.pk).update(anonymat="confirme")

    read_document(document)
    same = document.anonymat
    Document.objects.filter(pk=document.pk).update(reperages=[{"nature": "iban", "page": 1}])
    read_document(document)

    assert (same, document.anonymat) == ("confirme", "a-confirmer")


def test_reading_anew_replaces_pages_and_image():
    document = waiting(make_dispositif(), ten_pages())
    read_document(document)
    first = document.vignette.name

    read_document(document)

    assert document.textes.count() == 10
    assert document.vignette.name == first
    assert document.vignette.storage.listdir("vignettes")[1] == [f"{document.pk}.webp"]


def test_image_goes_with_the_document(django_capture_on_commit_callbacks):
    document = waiting(make_dispositif())
    read_document(document)
    storage = document.vignette.storage

    with django_capture_on_commit_callbacks(execute=True):
        document.delete()

    assert storage.listdir("vignettes")[1] == []


def test_document_deleted_while_it_is_read_leaves_nothing():
    document = make_document(make_dispositif())

    record_readings({document.pk + 1: Lecture("extrait", ["texte"], "rien", vignette=image("png"))})

    assert PageTexte.objects.count() == 0
    assert document.vignette.storage.listdir("vignettes")[1] == []


def test_pages_of_a_batch_are_projected_once(django_assert_num_queries):
    page, other = make_dispositif(), make_dispositif("Aire d’Arcachon")
    for host in (page, page, page, other):
        waiting(host)
    guide = waiting(None)

    done = read_all()

    versions = set(FichePublique.objects.documents().values_list("document", "version"))
    assert done == {"extrait": 5}
    assert len({version for pk, version in versions if pk != guide.pk}) == 1


def test_number_of_queries_does_not_grow_with_texts(django_assert_max_num_queries):
    page = make_dispositif()
    for _ in range(8):
        waiting(page, niveau="interne")

    with django_assert_max_num_queries(8 + 16):
        read_all()


# --- failures ------------------------------------------------------------------------------------
def test_unreadable_file_is_tried_twice_then_marked():
    waiting(make_dispositif(), b"%PDF-1.7 rien")

    lots._read(list(Document.objects.all()))
    once = states("texte_etat", "texte_essais", "anonymat")
    done = read_all()

    assert once == [("a-extraire", 1, "a-verifier")]
    assert done == {"echec": 1}
    assert states("texte_etat", "texte_essais", "anonymat") == [("echec", 2, "non-verifiable")]


def test_bomb_among_others_costs_itself_only():
    page = make_dispositif()
    for contenu in (made("pdf"), bomb_pdf(), made("pdf")):
        waiting(page, contenu)

    read_all()

    etats = [etat for (etat,) in states("texte_etat")]
    assert (etats[0], etats[2]) == ("extrait", "extrait")
    assert etats[1] in ("sans-texte", "echec")


def test_lost_file_is_marked(caplog):
    document = waiting(make_dispositif())
    document.file.storage.delete(document.file.name)

    read_all()

    assert states() == [("echec", "non-verifiable")]
    assert caplog.messages == [f"Fichier absent du stockage : {document.file.name}"] * 2


def test_failure_never_lifts_what_was_blocked():
    document = make_document(make_dispositif(), anonymat="bloque", reperages=[{"nature": "nir"}])

    record_failures([document.pk])

    assert states("texte_etat", "anonymat", "reperages") == [
        ("echec", "bloque", [{"nature": "nir"}])
    ]


def test_what_was_tried_too_often_is_not_opened_again():
    waiting(make_dispositif(), slow_pdf(), texte_essais=2)

    started = time.monotonic()
    done = read_all()

    assert (done, time.monotonic() - started < 2) == ({"echec": 1}, True)


class Distant(Storage):
    """A store that gives no path, as S3."""

    def _open(self, name, mode="rb"):
        return ContentFile(made("pdf", titre="Au loin"))


def test_file_of_a_distant_store_is_read_from_a_nameless_copy():
    document = waiting(make_dispositif())
    document.file.storage = Distant()

    read = list(lots._contents([document], delay=60, retry=True))

    assert [contenu.pages[0].split("\n")[0] for _, contenu in read] == ["Au loin"]


# --- who reads -----------------------------------------------------------------------------------
def test_deposit_is_read_at_once_after_it_is_kept(django_capture_on_commit_callbacks):
    page = make_dispositif()

    with django_capture_on_commit_callbacks(execute=True):
        make_document(page, contenu=made("pdf"), **WAITING)

    assert states() == [("extrait", "rien")]


def test_deposit_that_takes_too_long_is_left_to_the_worker(
    django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr(lots, "AT_ONCE", 0.01)

    with django_capture_on_commit_callbacks(execute=True):
        make_document(make_dispositif(), contenu=made("pdf"), **WAITING)
    at_once = states("texte_etat", "texte_essais")
    early = read_documents()
    Document.objects.update(maj=timezone.now() - datetime.timedelta(minutes=1))

    assert (at_once, early) == ([("a-extraire", 1)], "")
    assert read_documents() == "1 document lu : 1 avec du texte."


def test_worker_stops_reading_when_its_time_is_over(monkeypatch):
    monkeypatch.setattr(lots, "BATCH", 1)
    page = make_dispositif()
    for _ in range(3):
        waiting(page, b"Un texte", "a.txt")

    assert read_pending(seconds=0).total() == 1
    assert read_pending(seconds=60).total() == 2


def test_command_reads_what_waits_or_all(capsys):
    page = make_dispositif()
    waiting(page, b"Un texte", "a.txt")
    make_document(page, contenu=b"Un autre", nom="b.txt")

    for arguments in ((), (), ("--tous",)):
        call_command("documents", "lire", *arguments)

    assert capsys.readouterr().out.splitlines() == [
        "1 document lu : 1 avec du texte.",
        "Aucun document à lire.",
        "2 documents lus : 2 avec du texte.",
    ]


# --- kill -9 -------------------------------------------------------------------------------------
@pytest.fixture
def copied(tmp_path):
    """The database of this test in a file of its own, and what a process needs to work on it."""
    if connection.vendor != "sqlite":
        pytest.skip("copie la base de l’essai, ce que seul SQLite sait faire")

    def copy():
        # Not a backup, which would wait for the end of the transaction of this test.
        (tmp_path / "annuaire.sqlite3").write_bytes(connection.connection.serialize())
        return sqlite3.connect(tmp_path / "annuaire.sqlite3")

    env = {
        **os.environ,
        "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "annuaire.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'annuaire.sqlite3'}",
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "INDEX_DIR": str(tmp_path / "index"),
    }
    return copy, env


def test_killed_worker_loses_nothing_and_never_loops_on_a_bad_file(copied, tmp_path):
    copy, env = copied
    page = make_dispositif()
    waiting(page, made("pdf"), "bon.pdf")
    waiting(page, slow_pdf(2000), "lent.pdf")
    database = copy()

    seen = []
    for essais in (1, 2):
        worker = _worker(env)
        _wait_for(database, essais)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        seen.append(_rows(database))
    last = _worker(env, "--une-fois").wait(timeout=60)

    assert seen == [
        [("a-extraire", 1, 0), ("a-extraire", 1, 0)],
        [("extrait", 2, 1), ("a-extraire", 2, 0)],
    ]
    assert (last, _rows(database)) == (0, [("extrait", 2, 1), ("echec", 2, 0)])
    database.close()


def _worker(env, *arguments):
    root = Path(settings.BASE_DIR)
    command = [sys.executable, "manage.py", "worker", *arguments]
    return subprocess.Popen(command, cwd=root, env=env, stderr=subprocess.DEVNULL)


def _wait_for(database, essais):
    """Until the last document is being read for this time."""
    for _ in range(600):
        if _rows(database)[-1][1] == essais:
            return
        time.sleep(0.1)
    pytest.fail("Le traitement de fond n’a rien commencé.")


def _rows(database):
    return database.execute(
        "SELECT texte_etat, texte_essais, (SELECT count(*) FROM dispositifs_pagetexte"
        " WHERE document_id = d.id) FROM dispositifs_document d ORDER BY id"
    ).fetchall()
