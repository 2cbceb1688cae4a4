"""Exporting fiches: importing an export changes nothing, here or on an empty site."""

import io
import json

import pytest
from django.core.management import call_command

from dispositifs.models import DispositifPage, Document, FichePublique, GroupeMenages
from dispositifs.saisie.fichier.export import export_fiches, export_public
from dispositifs.saisie.fichier.importation import import_fiches
from tests.factories import make_dispositif, make_document

from .lignes import fiche, load, make_world, whole_fiche

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


@pytest.fixture(autouse=True)
def _world(db):
    make_world()


def read(lines):
    return [json.loads(line) for line in lines]


def test_an_export_says_all_that_was_imported(tmp_path):
    load(tmp_path, whole_fiche())

    given = whole_fiche()
    exported = read(export_fiches())[0]
    texts = {key: exported.pop(key) for key in ("corps", "enseignements")}
    assert {key: value for key, value in texts["corps"].items() if value} == given.pop("corps")
    assert texts["enseignements"] == {"reussi": "Oui.", "echoue": "", "a_refaire": ""}
    del given["enseignements"]
    assert exported == {
        **given,
        "communes": ["33039", "33063"],
        "mots_cles": ["aller-vers", "baux glissants"],
        "structures": [
            {**given["structures"][0], "siren": None},
            given["structures"][1],
            {**given["structures"][2], "siren": None},
        ],
        "groupes": [{"nom": "Sous contrat", "du": "2024-01-01"}],
        "documents": [
            {
                "titre": "Convention",
                "type": "convention",
                "date": "2024-02-01",
                "langue": "fr",
                "niveau": "public",
                "identifiant": "doc-convention",
            }
        ],
    }


def everything():
    pages = DispositifPage.objects.order_by("path")
    return (
        list(pages.values_list("identifiant", "slug", "url_path", "contexte", "departement")),
        list(
            GroupeMenages.objects.order_by("dispositif__path", "pk").values_list(
                "nom", "par_defaut"
            )
        ),
        list(
            Document.objects.order_by("identifiant").values_list("identifiant", "version", "sha256")
        ),
        list(FichePublique.objects.order_by("pk").values_list("nature", "fiche")),
    )


@pytest.mark.parametrize("place", ["beside", "inside"])
def test_importing_an_export_changes_nothing(tmp_path, place):
    documents = [
        {"titre": name, "type": "convention", "texte": "Un.", "format": name}
        for name in ("pdf", "odt", "txt")
    ]
    load(tmp_path, {**whole_fiche(), "documents": documents}, fiche("deux", departement="13"))
    folder = tmp_path / "export" / "pieces"
    lines = "".join(export_fiches(folder))
    path = (folder if place == "inside" else folder.parent) / "fiches.jsonl"
    path.write_text(lines, encoding="utf-8")
    before = everything()

    bilan = import_fiches(path)

    assert (bilan.changes, bilan.identiques) == (0, 2)
    assert everything() == before
    assert "".join(export_fiches(folder)) == lines


def test_an_export_makes_the_same_site_elsewhere(tmp_path):
    load(tmp_path, whole_fiche(), fiche("deux", departement="13"))
    path = tmp_path / "export.jsonl"
    path.write_text("".join(export_fiches(tmp_path / "pieces")), encoding="utf-8")
    before = everything()
    Document.objects.all().delete()
    GroupeMenages.objects.all().delete()
    DispositifPage.objects.all().delete()

    bilan = import_fiches(path)

    assert (bilan.creees, bilan.documents) == (2, 1)
    assert everything()[:3] == before[:3]


def test_what_the_administration_wrote_comes_back_the_same(tmp_path):
    make_dispositif(
        "Écrite à la main",
        contexte="<p>Un <b>mot</b> &amp; un <a href='/'>lien</a>.</p><ol><li>a</li><li>b</li></ol>",
        resume="Une\r\nautre",
        criteres_selection=" blancs ",
    )
    path = tmp_path / "export.jsonl"
    path.write_text("".join(export_fiches()), encoding="utf-8")

    assert import_fiches(path).changes == 0


def test_drafts_and_documents_that_are_not_validated_stay_out(tmp_path):
    make_dispositif("Brouillon", live=False)
    page = make_dispositif("Publiée")
    for statut in ("valide", "propose", "refuse", "retire"):
        make_document(page, titre=statut, statut=statut)

    exported = read(export_fiches())

    assert [row["titre"] for row in exported] == ["Publiée"]
    assert [row["titre"] for row in exported[0]["documents"]] == ["valide"]


def test_the_public_export_holds_nothing_that_the_public_may_not_read(tmp_path):
    documents = [
        {"titre": niveau, "type": "convention", "texte": f"secret {niveau}", "niveau": niveau}
        for niveau in ("public", "partenaires", "interne")
    ]
    lieux = [{"nature": "site", "nom": "Site secret", "commune": "33039"}]
    load(tmp_path, {**whole_fiche(), "documents": documents, "lieux": lieux})
    folder = tmp_path / "public"

    exported = read(export_public(folder))[0]

    assert [(row["titre"], row["fichier"]) for row in exported["documents"]] == [
        ("public", "public/doc-public.txt")
    ]
    assert [path.name for path in folder.iterdir()] == ["doc-public.txt"]
    assert (exported["lieux"], "groupes" in exported) == ([], False)
    assert exported["titre"] == "MOUS de Bordeaux"


def test_the_public_export_is_in_the_import_format(tmp_path):
    load(tmp_path, whole_fiche())
    path = tmp_path / "public.jsonl"
    path.write_text("".join(export_public()), encoding="utf-8")

    assert import_fiches(path, essai=True).creees == 0


def test_the_command_writes_lines_on_its_output(tmp_path):
    load(tmp_path, whole_fiche(), fiche("deux"))
    out = io.StringIO()

    call_command("fiches", "exporter", "--fichiers", str(tmp_path / "pieces"), stdout=out)

    assert [row["identifiant"] for row in read(out.getvalue().splitlines())] == [
        "mous-bordeaux",
        "deux",
    ]
    assert (tmp_path / "pieces" / "doc-convention.txt").read_text() == "Article 1.\n"
