"""The author that a file names is kept beside it and told to whoever deposits it."""

import docx
import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dispositifs.documents.reception import receive
from dispositifs.models import Document
from tests.dispositifs.fichiers import _written, docx_file, odf, pdf, xlsx_file
from tests.dispositifs.pages import text_of
from tests.factories import make_dispositif, make_tree, make_user
from tests.torture import ordinaires
from tests.torture.pdf import XMP, linked, made, stream

META = (
    '<m xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><meta:initial-creator>Jeanne Martin'
    "</meta:initial-creator><dc:creator> Paul Durand </dc:creator></m>"
)
SENTENCE = "Le fichier nomme son auteur dans ses propriétés : Jeanne Martin. Ceux qui le liront verront ce nom ; s’il ne doit pas être diffusé, effacez-le dans votre logiciel et déposez cette copie comme nouvelle version."


def signed_docx(author, last=""):
    document = docx.Document()
    document.core_properties.author = author
    document.core_properties.last_modified_by = last
    return _written(document.save)


@pytest.mark.parametrize(
    ("nom", "contenu", "auteur"),
    [
        ("a.pdf", linked, "Jeanne Martin"),
        (
            "b.pdf",
            lambda: made(b"/Metadata 4 0 R", objets=[stream(XMP, b"/Type/Metadata/Subtype/XML")]),
            "Paul Durand",
        ),
        ("sans.pdf", pdf, ""),
        (
            "a.docx",
            lambda: signed_docx("Jeanne Martin", "Paul Durand"),
            "Jeanne Martin, Paul Durand",
        ),
        ("b.docx", lambda: signed_docx("Jeanne Martin", "Jeanne Martin"), "Jeanne Martin"),
        ("long.docx", lambda: signed_docx("J" * 250), "J" * 200),
        ("a.xlsx", ordinaires.workbook, "Paul Durand"),
        ("sans.xlsx", xlsx_file, ""),
        ("a.odt", lambda: odf("odt", **{"meta.xml": META}), "Jeanne Martin, Paul Durand"),
        ("sans.odt", lambda: odf("odt"), ""),
    ],
)
def test_names_written_in_the_properties_are_kept(nom, contenu, auteur):
    made = contenu()

    reception = receive(ContentFile(made, name=nom))

    assert reception.champs["auteur"] == auteur
    assert reception.file.read() == made


@pytest.fixture
def editor(client, db):
    make_tree("33")
    client.force_login(make_user("correspondant", "33"))
    return client


def test_depositor_is_warned_at_once_and_on_the_edit_screen(editor):
    page = make_dispositif()
    data = {
        "title": "Bilan",
        "dispositif": page.pk,
        "niveau": "public",
        "statut": "valide",
        "langue": "fr",
        "file": SimpleUploadedFile("bilan.docx", signed_docx("Jeanne Martin")),
    }

    answer = editor.post(reverse("wagtaildocs:add"), data, follow=True)

    document = Document.objects.get()
    edit = editor.get(reverse("wagtaildocs:edit", args=[document.pk]))
    assert (document.auteur, SENTENCE in text_of(answer), SENTENCE in text_of(edit)) == (
        "Jeanne Martin",
        True,
        True,
    )


def test_new_version_forgets_the_author_of_the_one_it_replaces(editor):
    page = make_dispositif()
    address = reverse("dispositifs_admin:documents", args=[page.pk])
    editor.post(
        reverse("wagtaildocs:add"),
        {"title": "B", "dispositif": page.pk, "niveau": "public", "statut": "valide"}
        | {"langue": "fr", "file": SimpleUploadedFile("b.docx", signed_docx("Jeanne Martin"))},
    )

    editor.post(
        reverse("dispositifs_admin:nouvelle_version", args=[page.pk, Document.objects.get().pk]),
        {"file": SimpleUploadedFile("b.docx", docx_file("Autre"))},
    )

    rows = list(Document.objects.order_by("version").values_list("version", "auteur"))
    assert rows == [(1, "Jeanne Martin"), (2, "python-docx")]
    assert "auteur inscrit dans le fichier : python-docx" in text_of(editor.get(address))
