"""Proposing and deciding: who may, what changes, what never does, who is told."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import PageLogEntry

from annuaire.acteurs.models import Courriel
from dispositifs.actions.dispositifs import check_deletable
from dispositifs.actions.documents import replace_document
from dispositifs.actions.propositions import (
    accept_document,
    accept_text,
    current_text,
    propose_document,
    propose_text,
    refuse_proposition,
    text_fingerprint,
    withdraw_proposition,
)
from dispositifs.models import DispositifPage, Document, FichePublique, Proposition
from tests.factories import (
    make_dispositif,
    make_document,
    make_mandat,
    make_structure,
    make_tree,
    make_user,
)
from tests.factories.dispositifs import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def monde():
    return Monde()


class Monde:
    """A fiche of the 33, its operator, its correspondant and everybody else."""

    def __init__(self):
        make_tree("33", "13", "47")
        self.page = make_dispositif(contexte="<p>Ancien texte.</p>", objectifs="<p>Loger.</p>")
        self.structure = make_structure()
        make_mandat(self.page, self.structure)
        self.operateur = make_user("operateur", structure=self.structure, email="op@exemple.fr")
        self.correspondant = make_user("correspondant", "33", email="c33@exemple.fr")

    def text(self, texte="Nouveau texte.", rubrique="contexte", by=None, **fields):
        vu = text_fingerprint(current_text(self.page, rubrique))
        return propose_text(
            dispositif=self.page, rubrique=rubrique, texte=texte, message="",
            by=by or self.operateur, **{"vu": vu, **fields},
        )  # fmt: skip

    def document(self, titre="Bilan 2025", sha256="a" * 64, by=None):
        document = Document(
            title=titre, file=ContentFile(PDF, "bilan.pdf"), sha256=sha256, file_size=len(PDF)
        )
        return propose_document(
            dispositif=self.page, document=document, message="Signé.", by=by or self.operateur
        )

    def accept(self, proposition, texte=None, by=None, **fields):
        page = DispositifPage.objects.get(pk=proposition.dispositif_id)
        vu = text_fingerprint(current_text(page, proposition.rubrique))
        return accept_text(
            proposition=proposition, texte=proposition.texte if texte is None else texte,
            by=by or self.correspondant, **{"vu": vu, **fields},
        )  # fmt: skip


def everybody(monde):
    autre = make_structure("Autre")
    return {
        "opérateur": monde.operateur,
        "autre opérateur": make_user("operateur", structure=autre),
        "partenaire": _entrusted(monde, "partenaire"),
        "pilote": _entrusted(monde, "pilote"),
        "ancien opérateur": _entrusted(monde, "operateur", au=datetime.date(2021, 1, 1)),
        "correspondant": monde.correspondant,
        "secondaire": make_user("correspondant", "47"),
        "ailleurs": make_user("correspondant", "13"),
        "national": make_user("national"),
    }


def _entrusted(monde, nature, **dates):
    structure = make_structure(f"{nature}{dates}")
    make_mandat(monde.page, structure, nature=nature, **dates)
    return make_user("operateur", structure=structure)


def _may(action):
    try:
        action()
    except PermissionDenied:
        return False
    return True


# --- proposing -----------------------------------------------------------------------------------
def test_only_the_operators_of_a_running_mandat_propose(monde):
    users = everybody(monde)

    may = {
        who: (_may(lambda user=user, who=who: monde.text(texte=who, by=user)),
              _may(lambda user=user: monde.document(by=user)))
        for who, user in users.items()
    }  # fmt: skip

    assert {who for who, answers in may.items() if answers == (True, True)} == {"opérateur"}
    assert {who for who, answers in may.items() if any(answers)} == {"opérateur"}


@pytest.mark.parametrize("state", ["brouillon", "dépublié"])
def test_nothing_is_proposed_on_a_fiche_that_is_not_public(monde, state):
    if state == "brouillon":
        monde.page = make_dispositif("Autre", live=False)
        make_mandat(monde.page, monde.structure)
    else:
        monde.page.unpublish()

    assert not _may(monde.text)


def test_a_proposed_text_changes_nothing_and_keeps_what_was_seen(monde):
    before = FichePublique.objects.get(nature="dispositif")

    proposition = monde.text("Nouveau  texte.\r\n\r\n- un\r\n- deux")

    monde.page.refresh_from_db()
    after = FichePublique.objects.get(nature="dispositif")
    assert (proposition.texte, proposition.texte_vu) == (
        "Nouveau texte.\n\n- un\n- deux",
        "Ancien texte.",
    )
    assert (proposition.structure, proposition.etat) == (monde.structure, "proposee")
    assert monde.page.contexte == "<p>Ancien texte.</p>"
    assert (after.version, after.fiche) == (before.version, before.fiche)


def test_a_proposed_document_waits_unseen(monde):
    proposition = monde.document()

    document = proposition.document
    readers = {
        who: Document.objects.readable_by(user).filter(pk=document.pk).exists()
        for who, user in (everybody(monde) | {"public": None}).items()
    }
    assert (document.statut, document.niveau, document.deposant, document.uploaded_by_user) == (
        "propose",
        "interne",
        monde.structure,
        monde.operateur,
    )
    assert document.collection.name == "33 Gironde"
    assert {who for who, reads in readers.items() if reads} == {
        *("opérateur", "correspondant", "national"),
    }


def test_the_type_proposes_the_niveau_of_a_document(monde):
    kind = make_document(monde.page).type
    document = Document(title="Convention", file=ContentFile(PDF, "c.pdf"), type=kind)

    proposition = propose_document(
        dispositif=monde.page, document=document, message="", by=monde.operateur
    )

    assert proposition.document.niveau == "public"


def test_the_same_proposition_sent_twice_is_one(monde):
    texts = {monde.text().pk, monde.text().pk}
    documents = {monde.document().pk, monde.document().pk}

    assert (len(texts), len(documents), Courriel.objects.count()) == (1, 1, 2)


def test_the_present_text_is_no_proposition(monde):
    with pytest.raises(ValidationError, match="déjà ce texte"):
        monde.text("Ancien texte.")


def test_a_text_written_on_another_one_is_shown_again(monde):
    with pytest.raises(ValidationError, match="a changé pendant que vous écriviez"):
        monde.text(vu=text_fingerprint("Plus ancien."))


# --- accepting a text ----------------------------------------------------------------------------
def test_only_the_structure_that_proposed_takes_it_back(monde):
    users = everybody(monde)
    able = set()
    for who, user in users.items():
        proposition = monde.text(texte=f"Texte pour {who}.")
        try:
            withdraw_proposition(proposition=proposition, by=user)
        except PermissionDenied:
            continue
        able.add(who)

    assert able == {"opérateur"}


def test_what_is_taken_back_is_no_longer_decided_on(monde):
    proposition = monde.text()

    withdraw_proposition(proposition=proposition, by=monde.operateur)

    with pytest.raises(ValidationError, match="déjà retirée"):
        monde.accept(proposition)
    entry = PageLogEntry.objects.get(action="dispositifs.proposition.retirer")
    assert (entry.user, entry.data["proposition"]) == (monde.operateur, proposition.pk)


def test_only_the_pilot_departement_and_national_decide(monde):
    users = everybody(monde)

    may = {
        who
        for who, user in users.items()
        if _may(lambda user=user, who=who: monde.accept(monde.text(who), by=user))
    }
    refuse = {
        who
        for who, user in users.items()
        if _may(
            lambda user=user, who=who: refuse_proposition(
                proposition=monde.text(f"non {who}"), motif="Non.", by=user
            )
        )
    }

    assert may == refuse == {"correspondant", "national"}


def test_an_accepted_text_is_published_by_the_correspondant(monde):
    page = monde.accept(monde.text("Un <b>texte</b> & fin.\n\n- un\n- deux"))

    proposition = Proposition.objects.get()
    fiche = FichePublique.objects.get(nature="dispositif").fiche
    assert page.contexte == (
        "<p>Un &lt;b&gt;texte&lt;/b&gt; &amp; fin.</p><ul><li>un</li><li>deux</li></ul>"
    )
    assert (page.live, page.has_unpublished_changes) == (True, False)
    assert page.live_revision.user == monde.correspondant
    assert "&lt;b&gt;texte" in fiche
    assert (proposition.etat, proposition.traite_par) == ("acceptee", monde.correspondant)
    assert [entry.action for entry in PageLogEntry.objects.filter(user=monde.correspondant)] == [
        "dispositifs.proposition.accepter",
        "wagtail.publish",
    ]


def test_the_draft_is_neither_published_nor_lost(monde):
    draft = DispositifPage.objects.get(pk=monde.page.pk)
    draft.title, draft.objectifs = "Titre en brouillon", "<p>Objectif en brouillon.</p>"
    draft.save_revision(user=make_user("correspondant", "33"))
    monde.page.refresh_from_db()

    monde.accept(monde.text())

    page = DispositifPage.objects.get(pk=monde.page.pk)
    kept = page.get_latest_revision_as_object()
    assert (page.title, page.objectifs, page.contexte) == (
        "MOUS de Bordeaux",
        "<p>Loger.</p>",
        "<p>Nouveau texte.</p>",
    )
    assert (kept.title, kept.objectifs, kept.contexte) == (
        "Titre en brouillon",
        "<p>Objectif en brouillon.</p>",
        "<p>Nouveau texte.</p>",
    )
    assert (page.has_unpublished_changes, page.draft_title) == (True, "Titre en brouillon")
    assert page.live_revision.content["title"] == "MOUS de Bordeaux"


def test_the_draft_published_afterwards_keeps_both(monde):
    draft = DispositifPage.objects.get(pk=monde.page.pk)
    draft.objectifs = "<p>Objectif en brouillon.</p>"
    draft.save_revision()
    monde.page.refresh_from_db()
    monde.accept(monde.text())

    DispositifPage.objects.get(pk=monde.page.pk).latest_revision.publish()

    page = DispositifPage.objects.get(pk=monde.page.pk)
    assert (page.objectifs, page.contexte) == (
        "<p>Objectif en brouillon.</p>",
        "<p>Nouveau texte.</p>",
    )


def test_on_a_fiche_taken_down_only_the_draft_changes(monde):
    proposition = monde.text()
    monde.page.unpublish()

    monde.accept(proposition)

    page = DispositifPage.objects.get(pk=monde.page.pk)
    assert (page.live, page.get_latest_revision_as_object().contexte) == (
        False,
        "<p>Nouveau texte.</p>",
    )
    assert not FichePublique.objects.exists()


def test_a_correction_is_what_is_published(monde):
    page = monde.accept(monde.text(), texte="Texte corrigé.")

    entry = PageLogEntry.objects.get(action="dispositifs.proposition.accepter")
    assert page.contexte == "<p>Texte corrigé.</p>"
    assert entry.data["corrige"] is True
    assert "corrigé" in Courriel.objects.get(destinataire=monde.operateur).texte


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"texte": " "}, "vide"),
        ({"vu": text_fingerprint("Autre chose.")}, "La rubrique a changé"),
    ],
)
def test_a_refused_acceptance_changes_nothing(monde, fields, sentence):
    proposition = monde.text()

    with pytest.raises(ValidationError, match=sentence):
        monde.accept(proposition, **fields)

    monde.page.refresh_from_db()
    proposition.refresh_from_db()
    assert (monde.page.contexte, proposition.etat) == ("<p>Ancien texte.</p>", "proposee")


def test_a_locked_fiche_is_left_alone(monde):
    proposition = monde.text()
    DispositifPage.objects.filter(pk=monde.page.pk).update(locked=True)

    with pytest.raises(ValidationError, match="verrouillée"):
        monde.accept(proposition)


def test_a_scheduled_publication_is_left_alone(monde):
    draft = DispositifPage.objects.get(pk=monde.page.pk)
    draft.go_live_at = timezone.now() + datetime.timedelta(days=1)
    draft.save_revision().publish()
    monde.page.refresh_from_db()

    with pytest.raises(ValidationError, match="programmée"):
        monde.accept(monde.text())


# --- deciding once -------------------------------------------------------------------------------
@pytest.mark.parametrize("first", ["accepter", "refuser"])
@pytest.mark.parametrize("second", ["accepter", "refuser"])
def test_the_second_to_decide_is_told_who_did(monde, first, second):
    proposition = monde.text()
    decide = {
        "accepter": lambda by: monde.accept(proposition, by=by),
        "refuser": lambda by: refuse_proposition(proposition=proposition, motif="Non.", by=by),
    }
    decide[first](monde.correspondant)

    with pytest.raises(ValidationError, match=r"c33@exemple.fr l’a traitée le") as refusal:
        decide[second](make_user("national"))

    assert refusal.value.code == "deja-traitee"


# --- documents -----------------------------------------------------------------------------------
def test_an_accepted_document_is_public_at_the_chosen_niveau(monde):
    proposition = monde.document()
    Document.objects.update(anonymat="rien")

    document = accept_document(proposition=proposition, niveau="public", by=monde.correspondant)

    assert (document.statut, document.niveau) == ("valide", "public")
    assert FichePublique.objects.filter(nature="document").count() == 1


def test_an_accepted_document_waits_for_its_anonymity(monde):
    proposition = monde.document()
    Document.objects.update(anonymat="a-confirmer")

    accept_document(proposition=proposition, niveau="public", by=monde.correspondant)

    assert not FichePublique.objects.filter(nature="document").exists()


def test_a_document_that_the_antivirus_has_not_cleared_is_not_accepted(monde):
    proposition = monde.document()
    Document.objects.update(antivirus="infecte")

    with pytest.raises(ValidationError, match=r"infecté\. Ce document"):
        accept_document(proposition=proposition, niveau="public", by=monde.correspondant)


def test_a_replaced_document_is_accepted_in_its_current_version(monde):
    proposition = monde.document()
    replacement = Document(
        title="Bilan 2025", file=ContentFile(PDF, "b.pdf"), dispositif=monde.page, statut="propose"
    )
    replace_document(document=proposition.document, replacement=replacement, by=monde.correspondant)

    document = accept_document(proposition=proposition, niveau="public", by=monde.correspondant)

    assert (document.version, document.statut) == (2, "valide")


def test_a_refused_document_stays_for_its_structure(monde):
    proposition = monde.document()

    refuse_proposition(proposition=proposition, motif=" Illisible. ", by=monde.correspondant)

    document = Document.objects.get()
    assert (document.statut, Proposition.objects.get().motif) == ("refuse", "Illisible.")
    assert Document.objects.readable_by(monde.operateur).count() == 1
    assert Document.objects.readable_by(None).count() == 0


def test_a_refusal_without_reason_is_none(monde):
    with pytest.raises(ValidationError, match="écrivez le motif"):
        refuse_proposition(proposition=monde.text(), motif="  ", by=monde.correspondant)


def test_each_action_refuses_the_other_nature(monde):
    with pytest.raises(ValidationError, match="porte sur un texte"):
        accept_document(proposition=monde.text(), niveau="public", by=monde.correspondant)
    with pytest.raises(ValidationError, match="porte sur un document"):
        accept_text(proposition=monde.document(), texte="a", vu="", by=monde.correspondant)


# --- who is told ---------------------------------------------------------------------------------
def test_correspondants_of_the_pilot_departement_are_told_without_any_person(monde):
    make_user("correspondant", "13")
    make_user("correspondant", "33", au=datetime.date(2021, 1, 1))
    make_user("national")

    proposition = monde.text("Texte confidentiel.")

    [courriel] = Courriel.objects.all()
    assert courriel.destinataire == monde.correspondant
    assert courriel.objet == (
        "[Annuaire des dispositifs] Une proposition à traiter : MOUS de Bordeaux"
    )
    assert f"http://127.0.0.1:8000/admin/propositions/{proposition.pk}/" in courriel.texte
    assert (
        "Rive et Seuil propose un nouveau texte pour la rubrique «\u00a0Contexte\u00a0»"
        in courriel.texte
    )
    for secret in ("op@exemple.fr", "c33@exemple.fr", "confidentiel"):
        assert secret not in courriel.texte


def test_national_is_told_where_nobody_follows_the_departement(monde):
    monde.correspondant.roles.all().delete()
    national = make_user("national")

    monde.document()

    assert [row.destinataire for row in Courriel.objects.all()] == [national]


def test_the_accounts_of_the_structure_are_told_of_the_answer(monde):
    collegue = make_user("operateur", structure=monde.structure)
    make_user("operateur", structure=make_structure("Autre"))
    proposition = monde.document()
    Courriel.objects.all().delete()

    refuse_proposition(proposition=proposition, motif="Page 3 : l’enlever.", by=monde.correspondant)

    rows = Courriel.objects.order_by("destinataire")
    assert [row.destinataire for row in rows] == [monde.operateur, collegue]
    assert "est refusé.\n\nMotif\u00a0: Page 3 : l’enlever.\n" in rows[0].texte
    assert "http://127.0.0.1:8000/espace/propositions/" in rows[0].texte
    assert "c33@exemple.fr" not in rows[0].texte


def test_the_answer_does_not_name_a_fiche_that_went_back_to_draft(monde):
    proposition = monde.document()
    monde.page.unpublish()
    DispositifPage.objects.filter(pk=monde.page.pk).update(title="Titre en préparation")
    Courriel.objects.all().delete()

    refuse_proposition(proposition=proposition, motif="Trop tard.", by=monde.correspondant)

    [courriel] = Courriel.objects.all()
    assert courriel.objet == "[Annuaire des dispositifs] Proposition refusée"
    assert "pour un dispositif qui n’est plus en ligne (33) est refusé" in courriel.texte
    assert "en préparation" not in courriel.texte


@pytest.mark.parametrize("decide", ["accepter", "refuser"])
def test_a_document_attached_elsewhere_since_is_decided_by_national_alone(monde, decide):
    proposition = monde.document()
    Document.objects.update(dispositif=make_dispositif("AIOS", "13"), niveau="interne")

    def act(by):
        if decide == "accepter":
            return accept_document(proposition=proposition, niveau="public", by=by)
        return refuse_proposition(proposition=proposition, motif="Non.", by=by)

    with pytest.raises(ValidationError, match="rattaché à une autre fiche"):
        act(monde.correspondant)
    after = list(Document.objects.values_list("statut", "niveau"))
    act(make_user("national"))

    assert after == [("propose", "interne")]
    assert Document.objects.get().statut == {"accepter": "valide", "refuser": "refuse"}[decide]


def test_nobody_is_told_once_the_mandat_has_ended(monde):
    proposition = monde.text()
    monde.page.mandats.update(au=datetime.date(2021, 1, 1))
    Courriel.objects.all().delete()

    monde.accept(proposition)

    assert not Courriel.objects.exists()


def test_a_dispositif_with_propositions_is_not_deleted(monde):
    monde.text()

    with pytest.raises(ValidationError, match="des propositions"):
        check_deletable(monde.page)
