import re
import sys
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from annuaire.acteurs.models import User
from tests.factories import make_departement, make_structure, make_user

pytestmark = pytest.mark.django_db

SIREN = "732829320"


@pytest.fixture(autouse=True)
def _groups():
    names = ("national", "correspondants-33", "correspondants-47")
    Group.objects.bulk_create(Group(name=name) for name in names)


def creer(*arguments):
    out = StringIO()
    call_command("comptes", "creer", *arguments, stdout=out)
    return out.getvalue().splitlines()


def account(email):
    user = User.objects.get(email=email)
    return {
        "structure": user.structure and user.structure.nom,
        "roles": sorted(
            (role.nature, *sorted(role.departements.values_list("code", flat=True)))
            for role in user.roles.all()
        ),
        "groupes": sorted(user.groups.values_list("name", flat=True)),
    }


def test_correspondant_gets_his_departements_and_a_link(client):
    make_departement("33"), make_departement("47")

    lines = creer("correspondant", "Anne@Gironde.Gouv.fr", "--departement", "33", "47")

    assert account("anne@gironde.gouv.fr") == {
        "structure": None,
        "roles": [("correspondant", "33", "47")],
        "groupes": ["correspondants-33", "correspondants-47"],
    }
    assert lines[:2] == [
        "anne@gironde.gouv.fr\xa0: rôle Correspondant (DDETS ou préfecture) donné.",
        "Lien pour choisir le mot de passe (une fois, 3 jours)\xa0:",
    ]
    link = re.fullmatch(r"http://127\.0\.0\.1:8000(/connexion/mot-de-passe/.+/)", lines[2])
    assert client.get(link[1], follow=True).context["form"].user.email == "anne@gironde.gouv.fr"


@pytest.mark.parametrize("nature", ["operateur", "partenaire"])
@pytest.mark.parametrize("named", [SIREN, "732 829 320", "RIVE ET SEUIL", "R.E.S."])
def test_structure_is_found_by_siren_name_or_alias(nature, named):
    structure = make_structure("Rive et Seuil", siren=SIREN)
    structure.alias.create(nom="R.E.S.")

    creer(nature, "op@exemple.fr", "--structure", named)

    assert account("op@exemple.fr") == {
        "structure": "Rive et Seuil",
        "roles": [(nature,)],
        "groupes": [],
    }


def test_merged_structure_is_read_as_the_one_that_stays():
    kept = make_structure("Rive et Seuil")
    make_structure("Ancien nom", fusionne_dans=kept)

    creer("operateur", "op@exemple.fr", "--structure", "Ancien nom")

    assert account("op@exemple.fr")["structure"] == "Rive et Seuil"


def test_same_command_twice_adds_nothing():
    make_departement("33")
    creer("correspondant", "a@exemple.fr", "--departement", "33")
    before = account("a@exemple.fr")

    lines = creer("correspondant", "A@exemple.fr", "--departement", "33")

    assert account("a@exemple.fr") == before
    assert User.objects.count() == 1
    assert lines[0] == "a@exemple.fr\xa0: rôle Correspondant (DDETS ou préfecture) déjà en cours."


def test_second_command_adds_the_departements_that_lack():
    make_departement("33"), make_departement("47")
    creer("correspondant", "a@exemple.fr", "--departement", "33")

    creer("correspondant", "a@exemple.fr", "--departement", "33", "--departement", "47")

    assert account("a@exemple.fr")["roles"] == [("correspondant", "33"), ("correspondant", "47")]


def test_name_is_kept():
    creer("national", "n@exemple.fr", "--prenom", "Anne", "--nom", "Duval")

    assert str(User.objects.get()) == "Anne Duval"


def test_password_of_standard_input_opens_the_account(monkeypatch, client):
    monkeypatch.setattr(sys, "stdin", StringIO("trois petits chats\n"))

    lines = creer("national", "n@exemple.fr", "--mot-de-passe-stdin")

    assert lines == ["n@exemple.fr\xa0: rôle National (Dihal) donné."]
    assert User.objects.get().check_password("trois petits chats")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("\n", "Le mot de passe lu sur l’entrée standard est vide."),
        (
            "court\n",
            "Ce mot de passe est trop court. Il doit contenir au minimum 12\xa0caractères.",
        ),
    ],
)
def test_bad_password_opens_no_account(monkeypatch, typed, words):
    monkeypatch.setattr(sys, "stdin", StringIO(typed))

    with pytest.raises(CommandError) as refusal:
        creer("national", "n@exemple.fr", "--mot-de-passe-stdin")

    assert str(refusal.value).replace("12 c", "12\xa0c") == words
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("correspondant", "a@exemple.fr"),
            "Un correspondant a au moins un département\xa0: choisissez-le.",
        ),
        (
            ("correspondant", "a@exemple.fr", "--departement", "33", "99"),
            "Département inconnu\xa0: 99. Donnez un code comme 33, 2A ou 971.",
        ),
        (
            ("national", "a@exemple.fr", "--departement", "33"),
            "Seul un correspondant a des départements\xa0: retirez-les.",
        ),
        (
            ("national", "a@exemple.fr", "--structure", "Jumelle"),
            "--structure ne sert qu’aux opérateurs et aux partenaires.",
        ),
        (
            ("operateur", "a@exemple.fr"),
            "--structure manque\xa0: donnez le SIREN ou le nom de la structure du compte.",
        ),
        (
            ("operateur", "a@exemple.fr", "--structure", "Inconnue"),
            "Aucune structure «\xa0Inconnue\xa0»\xa0: créez-la d’abord dans l’administration.",
        ),
        (
            ("operateur", "a@exemple.fr", "--structure", "Jumelle"),
            "Plusieurs structures répondent à «\xa0Jumelle\xa0»\xa0: Jumelle (732829320), Jumelle (—).",
        ),
        (("national", "adresse"), "Saisissez une adresse de courriel valide."),
        (
            ("national", "ferme@exemple.fr"),
            "Le compte ferme@exemple.fr est fermé\xa0: rouvrez-le dans l’administration.",
        ),
        (
            ("partenaire", "op@exemple.fr", "--structure", "Autre"),
            "Le compte op@exemple.fr travaille déjà pour «\xa0Rive et Seuil\xa0»\xa0:"
            " changez sa structure dans l’administration, ou prenez une autre adresse.",
        ),
    ],
)
def test_refusal_says_what_to_do_and_writes_nothing(arguments, words):
    make_departement("33")
    make_structure("Jumelle"), make_structure("Jumelle", siren=SIREN), make_structure("Autre")
    User.objects.create_user("ferme@exemple.fr", is_active=False)
    make_user("operateur", structure=make_structure(), email="op@exemple.fr")

    with pytest.raises(CommandError) as refusal:
        creer(*arguments)

    assert str(refusal.value) == words
    assert User.objects.count() == 2


def test_without_territories_the_refusal_says_how_to_load_them():
    with pytest.raises(CommandError) as refusal:
        creer("correspondant", "a@exemple.fr", "--departement", "33")

    assert (
        str(refusal.value) == "Aucun département chargé\xa0: lancez d’abord manage.py territoires."
    )
