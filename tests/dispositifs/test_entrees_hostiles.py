"""Numbers that no table holds, the null character, dates of no calendar: refused, never a failure.

A failure of a view is raised by the client of the tests; what is asserted is what comes instead.
"""

from urllib.parse import quote

import pytest

from tests.dispositifs.depots import uploaded
from tests.dispositifs.formulaire import fiche_data
from tests.factories import make_document, make_mandat, make_structure, make_user

pytestmark = pytest.mark.django_db

HUGE = "9" * 30
HOSTILE = (HUGE, "9223372036854775808", "-1", "a\0b", "2026-02-31", "99999-01-01", "é" * 500)
QUERIES = (
    *("page", "p", "q", "f", "version", "annee", "structure", "financeur", "departement"),
    *("commune", "epci", "forme", "curseur", "limit", "updated_since", "tri", "vue", "au"),
    *("dispositif", "niveau", "type", "parent", "id", "multiple", "ordering", "collection_id"),
)
PUBLIC = (
    *("/", "/dispositifs/", "/documents/", "/bonnes-pratiques/", "/dispositifs/comparer/"),
    *("/dispositifs/matrice/", "/documents/33-gironde/", "/territoires/75/", "/contact/"),
    *("/dispositifs/33-gironde/", "/dispositifs/33-gironde/mous-de-bordeaux/"),
    *("/api/v1/dispositifs/", "/api/v1/documents/", "{document}", "{vignette}"),
)
PUBLIC_PARTS = (
    *("/dispositifs/{}/", "/dispositifs/33-gironde/{}/", "/dispositifs/{}/x/documents.zip"),
    *("/documents/{}/", "/documents/{}/a.pdf", "/documents/{}/vignette", "/bonnes-pratiques/{}/"),
    *("/territoires/{}/", "/sitemap-{}.xml", "/api/v1/dispositifs/{}", "/media/{}"),
)
ESPACE = ("/espace/", "/espace/propositions/")
ESPACE_PARTS = (
    "/espace/dispositifs/{}/proposer-document/",
    "/espace/dispositifs/mous/proposer-texte/{}/",
)
ADMIN = (
    *("/admin/dispositifs/", "/admin/documents/", "/admin/propositions/", "/admin/structures/"),
    *("/admin/choix-structure/", "/admin/choix-structure/chosen-multiple/"),
    *("/admin/dispositifs/declarer/", "/admin/choose-page/"),
)
ADMIN_PARTS = (
    *("/admin/dispositifs/{}/documents/", "/admin/pages/{}/edit/", "/admin/documents/edit/{}/"),
    *("/admin/propositions/{}/", "/admin/structures/edit/{}/", "/admin/documents/{}/relecture/"),
    *("/admin/choix-structure/chosen/{}/", "/admin/documents/chooser/chosen/{}/"),
    "/admin/images/chooser/chosen/{}/",
)


@pytest.fixture
def page(mous):
    document = make_document(mous)
    mous.save_revision().publish()
    mous.adresses = {
        "document": document.url,
        "vignette": f"/documents/{document.identifiant}/vignette",
    }
    return mous


def statuses(client, page, addresses, parts):
    """Those of every address, with each parameter, then with each part, of each hostile value."""
    found = set()
    for value in map(quote, HOSTILE):
        query = "&".join(f"{name}={value}" for name in QUERIES)
        asked = [f"{address.format(**page.adresses)}?{query}" for address in addresses]
        asked += [address.format(value) for address in parts]
        found |= {client.get(address).status_code for address in asked}
    return found


def test_public_addresses_answer_whatever_they_are_asked(client, page):
    assert statuses(client, page, PUBLIC, PUBLIC_PARTS) <= {200, 301, 404, 410, 422}


def test_the_space_of_operators_does_too(client, page):
    structure = make_structure()
    make_mandat(page, structure)
    client.force_login(make_user("operateur", structure=structure))

    assert statuses(client, page, ESPACE, ESPACE_PARTS) <= {200, 404}


@pytest.mark.parametrize("who", ["national", "correspondant"])
def test_the_administration_does_too(client, page, who):
    client.force_login(make_user(who, *(["33"] if who == "correspondant" else [])))

    assert statuses(client, page, ADMIN, ADMIN_PARTS) <= {200, 302, 404}


# --- what forms are given ------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["national", "correspondant"])
@pytest.mark.parametrize("key", [HUGE, "-1", "a\0b"])
def test_document_for_a_dispositif_that_no_table_holds_is_refused_in_french(client, page, who, key):
    client.force_login(make_user(who, *(["33"] if who == "correspondant" else [])))
    given = {"title": "Bilan", "dispositif": key, "langue": "fr", "file": uploaded("a.pdf")}

    form = client.post("/admin/documents/add/", given).context["form"]

    assert form.errors["dispositif"] == [
        "Sélectionnez un choix valide. Ce choix ne fait pas partie de ceux disponibles."
    ]


@pytest.mark.parametrize("champ", ["formes", "publics", "thematiques"])
def test_choices_of_a_fiche_that_no_table_holds_are_refused_in_french(editor, page, champ):
    data = fiche_data(page, **{champ: [HUGE]})

    form = editor.post(f"/admin/pages/{page.pk}/edit/", data).context["form"]

    assert form.errors[champ] == [f"«\u00a0{HUGE}\u00a0» n’est pas une valeur correcte."]


@pytest.mark.parametrize("titre", ["[]", "…", "???"])
def test_title_without_a_letter_is_refused_in_french(editor, titre):
    given = {"titre": titre, "departement": "33"}

    form = editor.post("/admin/dispositifs/declarer/", given).context["form"]

    assert form.errors["titre"][0].startswith("Ce titre ne contient ni lettre ni chiffre")
