"""Every upload channel of the administration passes the one form, with the rights of its user."""

import json
import pathlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.documents.forms import get_document_form
from wagtail.models import ModelLogEntry, UploadedFile

from dispositifs.models import Document, FichePublique, TypeDocument
from tests.dispositifs.fichiers import pdf, with_entries, xlsx_file
from tests.factories import make_document, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
MACROS = "Ce fichier contient des macros. Enregistrez-le sans macros, au format « .xlsx » ou en PDF, puis déposez-le de nouveau."


def uploaded(content=None, name="Bilan 2025 (v3).PDF"):
    return SimpleUploadedFile(name, content if content is not None else pdf(3))


def bad():
    return uploaded(with_entries(xlsx_file(), {"xl/vbaProject.bin": b"x"}), "suivi.xlsx")


def fields(dispositif, **more):
    return {
        "title": "Bilan 2025",
        "dispositif": dispositif.pk if dispositif else "",
        "type": TypeDocument.objects.get(slug="bilan").pk,
        "niveau": "",
        "statut": "valide",
        "langue": "fr",
        **more,
    }


def prefixed(prefix, data):
    return {f"{prefix}-{name}": value for name, value in data.items()}


def stored(*names):
    return list(Document.objects.order_by("pk").values_list(*names))


def read(answer):
    """The text of a page, or of the JSON that a modal receives."""
    text = answer.content.decode()
    if answer["Content-Type"] == "application/json":
        text = " ".join(map(str, json.loads(text).values()))
    return text


def files_on_disk(settings):
    folder = pathlib.Path(settings.MEDIA_ROOT)
    return sorted(str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file())


# --- the four channels ---------------------------------------------------------------------------
def add(client, file, data):
    return client.post(reverse("wagtaildocs:add"), {**data, "file": file})


def choose(client, file, data):
    form = prefixed("document-chooser-upload", {**data, "file": file})
    return client.post(reverse("wagtaildocs_chooser:create"), form)


def drop(client, file, data):
    """The multiple upload: the file first, then its fields."""
    answer = client.post(
        reverse("wagtaildocs:add_multiple"), {"title": "Bilan 2025", "files[]": file}
    )
    received = json.loads(answer.content)
    if not received["success"]:
        return answer
    upload_id = received["uploaded_file_id"]
    return client.post(
        reverse("wagtaildocs:create_multiple_from_uploaded_document", args=[upload_id]),
        prefixed(f"uploaded-document-{upload_id}", data),
    )


# The chooser serves rich texts with links to documents, which correspondants do not write.
CHANNELS = [(add, "33"), (drop, "33"), (add, "national"), (drop, "national"), (choose, "national")]
every_channel = pytest.mark.parametrize(
    ("channel", "account"), CHANNELS, ids=[f"{way.__name__}-{who}" for way, who in CHANNELS]
)
mine = pytest.mark.parametrize("channel", [add, choose, drop])


def signed_in(client, account):
    client.force_login(
        make_user("national") if account == "national" else make_user("correspondant", account)
    )
    return client


@every_channel
def test_deposited_file_is_described_and_classed(client, mous, channel, account):
    channel(signed_in(client, account), uploaded(), fields(mous))

    document = Document.objects.get()
    assert (document.title, document.identifiant, document.version, document.courante) == (
        "Bilan 2025",
        "doc-bilan-2025",
        1,
        True,
    )
    assert (document.niveau, document.statut, document.deposant) == ("partenaires", "valide", None)
    assert (document.pages, document.file_size, document.sha256) == (
        3,
        len(pdf(3)),
        document.fingerprint(),
    )
    assert (document.collection.name, document.dispositif) == ("33 Gironde", mous)


@every_channel
def test_odd_file_is_refused_and_nothing_is_kept(client, mous, settings, channel, account):
    answer = channel(signed_in(client, account), bad(), fields(mous))

    assert MACROS in read(answer)
    assert (Document.objects.count(), UploadedFile.objects.count(), files_on_disk(settings)) == (
        0,
        0,
        [],
    )


@mine
def test_dispositif_of_another_departement_is_refused_even_by_its_id(editor, elsewhere, channel):
    channel(editor, uploaded(), fields(elsewhere))

    assert stored("title") == []


@mine
def test_national_guide_is_not_for_a_correspondant(editor, channel):
    channel(editor, uploaded(), fields(None))

    assert stored("title") == []


def test_national_deposits_a_guide_anywhere(client, elsewhere):
    client.force_login(make_user("national"))

    add(client, uploaded(), fields(None, title="Guide"))
    add(client, uploaded(), fields(elsewhere, niveau="public"))

    assert stored("title", "dispositif", "niveau", "collection__name") == [
        ("Guide", None, "partenaires", "Root"),
        ("Bilan 2025", elsewhere.pk, "public", "13 Bouches-du-Rhône"),
    ]


@pytest.mark.parametrize("actor", ["operateur", "partenaire", None])
def test_others_never_reach_the_form(client, mous, actor):
    client.force_login(make_user(actor))

    answers = [channel(client, uploaded(), fields(mous)) for channel in (add, choose)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert stored("title") == []


# --- what the form offers ------------------------------------------------------------------------
@pytest.mark.parametrize("pk", ["abc", "²", "\0", "9" * 5000])
def test_what_is_no_dispositif_is_an_error_of_the_form(client, mous, pk):
    client.force_login(make_user("national"))

    data = {**fields(mous), "dispositif": pk, "file": uploaded()}
    answer = client.post(reverse("wagtaildocs:add"), data)

    assert list(answer.context["form"].errors) == ["dispositif"]


def test_form_offers_only_what_this_account_may_choose(editor, mous, elsewhere):
    form = editor.get(reverse("wagtaildocs:add")).context["form"]

    assert list(form.fields["dispositif"].queryset) == [mous]
    assert (list(form.fields), "collection" in form.fields) == (
        [*Document.admin_form_fields],
        False,
    )
    assert form.fields["niveau"].choices[0] == ("", "Celui que propose le type")


def test_multiple_upload_proposes_the_name_of_the_file_as_title(editor):
    answer = editor.post(
        reverse("wagtaildocs:add_multiple"), {"files[]": uploaded(name="Bilan_final 2025.pdf")}
    )

    assert 'value="Bilan final 2025"' in json.loads(answer.content)["form"]


def test_each_type_says_what_it_proposes_and_why(editor):
    page = editor.get(reverse("wagtaildocs:add")).content.decode()

    assert (
        'data-niveau="Partenaires" data-raison="Le bilan cite des situations.">'
        "Bilan — proposé : partenaires</option>"
    ) in page


def test_dates_out_of_order_keep_what_was_typed(editor, mous):
    data = fields(mous, periode_du="2025-12-31", periode_au="2025-01-01")

    form = add(editor, uploaded(), data).context["form"]

    assert form.errors == {
        "periode_au": [
            "Cette date précède le début de la période couverte : corrigez l’une des deux."
        ]
    }
    assert form["periode_du"].value() == "2025-12-31"


def test_without_type_a_document_is_internal(editor, mous):
    add(editor, uploaded(), fields(mous, type=""))

    assert stored("niveau") == [("interne",)]


# --- correcting and replacing --------------------------------------------------------------------
def edit(client, document, data):
    return client.post(reverse("wagtaildocs:edit", args=[document.pk]), data)


def test_description_is_corrected_in_place(editor, mous):
    document = make_document(mous, titre="Convention", contenu=pdf(2))

    edit(editor, document, fields(mous, niveau="interne", title="Convention 2025"))

    assert stored("pk", "title", "niveau", "version", "sha256", "file") == [
        (document.pk, "Convention 2025", "interne", 1, document.sha256, document.file.name)
    ]


def test_correction_keeps_the_verdict_that_came_meanwhile(mous):
    document = make_document(mous, titre="Convention")
    form = get_document_form(Document)(
        fields(mous, niveau="public", title="Convention 2025"),
        instance=document,
        user=make_user("correspondant", "33"),
    )
    assert form.is_valid(), form.errors
    Document.objects.update(antivirus="infecte", anonymat="bloque")

    form.save()

    assert stored("title", "antivirus", "anonymat") == [("Convention 2025", "infecte", "bloque")]


def test_new_file_becomes_a_new_version_and_the_old_file_stays(
    editor, mous, settings, django_capture_on_commit_callbacks
):
    document = make_document(mous, titre="Bilan 2025", contenu=pdf(2), nom="bilan.pdf")

    with django_capture_on_commit_callbacks(execute=True):
        edit(editor, document, {**fields(mous, niveau="public"), "file": uploaded(pdf(5))})

    versions = Document.objects.order_by("version")
    assert [(v.version, v.courante, v.pages, v.identifiant) for v in versions] == [
        (1, False, None, document.identifiant),
        (2, True, 5, document.identifiant),
    ]
    assert files_on_disk(settings) == [
        "documents/bilan-2025-v3.pdf",
        "documents/bilan.pdf",
        f"vignettes/{versions[1].pk}.webp",
    ]
    assert [v.sha256 == v.fingerprint() for v in versions] == [True, True]
    assert FichePublique.objects.documents().get().document == versions[1]


def test_replacing_is_written_in_the_journal(editor, mous):
    document = make_document(mous)

    edit(editor, document, {**fields(mous, niveau="public"), "file": uploaded()})

    entry = ModelLogEntry.objects.get(action="dispositifs.document.remplacer")
    assert (entry.object_id, entry.user.email, entry.data) == (
        str(Document.objects.get(version=2).pk),
        entry.user.email,
        {"version": 2, "remplace": 1},
    )


def test_odd_file_replaces_nothing(editor, mous, settings):
    document = make_document(mous)

    answer = edit(editor, document, {**fields(mous, niveau="public"), "file": bad()})

    assert MACROS in read(answer)
    assert stored("version", "courante") == [(1, True)]
    assert files_on_disk(settings) == [document.file.name]


def test_earlier_version_receives_no_file(editor, mous):
    document = make_document(mous)
    edit(editor, document, {**fields(mous, niveau="public"), "file": uploaded()})

    edit(editor, document, {**fields(mous, niveau="public"), "file": uploaded(pdf(9))})

    assert stored("version", "courante", "pages") == [(1, False, None), (2, True, 3)]


def test_editing_without_niveau_is_refused_rather_than_widened(editor, mous):
    document = make_document(mous, niveau="interne")

    edit(editor, document, fields(mous))

    assert stored("niveau") == [("interne",)]


def test_document_elsewhere_is_not_edited(editor, elsewhere):
    document = make_document(elsewhere, titre="Convention de Marseille")

    answer = edit(editor, document, {**fields(elsewhere, niveau="public"), "file": uploaded()})

    assert answer.status_code in {302, 403, 404}
    assert "Marseille" not in read(answer)
    assert stored("version", "title") == [(1, "Convention de Marseille")]


def test_document_is_not_moved_to_a_dispositif_elsewhere(editor, mous, elsewhere):
    document = make_document(mous)

    edit(editor, document, fields(elsewhere, niveau="public"))

    assert stored("dispositif") == [(mous.pk,)]


# --- lists ---------------------------------------------------------------------------------------
def test_library_of_the_administration_shows_only_ones_own_documents(editor, mous, elsewhere):
    make_document(mous, titre="Convention de Bordeaux")
    make_document(elsewhere, titre="Convention de Marseille")

    page = read(editor.get(reverse("wagtaildocs:index")))

    assert ("Convention de Bordeaux" in page, "Convention de Marseille" in page) == (True, False)


def test_manageable_documents_are_those_of_the_departement(mous, elsewhere):
    users = {
        "33": make_user("correspondant", "33"),
        "13": make_user("correspondant", "13"),
        "national": make_user("national"),
        "operateur": make_user("operateur"),
        "public": None,
    }
    here, there, guide = make_document(mous), make_document(elsewhere), make_document(None)
    names = {here.pk: "ici", there.pk: "ailleurs", guide.pk: "guide"}

    found = {
        who: {names[doc.pk] for doc in Document.objects.manageable_by(user)}
        for who, user in users.items()
    }

    assert found == {
        "33": {"ici"},
        "13": {"ailleurs"},
        "national": {"ici", "ailleurs", "guide"},
        "operateur": set(),
        "public": set(),
    }
