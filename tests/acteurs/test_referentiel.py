from io import StringIO

import pytest
from django.core.management import call_command

from annuaire.acteurs.models import TypeStructure
from annuaire.acteurs.referentiel import Bilan, Liste, load_liste
from annuaire.management.commands.referentiel import LISTES
from dispositifs.models import Forme, Public, RoleParticipation, Thematique, TypeDocument

pytestmark = pytest.mark.django_db

ENTETE = '"slug","libelle","sigle","description","ordre"\n'
MOUS = '"mous","Maîtrise d’œuvre","MOUS","Mission.","10"\n'
ETA = '"eta","Espace temporaire","ETA","Lieu.","20"\n'


@pytest.fixture
def load(tmp_path):
    """Load a file of formes made of these lines."""

    def load(*lines):
        path = tmp_path / "formes.csv"
        path.write_text(ENTETE + "".join(lines), "utf-8")
        return load_liste(Liste("formes", Forme, path))

    return load


def formes():
    return {
        forme.slug: (forme.libelle, forme.sigle, forme.ordre, forme.actif)
        for forme in Forme.objects.all()
    }


def test_load_creates_then_changes_nothing(load):
    first = load(MOUS, ETA)
    second = load(MOUS, ETA)

    assert first == Bilan("formes", 2, creees=2, modifiees=0, retirees=0, gardees=0)
    assert second == Bilan("formes", 2, creees=0, modifiees=0, retirees=0, gardees=0)
    assert formes() == {
        "mous": ("Maîtrise d’œuvre", "MOUS", 10, True),
        "eta": ("Espace temporaire", "ETA", 20, True),
    }


def test_load_updates_what_nobody_changed(load):
    load(MOUS)

    bilan = load(MOUS.replace("Maîtrise d’œuvre", "Maîtrise d’œuvre sociale"))

    assert bilan == Bilan("formes", 1, creees=0, modifiees=1, retirees=0, gardees=0)
    assert formes()["mous"] == ("Maîtrise d’œuvre sociale", "MOUS", 10, True)


def test_load_keeps_what_was_changed_by_hand_and_updates_the_rest(load):
    load(MOUS)
    Forme.objects.update(libelle="Le nom choisi par la Dihal")

    bilan = load(MOUS.replace("Maîtrise", "Autre maîtrise").replace('"10"', '"15"'))

    assert bilan == Bilan("formes", 1, creees=0, modifiees=1, retirees=0, gardees=1)
    assert formes()["mous"] == ("Le nom choisi par la Dihal", "MOUS", 15, True)


def test_row_gone_from_the_file_becomes_inactive_and_comes_back(load):
    load(MOUS, ETA)

    gone = load(MOUS)
    inactive = formes()["eta"]
    back = load(MOUS, ETA)

    assert (gone.retirees, inactive) == (1, ("Espace temporaire", "ETA", 20, False))
    assert (back.modifiees, formes()["eta"]) == (1, ("Espace temporaire", "ETA", 20, True))


def test_retired_or_restored_by_hand_stays_so(load):
    load(MOUS, ETA)
    Forme.objects.filter(slug="mous").update(actif=False)
    load(MOUS)
    Forme.objects.filter(slug="eta").update(actif=True)

    bilan = load(MOUS)

    assert (bilan.retirees, bilan.gardees) == (0, 1)
    assert (formes()["mous"][3], formes()["eta"][3]) == (False, True)


def test_row_made_by_hand_is_left_alone(load):
    Forme.objects.create(slug="locale", libelle="Forme locale")
    Forme.objects.create(slug="mous", libelle="Déjà là")

    bilan = load(MOUS)

    assert bilan == Bilan("formes", 1, creees=0, modifiees=0, retirees=0, gardees=1)
    assert formes() == {
        "locale": ("Forme locale", "", 1000, True),
        "mous": ("Déjà là", "", 1000, True),
    }


def test_unreadable_cell_names_its_line_and_writes_nothing(load):
    with pytest.raises(
        ValueError, match=r"^formes\.csv, ligne 3 : « vingt » au lieu d’un nombre entier\.$"
    ):
        load(MOUS, ETA.replace('"20"', '"vingt"'))

    assert formes() == {}


def test_command_loads_every_shipped_list_and_is_idempotent(capsys):
    call_command("referentiel")
    call_command("referentiel")

    second = capsys.readouterr().out.splitlines()[len(LISTES) + 1 :]
    assert [line.split(" (")[0] for line in second] == [
        "24 types de structure",
        "6 thématiques",
        "15 formes",
        "18 publics visés",
        "26 types de document",
        "8 rôles de participation",
        "Listes de référence à jour.",
    ]
    assert all("ajouts\xa0: 0, changements\xa0: 0, retraits\xa0: 0" in line for line in second[:-1])
    models = (TypeStructure, Thematique, Forme, Public, TypeDocument, RoleParticipation)
    assert [model.objects.count() for model in models] == [24, 6, 15, 18, 26, 8]


def test_command_reads_typed_columns():
    call_command("referentiel", stdout=StringIO())

    assert list(
        RoleParticipation.objects.order_by("ordre").values_list(
            "slug", "maximum", "saisie_releves"
        )[:3]
    ) == [
        ("operateur-chef-de-file", 1, True),
        ("operateur", None, True),
        ("pilote", None, False),
    ]
    assert list(Thematique.objects.values_list("name", flat=True)) == [
        "Santé",
        "Insertion professionnelle",
        "Accès aux droits",
        "Scolarisation",
        "Aménagement du site",
        "Logement",
    ]
