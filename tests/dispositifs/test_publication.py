"""The projection: it holds what is public, no more, and it follows every change."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from annuaire.acteurs.models import Commune, Departement, Epci, Structure, StructureAlias
from dispositifs.models import (
    DepartementPage,
    DispositifPage,
    FichePublique,
    FicheRetiree,
    Forme,
    Lieu,
    Participation,
    RoleParticipation,
    Thematique,
    VersionAnnuaire,
)
from dispositifs.publication import comptes, projection
from dispositifs.publication.changements import fiches_changed
from dispositifs.publication.fiche import draft_fiche
from dispositifs.publication.projection import project_all, project_stale, verify
from dispositifs.publication.territoires import Cog
from tests.factories import (
    make_bonne_pratique,
    make_departement,
    make_dispositif,
    make_document,
    make_structure,
    make_tree,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def fiche_of(page):
    return json.loads(FichePublique.objects.get(page=page).fiche)


def keys():
    return {row.cle for row in FichePublique.objects.all()}


def make_role(slug, ordre=10):
    return RoleParticipation.objects.get_or_create(
        slug=slug, defaults={"libelle": slug.title(), "ordre": ordre}
    )[0]


def make_epci(siren="243300316", *communes, departement="33"):
    epci = Epci.objects.create(siren=siren, nom=f"EPCI {siren}", type="METRO")
    for code in communes:
        Commune.objects.create(
            code=code, nom=f"Commune {code}", departement=make_departement(departement), epci=epci
        )
    return epci


# --- what is public ------------------------------------------------------------------------------
def test_only_what_the_whitelist_names_is_projected():
    secret = make_structure("CANARI-STRUCTURE")
    page = make_dispositif(
        resume="Un résumé.",
        contexte="<p>Le <b>contexte</b>.</p>",
        enseignements_reussi="<p>CANARI-ENSEIGNEMENT d’un dispositif en cours</p>",
    )
    make_document(page, "CANARI-INTERNE", niveau="interne")
    make_document(page, "CANARI-PROPOSE", statut="propose")
    make_document(page, "CANARI-RETIRE", statut="retire")
    page.groupes.update(nom="CANARI-GROUPE")
    page.mandats.create(structure=secret, nature="operateur")
    commune = Commune.objects.create(code="33063", nom="Bordeaux", departement=page.departement)
    for nature, public in (("site", True), ("diffus", True), ("terrain-insertion", False)):
        Lieu.objects.create(
            page=page, nature=nature, nom="CANARI-LIEU", commune=commune, public=public
        )
    page.save_revision().publish()
    page.title = "CANARI-BROUILLON"
    page.save_revision()

    texts = [
        value
        for row in FichePublique.objects.values_list("carte", "fiche", "texte_plie", "textes")
        for value in map(str, row)
    ]

    assert [text for text in texts if "canari" in text.lower()] == []
    assert fiche_of(page)["corps_html"]["contexte"] == "<p>Le <b>contexte</b>.</p>"
    assert fiche_of(page)["corps"]["contexte"] == "Le contexte."


def test_draft_unpublished_and_restricted_pages_have_no_row():
    draft = make_dispositif("Brouillon", live=False)
    unpublished = make_dispositif("Dépublié")
    restricted = make_dispositif("Restreint")
    kept = make_dispositif("En ligne")
    make_document(unpublished, "Convention dépubliée")

    unpublished.unpublish()
    PageViewRestriction.objects.create(page=restricted, restriction_type="login")

    assert keys() == {f"dispositif:{kept.identifiant}"}
    assert FicheRetiree.objects.count() == 3
    assert draft.live is False


def test_lifting_a_restriction_gives_the_row_back():
    page = make_dispositif()
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="login")

    restriction.delete()

    assert keys() == {f"dispositif:{page.identifiant}"}
    assert FicheRetiree.objects.count() == 0


def test_a_restriction_above_hides_the_whole_departement():
    make_dispositif()
    parent = DepartementPage.objects.get(departement="33")

    PageViewRestriction.objects.create(page=parent, restriction_type="login")

    assert keys() == set()


def test_link_to_a_page_that_is_not_public_loses_its_address():
    hidden = make_dispositif("Adresse secrète", live=False)
    shown = make_dispositif("Visible")
    link = '<p><a linktype="page" id="{}">lire</a></p>'
    page = make_dispositif("Lien", contexte=link.format(hidden.pk), actions=link.format(shown.pk))

    html = fiche_of(page)["corps_html"]

    assert html["contexte"] == "<p><a>lire</a></p>"
    assert html["actions"] == '<p><a href="/dispositifs/33-gironde/visible/">lire</a></p>'


def test_public_lieu_is_placed_at_its_commune_unless_its_place_is_flagged():
    page = make_dispositif()
    commune = Commune.objects.create(code="33063", nom="Bordeaux", departement=page.departement)
    for nom, exact in (("Approché", False), ("Exact", True)):
        Lieu.objects.create(
            page=page,
            nature="terrain-insertion",
            nom=nom,
            commune=commune,
            longitude=-0.5,
            latitude=44.8,
            public=True,
            exact_public=exact,
            sort_order=exact,
        )
    page.save_revision().publish()

    lieux = fiche_of(page)["lieux"]

    assert [(row["nom"], row["longitude"], row["latitude"]) for row in lieux] == [
        ("Approché", None, None),
        ("Exact", -0.5, 44.8),
    ]


def test_lessons_are_public_once_the_dispositif_is_closed():
    page = make_dispositif(enseignements_reussi="<p>À garder.</p>", statut="termine")

    assert fiche_of(page)["enseignements"]["reussi"] == "À garder."


# --- it follows every change ---------------------------------------------------------------------
def test_document_appears_changes_and_leaves_with_its_row():
    page = make_dispositif()
    document = make_document(page)
    assert keys() == {f"dispositif:{page.identifiant}", f"document:{document.identifiant}"}

    document.title = "Convention signée"
    document.save()
    assert fiche_of(page)["documents"][0]["titre"] == "Convention signée"

    document.niveau = "interne"
    document.save()
    assert fiche_of(page)["documents"] == []
    assert keys() == {f"dispositif:{page.identifiant}"}


def test_document_that_changes_dispositif_leaves_the_first_fiche():
    first, second = make_dispositif("Premier"), make_dispositif("Second")
    document = make_document(first)
    document = type(document).objects.get(pk=document.pk)

    document.dispositif = second
    document.save()

    assert fiche_of(first)["documents"] == []
    assert [row["titre"] for row in fiche_of(second)["documents"]] == ["Convention"]


def test_national_guide_has_a_row_without_dispositif():
    make_tree()
    guide = make_document(None, "Guide national")

    row = FichePublique.objects.get()

    assert row.cle == f"document:{guide.identifiant}"
    assert json.loads(row.carte)["dispositif"] is None


def test_bonne_pratique_and_dispositif_name_each_other_while_both_are_public():
    page = make_dispositif()
    pratique = make_bonne_pratique(dispositifs=[page])
    assert [row["titre"] for row in fiche_of(page)["bonnes_pratiques"]] == [pratique.title]
    assert [row["titre"] for row in fiche_of(pratique)["dispositifs"]] == [page.title]

    page.unpublish()
    assert fiche_of(pratique)["dispositifs"] == []

    page.save_revision().publish()
    pratique.unpublish()
    assert fiche_of(page)["bonnes_pratiques"] == []


def test_tie_removed_from_a_bonne_pratique_leaves_the_dispositif():
    page = make_dispositif()
    pratique = make_bonne_pratique(dispositifs=[page])

    pratique.dispositifs.set([])
    pratique.save_revision().publish()

    assert fiche_of(page)["bonnes_pratiques"] == []


def test_moved_dispositif_takes_the_departement_of_its_new_parent():
    page = make_dispositif()
    make_tree("13")
    document = make_document(page)

    page.move(DepartementPage.objects.get(departement="13"), "last-child")

    row = FichePublique.objects.get(page=page)
    document.refresh_from_db()
    assert (row.departement, row.url) == (
        "13",
        "/dispositifs/13-bouches-du-rhone/mous-de-bordeaux/",
    )
    assert document.collection.name == "13 Bouches-du-Rhône"
    assert not verify()


def test_deleted_dispositif_leaves_a_tombstone():
    page = make_dispositif()
    identifiant = page.identifiant
    page.groupes.all().delete()

    page.delete()

    assert keys() == set()
    assert FicheRetiree.objects.get().identifiant == identifiant


def test_renamed_thematique_is_renamed_on_every_fiche():
    thematique = Thematique.objects.create(name="Santé", slug="sante", ordre=10)
    page = make_dispositif()
    page.thematiques.add(thematique)
    page.save_revision().publish()

    thematique.name = "Santé et soins"
    thematique.save()

    assert fiche_of(page)["libelles"]["thematiques"] == [
        {"slug": "sante", "libelle": "Santé et soins"}
    ]


def test_merged_thematique_is_read_as_its_successor():
    old = Thematique.objects.create(name="Soins", slug="soins", ordre=20)
    kept = Thematique.objects.create(name="Santé", slug="sante", ordre=10)
    page = make_dispositif()
    page.thematiques.add(old)
    page.save_revision().publish()

    old.remplacee_par = kept
    old.save()

    assert fiche_of(page)["thematiques"] == ["sante"]
    assert FichePublique.objects.get(page=page).facettes["thematique"] == ["sante"]


def test_merged_structure_is_read_as_the_one_it_was_merged_into():
    old, kept = make_structure("DDCS de la Gironde"), make_structure("DDETS de la Gironde")
    page = make_dispositif(chef_de_file=old)

    Structure.objects.filter(pk=old.pk).update(fusionne_dans=kept)
    old.refresh_from_db()
    old.save()

    row = FichePublique.objects.get(page=page)
    assert fiche_of(page)["structures"][0]["nom"] == "DDETS de la Gironde"
    assert row.facettes["structure"] == [str(kept.pk)]


def test_alias_of_an_operator_is_indexed():
    structure = make_structure("Rive et Seuil")
    page = make_dispositif(chef_de_file=structure)

    StructureAlias.objects.create(structure=structure, nom="Ancien Rivage")

    assert "Ancien Rivage" in FichePublique.objects.get(page=page).textes["fort"]


def test_many_carriers_are_left_to_the_worker(monkeypatch):
    monkeypatch.setattr(projection, "AT_ONCE", 1)
    forme = Forme.objects.create(slug="mous", libelle="MOUS")
    pages = [make_dispositif(f"Dispositif {rank}") for rank in range(2)]
    for page in pages:
        page.formes.add(forme)
        page.save_revision().publish()

    forme.libelle = "Maîtrise d’œuvre"
    forme.save()
    assert [fiche_of(page)["libelles"]["formes"][0]["libelle"] for page in pages] == ["MOUS"] * 2

    assert project_stale() == 2
    assert project_stale() == 0
    assert not verify()


# --- participants --------------------------------------------------------------------------------
def test_structures_come_in_the_order_of_their_roles():
    page = make_dispositif(chef_de_file=make_structure("Chef"))
    for nom, role, ordre in (("Payeur", "financeur", 40), ("Second", "operateur", 20)):
        Participation.objects.create(
            page=page, structure=make_structure(nom), role=make_role(role, ordre)
        )
    page.save_revision().publish()

    structures = fiche_of(page)["structures"]

    assert [(row["nom"], row["role"]) for row in structures] == [
        ("Chef", "operateur-chef-de-file"),
        ("Second", "operateur"),
        ("Payeur", "financeur"),
    ]


# --- territory -----------------------------------------------------------------------------------
def test_fiche_without_commune_covers_its_departements_whole():
    page = make_dispositif()
    make_epci("243300316", "33063")
    page.departements_secondaires.add(make_departement("47"))
    page.save_revision().publish()

    row = FichePublique.objects.get(page=page)

    assert row.territoires == ["departement:33", "departement:47"]
    assert row.facettes["departement"] == ["33", "47"]
    assert row.facettes["region"] == ["75"]
    assert row.facettes["epci"] == ["243300316"]


def test_straddling_epci_meets_every_departement_in_which_it_has_a_commune():
    make_tree("33", "47")
    epci = make_epci("200000001", "33001")
    Commune.objects.create(
        code="47001", nom="Ailleurs", departement=Departement.objects.get(pk="47"), epci=epci
    )
    page = make_dispositif()
    page.epci.add(epci)
    page.save_revision().publish()

    row = FichePublique.objects.get(page=page)

    assert row.territoires == ["epci:200000001"]
    assert row.facettes["departement"] == ["33", "47"]


def test_france_entiere_meets_every_departement():
    make_tree("33", "13", "47", "59")
    found = Cog().coverage({"33"}, [], [], france_entiere=True)

    assert found.jetons == ["departement:33", "france"]
    assert found.departements == {"33", "13", "47", "59"}
    assert found.regions == {"75", "93", "32"}


# --- versions ------------------------------------------------------------------------------------
def test_version_rises_with_each_change_and_only_then(django_capture_on_commit_callbacks):
    received = []

    def listen(**kwargs):
        received.append(kwargs["version"])

    fiches_changed.connect(listen)
    with django_capture_on_commit_callbacks(execute=True):
        page = make_dispositif()
    first = VersionAnnuaire.current()
    with django_capture_on_commit_callbacks(execute=True):
        project_all()
    assert VersionAnnuaire.current() == first

    with django_capture_on_commit_callbacks(execute=True):
        page.resume = "Nouveau résumé"
        page.save_revision().publish()

    fiches_changed.disconnect(listen)
    assert VersionAnnuaire.current() == first + 1
    assert received == [first, first + 1]


def test_counts_follow_what_comes_changes_and_goes():
    logement = Thematique.objects.create(name="Logement", slug="logement")
    page, other = make_dispositif(), make_dispositif("Autre", departement="13")
    make_document(dispositif=page)
    page.thematiques.add(logement)
    page.save_revision().publish()
    other.unpublish()

    found = comptes.read()

    assert found == {
        ("dispositif", "total"): {"": 1},
        ("dispositif", "pilote"): {"33": 1},
        ("dispositif", "thematique"): {"logement": 1},
        ("dispositif", "departement"): {"33": 1},
        ("dispositif", "region"): {"75": 1},
        ("document", "total"): {"": 1},
        ("document", "pilote"): {"33": 1},
        ("document", "thematique"): {"logement": 1},
        ("document", "departement"): {"33": 1},
        ("document", "region"): {"75": 1},
    }


def test_row_keeps_its_id_when_it_changes():
    page = make_dispositif()
    before = FichePublique.objects.get(page=page).pk

    page.resume = "Autre"
    page.save_revision().publish()

    assert FichePublique.objects.get(page=page).pk == before


def test_verify_tells_missing_stale_and_extra_rows():
    missing, stale, extra = (make_dispositif(f"Dispositif {rank}") for rank in range(3))
    FichePublique.objects.filter(page=missing).delete()
    FichePublique.objects.filter(page=stale).update(carte="{}")
    DispositifPage.objects.filter(pk=extra.pk).update(live=False)

    found = verify()

    assert found.manquantes == [f"dispositif:{missing.identifiant}"]
    assert found.perimees == [f"dispositif:{stale.identifiant}"]
    assert found.en_trop == [f"dispositif:{extra.identifiant}"]
    assert found.comptes
    project_all()
    assert not verify()


def test_projection_costs_as_many_queries_for_three_pages_as_for_one():
    pages = [make_dispositif(f"Dispositif {rank}", resume="Un") for rank in range(3)]
    structure = make_structure()
    for page in pages:
        make_document(page)
        Participation.objects.create(page=page, structure=structure, role=make_role("pilote"))

    def cost(count):
        ids = [page.pk for page in pages[:count]]
        DispositifPage.objects.filter(pk__in=ids).update(resume=f"Résumé changé {count}")
        with CaptureQueriesContext(connection) as queries:
            projection.project_pages(ids)
        return len(queries)

    assert cost(1) == cost(3)


# --- preview -------------------------------------------------------------------------------------
def test_preview_is_built_from_the_draft_by_the_same_builder():
    page = make_dispositif(resume="En ligne")
    page.resume = "Brouillon"
    page.participations.add(Participation(structure=make_structure(), role=make_role("pilote")))

    draft = draft_fiche(page)

    assert draft["resume"] == "Brouillon"
    assert draft["structures"][0]["nom"] == "Rive et Seuil"
    assert fiche_of(page)["resume"] == "En ligne"
    page.save_revision().publish()
    assert draft_fiche(page) == fiche_of(page)
