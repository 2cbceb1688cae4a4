"""Importing fiches: what is created, what is left as it is, what changes nothing."""

import datetime
import json

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageLogEntry, ReferenceIndex

from annuaire.acteurs.models import Structure, StructureAlias
from dispositifs.models import (
    DispositifPage,
    Document,
    FichePublique,
    GroupeMenages,
    MotCle,
    Thematique,
)
from dispositifs.publication.projection import verify
from dispositifs.saisie.fichier.importation import Bilan
from tests.factories import make_dispositif, make_structure

from .lignes import fiche, load, make_world, whole_fiche

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


@pytest.fixture(autouse=True)
def _world(db):
    make_world()


def page(identifiant="mous-bordeaux"):
    return DispositifPage.objects.get(identifiant=identifiant)


def test_every_key_is_written(tmp_path):
    load(tmp_path, whole_fiche())

    written = page()
    columns = {
        name: getattr(written, name)
        for name in ("title", "draft_title", "sigle", "statut", "contexte", "limites", "selection")
    }
    sets = {
        name: sorted(getattr(written, name).values_list("pk", flat=True))
        for name in ("communes", "epci", "departements_secondaires")
    }
    words = [
        sorted(written.thematiques.slugs()),
        sorted(written.mots_cles.names()),
        [row.slug for row in written.formes.all()],
        [row.slug for row in written.publics.all()],
    ]
    assert columns == {
        "title": "MOUS de Bordeaux",
        "draft_title": "MOUS de Bordeaux",
        "sigle": "MOUS",
        "statut": "en-cours",
        "contexte": "<p>Un.</p><p>Deux :</p><ul><li>a</li><li>b</li></ul>",
        "limites": "<p>a &lt; b &amp; c</p>",
        "selection": False,
    }
    assert sets == {
        "communes": ["33039", "33063"],  # that of the lieu too
        "epci": ["243300316"],
        "departements_secondaires": ["47"],
    }
    assert words == [
        ["logement", "sante"],
        ["aller-vers", "baux glissants"],
        ["mous"],
        ["tous-menages"],
    ]


def test_structures_become_the_lead_and_participations(tmp_path):
    load(tmp_path, whole_fiche())

    rows = page().participations.order_by("sort_order")
    assert page().chef_de_file.nom == "Rive et Seuil"
    assert [(row.structure.nom, row.role.slug, row.du) for row in rows] == [
        ("DDETS", "pilote", None),
        ("DDETS", "financeur", datetime.date(2024, 1, 1)),
    ]


def test_a_new_page_stands_in_the_tree_as_one_made_by_wagtail(tmp_path):
    model = make_dispositif("Autre", departement="33")
    load(tmp_path, fiche(), fiche("deux"), fiche("treize", departement="13"))

    new = page()
    parent = new.get_parent()
    assert (new.slug, new.depth, new.url_path) == (
        "mous-de-bordeaux",
        model.depth,
        f"{parent.url_path}mous-de-bordeaux/",
    )
    assert page("deux").slug == "mous-de-bordeaux-2"
    assert (new.live, new.has_unpublished_changes, new.locale) == (True, False, model.locale)
    assert new.first_published_at is not None
    assert new.specific_class is DispositifPage
    assert parent.numchild == parent.get_children().count() == 3
    assert Page.find_problems() == ([], [], [], [], [])


def test_the_journal_and_the_indexes_of_wagtail_follow(tmp_path):
    load(tmp_path, whole_fiche())

    actions = PageLogEntry.objects.filter(page=page()).values_list("action", flat=True)
    fields = ("content_type", "object_id", "to_content_type", "to_object_id", "model_path")
    objects = [page(), Document.objects.get()]
    kept = [
        set(ReferenceIndex.get_references_for_object(row).values_list(*fields)) for row in objects
    ]
    ReferenceIndex.objects.all().delete()
    for row in objects:
        ReferenceIndex.create_or_update_for_object(row)
    rebuilt = [
        set(ReferenceIndex.get_references_for_object(row).values_list(*fields)) for row in objects
    ]
    assert sorted(actions) == ["wagtail.create", "wagtail.publish"]
    assert kept == rebuilt
    assert list(Page.objects.search("MOUS Bordeaux")) == [Page.objects.get(pk=page().pk)]


def test_importing_again_changes_nothing(tmp_path):
    load(tmp_path, whole_fiche())
    before = page().last_published_at, FichePublique.objects.get(page=page()).version

    bilan = load(tmp_path, whole_fiche())

    assert bilan.identiques == 1
    assert bilan.changes == 0
    assert (page().last_published_at, FichePublique.objects.get(page=page()).version) == before
    assert Document.objects.count() == 1


def test_the_projection_is_written_with_the_fiches(tmp_path):
    load(tmp_path, whole_fiche())

    row = FichePublique.objects.get(page=page())
    assert json.loads(row.fiche)["corps"]["contexte"] == "Un.\n\nDeux :\n\n- a\n- b"
    assert not verify()


def test_absent_keys_are_left_as_they_are(tmp_path):
    load(tmp_path, whole_fiche())

    bilan = load(tmp_path, {"identifiant": "mous-bordeaux", "sigle": "MxM"})

    written = page()
    assert bilan == Bilan(modifiees=1)
    assert (written.sigle, written.resume, written.capacite_menages) == ("MxM", "Un résumé.", 45)
    assert (written.chef_de_file.nom, written.participations.count()) == ("Rive et Seuil", 2)
    assert (written.communes.count(), written.lieux.count()) == (2, 1)


def test_null_is_unknown_and_empty_is_emptied(tmp_path):
    load(tmp_path, whole_fiche())

    load(
        tmp_path,
        fiche(
            selection=None,
            capacite_menages=None,
            resume="",
            corps={"contexte": ""},
            formes=[],
            structures=[],
            statut=None,
        ),
    )

    written = page()
    assert (written.selection, written.capacite_menages, written.resume) == (None, None, "")
    assert (written.contexte, written.limites) == ("", "<p>a &lt; b &amp; c</p>")
    assert (written.formes.count(), written.chef_de_file) == (0, None)
    assert written.statut == "en-cours"


@pytest.mark.parametrize(
    ("dates", "statut"),
    [
        ({}, "en-preparation"),
        ({"date_debut": "2020-01-01"}, "en-cours"),
        ({"date_debut": "2020-01-01", "date_fin": "2021-01-01"}, "termine"),
    ],
)
def test_a_statut_that_is_not_given_comes_from_the_dates(tmp_path, dates, statut):
    load(tmp_path, fiche(**dates))

    assert page().statut == statut


def test_rich_text_that_says_the_same_keeps_its_bold(tmp_path):
    load(tmp_path, fiche(corps={"contexte": "Un mot."}))
    DispositifPage.objects.update(contexte="<p>Un <b>mot</b>.</p>")

    bilan = load(tmp_path, fiche(corps={"contexte": "Un mot."}))

    assert bilan.changes == 0
    assert page().contexte == "<p>Un <b>mot</b>.</p>"


def test_structures_are_found_by_siren_name_or_alias(tmp_path):
    by_siren = make_structure("Nom ancien", siren="552100554")
    by_name = make_structure("L’Échelle")
    aliased = make_structure("Centre des Quais")
    StructureAlias.objects.create(structure=aliased, nom="CDQ")
    make_structure("Disparue", fusionne_dans=by_name)

    bilan = load(
        tmp_path,
        fiche(
            structures=[
                {"nom": "Nom nouveau", "siren": "552100554", "role": "operateur"},
                {"nom": "l'echelle", "role": "operateur"},
                {"nom": "cdq", "role": "pilote"},
                {"nom": "Disparue", "role": "financeur"},
            ]
        ),
    )

    found = page().participations.order_by("sort_order").values_list("structure", flat=True)
    assert list(found) == [by_siren.pk, by_name.pk, aliased.pk, by_name.pk]
    assert bilan.structures == 0


def test_a_new_structure_belongs_to_its_only_departement(tmp_path):
    rows = [
        {"nom": name, "type": "association", "role": "operateur"} for name in ("Ici", "Partout")
    ]

    load(tmp_path, fiche(structures=rows), fiche("deux", departement="13", structures=rows[1:]))

    owners = dict(Structure.objects.values_list("nom", "departement"))
    assert owners == {"Ici": "33", "Partout": None}


def test_one_structure_is_created_whether_its_siren_comes_first_or_last(tmp_path):
    row = {"nom": "Pont", "type": "association", "role": "operateur"}

    load(
        tmp_path,
        fiche(structures=[row]),
        fiche("deux", structures=[{**row, "siren": "552100554"}]),
        fiche("trois", structures=[row]),
    )

    assert list(Structure.objects.values_list("nom", "siren")) == [("Pont", "552100554")]


def test_groupes_take_the_default_one_first(tmp_path):
    groupes = [{"nom": "Un", "menages": 12}, {"nom": "Deux", "au": "2025-01-01"}]

    load(tmp_path, fiche(groupes=groupes), fiche("sans"))

    rows = GroupeMenages.objects.order_by("dispositif", "pk")
    assert list(rows.values_list("dispositif__identifiant", "nom", "par_defaut", "au")) == [
        ("mous-bordeaux", "Un", True, None),
        ("mous-bordeaux", "Deux", False, datetime.date(2025, 1, 1)),
        ("sans", "Ménages du dispositif", True, None),
    ]


def test_groupes_are_never_removed(tmp_path):
    load(tmp_path, fiche(groupes=[{"nom": "Un"}, {"nom": "Deux"}]))

    load(tmp_path, fiche(groupes=[{"nom": "Deux", "du": "2024-05-01"}, {"nom": "Trois"}]))

    assert list(page().groupes.values_list("nom", "du")) == [
        ("Un", None),
        ("Deux", datetime.date(2024, 5, 1)),
        ("Trois", None),
    ]


def test_another_departement_moves_the_page_and_its_documents(tmp_path):
    load(tmp_path, whole_fiche(), fiche("treize", departement="13"))

    load(tmp_path, fiche(departement="13"))

    moved = page()
    assert (moved.departement_id, moved.slug) == ("13", "mous-de-bordeaux-2")
    assert moved.get_parent().specific.departement_id == "13"
    assert Document.objects.get().collection.name == "13 Bouches-du-Rhône"
    assert Page.find_problems() == ([], [], [], [], [])
    assert not verify()


def test_an_unpublished_page_is_published(tmp_path):
    load(tmp_path, fiche())
    page().unpublish()

    bilan = load(tmp_path, fiche())

    assert bilan.modifiees == 1
    assert FichePublique.objects.filter(page=page()).exists()


def test_the_editor_opens_what_was_imported(tmp_path):
    edited = make_dispositif("MOUS de Bordeaux", identifiant="mous-bordeaux", sigle="A")
    edited.sigle = "Brouillon"
    edited.save_revision()

    load(tmp_path, fiche(sigle="B"))

    current = page()
    assert current.get_latest_revision_as_object().sigle == "B"
    assert (current.live_revision, current.has_unpublished_changes) == (
        current.latest_revision,
        False,
    )


def test_a_line_without_identifiant_is_known_by_title_and_departement(tmp_path):
    line = {"titre": "Équipe mobile", "departement": "33"}

    load(tmp_path, line)
    bilan = load(tmp_path, {**line, "titre": "equipe MOBILE"})

    assert [row.identifiant for row in DispositifPage.objects.all()] == ["equipe-mobile"]
    assert (bilan.creees, bilan.modifiees) == (0, 1)


def test_merged_thematiques_are_read_as_their_successor(tmp_path):
    old = Thematique.objects.create(slug="habitat", name="Habitat")
    old.remplacee_par = Thematique.objects.get(slug="logement")
    old.save()
    load(tmp_path, fiche(thematiques=["habitat"]))

    bilan = load(tmp_path, fiche(thematiques=["logement"]))

    assert list(page().thematiques.slugs()) == ["logement"]
    assert bilan.changes == 0


def test_mots_cles_are_one_whatever_their_case(tmp_path):
    MotCle.objects.create(name="PASS")

    load(tmp_path, fiche(mots_cles=["pass", "École"]), fiche("deux", mots_cles=["école"]))

    assert sorted(MotCle.objects.values_list("name", flat=True)) == ["PASS", "École"]
    assert list(page("deux").mots_cles.names()) == ["École"]


def test_what_later_versions_load_is_checked_and_counted(tmp_path):
    bilan = load(
        tmp_path,
        fiche(
            suivis=[{"indicateur": "PUB-01", "granularite": "mois", "responsable": "operateur"}],
            releves=[{"indicateur": "PUB-01", "periode": "2024-01", "valeur": 38, "groupe": None}],
            objectifs=[{"indicateur": "LOG-01", "cible": 12, "echeance": "2025-12-31"}],
            financements=[{"annee": 2024, "type": "prive", "financeur": "X", "prevu": 1.5}],
            groupes=[{"nom": "Un", "menages": 12, "effectif_au": "2024-02-01"}],
        ),
    )

    assert dict(bilan.non_chargees) == {
        "suivis": 1,
        "releves": 1,
        "objectifs": 1,
        "financements": 1,
        "effectifs des groupes": 1,
    }


def test_a_trial_counts_and_writes_nothing(tmp_path):
    bilan = load(tmp_path, whole_fiche(), essai=True)

    counts = [model.objects.count() for model in (DispositifPage, Document, Structure, MotCle)]
    assert (bilan.creees, bilan.documents, bilan.structures) == (1, 1, 2)
    assert counts == [0, 0, 0, 0]


def test_a_failure_while_writing_leaves_nothing(tmp_path, monkeypatch):
    save = FileSystemStorage._save

    def full_after_one(self, name, content):
        if (tmp_path / "media" / "documents").exists():
            raise OSError("plus de place")
        return save(self, name, content)

    monkeypatch.setattr(FileSystemStorage, "_save", full_after_one)
    documents = [{"titre": name, "type": "convention", "texte": "Un."} for name in ("Un", "Deux")]

    with pytest.raises(OSError, match="plus de place"):
        load(tmp_path, {**whole_fiche(), "documents": documents})

    files = [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
    assert (DispositifPage.objects.count(), Structure.objects.count(), files) == (0, 0, [])


def test_queries_do_not_grow_with_the_number_of_fiches(tmp_path):
    load(tmp_path, whole_fiche())
    counts = []
    for size in (2, 6):
        lines = [
            {
                **whole_fiche(),
                "identifiant": f"{size}-{rank}",
                "titre": f"MOUS {size} {rank}",
                "documents": [
                    {"titre": f"Avenant {size} {rank}", "type": "convention", "texte": "Un."}
                ],
            }
            for rank in range(size)
        ]
        with CaptureQueriesContext(connection) as first:
            load(tmp_path, *lines)
        with CaptureQueriesContext(connection) as again:
            load(tmp_path, *lines)
        counts.append((len(first), len(again)))

    assert counts[0] == counts[1]
