"""Proposing from the space of operators, without a script; reading the answers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dispositifs.actions.propositions import refuse_proposition
from dispositifs.models import Document, Proposition, TypeDocument
from tests.dispositifs.fichiers import docx_file, pdf, with_entries
from tests.dispositifs.pages import headings_of, links_of, main_of, text_of
from tests.factories import make_dispositif, make_mandat, make_structure, make_user

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("tree", "strict_templates", "empty_cache"),
]
DOCUMENT = "/espace/dispositifs/le-mien/proposer-document/"
TEXTES = "/espace/dispositifs/le-mien/proposer-texte/"
CONTEXTE = f"{TEXTES}contexte/"
LISTE = "/espace/propositions/"


@pytest.fixture
def page(client):
    structure = make_structure()
    client.force_login(make_user("operateur", structure=structure))
    page = make_dispositif(
        "Le mien", identifiant="le-mien", contexte="<p>Un <b>texte</b>.</p><ul><li>a</li></ul>"
    )
    make_mandat(page, structure)
    page.structure = structure
    return page


def make_type(slug="bilan", **fields):
    defaults = {"libelle": "Bilan", "article": "le", "raison": "Rend compte de l’emploi."}
    return TypeDocument.objects.create(slug=slug, **{**defaults, **fields})


def fields_of(response):
    form = response.context["form"]
    return {field.name: field.value() or "" for field in form}


def send_text(client, url=CONTEXTE, **fields):
    return client.post(url, {**fields_of(client.get(url)), **fields})


def send_document(client, contenu=None, nom="Bilan 2025.pdf", **fields):
    file = SimpleUploadedFile(nom, pdf() if contenu is None else contenu)
    return client.post(DOCUMENT, {"file": file, "langue": "fr", **fields})


# --- where it begins -----------------------------------------------------------------------------
def test_the_space_offers_to_propose_where_the_structure_is_the_operator(client, page):
    other = make_dispositif("Associé", identifiant="associe")
    make_mandat(other, page.structure, nature="partenaire")

    response = client.get("/espace/")

    assert headings_of(response) == ["Associé", "Le mien"]
    assert links_of(response, "/espace/") == [DOCUMENT, TEXTES]


@pytest.mark.parametrize(
    "case", ["partenaire", "pilote", "ancien", "autre", "brouillon", "restreint"]
)
@pytest.mark.parametrize("url", [DOCUMENT, TEXTES, CONTEXTE])
def test_a_dispositif_on_which_nothing_may_be_proposed_is_not_found(client, page, url, case):
    if case in ("partenaire", "pilote"):
        page.mandats.update(nature=case)
    elif case == "ancien":
        page.mandats.update(au="2021-01-01")
    elif case == "autre":
        page.mandats.update(structure=make_structure("Autre"))
    elif case == "brouillon":
        page.unpublish()
    else:
        page.view_restrictions.create(restriction_type="login")

    answers = [client.get(url), client.post(url, {"texte": "Nouveau."})]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert all("Le mien" not in answer.content.decode() for answer in answers)


def test_an_unknown_rubrique_is_not_found(client, page):
    assert client.get(f"{TEXTES}titre/").status_code == 404


def test_forms_need_the_token_of_the_page(page):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user("operateur", structure=page.structure))

    answers = [strict.post(url, {"texte": "Pris."}).status_code for url in (CONTEXTE, DOCUMENT)]

    assert answers == [403, 403]


# --- a text --------------------------------------------------------------------------------------
def test_rubriques_are_offered_with_their_present_text(client, page):
    response = client.get(TEXTES)

    assert links_of(response, TEXTES) == [
        f"{TEXTES}{nom}/"
        for nom in ("contexte", "objectifs", "actions", "resultats", "limites", "conditions")
    ]
    assert "Un texte. - a" in text_of(response)
    assert text_of(response).count("Vide aujourd’hui") == 5


def test_the_form_begins_with_the_present_text_and_warns_of_what_it_loses(client, page):
    marked = client.get(CONTEXTE)
    plain = client.get(f"{TEXTES}objectifs/")

    assert fields_of(marked)["texte"] == "Un texte.\n\n- a"
    assert [
        "contient des liens, du gras ou de l’italique" in text_of(response)
        for response in (marked, plain)
    ] == [True, False]


def test_a_text_is_sent_and_waits(client, page):
    response = send_text(client, texte="Nouveau texte.\r\n\r\n- b", message="À relire")

    proposition = Proposition.objects.get()
    assert (response.status_code, response["Location"]) == (302, LISTE)
    assert (proposition.texte, proposition.texte_vu, proposition.message) == (
        "Nouveau texte.\n\n- b",
        "Un texte.\n\n- a",
        "À relire",
    )
    listed = text_of(client.get(LISTE))
    assert "Votre proposition est envoyée." in listed
    assert "En attente de réponse Rubrique « Contexte » Le mien" in listed
    assert "Nouvelle réponse" not in listed


@pytest.mark.parametrize(
    ("texte", "sentence"),
    [
        ("", "Le texte est vide"),
        ("Un texte.\n\n- a", "La fiche porte déjà ce texte"),
        ("a" * 10_001, "10000"),
    ],
)
def test_a_text_that_is_refused_is_still_there(client, page, texte, sentence):
    response = send_text(client, texte=texte, message="Gardé")

    assert sentence in text_of(response)
    assert response.context["form"]["message"].value() == "Gardé"
    assert response.context["form"]["texte"].value() == texte
    assert not Proposition.objects.exists()


def test_a_fiche_that_changed_meanwhile_is_shown_again_then_accepted(client, page):
    sent = {**fields_of(client.get(CONTEXTE)), "texte": "Mon texte."}
    page.contexte = "<p>Changé entre-temps.</p>"
    page.save_revision().publish()

    first = client.post(CONTEXTE, sent)
    second = client.post(CONTEXTE, fields_of(first))

    assert "La fiche a changé pendant que vous écriviez" in text_of(first)
    assert "Changé entre-temps." in text_of(first)
    assert first.context["form"]["texte"].value() == "Mon texte."
    assert second.status_code == 302
    assert Proposition.objects.get().texte_vu == "Changé entre-temps."


def test_markup_is_text(client, page):
    send_text(client, texte="<script>alert(1)</script>", message="<img src=x>")

    body = main_of(client.get(LISTE))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
    assert "<script>" not in body
    assert "<img" not in body


def test_a_pending_text_is_recalled(client, page):
    send_text(client, texte="Nouveau.")

    assert "a déjà proposé un texte pour cette rubrique" in text_of(client.get(CONTEXTE))


# --- a document ----------------------------------------------------------------------------------
def test_a_document_is_sent_and_waits(client, page):
    kind = make_type(visibilite_par_defaut="partenaires")

    response = send_document(
        client, title="Bilan 2025", type=kind.pk, date="2025-03-03", description="Un an.",
        periode_du="2025-01-01", periode_au="2025-12-31", message="Relu",
    )  # fmt: skip

    document = Document.objects.get()
    assert (response.status_code, response["Location"]) == (302, LISTE)
    assert (document.statut, document.niveau, document.deposant, document.type) == (
        "propose",
        "partenaires",
        page.structure,
        kind,
    )
    assert (document.title, document.pages, document.format, len(document.sha256)) == (
        "Bilan 2025",
        1,
        "pdf",
        64,
    )
    assert document.file.name.startswith("documents/bilan-2025")
    assert document.proposition.message == "Relu"
    assert Client().get(document.url).status_code == 404
    assert b"".join(client.get(document.url)).startswith(b"%PDF-")


def test_the_niveau_is_no_field(client, page):
    kind = make_type(visibilite_par_defaut="interne")

    send_document(client, title="Bilan", type=kind.pk, niveau="public", statut="valide")

    document = Document.objects.get()
    assert (document.niveau, document.statut) == ("interne", "propose")


def test_each_type_says_who_could_read_it(client, page):
    make_type(visibilite_par_defaut="partenaires")

    response = client.get(DOCUMENT)

    assert "Bilan : partenaires Rend compte de l’emploi." in text_of(response)
    assert 'data-niveau="Partenaires" data-raison="Rend compte de l’emploi."' in main_of(response)


@pytest.mark.parametrize(
    ("contenu", "nom", "fields", "sentences"),
    [
        (b"MZ\x90", "outil.exe", {}, ["Le format « .exe » n’est pas accepté"]),
        (
            with_entries(docx_file(), {"word/vbaProject.bin": b"x"}), "a.docx", {},
            ["contient des macros"],
        ),
        (None, "a.pdf", {"title": "", "type": ""}, ["Le titre manque", "Le type manque"]),
        (
            None, "a.pdf", {"periode_du": "2025-02-01", "periode_au": "2025-01-01"},
            ["Cette date précède le premier jour"],
        ),
    ],
)  # fmt: skip
def test_what_was_typed_stays_and_the_file_is_asked_again(
    client, page, contenu, nom, fields, sentences
):
    typed = {"title": "Bilan", "type": make_type().pk, "message": "Gardé", **fields}

    response = send_document(client, contenu, nom, **typed)

    text = text_of(response)
    assert [sentence for sentence in sentences if sentence not in text] == []
    assert "Le fichier n’est pas gardé : choisissez-le de nouveau." in text
    assert response.context["form"]["message"].value() == "Gardé"
    assert not Document.objects.exists()


# --- answers -------------------------------------------------------------------------------------
def answer(page, **fields):
    proposition = Proposition.objects.get()
    by = make_user("correspondant", "33")
    refuse_proposition(proposition=proposition, motif="Trop long.", by=by)


def test_an_answer_is_new_until_it_is_read(client, page):
    send_text(client, texte="Nouveau.")
    answer(page)

    told = text_of(client.get("/espace/"))
    first = text_of(client.get(LISTE))
    second = text_of(client.get(LISTE))

    assert "1 nouvelle réponse à vos propositions" in told
    assert "Refusée Nouvelle réponse Rubrique" in first
    assert "Motif du refus : Trop long." in first
    assert "Nouvelle réponse" not in second
    assert "nouvelle réponse" not in text_of(client.get("/espace/"))


def withdraw_url():
    return f"/espace/propositions/{Proposition.objects.get().pk}/retirer/"


def test_what_waits_is_taken_back_once_confirmed_and_leaves_the_queue(client, page):
    send_document(client, title="Bilan 2025", type=make_type().pk)
    offered = links_of(client.get(LISTE), "/espace/propositions/")
    asked = client.get(withdraw_url())
    waiting = Proposition.objects.pending().count()

    told = text_of(client.post(withdraw_url(), follow=True))

    assert offered == [withdraw_url()]
    assert "Retirer cette proposition ? Bilan 2025" in text_of(asked)
    assert (waiting, Proposition.objects.pending().count()) == (1, 0)
    assert Document.objects.get().statut == "retire"
    assert "Votre proposition est retirée." in told
    assert "Retirée Bilan 2025" in told
    assert "nouvelle réponse" not in text_of(client.get("/espace/"))
    assert links_of(client.get(LISTE), "/espace/propositions/") == []


def test_what_has_its_answer_is_not_taken_back(client, page):
    send_text(client, texte="Nouveau.")
    answer(page)

    told = text_of(client.post(withdraw_url(), follow=True))

    assert "Cette proposition a déjà sa réponse" in told
    assert Proposition.objects.get().etat == "refusee"


def test_a_partner_or_a_stranger_reads_no_proposition(client, page):
    send_text(client, texte="CANARI")
    for nature, structure in (("operateur", "Autre"), ("partenaire", "Associée")):
        structure = make_structure(structure)
        make_mandat(page, structure, nature="partenaire")
        client.force_login(make_user(nature, structure=structure))

        assert "CANARI" not in text_of(client.get(LISTE))


def test_the_title_of_a_fiche_taken_down_is_not_shown(client, page):
    send_text(client, texte="Nouveau.")
    page.unpublish()
    page.title = "CANARI"
    page.save()

    text = text_of(client.get(LISTE))

    assert "CANARI" not in text
    assert "Une fiche qui n’est plus publique" in text


def test_the_list_costs_the_same_queries_for_1_and_3(client, page):
    costs = []
    for rank in range(3):
        send_text(client, texte=f"Texte {rank}")
        send_document(client, title=f"Bilan {rank}", type=make_type(f"type-{rank}").pk)
        with CaptureQueriesContext(connection) as queries:
            client.get(LISTE)
        costs.append(len(queries))

    assert costs[0] == costs[2] <= 14


# --- nobody is named -----------------------------------------------------------------------------
NIR = "1 85 05 78 006 084 91"


def test_a_text_that_may_name_somebody_is_sent_only_twice(client, page):
    first = send_text(client, texte="Appelez le 06 12 34 56 78.")
    kept = fields_of(first)
    other = client.post(CONTEXTE, {**kept, "texte": "Appelez le 06 12 34 56 79."})
    second = client.post(CONTEXTE, kept)

    assert "Données peut-être nominatives : téléphone." in text_of(first)
    assert kept["texte"] == "Appelez le 06 12 34 56 78."
    assert (other.status_code, second.status_code, Proposition.objects.count()) == (200, 302, 1)


@pytest.mark.parametrize("where", ["texte", "message"])
def test_a_text_that_certainly_names_somebody_is_refused(client, page, where):
    first = send_text(client, **{"texte": "Nouveau.", where: f"Numéro {NIR}"})
    second = client.post(CONTEXTE, fields_of(first))

    assert "contient un numéro de sécurité sociale ou un IBAN" in text_of(second)
    assert not Proposition.objects.exists()
