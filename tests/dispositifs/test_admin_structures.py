import pytest

from annuaire.acteurs.models import Departement, Structure, TypeStructure
from dispositifs.models import Forme, Thematique
from tests.factories import make_structure, make_tree, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


@pytest.fixture
def editor(client):
    make_tree()
    TypeStructure.objects.get_or_create(slug="association", defaults={"libelle": "Association"})
    client.force_login(make_user("correspondant", "33"))
    return client


@pytest.fixture
def national(client, editor):
    client.force_login(make_user("national"))
    return client


def data(**fields):
    return {"nom": "Rive et Seuil", "type": "association", "siren": "", "siret": "", **fields}


def errors_of(response):
    return dict(response.context["form"].errors)


def test_structure_belongs_to_the_departement_that_declares_it(editor):
    response = editor.post(
        "/admin/structures/new/",
        data(siren="732829320", departement="13", alias="R&S\nRive & Seuil\n\nr&s"),
    )

    structure = Structure.objects.get()
    assert (response.status_code, structure.departement_id) == (302, "33")
    assert sorted(structure.alias.values_list("nom", flat=True)) == ["Rive & Seuil", "r&s"]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"siren": "123456789"}, "siren", "Ce SIREN n’est pas valide"),
        ({"siren": "732829320"}, "siren", "Une structure porte déjà ce SIREN"),
        ({"nom": "clap"}, "nom", "Une structure s’appelle déjà ainsi"),
        ({"nom": "c l a p 33"}, "nom", "Une structure s’appelle déjà ainsi"),
        ({"type": "inconnu"}, "type", "Sélectionnez un choix valide"),
        ({"siret": "73282932000075", "siren": "552100554"}, "siret", "Ce SIRET"),
    ],
)
def test_errors_say_what_to_do(editor, fields, field, sentence):
    make_structure("C.L.A.P. 33", siren="732829320").alias.create(nom="CLAP")

    response = editor.post("/admin/structures/new/", data(**fields))

    found = errors_of(response)
    shown = " ".join(found.get(field, []) or found.get("__all__", []))
    assert (shown.startswith(sentence), Structure.objects.count()) == (True, 1)


def test_only_those_who_declared_it_and_national_correct_it(client):
    make_tree()
    mine = make_structure("Ici", departement=Departement.objects.get(pk="33"))
    nobody = make_structure("Nationale")
    users = {
        "ici": make_user("correspondant", "33"),
        "ailleurs": make_user("correspondant", "13"),
        "national": make_user("national"),
    }

    opened = set()
    for who, user in users.items():
        client.force_login(user)
        for row in (mine, nobody):
            if client.get(f"/admin/structures/edit/{row.pk}/").status_code == 200:
                opened.add((who, row.nom))

    assert opened == {("ici", "Ici"), ("national", "Ici"), ("national", "Nationale")}


def test_correction_keeps_merged_rows_out_and_aliases_right(editor):
    structure = make_structure("Ancien nom", departement=Departement.objects.get(pk="33"))
    structure.alias.create(nom="À retirer")

    editor.post(
        f"/admin/structures/edit/{structure.pk}/", data(nom="Nouveau nom", alias="Ancien nom")
    )

    structure.refresh_from_db()
    assert (structure.nom, [row.nom for row in structure.alias.all()]) == (
        "Nouveau nom",
        ["Ancien nom"],
    )


def test_list_and_chooser_show_current_structures_found_by_alias(editor):
    kept = make_structure("DDETS de la Gironde")
    kept.alias.create(nom="DDCS 33")
    make_structure("Autre")
    make_structure("DDCS de la Gironde", fusionne_dans=kept)

    listed = editor.get("/admin/structures/?q=ddcs").context["object_list"]
    chosen = editor.get("/admin/choix-structure/results/?q=ddcs").text

    assert [row.nom for row in listed] == ["DDETS de la Gironde"]
    assert ("DDETS de la Gironde" in chosen, "DDCS de" in chosen, "Autre" in chosen) == (
        True,
        False,
        False,
    )


def test_structure_is_declared_from_the_chooser(editor):
    response = editor.post(
        "/admin/choix-structure/create/", {"nom": "Neuve", "type": "association", "siren": ""}
    )

    structure = Structure.objects.get()
    assert (response.json()["step"], structure.nom, structure.departement_id) == (
        "chosen",
        "Neuve",
        "33",
    )


@pytest.mark.parametrize("pk", ["abc", "999999", "99999999999999999999"])
def test_chooser_of_an_unknown_key_is_not_found(editor, pk):
    assert editor.get(f"/admin/choix-structure/chosen/{pk}/").status_code == 404


def test_national_merges_from_the_screen(national):
    kept, merged = make_structure("Gardée"), make_structure("Doublon")

    same = national.post(f"/admin/structures/fusionner/{merged.pk}/", {"gardee": merged.pk})
    done = national.post(f"/admin/structures/fusionner/{merged.pk}/", {"gardee": kept.pk})

    merged.refresh_from_db()
    assert (set(errors_of(same)), done.status_code, merged.fusionne_dans) == (
        {"gardee"},
        302,
        kept,
    )


def test_structures_are_never_deleted(national):
    structure = make_structure()

    response = national.post(f"/admin/structures/delete/{structure.pk}/")

    assert (response.status_code, Structure.objects.count()) == (404, 1)


VOCABULAIRES = ["thematiques", "formes", "publics", "types-document", "roles-participation"]


@pytest.mark.parametrize("nom", VOCABULAIRES)
def test_vocabularies_belong_to_national(client, nom):
    make_tree()
    found = {}
    for nature, codes in (("correspondant", ["33"]), ("national", [])):
        client.force_login(make_user(nature, *codes))
        found[nature] = [
            client.get(f"/admin/{nom}/{path}").status_code for path in ("", "new/", "results/")
        ]

    assert found == {"correspondant": [404] * 3, "national": [200] * 3}


def test_national_renames_retires_and_merges_a_thematique(national):
    sante = Thematique.objects.create(name="Santé", slug="sante")
    soins = Thematique.objects.create(name="Soins", slug="soins")

    national.post(
        f"/admin/thematiques/edit/{sante.pk}/",
        {"name": "Santé et soins", "slug": "sante", "description": "", "ordre": "5"},
    )
    national.post(f"/admin/thematiques/fusionner/{soins.pk}/", {"gardee": soins.pk})

    sante.refresh_from_db()
    soins.refresh_from_db()
    assert (sante.name, sante.ordre, sante.actif, soins.remplacee_par) == (
        "Santé et soins",
        5,
        False,
        None,
    )


def test_national_adds_a_forme(national):
    national.post(
        "/admin/formes/new/",
        {
            "libelle": "MOUS",
            "slug": "mous",
            "sigle": "",
            "description": "",
            "ordre": "1",
            "actif": "on",
        },
    )

    assert list(Forme.objects.values_list("slug", "actif")) == [("mous", True)]
