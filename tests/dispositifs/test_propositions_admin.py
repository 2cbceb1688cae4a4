"""The queue of the correspondant: what it shows, one click, and nothing of another département."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dispositifs.models import DispositifPage, Document, Proposition
from tests.factories import (
    make_departement,
    make_dispositif,
    make_document,
    make_mandat,
    make_structure,
    make_tree,
    make_user,
)

from .pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
FILE = "/admin/propositions/"


@pytest.fixture
def ici(client):
    """A correspondant of the 33, signed in."""
    make_tree("33", "13")
    user = make_user("correspondant", "33", email="c33@exemple.fr")
    client.force_login(user)
    return user


def make_proposition(page=None, texte="Nouveau texte.", document=None, **fields):
    page = page or make_dispositif(contexte="<p>Ancien texte.</p>")
    structure = make_structure(f"Structure {Proposition.objects.count()}")
    make_mandat(page, structure)
    return Proposition.objects.create(
        dispositif=page, structure=structure,
        propose_par=make_user("operateur", structure=structure),
        document=document, nature="document" if document else "texte",
        **({} if document else {"rubrique": "contexte", "texte": texte}),
        **{"texte_vu": "" if document else "Ancien texte.", **fields},
    )  # fmt: skip


def make_proposed_document(page=None, **fields):
    page = page or make_dispositif()
    document = make_document(page, "Bilan 2025", niveau="partenaires", statut="propose", **fields)
    return make_proposition(page, document=document, message="Signé en mars.")


def accept_data(client, proposition):
    form = client.get(f"{FILE}{proposition.pk}/").context["carte"]["accepter"]
    return {field.name: field.value() for field in form}


def accept(client, proposition, **fields):
    data = {**accept_data(client, proposition), **fields}
    return client.post(f"{FILE}{proposition.pk}/accepter/", data, follow=True)


def refuse(client, proposition, motif="Trop long."):
    return client.post(f"{FILE}{proposition.pk}/refuser/", {"motif": motif}, follow=True)


# --- what the queue shows ------------------------------------------------------------------------
def test_the_queue_shows_who_when_why_and_the_difference(client, ici):
    proposition = make_proposition(message="À <b>jour</b>")

    response = client.get(FILE)

    body, text = response.content.decode(), text_of(response)
    assert "1 proposition à traiter, la plus ancienne d’abord." in text
    assert f"Proposé par Structure 0 ({proposition.propose_par})" in text
    assert "À &lt;b&gt;jour&lt;/b&gt;" in body
    assert "[supprimé : Ancien ] [ajouté : Nouveau ] texte." in text
    assert "<del>" in body
    assert "<ins>" in body


def test_markup_in_a_proposed_text_is_text(client, ici):
    make_proposition(texte="<script>alert(1)</script>")

    body = client.get(FILE).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
    assert "<script>alert" not in body


def test_the_queue_shows_a_document_and_the_niveau_that_its_type_proposes(client, ici):
    proposition = make_proposed_document()

    response = client.get(FILE)

    text = text_of(response)
    assert "Document « Bilan 2025 »" in text
    assert "Signé en mars." in text
    assert f'href="{proposition.document.url}"' in response.content.decode()
    assert accept_data(client, proposition) == {"niveau": "partenaires"}


def test_a_rubrique_that_changed_since_shows_three_texts(client, ici):
    proposition = make_proposition()
    page = proposition.dispositif
    page.contexte = "<p>Texte d’entre-temps.</p>"
    page.save_revision().publish()

    text = text_of(client.get(f"{FILE}{proposition.pk}/"))

    assert "La rubrique a changé depuis cette proposition." in text
    assert "Quand l’opérateur a écrit Ancien texte." in text
    assert "Aujourd’hui Texte d’entre-temps." in text
    assert "Proposé Nouveau texte." in text


def test_links_and_the_draft_of_the_rubrique_are_told(client, ici):
    page = make_dispositif(contexte='<p>Un <a href="https://a.fr">lien</a>.</p>')
    page.contexte = "<p>Brouillon.</p>"
    page.save_revision()
    proposition = make_proposition(page, texte_vu="Un lien.")

    text = text_of(client.get(f"{FILE}{proposition.pk}/"))

    assert "Le texte actuel contient des liens, du gras ou de l’italique" in text
    assert "Le brouillon de la fiche porte un autre texte pour cette rubrique." in text


def test_an_empty_queue_says_what_to_expect(client, ici):
    assert "Rien à traiter." in text_of(client.get(FILE))


def test_the_queue_is_paged_filtered_and_keeps_what_was_decided(client, ici):
    page = make_dispositif(contexte="<p>Ancien texte.</p>")
    other = make_proposition()
    rows = [make_proposition(page, texte=f"Texte {rank}") for rank in range(11)]
    refuse(client, rows[0])

    counts = {
        query: len(client.get(f"{FILE}{query}").context["cartes"])
        for query in (
            *("", "?p=2", "?p=99", f"?dispositif={other.dispositif.pk}"),
            *("?etat=traitees", f"?dispositif={page.pk}&p=1", "?dispositif=x", "?p=x"),
        )
    }

    assert counts == {
        "": 10,
        "?p=2": 1,
        "?p=99": 1,
        f"?dispositif={other.dispositif.pk}": 1,
        "?etat=traitees": 1,
        f"?dispositif={page.pk}&p=1": 10,
        "?dispositif=x": 10,
        "?p=x": 10,
    }


def test_the_queue_costs_the_same_queries_for_2_and_6(client, ici):
    costs = []
    for _ in range(3):
        make_proposition()
        make_proposed_document()
        client.get(FILE)
        with CaptureQueriesContext(connection) as queries:
            client.get(FILE)
        costs.append(len(queries))

    assert costs[0] == costs[2]


# --- deciding ------------------------------------------------------------------------------------
def test_a_text_is_accepted_in_one_click(client, ici):
    proposition = make_proposition()

    response = accept(client, proposition)

    page = DispositifPage.objects.get()
    assert response.redirect_chain == [(FILE, 302)]
    assert "le nouveau texte est en ligne." in text_of(response)
    assert (page.contexte, page.live_revision.user) == ("<p>Nouveau texte.</p>", ici)


def test_a_text_is_corrected_before_it_is_accepted(client, ici):
    accept(client, make_proposition(), texte="Texte corrigé.")

    assert DispositifPage.objects.get().contexte == "<p>Texte corrigé.</p>"


def test_a_text_whose_rubrique_changed_is_shown_again_then_accepted(client, ici):
    proposition = make_proposition()
    data = accept_data(client, proposition) | {"texte": "Texte corrigé."}
    page = proposition.dispositif
    page.contexte = "<p>Entre-temps.</p>"
    page.save_revision().publish()

    first = client.post(f"{FILE}{proposition.pk}/accepter/", data)
    again = {field.name: field.value() for field in first.context["carte"]["accepter"]}
    second = client.post(f"{FILE}{proposition.pk}/accepter/", again)

    assert "La rubrique a changé depuis que vous avez ouvert cette page." in text_of(first)
    assert (again["texte"], second.status_code) == ("Texte corrigé.", 302)
    assert DispositifPage.objects.get().contexte == "<p>Texte corrigé.</p>"


@pytest.mark.parametrize(
    ("niveau", "anonymat", "sentence"),
    [
        ("public", "rien", "Tout le monde peut le lire dès que la fiche est en ligne."),
        ("public", "a-confirmer", "Il ne sera public qu’une fois relu"),
        ("interne", "a-confirmer", "Niveau : interne."),
    ],
)
def test_a_document_is_accepted_with_a_niveau(client, ici, niveau, anonymat, sentence):
    proposition = make_proposed_document(anonymat=anonymat)

    response = accept(client, proposition, niveau=niveau)

    document = Document.objects.get()
    assert (document.statut, document.niveau) == ("valide", niveau)
    assert sentence in text_of(response)


def test_a_document_with_nominative_data_is_announced(client, ici):
    make_proposed_document(anonymat="a-confirmer")

    assert "contient peut-être des données nominatives" in text_of(client.get(FILE))


def test_a_refusal_needs_a_reason_and_says_it(client, ici):
    proposition = make_proposition()

    without = refuse(client, proposition, " ")
    state = Proposition.objects.get().etat
    response = refuse(client, proposition)

    proposition.refresh_from_db()
    assert "Un refus dit pourquoi : écrivez le motif." in text_of(without)
    assert (state, proposition.etat, proposition.motif) == ("proposee", "refusee", "Trop long.")
    assert "Structure 0 en reçoit le motif." in text_of(response)


@pytest.mark.parametrize("decide", [accept, refuse])
def test_the_second_to_decide_is_told(client, ici, decide):
    proposition = make_proposition()
    other = Client()
    other.force_login(make_user("national", email="dihal@exemple.fr"))
    data = accept_data(client, proposition)
    refuse(other, proposition, "Autre motif.")

    if decide is accept:
        response = client.post(f"{FILE}{proposition.pk}/accepter/", data, follow=True)
    else:
        response = refuse(client, proposition)

    proposition.refresh_from_db()
    assert "dihal@exemple.fr l’a traitée le" in text_of(response)
    assert (proposition.motif, DispositifPage.objects.get().contexte) == (
        "Autre motif.",
        "<p>Ancien texte.</p>",
    )


def test_what_may_name_somebody_is_told_and_what_certainly_does_is_not_published(client, ici):
    proposition = make_proposition(texte="Appelez le 06 12 34 56 78.")

    shown = text_of(client.get(FILE))
    response = accept(client, proposition, texte="Numéro 1 85 05 78 006 084 91")

    assert "Données peut-être nominatives : téléphone." in shown
    assert "contient un numéro de sécurité sociale ou un IBAN" in text_of(response)
    assert DispositifPage.objects.get().contexte == "<p>Ancien texte.</p>"


# --- who is let in -------------------------------------------------------------------------------
def test_a_proposition_of_another_departement_does_not_exist(client, ici):
    far = make_dispositif("CANARI fiche", "13", contexte="<p>Ancien texte.</p>")
    text = make_proposition(far, texte="CANARI texte")
    document = make_proposed_document(far)

    answers = []
    for row in (text, document):
        answers.append(client.get(f"{FILE}{row.pk}/"))
        for action in ("accepter", "refuser"):
            data = {"texte": "Pris", "vu": "", "niveau": "public", "motif": "Pris"}
            answers.append(client.post(f"{FILE}{row.pk}/{action}/", data))
    lists = [
        client.get(f"{FILE}{query}") for query in ("", "?etat=traitees", f"?dispositif={far.pk}")
    ]

    assert [answer.status_code for answer in answers] == [404] * 6
    assert [
        place for place in (*answers, *lists)
        if "CANARI" in place.content.decode() or "Bilan 2025" in place.content.decode()
    ] == []  # fmt: skip
    assert set(Proposition.objects.values_list("etat", flat=True)) == {"proposee"}


@pytest.mark.parametrize("pk", ["9" * 19, "9" * 5000, "²", "\0"])
def test_what_is_no_dispositif_filters_nothing(client, ici, pk):
    make_proposition()

    answer = client.get(FILE, {"dispositif": pk})

    assert (answer.status_code, answer.context["dispositif"]) == (200, None)
    assert len(answer.context["cartes"]) == 1


def test_a_secondary_departement_does_not_decide(client, ici):
    far = make_dispositif("Fiche", "13", contexte="<p>Ancien texte.</p>")
    far.departements_secondaires.add(make_departement("33"))
    far.save_revision().publish()
    proposition = make_proposition(far)

    assert client.get(f"{FILE}{proposition.pk}/").status_code == 404
    assert client.get(FILE).context["cartes"] == []


def test_the_author_never_enters_the_queue(client, ici):
    proposition = make_proposition()
    client.force_login(proposition.propose_par)

    answers = [
        client.get(FILE).status_code,
        client.get(f"{FILE}{proposition.pk}/").status_code,
        client.post(f"{FILE}{proposition.pk}/accepter/", {"texte": "a", "vu": ""}).status_code,
    ]

    assert answers == [404, 404, 404]


def test_decisions_need_the_token_of_the_page(ici):
    proposition = make_proposition()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ici)

    answers = [
        strict.post(f"{FILE}{proposition.pk}/{action}/", {"motif": "Pris"}).status_code
        for action in ("accepter", "refuser")
    ]

    assert answers == [403, 403]


# --- where correspondants land -------------------------------------------------------------------
def test_the_landing_counts_what_waits(client, ici):
    page = make_dispositif("Avec", contexte="<p>Ancien texte.</p>")
    make_dispositif("Sans")
    for texte in ("Un", "Deux"):
        make_proposition(page, texte=texte)
    make_proposition(make_dispositif("Ailleurs", "13"))

    landing = client.get("/admin/dispositifs/")
    filtered = client.get("/admin/dispositifs/?propositions=a-traiter")

    text = text_of(landing)
    assert "2 propositions à traiter" in text
    assert "2 à traiter : Avec" in text
    assert f'href="{FILE}?dispositif={page.pk}"' in landing.content.decode()
    assert "0 à traiter" not in text
    assert [row.title for row in filtered.context["object_list"]] == ["Avec"]


def test_the_menu_counts_what_waits(client, ici):
    make_proposition()

    assert "Propositions (1)" in client.get(FILE).content.decode()
