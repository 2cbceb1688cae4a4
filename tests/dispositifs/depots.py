"""What the tests of the screens of documents share: files, addresses, what an answer says."""

import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispositifs.models import Document, TypeDocument
from tests.dispositifs.fichiers import pdf, with_entries, xlsx_file


def url_of(page, *parts):
    return "/".join(["/admin/dispositifs", str(page.pk), "documents", *map(str, parts), ""])


def uploaded(name, content=None):
    return SimpleUploadedFile(name, content if content is not None else pdf(2))


def bad():
    return uploaded("suivi.xlsx", with_entries(xlsx_file(), {"xl/vbaProject.bin": b"x"}))


def deposit(client, page, *files):
    return client.post(url_of(page), {"fichiers": list(files)}, follow=True)


def lignes(answer):
    return answer.context["lignes"]


def said(answer):
    return [str(message).strip() for message in answer.context["messages"]]


def fields(ligne, **given):
    """What a form sends for one file: its title as proposed, and what is given."""
    prefix = ligne["fichier"].prefix
    values = {"title": ligne["form"].initial["title"], "langue": "fr", **given}
    return {f"{prefix}-{name}": value for name, value in values.items()}


def bilan():
    return TypeDocument.objects.get(slug="bilan").pk


def stored(*names):
    return list(Document.objects.order_by("pk").values_list(*names))


def queries_of(client, address):
    """All of them, then those of the screen itself: the others are of the account and the menu."""
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    own = [row for row in queries if '"dispositifs_document"' in row["sql"]]
    return len(queries), len(own)


def make_copies(document, count):
    copies = [Document.objects.get(pk=document.pk) for _ in range(count)]
    for copy in copies:
        copy.pk, copy.identifiant = None, f"copie-{uuid.uuid4().hex}"
    Document.objects.bulk_create(copies)
