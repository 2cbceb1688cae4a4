"""What readers are told of earlier versions: those that they may read, and when each was replaced."""

import datetime
import json

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dispositifs.actions.documents import replace_document
from dispositifs.models import Document, FichePublique
from dispositifs.publication.projection import project_pages
from tests.dispositifs.depots import make_copies
from tests.factories import make_dispositif, make_document, make_tree, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
FICHE = "/dispositifs/33-gironde/mous-de-bordeaux/"


@pytest.fixture
def page(db):
    make_tree("33", "13")
    return make_dispositif()


def make_versions(page, *niveaux):
    """One document with a version of each niveau, kept on the 1st, 2nd, 3rd… of March 2025."""
    by = make_user("national")
    document = make_document(page, niveau=niveaux[0])
    for niveau in niveaux[1:]:
        replacement = Document.objects.get(pk=document.pk)
        replacement.niveau = niveau
        replacement.file = ContentFile(f"%PDF-1.7 {niveau}".encode(), "suite.pdf")
        replace_document(document=document, replacement=replacement, by=by)
    for row in Document.objects.filter(identifiant=document.identifiant):
        day = datetime.datetime(2025, 3, row.version, 12, tzinfo=datetime.UTC)
        Document.objects.filter(pk=row.pk).update(created_at=day)
    project_pages([page.pk])
    return document


def earlier_versions(page):
    (shown,) = json.loads(FichePublique.objects.get(page=page).fiche)["documents"]
    return [(row["version"], row["remplacee_le"]) for row in shown["versions_anterieures"]]


@pytest.mark.parametrize(
    ("niveaux", "told"),
    [
        (["public"], []),
        (["public", "public", "public"], [(2, "2025-03-03"), (1, "2025-03-02")]),
        (["interne", "public"], []),
        # Not the day of a version that they may not read.
        (["public", "interne", "public"], [(1, "2025-03-03")]),
    ],
)
def test_public_is_told_of_public_versions_alone(page, niveaux, told):
    make_versions(page, *niveaux)

    assert earlier_versions(page) == told


def test_earlier_version_that_closes_leaves_the_public(page):
    make_versions(page, "public", "public")
    first = Document.objects.get(version=1)

    first.niveau = "interne"
    first.save()

    assert earlier_versions(page) == []


def test_version_left_with_a_fiche_that_is_not_public_is_told_to_nobody(client, page):
    document = make_versions(page, "public", "public")
    draft = make_dispositif("Brouillon", "13", live=False)
    Document.objects.filter(version=1).update(dispositif=draft)
    Document.objects.get(version=2).save()

    client.force_login(make_user("national"))

    assert earlier_versions(page) == []
    assert f"{document.url}?version=1" not in client.get(FICHE).content.decode()


def test_fiche_says_when_a_version_was_replaced_and_leads_to_it(client, page):
    document = make_versions(page, "public", "public")

    text = client.get(FICHE).content.decode()

    address = f"{document.url}?version=1"
    assert f'<a href="{address}">Version 1' in text
    assert "remplacée le 2\u00a0mars 2025" in text
    assert b"".join(client.get(address)).startswith(b"%PDF-1.4")


@pytest.mark.parametrize(("who", "told"), [("33", [1]), ("13", [])])
def test_reader_with_an_account_is_told_of_what_he_may_read(client, page, who, told):
    make_versions(page, "interne", "partenaires")
    client.force_login(make_user("correspondant", who))

    (document,) = client.get(FICHE).context["reserve"]["documents"]

    assert [row["version"] for row in document["versions_anterieures"]] == told


@pytest.mark.parametrize("address", [FICHE, "/documents/", "/documents/33-gironde/"])
def test_500_public_documents_ask_at_most_six_queries(client, page, address):
    make_copies(make_document(page), 499)
    project_pages([page.pk])
    client.get(address)

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)

    assert (answer.status_code, Document.objects.count()) == (200, 500)
    assert len(queries) <= 6


def test_today_is_the_day_of_a_replacement(page):
    document = make_document(page)
    replacement = Document.objects.get(pk=document.pk)

    replace_document(document=document, replacement=replacement, by=make_user("national"))

    assert earlier_versions(page) == [(1, timezone.localdate().isoformat())]
