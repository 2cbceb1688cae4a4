"""What an address of a document answers: headers, parts, conditions, versions, lost files."""

import pathlib

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.http import http_date

from dispositifs.actions.documents import replace_document, withdraw_document
from dispositifs.models import Document
from tests.dispositifs.fichiers import docx_file, image, pdf
from tests.factories import make_dispositif, make_document, make_user
from tests.factories.dispositifs import PDF

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
CONTENT = bytes(range(33, 123)) + b"\n"  # 91 bytes, nearly all different
SAFE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def note(db):
    return make_document(make_dispositif(), titre="Note", contenu=CONTENT, nom="note.txt")


def read(response):
    """The same response, read to its end as a server does: its file is closed."""
    response.body = b"".join(response) if response.streaming else response.content
    return response


def headers(response, *names):
    return {name: response.headers.get(name) for name in names}


def new_version(document, contenu, nom="note.txt", **fields):
    replacement = Document.objects.get(pk=document.pk)
    replacement.file = ContentFile(contenu, nom)
    for name, value in fields.items():
        setattr(replacement, name, value)
    return replace_document(document=document, replacement=replacement, by=make_user("national"))


# --- headers -------------------------------------------------------------------------------------
def test_public_document_answers_anybody_and_may_be_kept_a_minute(settings, client):
    settings.INDEXABLE = True
    document = make_document(make_dispositif(), titre="Convention d’objectifs")

    response = read(client.get(document.url))

    assert (response.status_code, response.body) == (200, PDF)
    assert headers(
        response, "Cache-Control", "Vary", "X-Robots-Tag", "Set-Cookie", "Accept-Ranges"
    ) == {
        "Cache-Control": "public, max-age=60",
        "Vary": None,
        "X-Robots-Tag": None,
        "Set-Cookie": None,
        "Accept-Ranges": "bytes",
    }
    assert headers(response, "ETag", "Last-Modified", "Content-Length") == {
        "ETag": f'"{document.sha256}"',
        "Last-Modified": http_date(int(document.maj.timestamp())),
        "Content-Length": str(len(PDF)),
    }


def test_signed_in_reader_gets_an_answer_that_nobody_keeps(client):
    document = make_document(make_dispositif(), niveau="interne")
    client.force_login(make_user("correspondant", "33"))

    response = read(client.get(document.url))

    assert (response.status_code, response.body) == (200, PDF)
    assert headers(response, "Cache-Control", "Vary", "X-Robots-Tag", "Set-Cookie") == {
        "Cache-Control": "private, no-store",
        "Vary": "Cookie",
        "X-Robots-Tag": "noindex",
        "Set-Cookie": None,
    }


@pytest.mark.parametrize(
    ("nom", "contenu", "content_type", "disposition", "policy"),
    [
        (
            "a.pdf",
            pdf(),
            "application/pdf",
            "inline",
            f"{SAFE}; object-src 'self'; style-src 'unsafe-inline'",
        ),
        ("a.png", image("png"), "image/png", "inline", f"sandbox; {SAFE}"),
        ("a.jpg", image("jpg"), "image/jpeg", "inline", f"sandbox; {SAFE}"),
        ("a.docx", docx_file(), OFFICE, "attachment", f"sandbox; {SAFE}"),
        ("a.txt", b"<script>alert(1)</script>", "text/plain", "attachment", f"sandbox; {SAFE}"),
        ("a.csv", b"a;b", "text/csv", "attachment", f"sandbox; {SAFE}"),
        # Files that no form of ours would let in: still nothing active is shown.
        ("a.pdf", b"<html>", "application/octet-stream", "attachment", f"sandbox; {SAFE}"),
        ("a.html", b"<html>", "application/octet-stream", "attachment", f"sandbox; {SAFE}"),
        ("a.svg", b"<svg/>", "application/octet-stream", "attachment", f"sandbox; {SAFE}"),
    ],
    ids=["pdf", "png", "jpg", "docx", "txt", "csv", "faux-pdf", "html", "svg"],
)
def test_type_comes_from_content_and_nothing_active_is_shown(
    client, nom, contenu, content_type, disposition, policy
):
    extension = pathlib.PurePath(nom).suffix
    document = make_document(make_dispositif(), titre="Été", contenu=contenu, nom=nom)

    response = read(client.get(document.url))

    assert headers(
        response,
        "Content-Type",
        "Content-Disposition",
        "Content-Security-Policy",
        "X-Content-Type-Options",
    ) == {
        "Content-Type": content_type,
        "Content-Disposition": f'{disposition}; filename="ete{extension}"',
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
    }


def test_head_answers_the_headers_of_get_without_a_body(client, note):
    got, head = (
        read(client.get(note.url)),
        read(client.head(note.url, headers={"Range": "bytes=0-1"})),
    )

    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(got.headers)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_other_methods_are_refused_whatever_the_document(client, note, method):
    answers = [getattr(client, method)(url) for url in (note.url, "/documents/rien/rien.pdf")]

    assert [answer.status_code for answer in answers] == [405, 405]


# --- parts ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("asked", "content_range", "expected"),
    [
        ("bytes=0-0", "bytes 0-0/91", CONTENT[:1]),
        ("bytes=10-19", "bytes 10-19/91", CONTENT[10:20]),
        ("bytes=80-", "bytes 80-90/91", CONTENT[80:]),
        ("bytes=80-5000", "bytes 80-90/91", CONTENT[80:]),
        ("bytes=-5", "bytes 86-90/91", CONTENT[-5:]),
        ("bytes=-5000", "bytes 0-90/91", CONTENT),
        ("Bytes = 1-2", "bytes 1-2/91", CONTENT[1:3]),
    ],
)
def test_one_range_is_answered_in_part(client, note, asked, content_range, expected):
    response = read(client.get(note.url, headers={"Range": asked}))

    assert (response.status_code, response.body) == (206, expected)
    assert headers(response, "Content-Range", "Content-Length", "ETag") == {
        "Content-Range": content_range,
        "Content-Length": str(len(expected)),
        "ETag": f'"{note.sha256}"',
    }


@pytest.mark.parametrize("asked", ["bytes=91-", "bytes=5000-6000", "bytes=-0"])
def test_range_outside_the_file_is_unsatisfiable(client, note, asked):
    response = read(client.get(note.url, headers={"Range": asked}))

    assert (response.status_code, response.body) == (416, b"")
    assert response["Content-Range"] == "bytes */91"


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-2",
        "items=0-1",
        "bytes=0-1,5-6",
        f"bytes={'9' * 40}-",
    ],
)
def test_malformed_or_multiple_range_is_ignored(client, note, asked):
    response = read(client.get(note.url, headers={"Range": asked}))

    assert (response.status_code, response.body) == (200, CONTENT)


def test_part_is_given_only_of_the_file_already_begun(client, note):
    date = http_date(int(note.maj.timestamp()))
    conditions = [f'"{note.sha256}"', date, '"autre"', f'W/"{note.sha256}"', http_date(0), "?"]

    answers = [
        read(
            client.get(note.url, headers={"Range": "bytes=0-3", "If-Range": condition})
        ).status_code
        for condition in conditions
    ]

    assert answers == [206, 206, 200, 200, 200, 200]


# --- conditions ----------------------------------------------------------------------------------
def test_not_modified_is_said_only_to_those_who_may_read(client, note):
    known = {"If-None-Match": f'"{note.sha256}"'}
    since = {"If-Modified-Since": http_date(int(note.maj.timestamp()) + 60)}
    before = [read(client.get(note.url, headers=asked)).status_code for asked in (known, since)]
    Document.objects.update(niveau="interne")

    after = [read(client.get(note.url, headers=asked)).status_code for asked in (known, since)]

    assert (before, after) == ([304, 304], [404, 404])


def test_conditions_that_do_not_hold_give_the_file(client, note):
    conditions = [
        {"If-None-Match": '"autre"'},
        {"If-Modified-Since": http_date(0)},
        {"If-Modified-Since": "hier"},
        {"If-Match": f'"{note.sha256}"'},
    ]

    answers = [read(client.get(note.url, headers=asked)).status_code for asked in conditions]

    assert answers == [200, 200, 200, 200]


# --- addresses and versions ----------------------------------------------------------------------
def test_wrong_name_leads_to_the_right_one_for_those_who_may_read(client, note):
    wrong = reverse("document", args=[note.identifiant, "ancien-titre.pdf"])
    readable = read(client.get(wrong, {"version": "1", "autre": "x"}))
    Document.objects.update(statut="retire")

    hidden = read(client.get(wrong))

    assert (readable.status_code, readable["Location"]) == (301, f"{note.url}?version=1")
    assert readable["Cache-Control"] == "public, max-age=60"
    assert (hidden.status_code, hidden.headers.get("Location")) == (404, None)


def test_address_is_that_of_the_current_version_and_earlier_ones_are_asked(client, note):
    second = new_version(note, b"deux")
    third = new_version(second, b"trois")
    by_id = reverse("wagtaildocs_serve", args=[note.pk, note.filename])

    answers = {
        asked: read(client.get(note.url + asked)).body for asked in ("", "?version=1", "?version=2")
    }

    assert answers == {"": b"trois", "?version=1": CONTENT, "?version=2": b"deux"}
    assert (third.version, third.url) == (3, note.url)
    assert (read(client.get(by_id)).body, read(client.get(f"{by_id}?version=2")).body) == (
        b"trois",
        b"deux",
    )


@pytest.mark.parametrize("asked", ["0", "2", "-1", "01", "", "abc", "9" * 30, "1 ", "%00", "١"])
def test_version_that_does_not_exist_is_not_found(client, note, asked):
    response = read(client.get(f"{note.url}?version={asked}"))

    assert response.status_code == 404


@pytest.mark.parametrize("fields", [{"niveau": "interne"}, {"statut": "propose"}])
def test_restricting_the_current_version_restricts_the_earlier_ones(client, note, fields):
    new_version(note, b"deux", **fields)

    answers = [read(client.get(note.url + asked)).status_code for asked in ("", "?version=1")]

    assert answers == [404, 404]


def test_earlier_version_keeps_its_own_level(client):
    first = make_document(make_dispositif(), niveau="interne", contenu=b"brouillon", nom="n.txt")
    new_version(first, b"publiable", niveau="public")

    answers = [read(client.get(first.url + asked)).status_code for asked in ("", "?version=1")]

    assert answers == [200, 404]


def test_withdrawing_closes_every_version(client, note):
    second = new_version(note, b"deux")
    withdraw_document(document=second, motif="Convention annulée", by=make_user("national"))

    answers = [
        read(client.get(note.url + asked)).status_code for asked in ("", "?version=1", "?version=2")
    ]

    assert answers == [404, 404, 404]


@pytest.mark.parametrize(
    "url",
    [
        "/documents/0/x.pdf",
        f"/documents/{'9' * 40}/x.pdf",
        "/documents/doc-inconnu/x.pdf",
        "/documents/doc-inconnu/%00.pdf",
        "/documents/1/",
        "/documents/../media/documents/x.pdf",
        "/documents/authenticate_with_password/1/",
    ],
)
def test_unknown_address_is_not_found(client, url):
    response = read(client.get(url))

    assert response.status_code == 404


def test_refusal_is_the_same_page_as_an_unknown_address(client):
    secret = make_document(make_dispositif(live=False), titre="Plan secret du terrain")

    answers = [read(client.get(url)) for url in (secret.url, secret.url.replace("doc-", "dok-"))]

    bodies = {answer.content.replace(b"/dok-", b"/doc-") for answer in answers}
    assert ([answer.status_code for answer in answers], len(bodies)) == ([404, 404], 1)
    assert b"Plan secret" not in answers[0].content


def test_file_lost_by_the_storage_is_not_found_and_said_in_the_log(client, note, caplog):
    pathlib.Path(note.file.path).unlink()

    response = read(client.get(note.url))

    assert response.status_code == 404
    assert [r.getMessage() for r in caplog.records if r.name.startswith("dispositifs")] == [
        f"Fichier absent du stockage : {note.file.name}"
    ]


# --- cost ----------------------------------------------------------------------------------------
def test_public_file_costs_two_queries(client, note, django_assert_num_queries):
    read(client.get(note.url))

    with django_assert_num_queries(2):
        read(client.get(note.url))


def test_signed_in_reader_costs_his_session_account_roles_and_two_queries(
    client, note, django_assert_num_queries
):
    client.force_login(make_user("correspondant", "13"))
    read(client.get(note.url))

    with django_assert_num_queries(5):
        read(client.get(note.url))


def test_file_is_read_by_blocks(client):
    document = make_document(make_dispositif(), contenu=b"%PDF-" + b"0" * 300_000)

    blocks = [len(block) for block in client.get(document.url)]

    assert (sum(blocks), max(blocks)) == (300_005, 65_536)


def test_file_is_never_compressed_on_its_way(client, note):
    accepted = {"Accept-Encoding": "gzip"}
    long = make_document(note.dispositif, titre="Long", contenu=b"a" * 5000, nom="long.txt")

    whole = read(client.get(long.url, headers=accepted))
    part = read(client.get(long.url, headers={**accepted, "Range": "bytes=0-999"}))

    assert (whole.body, whole.headers.get("Content-Encoding")) == (b"a" * 5000, None)
    assert (part.status_code, part.body) == (206, b"a" * 1000)
    assert (whole["ETag"], part["Content-Length"]) == (f'"{long.sha256}"', "1000")
