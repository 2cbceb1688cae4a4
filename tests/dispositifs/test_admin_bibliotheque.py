"""Wagtail's own screens of documents: the list, the form, what may be deleted."""

from pathlib import Path

import pytest

from dispositifs.models import Document, Proposition
from tests.dispositifs.depots import lignes, make_copies, said, stored, uploaded, url_of
from tests.dispositifs.fichiers import pdf
from tests.factories import make_document, make_structure, make_user

pytestmark = pytest.mark.django_db


# --- Wagtail's own list and edit form ------------------------------------------------------------
def test_library_shows_current_versions_with_the_words_of_the_domain(editor, mous):
    document = make_document(mous, titre="Convention", niveau="partenaires")
    editor.post(url_of(mous, document.pk, "version"), {"file": uploaded("b.pdf", pdf(3))})

    answer = editor.get("/admin/documents/")

    assert [row.version for row in answer.context["object_list"]] == [2]
    table = answer.content.decode()
    for words in ("MOUS de Bordeaux", "Partenaires", "Validé", "03/03/2025", url_of(mous)):
        assert words in table


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", {"A", "B", "C"}),
        ("?niveau=interne", {"B"}),
        ("?niveau=interne&niveau=public", {"A", "B", "C"}),
        ("?statut=retire", {"C"}),
        ("?type=bilan", {"A"}),
        ("?q=A&niveau=public", {"A"}),
        ("?q=A&niveau=interne", set()),
    ],
)
def test_library_is_filtered(editor, mous, query, titles):
    make_document(mous, titre="A", type="bilan")
    make_document(mous, titre="B", niveau="interne")
    make_document(mous, titre="C", statut="retire")

    rows = editor.get(f"/admin/documents/results/{query}").context["object_list"]

    assert {row.title for row in rows} == titles


def test_fields_are_corrected_without_a_new_file_and_one_comes_back(editor, mous):
    document = make_document(mous, titre="Convention")
    back = url_of(mous)
    (ligne,) = lignes(editor.get(back))
    given = {
        **{"title": "Convention 2025", "dispositif": mous.pk, "niveau": "interne", "langue": "fr"},
        **{"statut": "valide", "description": "Signée.", "licence": "etalab-2.0"},
        **{"periode_du": "2025-01-01", "version_accessible": "https://exemple.fr/a.html"},
    }

    answer = editor.post(f"/admin/documents/edit/{ligne.document.pk}/?next={back}", given)

    assert answer.url in (back, "/admin/documents/")
    assert stored("title", "niveau", "description", "licence", "version_accessible", "version") == [
        ("Convention 2025", "interne", "Signée.", "etalab-2.0", "https://exemple.fr/a.html", 1)
    ]
    assert Document.objects.get().sha256 == document.sha256


def test_national_chooses_the_dispositif_in_a_window_not_in_a_list_of_all(client, mous, elsewhere):
    client.force_login(make_user("national"))

    form = client.get("/admin/documents/add/").context["form"]

    assert "<option" not in str(form["dispositif"])
    assert "AIOS" not in str(form["dispositif"])


def test_same_file_elsewhere_is_told_by_the_other_channels_too(editor, mous):
    make_document(mous, titre="Convention 2024", contenu=pdf(2))
    data = {"title": "Encore", "dispositif": mous.pk, "niveau": "", "statut": "valide"}

    answer = editor.post(
        "/admin/documents/add/",
        {**data, "langue": "fr", "file": uploaded("b.pdf")},
        follow=True,
    )

    sentence = "Ce fichier est déjà joint à « MOUS de Bordeaux » sous le titre « Convention 2024 »."
    assert sentence in said(answer)


# --- deleting ------------------------------------------------------------------------------------
@pytest.fixture
def national(client, mous):
    client.force_login(make_user("national"))
    return client


def delete(client, document):
    return client.post(f"/admin/documents/delete/{document.pk}/", follow=True)


def test_current_version_is_kept_while_earlier_ones_are(
    national, mous, settings, django_capture_on_commit_callbacks
):
    first = make_document(mous, contenu=pdf(2), nom="un.pdf")
    national.post(url_of(mous, first.pk, "version"), {"file": uploaded("deux.pdf", pdf(3))})
    second = Document.objects.get(version=2)

    with django_capture_on_commit_callbacks(execute=True):
        refused = delete(national, second)
        kept = stored("version")
        delete(national, first)
        delete(national, second)

    assert said(refused)[-1].startswith("Ce document a des versions précédentes")
    assert kept == [(1,), (2,)]
    assert stored("version") == []
    assert list(Path(settings.MEDIA_ROOT).rglob("*.pdf")) == []


def test_document_of_a_proposition_or_whose_file_is_shared_is_kept(national, mous):
    proposed, shared = make_document(mous, titre="Proposé"), make_document(mous, titre="Un")
    user = make_user("operateur", structure=make_structure())
    Proposition.objects.create(
        dispositif=mous,
        nature="document",
        document=proposed,
        structure=user.structure,
        propose_par=user,
    )
    make_copies(shared, 1)

    delete(national, proposed)
    delete(national, shared)

    assert Document.objects.count() == 3


def test_nobody_else_deletes_and_no_other_way_is_open(editor, national, mous):
    document = make_document(mous)
    ways = [
        f"/admin/documents/multiple/{document.pk}/delete/",
        f"/admin/bulk/dispositifs/document/delete/?id={document.pk}",
    ]

    statuses = [national.post(address).status_code for address in ways]
    editor.force_login(make_user("correspondant", "33"))
    statuses += [editor.post(f"/admin/documents/delete/{document.pk}/").status_code]

    assert (statuses, Document.objects.count()) == ([404, 404, 404], 1)
