"""« Bonne pratique » is a label that the Dihal gives: nobody else writes, publishes or moves one."""

import pytest
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data

from dispositifs.choices import NaturePublique
from dispositifs.models import (
    BonnePratiquePage,
    BonnesPratiquesPage,
    DepartementPage,
    FichePublique,
)
from tests.factories import make_bonne_pratique, make_dispositif, make_structure, make_user

from .formulaire import EMPTY

pytestmark = pytest.mark.django_db

PARTIES = ("probleme", "methode", "resultats", "conditions", "limites", "pour_aller_plus_loin")
# The form of the page as a browser posts it, with the button « Publier ».
FORM = nested_form_data(
    {
        "title": "Prise",
        "slug": "prise",
        "resume": "Sans la Dihal",
        "date": "2026-01-31",
        **dict.fromkeys(PARTIES, EMPTY),
        "action-publish": "action-publish",
    }
)
COPY = {"new_title": "Copie", "new_slug": "copie", "publish_copies": "on"}
API = "/admin/api/main/pages"
WAYS = [
    ("/admin/pages/add/dispositifs/bonnepratiquepage/{liste}/", FORM),
    ("/admin/pages/add/dispositifs/bonnepratiquepage/{departement}/", FORM),
    ("/admin/pages/{brouillon}/edit/", FORM),
    ("/admin/pages/{en_ligne}/edit/", FORM),
    ("/admin/pages/{brouillon}/revisions/{revision}/revert/", {}),
    ("/admin/pages/{en_ligne}/unpublish/", {}),
    ("/admin/pages/{en_ligne}/delete/", {}),
    ("/admin/pages/{en_ligne}/copy/", {**COPY, "new_parent_page": "liste"}),
    ("/admin/pages/{en_ligne}/copy/", {**COPY, "new_parent_page": "departement"}),
    ("/admin/pages/{dispositif}/copy/", {**COPY, "new_parent_page": "liste"}),
    ("/admin/pages/{en_ligne}/move/{departement}/confirm/", {}),
    ("/admin/pages/{dispositif}/move/{liste}/confirm/", {}),
    ("/admin/pages/{brouillon}/workflow/action/publish/", {}),
    ("/admin/bulk/wagtailcore/page/publish/?id={brouillon}", {}),
    ("/admin/bulk/wagtailcore/page/unpublish/?id={en_ligne}", {}),
    ("/admin/bulk/wagtailcore/page/move/?id={dispositif}", {"chooser": "liste"}),
    (API + "/{brouillon}/action/publish/", {}),
    (API + "/{en_ligne}/action/unpublish/", {}),
    (API + "/{en_ligne}/action/copy/", {"slug": "copie", "destination_page_id": "liste"}),
    (API + "/{dispositif}/action/move/", {"destination_page_id": "liste"}),
    (API + "/{en_ligne}/action/revert_to_page_revision/", {"revision_id": "revision"}),
    ("/api/v1/bonnes-pratiques/", {"titre": "Prise"}),
    ("/bonnes-pratiques/visiter-avant-de-choisir/", FORM),
]


@pytest.fixture
def world():
    dispositif = make_dispositif()
    brouillon = make_bonne_pratique("Brouillon", live=False, slug="brouillon")
    revision = brouillon.save_revision()
    return {
        "dispositif": dispositif.pk,
        "departement": DepartementPage.objects.get(departement="33").pk,
        "liste": BonnesPratiquesPage.objects.get().pk,
        "brouillon": brouillon.pk,
        "revision": revision.pk,
        "en_ligne": make_bonne_pratique(dispositifs=[dispositif]).pk,
    }


@pytest.fixture
def users(world):
    structure = make_structure()
    administrateur = make_user(None)
    administrateur.is_superuser = True
    administrateur.save()
    return {
        "correspondant": make_user("correspondant", "33"),
        "correspondant de tous": make_user("correspondant", "33", "13"),
        "opérateur": make_user("operateur", structure=structure),
        "partenaire": make_user("partenaire", structure=structure),
        "sans rôle": make_user(None),
        "administrateur technique": administrateur,
        "anonyme": None,
    }


def labels():
    """Every page that could carry the label, and what the public reads of it."""
    pages = Page.objects.order_by("pk")
    return (
        list(pages.values_list("pk", "path", "title", "live", "latest_revision")),
        BonnePratiquePage.objects.count(),
        sorted(
            FichePublique.objects.filter(nature=NaturePublique.BONNE_PRATIQUE).values_list(
                "titre_tri"
            )
        ),
    )


def filled(data, world):
    """The body to post: the name of a page stands for its number."""
    return {name: world.get(value, value) for name, value in data.items()}


def test_nobody_but_national_gives_the_label(client, world, users):
    before = labels()

    changed = []
    for who, user in users.items():
        if user:
            client.force_login(user)
        else:
            client.logout()
        for url, data in WAYS:
            # A form refused may answer 200, shown again with its errors: what is stored decides.
            client.post(url.format(**world), filled(data, world))
            if labels() != before:
                changed.append((who, url))

    assert changed == []


def test_national_gives_it_from_the_form(client, world):
    client.force_login(make_user("national"))

    client.post(WAYS[0][0].format(**world), FORM)
    client.post(WAYS[2][0].format(**world), {**FORM, "title": "Brouillon relu", "slug": "relu"})

    assert set(BonnePratiquePage.objects.live().values_list("title", flat=True)) == {
        "Visiter avant de choisir",
        "Prise",
        "Brouillon relu",
    }


def test_identifiant_is_given_once_and_for_all_even_without_a_slug():
    first = make_bonne_pratique("Visiter avant de choisir")
    first.slug = "autre-adresse"
    first.save()

    second = make_bonne_pratique("Visiter avant de choisir")

    assert (first.identifiant, second.identifiant) == (
        "visiter-avant-de-choisir",
        "visiter-avant-de-choisir-2",
    )
