"""Replacing and withdrawing: who may, what changes, what stays, what is written."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from wagtail.models import ModelLogEntry

from dispositifs.actions.documents import replace_document, withdraw_document
from dispositifs.models import Document, FichePublique
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


@pytest.fixture
def users(db):
    make_tree("13", "33")
    return {
        "public": None,
        "operateur": make_user("operateur", structure=make_structure()),
        "correspondant ici": make_user("correspondant", "33"),
        "correspondant ailleurs": make_user("correspondant", "13"),
        "national": make_user("national"),
    }


def replacement_of(document, **fields):
    replacement = Document.objects.get(pk=document.pk)
    replacement.file = ContentFile(b"%PDF-1.7 deux", "deux.pdf")
    for name, value in fields.items():
        setattr(replacement, name, value)
    return replacement


def allowed(users, act):
    """Those for whom `act` is not refused."""
    found = set()
    for who, user in users.items():
        try:
            act(user)
        except PermissionDenied:
            continue
        found.add(who)
    return found


def public_documents():
    return list(FichePublique.objects.documents().values_list("identifiant", flat=True))


def test_departement_and_national_replace(users):
    document = make_document(make_dispositif())
    make_mandat(document.dispositif, users["operateur"].structure)

    found = allowed(
        users,
        lambda user: replace_document(
            document=document, replacement=replacement_of(document), by=user
        ),
    )

    assert found == {"correspondant ici", "national"}
    assert list(Document.objects.order_by("version").values_list("version", "courante")) == [
        (1, False),
        (2, False),
        (3, True),
    ]


def test_replacement_does_not_leave_the_departement(users):
    document, elsewhere = make_document(make_dispositif()), make_dispositif("AIOS", "13")

    with pytest.raises(PermissionDenied):
        replace_document(
            document=document,
            replacement=replacement_of(document, dispositif=elsewhere),
            by=users["correspondant ici"],
        )

    assert list(Document.objects.values_list("version", "courante")) == [(1, True)]


def test_national_guide_is_replaced_by_national_alone(users):
    guide = make_document(None)

    found = allowed(
        users,
        lambda user: replace_document(document=guide, replacement=replacement_of(guide), by=user),
    )

    assert found == {"national"}


def test_earlier_version_is_left_as_it_was(users):
    document = make_document(make_dispositif(), niveau="interne", deposant=make_structure("Rive"))
    document.tags.add("signée")
    before = Document.objects.filter(pk=document.pk).values().get()

    new = replace_document(
        document=document,
        replacement=replacement_of(document, title="Avenant", niveau="public"),
        by=users["national"],
    )

    after = Document.objects.filter(pk=document.pk).values().get()
    assert after == {**before, "courante": False}
    assert (new.identifiant, new.version, new.title, new.niveau) == (
        document.identifiant,
        2,
        "Avenant",
        "public",
    )
    assert (new.deposant, new.uploaded_by_user) == (document.deposant, users["national"])
    assert (list(new.tags.names()), new.file.name == document.file.name) == (["signée"], False)


def test_structure_that_deposited_reads_the_internal_version_put_in_its_place(users):
    page = make_dispositif()
    deposited, other = (make_structure(nom) for nom in ("Rive", "Seuil"))
    for structure in (deposited, other):
        make_mandat(page, structure)
    document = make_document(page, niveau="partenaires", deposant=deposited)

    new = replace_document(
        document=document,
        replacement=replacement_of(document, niveau="interne"),
        by=users["correspondant ici"],
    )

    assert {
        structure.nom
        for structure in (deposited, other)
        if can_read_document(make_user("operateur", structure=structure), new)
    } == {"Rive"}


def test_replacing_an_earlier_version_still_follows_the_last_one(users):
    document = make_document(make_dispositif())
    for _ in range(2):
        last = replace_document(
            document=document, replacement=replacement_of(document), by=users["national"]
        )

    entry = ModelLogEntry.objects.filter(action="dispositifs.document.remplacer").latest("pk")
    assert (last.version, entry.data) == (3, {"version": 3, "remplace": 2})


def test_failure_leaves_the_current_version_in_place(users, monkeypatch):
    document = make_document(make_dispositif())
    replacement = replacement_of(document, niveau=None)

    with pytest.raises(Exception, match="niveau"):
        replace_document(document=document, replacement=replacement, by=users["national"])

    assert list(Document.objects.values_list("pk", "courante")) == [(document.pk, True)]


def test_departement_and_national_withdraw(users):
    document = make_document(make_dispositif())

    found = allowed(
        users, lambda user: withdraw_document(document=document, motif="Annulée", by=user)
    )

    assert found == {"correspondant ici", "national"}


def test_withdrawing_takes_out_of_the_public_and_says_why(users):
    document = make_document(make_dispositif())
    before = public_documents()

    withdraw_document(document=document, motif="Annulée", by=users["correspondant ici"])

    entry = ModelLogEntry.objects.get(action="dispositifs.document.retirer")
    assert (before, public_documents()) == ([document.identifiant], [])
    assert (entry.user, entry.data) == (users["correspondant ici"], {"motif": "Annulée"})


def test_replacing_by_an_internal_version_takes_out_of_the_public(users):
    document = make_document(make_dispositif())

    replace_document(
        document=document,
        replacement=replacement_of(document, niveau="interne"),
        by=users["national"],
    )

    assert public_documents() == []
