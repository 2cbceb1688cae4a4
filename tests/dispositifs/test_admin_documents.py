"""The documents of one dispositif on one screen: deposited several at once, replaced, withdrawn."""

import datetime
from pathlib import Path

import pytest
from wagtail.models import ModelLogEntry, UploadedFile

from dispositifs.actions.documents import replace_document, withdraw_document
from dispositifs.documents.lot import make_document as make_document_of
from dispositifs.documents.reception import receive
from dispositifs.models import Document
from tests.dispositifs.depots import (
    bad,
    bilan,
    deposit,
    fields,
    lignes,
    make_copies,
    queries_of,
    said,
    stored,
    uploaded,
    url_of,
)
from tests.dispositifs.fichiers import docx_file, pdf
from tests.factories import make_dispositif, make_document, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


# --- depositing ----------------------------------------------------------------------------------
def test_several_files_are_kept_aside_each_with_its_own_fields(editor, mous):
    answer = deposit(
        editor, mous, uploaded("Convention_2024 signée.pdf"), uploaded("note.docx", docx_file())
    )

    assert answer.redirect_chain == [(url_of(mous, "depot"), 302)]
    assert [(row["fichier"].nom, row["form"].initial["title"]) for row in lignes(answer)] == [
        ("Convention_2024 signée.pdf", "Convention 2024 signée"),
        ("note.docx", "note"),
    ]
    assert [field.name for field in lignes(answer)[0]["essentiels"]] == [
        *("title", "type", "niveau", "date", "langue")
    ]
    assert stored("title") == []


def test_refused_file_says_why_and_the_others_go_on(editor, mous):
    answer = deposit(editor, mous, uploaded("a.pdf"), bad(), uploaded("b.pdf", pdf(3)))

    assert [row["fichier"].nom for row in lignes(answer)] == ["a.pdf", "b.pdf"]
    (refusal,) = said(answer)
    assert refusal.startswith("« suivi.xlsx » est refusé. Ce fichier contient des macros.")
    assert UploadedFile.objects.count() == 2


def test_without_any_good_file_one_stays_on_the_screen(editor, mous):
    refused, none = deposit(editor, mous, bad()), editor.post(url_of(mous), follow=True)

    assert [answer.redirect_chain for answer in (refused, none)] == [[(url_of(mous), 302)]] * 2
    assert said(none) == ["Aucun fichier n’a été choisi : choisissez-en au moins un."]


def test_all_is_saved_at_once_with_the_niveau_of_the_type(editor, mous, settings):
    one, two = lignes(deposit(editor, mous, uploaded("bilan.pdf"), uploaded("note.pdf", pdf(3))))

    editor.post(
        url_of(mous, "depot"),
        {
            **fields(one, type=bilan(), niveau="", date="2025-03-03", licence="etalab-2.0"),
            **fields(two, title="Note de cadrage", niveau="public", description="Pour tous."),
        },
    )

    assert stored("title", "niveau", "statut", "dispositif", "pages", "licence", "description") == [
        ("bilan", "partenaires", "valide", mous.pk, 2, "etalab-2.0", ""),
        ("Note de cadrage", "public", "valide", mous.pk, 3, "", "Pour tous."),
    ]
    document = Document.objects.first()
    assert (document.collection.name, document.sha256) == ("33 Gironde", document.fingerprint())
    assert document.uploaded_by_user.email == editor.get(url_of(mous)).wsgi_request.user.email
    assert [row.file.name for row in Document.objects.order_by("pk")] == [
        "documents/bilan.pdf",
        "documents/note.pdf",
    ]


def test_nothing_is_left_aside_once_described(
    editor, mous, settings, django_capture_on_commit_callbacks
):
    (one,) = lignes(deposit(editor, mous, uploaded("bilan.pdf")))

    with django_capture_on_commit_callbacks(execute=True):
        editor.post(url_of(mous, "depot"), fields(one))
        editor.post(url_of(mous, "depot"), fields(one))

    assert (UploadedFile.objects.count(), stored("title")) == (0, [("bilan",)])
    assert [path.name for path in Path(settings.MEDIA_ROOT).rglob("*.pdf")] == ["bilan.pdf"]


def test_error_stays_beside_its_file_and_what_was_typed_is_kept(editor, mous):
    one, two = lignes(deposit(editor, mous, uploaded("a.pdf"), uploaded("b.pdf", pdf(3))))
    wrong = {"periode_du": "2025-12-31", "periode_au": "2025-01-01", "description": "Le bilan."}

    answer = editor.post(url_of(mous, "depot"), {**fields(one), **fields(two, **wrong)})

    (left,) = lignes(answer)
    assert stored("title") == [("a",)]
    assert (left["fichier"].nom, list(left["form"].errors), left["ouvert"]) == (
        "b.pdf",
        ["periode_au"],
        True,
    )
    assert left["form"]["description"].value() == "Le bilan."
    assert [row["fichier"].nom for row in lignes(editor.get(url_of(mous, "depot")))] == ["b.pdf"]


def test_two_clicks_at_once_make_one_document(editor, mous, monkeypatch):
    answer = deposit(editor, mous, uploaded("a.pdf"))

    def taken_meanwhile(fichier, form):
        UploadedFile.objects.all().delete()
        return make_document_of(fichier, form)

    monkeypatch.setattr("dispositifs.viewsets.depot.make_document", taken_meanwhile)
    data = fields(lignes(answer)[0], type=bilan())
    second = editor.post(url_of(mous, "depot"), data)

    assert (second.status_code, second["Location"]) == (302, url_of(mous))
    assert stored("title") == []


def test_a_file_may_be_left_out(editor, mous):
    one, two = lignes(deposit(editor, mous, uploaded("a.pdf"), uploaded("b.pdf", pdf(3))))
    left_out = {f"{one['fichier'].prefix}-ecarter": "on"}

    editor.post(url_of(mous, "depot"), {**left_out, **fields(one), **fields(two)})

    assert (stored("title"), UploadedFile.objects.count()) == ([("b",)], 0)


def test_files_put_aside_wait_for_whoever_deposited_them(client, editor, mous):
    waiting = deposit(editor, mous, uploaded("a.pdf"))
    other = make_dispositif("Autre fiche")
    (ligne,) = lignes(waiting)

    here = editor.get(url_of(mous)).context["en_attente"]
    there = editor.post(url_of(other, "depot"), fields(ligne))
    client.force_login(make_user("national"))
    someone_else = client.post(url_of(mous, "depot"), fields(ligne))

    assert here == 1
    assert [answer.url for answer in (there, someone_else)] == [url_of(other), url_of(mous)]
    assert stored("title") == []


def test_type_says_its_niveau_and_its_reason_under_the_choice(editor, mous):
    (one,) = lignes(deposit(editor, mous, uploaded("a.pdf")))

    answer = editor.post(url_of(mous, "depot"), fields(one, title="", type=bilan()))

    assert (
        "Niveau proposé\u00a0: <strong>partenaires</strong>. Le bilan cite des situations."
        in answer.content.decode()
    )


# --- the same file elsewhere ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fields_of_it", "warned"),
    [
        ({"niveau": "public"}, True),
        ({"niveau": "partenaires"}, True),
        ({"niveau": "interne"}, False),
    ],
)
def test_same_file_elsewhere_is_told_to_who_reads_it_alone(
    editor, mous, elsewhere, fields_of_it, warned
):
    make_document(elsewhere, titre="Convention 2024", contenu=pdf(2), **fields_of_it)

    (one,) = lignes(deposit(editor, mous, uploaded("a.pdf")))
    editor.post(url_of(mous, "depot"), fields(one))

    sentence = (
        "Ce fichier est déjà joint à « AIOS de Marseille » sous le titre « Convention 2024 »."
    )
    assert one["deja"] == ([sentence] if warned else [])
    assert Document.objects.filter(dispositif=mous).count() == 1


def test_new_version_that_is_the_one_in_place_is_refused(editor, mous):
    document = make_document(mous, contenu=pdf(2))

    answer = editor.post(url_of(mous, document.pk, "version"), {"file": uploaded("b.pdf")})

    (ligne,) = lignes(answer)
    assert ligne.erreurs_version[0].startswith("Ce fichier est identique à la version en place")
    assert stored("version", "courante") == [(1, True)]


# --- replacing and withdrawing -------------------------------------------------------------------
def test_new_version_keeps_the_description_and_tells_when_it_was_replaced(editor, mous):
    document = make_document(mous, titre="Bilan", niveau="interne", contenu=pdf(2))

    editor.post(url_of(mous, document.pk, "version"), {"file": uploaded("b.pdf", pdf(3))})

    assert stored("title", "niveau", "version", "courante") == [
        ("Bilan", "interne", 1, False),
        ("Bilan", "interne", 2, True),
    ]
    (ligne,) = lignes(editor.get(url_of(mous)))
    (earlier,) = ligne.anterieures
    assert (earlier.url, earlier.remplacee_le) == (
        f"{document.url}?version=1",
        Document.objects.get(version=2).created_at,
    )
    assert b"".join(editor.get(earlier.url).streaming_content) == pdf(2)


def test_new_version_undoes_no_withdrawal_made_while_its_file_was_examined(
    editor, mous, monkeypatch
):
    document = make_document(mous)

    def withdrawn_meanwhile(file):
        withdraw_document(document=document, motif="Erreur.", by=make_user("national"))
        return receive(file)

    monkeypatch.setattr("dispositifs.documents.forms.receive", withdrawn_meanwhile)
    editor.post(url_of(mous, document.pk, "version"), {"file": uploaded("b.pdf")})

    assert stored("version", "statut", "courante") == [(1, "retire", False), (2, "retire", True)]


@pytest.mark.parametrize("files", [{}, {"file": None}])
def test_new_version_needs_a_file(editor, mous, files):
    document = make_document(mous)

    answer = editor.post(
        url_of(mous, document.pk, "version"), {key: bad() for key in files} if files else {}
    )

    (ligne,) = lignes(answer)
    expected = "macros" if files else "Choisissez le fichier"
    assert (expected in ligne.erreurs_version[0], stored("version")) == (True, [(1,)])


def test_withdrawing_asks_why_and_keeps_it(editor, mous):
    document = make_document(mous)

    without = editor.post(url_of(mous, document.pk, "retirer"), {"motif": " "})
    editor.post(url_of(mous, document.pk, "retirer"), {"motif": "Annulée."})

    assert lignes(without)[0].erreurs_retrait == ["Dites pourquoi vous retirez ce document."]
    assert stored("statut") == [("retire",)]
    assert ModelLogEntry.objects.get(action="dispositifs.document.retirer").data == {
        "motif": "Annulée."
    }


# --- rights --------------------------------------------------------------------------------------
def test_document_of_another_dispositif_is_not_reached_through_this_one(editor, mous, elsewhere):
    other = make_dispositif("Autre fiche")
    here, there = make_document(other, titre="Ici"), make_document(elsewhere, titre="Là-bas")
    before = stored("version", "statut")

    answers = [
        editor.post(url_of(page, document.pk, action), {"file": uploaded("b.pdf"), "motif": "x"})
        for action in ("version", "retirer")
        for page, document in ((mous, here), (mous, there), (elsewhere, there))
    ]

    assert [answer.status_code for answer in answers] == [404] * 6
    assert not any("Là-bas" in answer.content.decode() for answer in answers)
    assert stored("version", "statut") == before


def test_screen_elsewhere_does_not_exist(editor, elsewhere):
    make_document(elsewhere, titre="Convention de Marseille")

    answers = [
        editor.get(url_of(elsewhere)),
        editor.get(url_of(elsewhere, "depot")),
        editor.post(url_of(elsewhere), {"fichiers": [uploaded("a.pdf")]}),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert not any("Marseille" in answer.content.decode() for answer in answers)
    assert UploadedFile.objects.count() == 0


# --- the list ------------------------------------------------------------------------------------
def test_screen_says_everything_of_a_document(editor, mous):
    make_document(
        mous,
        titre="Bilan",
        niveau="partenaires",
        pages=12,
        date=datetime.date(2025, 3, 1),
        texte_etat="sans-texte",
        antivirus="a-analyser",
        anonymat="non-verifiable",
    )

    page = editor.get(url_of(mous)).content.decode()

    for words in (
        *("Partenaires", "Convention", "1er\u00a0mars 2025", "PDF", "octets", "12\u00a0pages"),
        *("Sans texte", "Analyse en attente", "Non vérifiable"),
    ):
        assert words in page


def test_earlier_versions_are_no_document_of_their_own(editor, mous):
    document = make_document(mous, contenu=pdf(2))
    replacement = Document.objects.get(pk=document.pk)
    replace_document(document=document, replacement=replacement, by=make_user("national"))

    context = editor.get(url_of(mous)).context

    assert [ligne.document.version for ligne in context["lignes"]] == [2]
    assert context["comptes"] == [("Public", 1)]


@pytest.mark.parametrize("address", ["/admin/dispositifs/{}/documents/", "/admin/documents/"])
def test_500_documents_ask_as_many_queries_as_3(editor, mous, address):
    document = make_document(mous)
    make_copies(document, 2)
    address = address.format(mous.pk)
    queries_of(editor, address)
    few = queries_of(editor, address)
    make_copies(document, 497)

    many = queries_of(editor, address)

    assert (many, Document.objects.count()) == (few, 500)
    assert many[1] <= 3
