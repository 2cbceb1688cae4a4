import json
from io import StringIO

import pytest
from django.core.management import call_command

from annuaire.acteurs.models import Commune, Departement, Epci, Region
from annuaire.acteurs.territoires import Bilan, load_territoires
from dispositifs.models import DepartementPage

pytestmark = pytest.mark.django_db

REGIONS = "code,nom,zone,chef_lieu\n75,Nouvelle-Aquitaine,metro,33063\n02,Martinique,drom,97209\n978,Saint-Martin,com,97801\n"
DEPARTEMENTS = (
    "code,nom,region,zone,chef_lieu,population\n"
    "33,Gironde,75,metro,33063,1700000\n"
    "47,Lot-et-Garonne,75,metro,47001,330000\n"
    "972,Martinique,02,drom,97209,350000\n"
    "978,Saint-Martin,978,com,97801,\n"
)
EPCI = "siren,nom,type,population\n243300316,Bordeaux Métropole,METRO,830000\n"
COMMUNES = (
    "code,nom,departement,epci,population,longitude,latitude\n"
    "33063,Bordeaux,33,243300316,265000,-0.5874,44.8624\n"
    "33191,L'Île d'Œuf,33,,12,,\n"
    "97801,Marigot,978,,,-63.06,18.07\n"
)
FRONTALIERS = {"33": ["47"], "47": ["33"]}


@pytest.fixture
def folder(tmp_path):
    for name, text in {
        "regions": REGIONS,
        "departements": DEPARTEMENTS,
        "epci": EPCI,
        "communes": COMMUNES,
    }.items():
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    (tmp_path / "frontaliers.json").write_text(json.dumps(FRONTALIERS), "utf-8")
    return tmp_path


def voisins():
    return {
        departement.code: sorted(departement.voisins.values_list("code", flat=True))
        for departement in Departement.objects.all()
    }


def test_load_keeps_metro_and_drom_only(folder):
    load_territoires(folder)

    assert set(Region.objects.values_list("code", flat=True)) == {"75", "02"}
    assert set(Departement.objects.values_list("code", flat=True)) == {"33", "47", "972"}
    assert set(Commune.objects.values_list("code", flat=True)) == {"33063", "33191"}


def test_load_reads_every_column(folder):
    load_territoires(folder)

    assert Commune.objects.filter(code="33191").values().get() == {
        "code": "33191",
        "nom": "L’Île d’Œuf",
        "departement_id": "33",
        "epci_id": None,
        "population": 12,
        "longitude": None,
        "latitude": None,
        "nom_plie": "l ile d oeuf",
    }
    assert Epci.objects.values().get() == {
        "siren": "243300316",
        "nom": "Bordeaux Métropole",
        "type": "METRO",
        "population": 830000,
        "nom_plie": "bordeaux metropole",
    }


def test_second_load_writes_nothing(folder, django_assert_num_queries):
    load_territoires(folder)

    # A savepoint, then one reading for each list, and départements once more for communes.
    with django_assert_num_queries(8):
        bilans = load_territoires(folder)

    assert bilans == [
        Bilan("régions", 2, 0, 0),
        Bilan("départements", 3, 0, 0),
        Bilan("frontières", 1, 0, 0),
        Bilan("intercommunalités", 1, 0, 0),
        Bilan("communes", 2, 0, 0),
    ]


def test_new_files_update_and_never_delete(folder):
    load_territoires(folder)
    path = folder / "communes.csv"
    path.write_text(
        COMMUNES.replace("33063,Bordeaux,", "33063,Bordeaux-sur-Garonne,").replace(
            "33191,L'Île d'Œuf,33,,12,,\n", ""
        ),
        "utf-8",
    )

    bilans = load_territoires(folder)

    assert bilans[-1] == Bilan("communes", 1, 0, 1)
    assert list(Commune.objects.order_by("code").values_list("nom", "nom_plie")) == [
        ("Bordeaux-sur-Garonne", "bordeaux sur garonne"),
        ("L’Île d’Œuf", "l ile d oeuf"),
    ]


def test_neighbours_follow_the_file(folder):
    load_territoires(folder)
    before = voisins()
    (folder / "frontaliers.json").write_text("{}", "utf-8")

    bilans = load_territoires(folder)

    assert before == {"33": ["47"], "47": ["33"], "972": []}
    assert bilans[2] == Bilan("frontières", 0, 0, 1)
    assert voisins() == {"33": [], "47": [], "972": []}


def test_one_way_border_is_refused_and_nothing_is_written(folder):
    (folder / "frontaliers.json").write_text('{"33": ["47"]}', "utf-8")

    with pytest.raises(ValueError, match="frontière à sens unique"):
        load_territoires(folder)

    assert Region.objects.count() == 0


def test_shipped_files_hold_the_code_officiel_geographique():
    bilans = load_territoires()

    assert [(bilan.nom, bilan.lus) for bilan in bilans] == [
        ("régions", 18),
        ("départements", 101),
        ("frontières", 238),
        ("intercommunalités", 1255),
        ("communes", 34875),
    ]
    alone = {code for code, others in voisins().items() if not others}
    assert alone == {"971", "972", "973", "974", "976"}
    assert Commune.objects.get(code="2A004").departement_id == "2A"
    assert Departement.objects.get(code="01").slug == "01-ain"


def test_command_says_what_it_did_and_makes_the_pages(folder):
    out = StringIO()

    call_command("territoires", dossier=folder, stdout=out)

    lines = out.getvalue().splitlines()
    assert lines[:-1] == [
        "2 régions (ajouts\xa0: 2, changements\xa0: 0)",
        "3 départements (ajouts\xa0: 3, changements\xa0: 0)",
        "1 frontières (ajouts\xa0: 1, changements\xa0: 0)",
        "1 intercommunalités (ajouts\xa0: 1, changements\xa0: 0)",
        "2 communes (ajouts\xa0: 2, changements\xa0: 0)",
        "Pages des départements et groupes de correspondants…",
    ]
    assert sorted(DepartementPage.objects.values_list("slug", flat=True)) == [
        "33-gironde",
        "47-lot-et-garonne",
        "972-martinique",
    ]
