"""Verdicts of a real clamd, started by tests/servers/clamd with the signature of EICAR alone."""

import os
import pathlib
import subprocess
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.models import ModelLogEntry

from annuaire.management.commands import worker
from dispositifs.documents import antivirus
from dispositifs.documents.analyses import Bilan, scan_documents, waiting
from dispositifs.models import Document, FichePublique, Image
from tests.dispositifs.fichiers import image, pdf
from tests.factories import make_dispositif, make_document, make_tree, make_user
from tests.torture.autres import chunk

SCRIPT = pathlib.Path(__file__).parent.parent / "servers" / "clamd"
# In two parts: the antivirus of whoever reads this file must not take it away.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()
INFECTE = "L’antivirus a reconnu un programme malveillant dans ce fichier. Ne l’envoyez à personne et prévenez votre service informatique ; déposez une copie saine."
MUET = "L’antivirus ne répond pas et l’image n’a pas pu être contrôlée. Déposez-la de nouveau dans quelques minutes."
NULLE_PART = "unix:///nulle/part.sock"


@pytest.fixture(scope="session")
def clamd_urls():
    """Addresses of one server: by a socket of the machine, by the network."""
    server = subprocess.Popen(
        [SCRIPT, "sh", "-c", 'echo "$CLAMAV_URL $CLAMAV_TCP"; cat'],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    addresses = server.stdout.readline().split()
    if not addresses:
        _, why = server.communicate()
        missing = (
            pytest.skip if server.returncode == 75 and not os.environ.get("CI") else pytest.fail
        )
        missing(why.strip())
    yield addresses
    server.communicate("")


@pytest.fixture
def clamd(clamd_urls):
    return clamd_urls[0]


@pytest.fixture
def asked(clamd, settings):
    settings.CLAMAV_URL = clamd


@pytest.fixture
def silent(settings):
    settings.CLAMAV_URL = NULLE_PART


@pytest.fixture
def mous(db):
    make_tree("13", "33")
    return make_dispositif()


@pytest.fixture
def editor(client, mous):
    client.force_login(make_user("correspondant", "33"))
    return client


def add(client, page, contenu, nom="note.txt"):
    data = {
        "title": "Note",
        "dispositif": page.pk,
        "niveau": "public",
        "statut": "valide",
        "langue": "fr",
        "file": SimpleUploadedFile(nom, contenu),
    }
    return client.post(reverse("wagtaildocs:add"), data)


def states():
    return list(Document.objects.order_by("pk").values_list("antivirus", flat=True))


# --- the protocol --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("contenu", "found"),
    [
        (b"bonjour", ""),
        (b"", ""),
        (b"a" * 900_000, ""),
        (EICAR, "Essai-EICAR.UNOFFICIAL"),
        (b"\n" * 300_000 + EICAR, "Essai-EICAR.UNOFFICIAL"),
    ],
    ids=["sain", "vide", "plusieurs blocs", "infecté", "infecté plus loin"],
)
@pytest.mark.usefixtures("asked")
def test_clamd_gives_its_verdict(contenu, found):
    file = ContentFile(contenu)

    assert antivirus.scan(file) == found
    assert (file.closed, file.tell()) == (False, 0)


def test_clamd_is_reached_by_the_network_too(clamd_urls, settings):
    settings.CLAMAV_URL = clamd_urls[1]

    assert (antivirus.answers(), antivirus.scan(ContentFile(EICAR))) == (
        True,
        "Essai-EICAR.UNOFFICIAL",
    )


@pytest.mark.parametrize("url", [NULLE_PART, "tcp://127.0.0.1:9"])
def test_absent_clamd_gives_no_verdict_and_soon(settings, url):
    settings.CLAMAV_URL = url
    start = time.monotonic()

    with pytest.raises(antivirus.AntivirusMuet):
        antivirus.scan(ContentFile(b"x"))

    assert time.monotonic() - start < 5


@pytest.mark.usefixtures("asked")
def test_file_beyond_the_limit_of_clamd_has_no_verdict():
    with pytest.raises(antivirus.AntivirusMuet, match="size limit exceeded"):
        antivirus.scan(ContentFile(b"\0" * (31 << 20)))


# --- at the deposit ------------------------------------------------------------------------------
@pytest.mark.usefixtures("asked")
def test_sound_file_is_kept_and_infected_one_refused(editor, mous):
    add(editor, mous, b"Bonjour")
    answer = add(editor, mous, EICAR)

    assert states() == ["sain"]
    assert answer.context["form"].errors == {"file": [INFECTE]}


@pytest.mark.usefixtures("silent")
def test_file_without_verdict_is_for_its_depositor_alone(client, mous):
    depositor, neighbour = make_user("correspondant", "33"), make_user("correspondant", "33")
    client.force_login(depositor)
    add(client, mous, b"Bonjour")

    document = Document.objects.get()
    readers = {
        who: document in Document.objects.readable_by(user)
        for who, user in {
            "déposant": depositor,
            "voisin": neighbour,
            "national": make_user("national"),
            "public": None,
        }.items()
    }
    assert (document.antivirus, FichePublique.objects.documents().count()) == ("a-analyser", 0)
    assert readers == {"déposant": True, "voisin": False, "national": False, "public": False}


@pytest.mark.parametrize(
    ("url", "contenu", "sentence"),
    [("clamd", EICAR, INFECTE), (NULLE_PART, b"", MUET)],
    ids=["infectée", "sans verdict"],
)
def test_image_of_the_site_waits_for_no_verdict(request, editor, settings, url, contenu, sentence):
    settings.CLAMAV_URL = request.getfixturevalue("clamd") if url == "clamd" else url
    made = image("png")
    # After a text block of the format, which the antivirus reads like the rest.
    infected = made[:33] + _text(contenu) + made[33:] if contenu else made

    answer = editor.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "Plan", "files[]": SimpleUploadedFile("plan.png", infected)},
    )

    assert (answer.json()["error_message"], Image.objects.count()) == (sentence, 0)


def _text(contenu):
    return chunk(b"tEXt", b"Comment\0" + contenu)


# --- afterwards ----------------------------------------------------------------------------------
@pytest.mark.usefixtures("asked")
def test_worker_takes_the_verdicts_that_wait(mous):
    make_document(mous, antivirus="a-analyser")
    make_document(mous, antivirus="non-demande")

    said = worker.scan_waiting_documents()

    assert (said, states()) == ("fichiers analysés : 1.", ["sain", "non-demande"])
    assert worker.scan_waiting_documents() == ""


@pytest.mark.usefixtures("silent")
def test_worker_asks_again_later(mous):
    make_document(mous, antivirus="a-analyser")

    with pytest.raises(antivirus.AntivirusMuet):
        worker.scan_waiting_documents()

    assert states() == ["a-analyser"]


def test_without_antivirus_the_worker_asks_nothing(mous):
    make_document(mous, antivirus="a-analyser")

    assert (worker.scan_waiting_documents(), states()) == ("", ["a-analyser"])


@pytest.mark.usefixtures("asked")
def test_file_found_infected_later_leaves_the_public(client, mous, caplog):
    document = make_document(mous, contenu=pdf() + b"%" + EICAR, antivirus="sain")
    client.force_login(make_user("national"))
    assert FichePublique.objects.documents().count() == 1

    bilan = scan_documents(Document.objects.all())

    entry = ModelLogEntry.objects.get(action="dispositifs.document.infecte")
    assert bilan == Bilan(juges=1, infectes=1)
    assert (states(), FichePublique.objects.documents().count()) == (["infecte"], 0)
    assert (entry.object_id, entry.data) == (
        str(document.pk),
        {"signature": "Essai-EICAR.UNOFFICIAL"},
    )
    assert caplog.messages == [
        "Document infecté, retiré de la diffusion : doc-convention, version 1"
        " (Essai-EICAR.UNOFFICIAL)."
    ]
    assert client.get(document.url).status_code == 404


@pytest.mark.usefixtures("asked")
def test_file_judged_sound_again_comes_back(mous):
    make_document(mous, antivirus="infecte")

    scan_documents(Document.objects.all())

    assert (states(), FichePublique.objects.documents().count()) == (["sain"], 1)
    assert ModelLogEntry.objects.filter(action="dispositifs.document.sain").count() == 1


@pytest.mark.usefixtures("silent")
def test_scan_without_answer_hides_nothing(mous):
    make_document(mous, antivirus="sain")

    bilan = scan_documents(Document.objects.all())

    assert (bilan.en_attente, states()) == (1, ["sain"])


@pytest.mark.usefixtures("asked")
def test_lost_file_is_counted(mous):
    document = make_document(mous, antivirus="a-analyser")
    document.file.storage.delete(document.file.name)

    assert scan_documents(waiting()) == Bilan(absents=1)


# --- commands and supervision --------------------------------------------------------------------
@pytest.mark.usefixtures("asked")
def test_command_scans_what_waits_or_everything(mous, capsys):
    make_document(mous, antivirus="a-analyser")
    make_document(mous, antivirus="non-demande")

    call_command("documents", "analyser")
    call_command("documents", "analyser", "--tous")

    lines = [line for line in capsys.readouterr().out.splitlines() if "analysés" in line]
    assert lines == [
        "Fichiers analysés : 1, infectés : 0, absents du stockage : 0.",
        "Fichiers analysés : 2, infectés : 0, absents du stockage : 0.",
    ]
    assert states() == ["sain", "sain"]


def test_command_without_antivirus_says_what_is_missing(db):
    with pytest.raises(CommandError, match="donnez CLAMAV_URL"):
        call_command("documents", "analyser")


@pytest.mark.usefixtures("silent")
def test_command_says_that_clamd_is_silent(mous):
    make_document(mous, antivirus="a-analyser")

    with pytest.raises(CommandError, match="Fichiers sans verdict : 1"):
        call_command("documents", "analyser")


@pytest.mark.parametrize(("url", "probe"), [("", None), (NULLE_PART, {"ok": False})])
def test_health_speaks_of_the_antivirus_only_if_there_is_one(client, db, settings, url, probe):
    settings.CLAMAV_URL = url

    answer = client.get("/sante/")

    assert (answer.status_code, answer.json().get("antivirus")) == (200, probe)


@pytest.mark.usefixtures("asked")
def test_health_asks_clamd(client, db):
    assert client.get("/sante/").json()["antivirus"] == {"ok": True}
