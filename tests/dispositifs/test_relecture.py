"""A document where personal data may be: who reads it, who confirms, and what is told to whom."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from wagtail.models import ModelLogEntry

from dispositifs.actions.documents import confirm_anonymat
from dispositifs.models import Document
from dispositifs.permissions import can_read_document
from tests.factories import (
    make_dispositif,
    make_document,
    make_mandat,
    make_structure,
    make_tree,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
LISTE = {"nature": "noms", "page": 3, "extrait": "P•••••• I••… (4 personnes)"}
TELEPHONE = {"nature": "telephone", "page": 0, "extrait": "06 •• •• •• 78"}
NIR = {"nature": "nir", "page": 1, "extrait": "NIR 2 •• •• •• ••• ••• ••"}


@pytest.fixture
def mous(db):
    make_tree("33", "13")
    return make_dispositif()


@pytest.fixture
def ici(client, mous):
    user = make_user("correspondant", "33")
    client.force_login(user)
    return user


@pytest.fixture
def a_relire(mous):
    return make_document(mous, "Bilan", anonymat="a-confirmer", reperages=[LISTE, TELEPHONE])


@pytest.fixture
def bloque(mous):
    return make_document(mous, "Liste", anonymat="bloque", reperages=[NIR])


def screen(document):
    return reverse("documents_admin:relecture", args=[document.pk])


def said(response):
    return [str(message).strip() for message in response.context["messages"]]


@pytest.fixture
def at_once(monkeypatch):
    """Tests never commit: what waits for it is done at once, as inside a request."""
    monkeypatch.setattr(transaction, "on_commit", lambda action, **_: action())


def state(document):
    return Document.objects.values_list("anonymat", "statut").get(pk=document.pk)


# --- the action ----------------------------------------------------------------------------------
def test_confirming_makes_it_public_and_keeps_the_reason(ici, a_relire):
    before = can_read_document(None, a_relire)

    confirm_anonymat(document=a_relire, motif="Signataires", by=ici)

    entry = ModelLogEntry.objects.get(action="dispositifs.document.confirmer_anonymat")
    assert (before, can_read_document(None, a_relire)) == (False, True)
    assert entry.data == {"motif": "Signataires", "version": 1, "reperages": 2}


def test_only_who_manages_it_confirms(mous, a_relire):
    operatrice = make_structure("Habitat")
    make_mandat(mous, operatrice, nature="operateur")
    users = [make_user("correspondant", "13"), make_user("operateur", structure=operatrice)]

    for user in users:
        with pytest.raises(PermissionDenied):
            confirm_anonymat(document=a_relire, motif="Rien", by=user)

    assert state(a_relire) == ("a-confirmer", "valide")


@pytest.mark.parametrize("anonymat", ["bloque", "rien", "confirme", "a-verifier", "non-verifiable"])
def test_what_waits_for_nothing_or_is_certain_is_not_confirmed(ici, mous, anonymat):
    document = make_document(mous, anonymat=anonymat, reperages=[NIR])

    with pytest.raises(ValidationError):
        confirm_anonymat(document=document, motif="Rien", by=ici)

    assert state(document) == (anonymat, "valide")


def test_what_was_read_again_meanwhile_is_looked_at_again(ici, a_relire):
    Document.objects.filter(pk=a_relire.pk).update(reperages=[LISTE])

    with pytest.raises(ValidationError, match="lu de nouveau"):
        confirm_anonymat(document=a_relire, motif="Rien", by=ici)


# --- who reads -----------------------------------------------------------------------------------
@pytest.mark.parametrize("niveau", ["public", "partenaires", "interne"])
def test_a_blocked_document_is_read_by_who_manages_it_and_who_deposited_it(mous, niveau):
    mous.departements_secondaires.set(["13"])
    operatrice, partenaire = make_structure("Habitat"), make_structure("ARS")
    make_mandat(mous, operatrice, nature="operateur")
    make_mandat(mous, partenaire, nature="partenaire")
    document = make_document(mous, niveau=niveau, anonymat="bloque", deposant=operatrice)
    users = {
        "public": None,
        "déposant": make_user("operateur", structure=operatrice),
        "partenaire": make_user("partenaire", structure=partenaire),
        "pilote": make_user("correspondant", "33"),
        "secondaire": make_user("correspondant", "13"),
        "national": make_user("national"),
    }

    readers = {who for who, user in users.items() if can_read_document(user, document)}

    assert readers == {"déposant", "pilote", "national"}


# --- the screen ----------------------------------------------------------------------------------
def test_the_screen_shows_each_place_what_to_do_and_leads_to_the_page(client, ici, a_relire):
    response = client.get(screen(a_relire))

    familles = response.context["familles"]
    assert [(row.libelle, row.places) for row in familles] == [
        (
            "Liste de noms",
            [
                {
                    "extrait": LISTE["extrait"],
                    "lieu": "Page 3",
                    "url": f"{a_relire.url}?version=1#page=3",
                }
            ],
        ),
        (
            "Téléphone",
            [{"extrait": TELEPHONE["extrait"], "lieu": "Propriétés du fichier", "url": ""}],
        ),
    ]
    assert all(row.geste for row in familles)
    assert "J’ai relu, ces données peuvent être diffusées" in response.content.decode()


def test_confirming_asks_for_a_reason(client, ici, a_relire):
    url = screen(a_relire)

    empty = client.post(url, {"confirmer": "1", "motif": " "})
    after_empty = state(a_relire)
    full = client.post(url, {"confirmer": "1", "motif": "Standard de la mairie"}, follow=True)

    assert "Dites pourquoi ces données peuvent être diffusées." in empty.content.decode()
    assert (after_empty, state(a_relire)) == (("a-confirmer", "valide"), ("confirme", "valide"))
    assert said(full) == ["« Bilan » est relu : sa diffusion suit son niveau et son statut."]


def test_a_blocked_document_offers_a_new_version_or_a_withdrawal_only(client, ici, bloque):
    url = screen(bloque)

    shown = client.get(url).content.decode()
    forced = client.post(url, {"confirmer": "1", "motif": "Tant pis"})
    after_forced = state(bloque)
    client.post(url, {"retirer": "1", "retrait-motif": "Erreur de fichier"})

    assert "J’ai relu" not in shown
    assert "numéro de sécurité sociale ou un IBAN" in forced.content.decode()
    assert (after_forced, state(bloque)) == (("bloque", "valide"), ("bloque", "retire"))
    entry = ModelLogEntry.objects.get(action="dispositifs.document.retirer")
    assert entry.data == {"motif": "Erreur de fichier"}


def test_withdrawing_asks_for_a_reason(client, ici, a_relire):
    response = client.post(screen(a_relire), {"retirer": "1", "retrait-motif": ""})

    assert response.status_code == 200
    assert state(a_relire) == ("a-confirmer", "valide")


def test_the_screen_of_another_departement_does_not_exist(client, a_relire):
    client.force_login(make_user("correspondant", "13"))

    answers = [client.get(screen(a_relire)), client.post(screen(a_relire), {"confirmer": "1"})]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "Bilan" not in answers[0].content.decode()


def test_the_screen_says_when_only_the_first_places_are_kept(client, ici, mous):
    many = [{**LISTE, "page": page} for page in range(1, 51)]
    document = make_document(mous, anonymat="a-confirmer", reperages=many)

    response = client.get(screen(document))

    assert "Seuls les 50 premiers endroits sont montrés." in response.content.decode()


# --- what is told --------------------------------------------------------------------------------
def test_the_depositor_is_told_what_was_found_and_where_to_look(client, ici, mous, at_once):
    file = SimpleUploadedFile("suivi.txt", b"Joindre M. Popescu au 06 12 34 56 78.")
    fields = {"title": "Suivi", "file": file, "dispositif": mous.pk, "niveau": "public"}

    response = client.post(
        reverse("wagtaildocs:add"), {**fields, "statut": "valide", "langue": "fr"}
    )

    document = Document.objects.get(title="Suivi")
    told = [str(row) for row in client.get(reverse("wagtaildocs:index")).context["messages"]]
    assert response.status_code == 302
    assert document.anonymat == "a-confirmer"
    assert any(
        "« Suivi » : données peut-être nominatives (téléphone). Il ne sera public qu’une fois relu."
        in row
        and screen(document) in row
        for row in told
    )


def test_opening_a_document_with_findings_asks_to_read_it_again(client, ici, mous, at_once):
    document = make_document(mous, "Note", "interne", anonymat="a-confirmer", reperages=[TELEPHONE])
    fields = {"title": "Note", "dispositif": mous.pk, "niveau": "public"}

    client.post(
        reverse("wagtaildocs:edit", args=[document.pk]),
        {**fields, "statut": "valide", "langue": "fr"},
    )

    told = [str(row) for row in client.get(reverse("wagtaildocs:index")).context["messages"]]
    document.refresh_from_db()
    assert document.niveau == "public"
    assert any("Il ne sera public qu’une fois relu." in row for row in told)
    assert can_read_document(None, document) is False


def test_a_blocked_document_is_not_opened_without_a_new_file(client, ici, mous):
    document = make_document(mous, "Note", "interne", anonymat="bloque", reperages=[NIR])
    url = reverse("wagtaildocs:edit", args=[document.pk])
    fields = {"title": "Note", "dispositif": mous.pk, "statut": "valide", "langue": "fr"}

    refused = client.post(url, {**fields, "niveau": "partenaires"})
    document.refresh_from_db()
    kept = document.niveau
    client.post(url, {**fields, "niveau": "interne", "description": "À masquer"})

    document.refresh_from_db()
    assert (refused.status_code, kept) == (200, "interne")
    assert "masquez-le et déposez la nouvelle version" in refused.content.decode()
    assert document.description == "À masquer"


def test_the_screens_of_a_correspondant_say_what_is_to_be_read_again(client, ici, mous, a_relire):
    make_document(mous, "Note interne", "interne", anonymat="a-confirmer", reperages=[LISTE])
    make_document(mous, "Retiré", anonymat="bloque", statut="retire", reperages=[NIR])
    make_document(make_dispositif("Autre", "13"), "Ailleurs", anonymat="bloque", reperages=[NIR])

    landing = client.get(reverse("dispositifs_admin:index"))
    editing = client.get(reverse("wagtaildocs:edit", args=[a_relire.pk])).content.decode()
    pieces = client.get(reverse("dispositifs_admin:documents", args=[mous.pk])).content.decode()

    assert [row.title for row in landing.context["a_relire"]] == ["Bilan"]
    assert screen(a_relire) in landing.content.decode()
    assert screen(a_relire) in editing
    assert screen(a_relire) in pieces
