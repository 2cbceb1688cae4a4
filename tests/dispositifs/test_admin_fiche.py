import datetime

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file

from annuaire.acteurs.models import Commune, Departement, Epci
from dispositifs.models import (
    DepartementPage,
    DispositifPage,
    GroupeMenages,
    Image,
    RoleParticipation,
    Thematique,
)
from dispositifs.models.documents import collection_of
from tests.factories import (
    make_dispositif,
    make_document,
    make_mandat,
    make_structure,
    make_tree,
    make_user,
)

from .formulaire import fiche_data

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


@pytest.fixture
def page():
    make_tree("33", "13", "47")
    metropole = Epci.objects.create(siren="243300316", nom="Bordeaux Métropole", type="METRO")
    for code, nom, dep in (
        ("33063", "Bordeaux", "33"),
        ("33433", "Saint-Martin-de-Lerm", "33"),
        ("33100", "Saint-Martin", "33"),
        ("13100", "Saint-Martin", "13"),
        ("47100", "Saint-Paul", "47"),
        ("13101", "Saint-Paul", "13"),
    ):
        Commune.objects.create(code=code, nom=nom, departement_id=dep, epci=metropole)
    return make_dispositif("MOUS de Bordeaux", date_debut=datetime.date(2024, 1, 1))


@pytest.fixture
def editor(client, page):
    client.force_login(make_user("correspondant", "33", email="editrice@exemple.fr"))
    return client


def edit_url(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def publish(client, page, **fields):
    response = client.post(edit_url(page), {**fiche_data(page, **fields), "action-publish": "1"})
    page.refresh_from_db()
    return response


def errors_of(response):
    form = response.context["form"]
    lines = {
        f"{name}-{rank}-{field}": sentences
        for name, formset in form.formsets.items()
        for rank, errors in enumerate(formset.errors)
        for field, sentences in errors.items()
    }
    return {**form.errors, **lines}


def test_form_publishes_what_was_typed(editor, page):
    sante = Thematique.objects.create(name="Santé", slug="sante")
    pilote = RoleParticipation.objects.create(slug="pilote", libelle="Pilote")
    structure = make_structure("DDETS")

    response = publish(
        editor,
        page,
        thematiques=[str(sante.pk)],
        mots_cles="baux glissants, aller-vers",
        communes='"Bordeaux (33063)", saint martin',
        epci="bordeaux metropole",
        departements_secondaires="47",
        date_debut="01/02/2024",
        participations=[{"structure": structure.pk, "role": pilote.pk, "du": "", "au": ""}],
        lieux=[{"nature": "permanence", "nom": "Local", "commune": "Bordeaux"}],
    )

    saved = DispositifPage.objects.get(pk=page.pk)
    assert (response.status_code, response["Location"]) == (302, "/admin/dispositifs/")
    assert (
        [tag.slug for tag in saved.thematiques.all()],
        sorted(tag.name for tag in saved.mots_cles.all()),
        sorted(saved.communes.values_list("pk", flat=True)),
        list(saved.epci.values_list("pk", flat=True)),
        list(saved.departements_secondaires.values_list("pk", flat=True)),
        saved.date_debut,
        [(row.structure, row.role) for row in saved.participations.all()],
        [(row.nature, row.commune_id) for row in saved.lieux.all()],
    ) == (
        ["sante"],
        ["aller-vers", "baux glissants"],
        ["33063", "33100"],
        ["243300316"],
        ["47"],
        datetime.date(2024, 2, 1),
        [(structure, pilote)],
        [("permanence", "33063")],
    )


def test_territory_errors_say_what_to_do_and_keep_what_was_typed(editor, page):
    response = publish(editor, page, communes="Bordeaux, Saint-Paul, Nulle-Part")

    shown = response.content.decode()
    assert errors_of(response) == {
        "communes": [
            "«\u00a0Saint-Paul\u00a0»\u00a0: plusieurs réponses possibles, recopiez la bonne\u00a0:"
            " Saint-Paul (13101), Saint-Paul (47100)…",
            "«\u00a0Nulle-Part\u00a0»\u00a0: aucune commune de ce nom. Vérifiez l’orthographe ou"
            " donnez le code (par exemple\u00a0: Bordeaux, Mérignac ou 33281).",
        ]
    }
    assert 'value="Bordeaux, Saint-Paul, Nulle-Part"' in shown


def test_retired_thematique_stays_where_it_is_and_is_offered_nowhere_else(editor, page):
    retired = Thematique.objects.create(name="Ancienne", slug="ancienne", actif=False)
    merged = Thematique.objects.create(name="Soins", slug="soins")
    successor = Thematique.objects.create(name="Santé", slug="sante")
    page.thematiques.add(retired, merged)
    page.save_revision().publish()
    merged.remplacee_par = successor
    merged.save()
    other = make_dispositif("Autre")

    def offered(dispositif):
        field = editor.get(edit_url(dispositif)).context["form"]["thematiques"]
        return {str(row) for row in field.field.queryset}, sorted(map(int, field.initial))

    assert (offered(page), offered(other)) == (
        ({"Ancienne", "Santé"}, sorted([retired.pk, successor.pk])),
        ({"Santé"}, []),
    )


def test_foreign_keys_posted_by_id_are_limited(editor, page):
    kept = make_structure("Gardée")
    merged = make_structure("Fusionnée secrète", fusionne_dans=kept)
    chef = RoleParticipation.objects.create(slug="operateur-chef-de-file", libelle="Chef")
    retired = Thematique.objects.create(name="Ancienne", slug="ancienne", actif=False)
    treize = collection_of(Departement.objects.get(pk="13"))
    image = Image.objects.create(
        title="Photo secrète", file=get_test_image_file(), collection=treize
    )

    response = publish(
        editor,
        page,
        chef_de_file=str(merged.pk),
        visuel=str(image.pk),
        thematiques=[str(retired.pk)],
        participations=[{"structure": merged.pk, "role": chef.pk, "du": "", "au": ""}],
    )

    assert set(errors_of(response)) == {
        "chef_de_file",
        "visuel",
        "thematiques",
        "participations-0-structure",
        "participations-0-role",
    }
    assert "secrète" not in response.content.decode()


def test_same_structure_with_the_same_role_twice_is_refused_with_a_sentence(editor, page):
    role = RoleParticipation.objects.create(slug="partenaire", libelle="Partenaire")
    structure = make_structure("CCAS")
    line = {"structure": structure.pk, "role": role.pk, "du": "", "au": ""}

    response = publish(editor, page, participations=[line, line])

    assert errors_of(response) == {
        "participations-1-structure": [
            "Cette structure a déjà ce rôle plus haut\u00a0: retirez l’une des deux lignes."
        ]
    }


@pytest.mark.parametrize(("nature", "expected"), [("correspondant", False), ("national", True)])
def test_france_entiere_is_set_by_national_alone(client, page, nature, expected):
    client.force_login(make_user(nature, *(["33"] if nature == "correspondant" else [])))

    publish(client, page, france_entiere="on")

    assert page.france_entiere is expected


def test_identifiant_and_departement_never_change(editor, page):
    before = (page.identifiant, page.departement_id)

    publish(editor, page, identifiant="autre", departement="13")

    assert (page.identifiant, page.departement_id) == before


def test_departement_page_gives_only_its_two_fields(editor, page):
    departement = DepartementPage.objects.get(departement="33")

    response = editor.post(
        edit_url(departement),
        {
            "title": "Pris",
            "slug": "pris",
            "departement": "13",
            "presentation": "Nous.",
            "contact": "DDETS",
            "action-publish": "1",
        },
    )

    departement.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, "/admin/dispositifs/")
    assert (
        departement.title,
        departement.slug,
        departement.departement_id,
        departement.presentation,
        departement.contact,
    ) == ("Gironde", "33-gironde", "33", "Nous.", "DDETS")


@pytest.mark.parametrize("action", ["delete", "unpublish", "copy", "move", "privacy"])
@pytest.mark.parametrize("nature", ["correspondant", "national"])
def test_departement_page_stays(client, page, action, nature):
    departement = DepartementPage.objects.get(departement="33")
    client.force_login(make_user(nature, *(["33"] if nature == "correspondant" else [])))

    client.post(f"/admin/pages/{departement.pk}/{action}/", {"new_title": "x", "new_slug": "x"})

    stayed = DepartementPage.objects.get(departement="33")
    assert (stayed.live, stayed.path, DepartementPage.objects.count()) == (
        True,
        departement.path,
        3,
    )


def test_second_editor_is_told_and_keeps_what_was_typed(editor, page):
    opened = page.latest_revision
    colleague = make_user("correspondant", "33", email="collegue@exemple.fr")
    page.resume = "Écrit par le collègue"
    other = page.save_revision(user=colleague)

    response = editor.post(
        edit_url(page),
        {
            **fiche_data(page, resume="Écrit par l’éditrice"),
            "loaded_revision_id": str(opened.pk),
            "loaded_revision_created_at": opened.created_at.isoformat(),
            "action-publish": "1",
        },
    )

    page.refresh_from_db()
    (message,) = get_messages(response.wsgi_request)
    assert (page.latest_revision, page.resume) == (other, "")
    assert str(message).startswith("Cette fiche a été enregistrée par collegue@exemple.fr le ")
    assert "Écrit par l’éditrice" in response.content.decode()


def test_warnings_never_block(editor, page):
    operateur = RoleParticipation.objects.create(slug="operateur", libelle="Opérateur")
    chef, second, unseen = (make_structure(nom) for nom in ("Chef", "Second", "Discret"))
    make_mandat(page, chef)
    make_mandat(page, unseen)
    make_dispositif("Mous de bordeaux")

    response = publish(
        editor,
        page,
        title="MOUS Bordeaux",
        statut="termine",
        date_debut="01/01/2024",
        chef_de_file=str(chef.pk),
        participations=[{"structure": second.pk, "role": operateur.pk, "du": "", "au": ""}],
    )

    warnings = [str(row) for row in get_messages(response.wsgi_request) if row.level == 30]
    assert (response.status_code, [warning[:40] for warning in warnings]) == (
        302,
        [
            "Plusieurs opérateurs figurent sur cette ",
            "Opérateur affiché sans mandat en cours\u00a0:",
            "Mandat d’opérateur en cours sans partici",
            "Le statut «\u00a0Terminé\u00a0» ne s’accorde pas a",
            "Cette fiche ressemble à «\u00a0Mous de bordea",
        ],
    )


def test_deleting_what_holds_something_is_refused_with_what_to_do(editor, page):
    make_mandat(page)
    make_document(page)

    response = editor.post(f"/admin/pages/{page.pk}/delete/", {"confirm_site_name": "x"})

    (message,) = get_messages(response.wsgi_request)
    assert (response.status_code, response["Location"], str(message).strip()) == (
        302,
        edit_url(page),
        "Cette fiche ne peut pas être supprimée\u00a0: elle porte des documents et des mandats."
        " Dépubliez-la plutôt\u00a0; elle disparaît du site et rien n’est perdu.",
    )


def test_deleting_takes_the_default_group_along(editor, page, settings):
    name = settings.WAGTAIL_SITE_NAME

    response = editor.post(f"/admin/pages/{page.pk}/delete/", {"confirm_site_name": name})

    assert (response.status_code, response["Location"]) == (302, "/admin/dispositifs/")
    assert (DispositifPage.objects.count(), GroupeMenages.objects.count()) == (0, 0)


def test_copy_has_an_identifiant_of_its_own_and_no_alias(editor, page):
    parent = page.get_parent()

    editor.post(
        f"/admin/pages/{page.pk}/copy/",
        {
            "new_title": "Copie",
            "new_slug": "copie",
            "new_parent_page": parent.pk,
            "alias": "on",
        },
    )

    copy = DispositifPage.objects.get(slug="copie")
    assert (copy.alias_of, copy.live, copy.identifiant) == (None, False, "copie")


def test_unpublishing_comes_back_to_the_list(editor, page):
    response = editor.post(f"/admin/pages/{page.pk}/unpublish/")

    page.refresh_from_db()
    assert (page.live, response["Location"]) == (False, "/admin/dispositifs/")


def test_restored_revision_keeps_mandats(editor, page):
    first = page.latest_revision
    mandat = make_mandat(page)
    page.title = "Renommé"
    page.save_revision().publish()

    form = editor.get(f"/admin/pages/{page.pk}/revisions/{first.pk}/revert/").context["form"]
    publish(editor, page, title="MOUS de Bordeaux")

    assert (form["title"].value(), list(page.mandats.all())) == ("MOUS de Bordeaux", [mandat])


def test_autosave_tells_the_form_the_revision_that_it_holds(editor, page):
    response = editor.post(
        edit_url(page),
        fiche_data(page, resume="Suite"),
        headers={"accept": "application/json"},
    )

    page.refresh_from_db()
    answer = response.json()
    assert (answer["success"], answer["field_updates"]["loaded_revision_id"]) == (
        True,
        str(page.latest_revision_id),
    )


def test_form_reads_the_same_number_of_queries_whatever_its_lines(
    editor, page, django_assert_max_num_queries
):
    role = RoleParticipation.objects.create(slug="partenaire", libelle="Partenaire")
    for rank in range(8):
        page.participations.create(structure=make_structure(f"S{rank}"), role=role)
    editor.get(edit_url(page))

    with django_assert_max_num_queries(190):
        editor.get(edit_url(page))


def test_own_image_is_chosen_and_shown(editor, page):
    gironde = collection_of(Departement.objects.get(pk="33"))
    image = Image.objects.create(title="Local", file=get_test_image_file(), collection=gironde)

    chosen = editor.get(f"/admin/images/chooser/chosen/{image.pk}/")
    publish(editor, page, visuel=str(image.pk))

    assert (chosen.json()["step"], page.visuel) == ("chosen", image)


def test_link_chooser_hides_a_public_page_that_is_being_renamed(editor, page):
    other = make_dispositif("Village", "13")
    other.title = "Titre réservé"
    other.save_revision()

    listed = editor.get(f"/admin/choose-page/{other.get_parent().pk}/").text
    found = editor.get("/admin/choose-page/search/?q=Village").text

    assert ["réservé" in text for text in (listed, found)] == [False, False]
