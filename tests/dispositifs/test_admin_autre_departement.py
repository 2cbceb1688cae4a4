"""What a correspondant of 33 gets when he tries the 13, address by address, as data.

Each row: method, address, body. The answer is in `REFUSALS` and its body holds no word of the 13.
"""

import pytest
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection

from annuaire.acteurs.models import Departement
from dispositifs.models import DepartementPage, DispositifPage, Document, Image, Mandat, Proposition
from dispositifs.models.documents import collection_of
from tests.factories import (
    make_bonne_pratique,
    make_dispositif,
    make_document,
    make_mandat,
    make_structure,
    make_tree,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]

REFUSALS = {302, 403, 404}
SECRET = "Zibeline"
PAGE, MINE = "/admin/pages/{page}", "/admin/pages/{mine}"
FORM = {"title": "Pris", "slug": "pris", "new_title": "Copie", "new_slug": "copie"}

ROWS = [
    *[
        (method, f"{PAGE}/{view}/", FORM)
        for method in ("get", "post")
        for view in (
            *(
                "edit",
                "delete",
                "unpublish",
                "copy",
                "move",
                "usage",
                "convert_alias",
                "view_draft",
            ),
            *("privacy", "lock", "unlock", "revisions", "history", "history/results"),
            *("workflow_history", "edit/preview", "set_position", "add_subpage"),
        )
    ],
    ("get", PAGE + "/revisions/{revision}/view/", {}),
    ("post", PAGE + "/revisions/{revision}/revert/", FORM),
    ("post", PAGE + "/revisions/{revision}/unschedule/", {}),
    ("get", PAGE + "/revisions/compare/earliest...latest/", {}),
    ("get", PAGE + "/move/{departement_mine}/confirm/", {}),
    ("post", PAGE + "/move/{departement_mine}/confirm/", {}),
    ("get", PAGE + "/", {}),
    ("get", "/admin/pages/{departement}/", {}),
    ("get", "/admin/pages/{departement}/edit/", {}),
    ("post", "/admin/pages/{departement}/edit/", {"presentation": "Pris", "contact": ""}),
    ("post", "/admin/pages/{departement}/delete/", {}),
    ("get", "/admin/pages/{annuaire}/edit/", {}),
    ("get", "/admin/pages/{accueil}/edit/", {}),
    ("get", "/admin/pages/{bonne_pratique}/edit/", {}),
    ("get", "/admin/pages/add/dispositifs/dispositifpage/{departement}/", {}),
    ("post", "/admin/pages/add/dispositifs/dispositifpage/{departement}/", FORM),
    ("post", "/admin/pages/add/dispositifs/dispositifpage/{departement}/preview/", FORM),
    ("get", "/admin/pages/usage/dispositifs/dispositifpage/", {}),
    ("get", "/admin/pages/search/?q=Zibeline", {}),
    ("get", "/admin/choose-page/{page}/", {}),
    ("get", "/admin/choose-page/chosen-multiple/?id={page}", {}),
    ("post", "/admin/bulk/wagtailcore/page/delete/?id={page}", {}),
    ("post", "/admin/bulk/wagtailcore/page/publish/?id={page}", {}),
    ("get", "/admin/bulk/wagtailcore/page/move/?id={page}&id={mine}", {}),
    ("get", "/admin/bulk/dispositifs/document/delete/?id={document}", {}),
    ("get", "/admin/api/main/pages/?fields=title", {}),
    ("get", "/admin/api/main/pages/{page}/", {}),
    ("post", "/admin/api/main/pages/{page}/action/publish/", {}),
    ("get", "/admin/api/main/documents/{document}/", {}),
    ("post", "/admin/editing-sessions/ping/wagtailcore/page/{page}/1/", {}),
    ("post", "/admin/editing-sessions/ping/acteurs/structure/{structure}/1/", {}),
    *[
        (method, url, {"title": "Pris"})
        for method in ("get", "post")
        for url in (
            "/admin/documents/edit/{document}/",
            "/admin/documents/delete/{document}/",
            "/admin/documents/usage/{document}/",
            "/admin/documents/multiple/{document}/",
            "/admin/documents/multiple/{document}/delete/",
            "/admin/documents/chooser/chosen/{document}/",
            "/admin/images/{image}/",
            "/admin/images/{image}/delete/",
            "/admin/images/usage/{image}/",
            "/admin/images/multiple/{image}/",
            "/admin/images/multiple/{image}/delete/",
            "/admin/images/{image}/preview/width-100/",
            "/admin/images/{image}/generate_url/",
            "/admin/images/chooser/chosen/{image}/",
            "/admin/images/chooser/{image}/select_format/",
            "/admin/dispositifs/{page}/mandats/",
            "/admin/dispositifs/{page}/mandats/{mandat}/fermer/",
            "/admin/dispositifs/{mine}/mandats/{mandat}/fermer/",
            "/admin/structures/edit/{structure}/",
            "/admin/structures/delete/{structure}/",
            "/admin/structures/history/{structure}/",
            "/admin/structures/usage/{structure}/",
            "/admin/structures/fusionner/{structure}/",
        )
        if not ("fermer" in url and method == "get")
    ],
    ("get", "/admin/propositions/{proposition}/", {}),
    ("post", "/admin/propositions/{proposition}/accepter/", {"niveau": "public"}),
    ("post", "/admin/propositions/{proposition}/refuser/", {"motif": "Pris"}),
    ("get", "/admin/images/chooser/chosen-multiple/?id={image}", {}),
    ("get", "/admin/documents/chooser/chosen-multiple/?id={document}", {}),
    ("get", "/admin/reports/site-history/", {}),
    ("get", "/admin/reports/site-history/?export=csv", {}),
    ("get", "/admin/reports/aging-pages/", {}),
    ("get", "/admin/reports/locked/", {}),
    ("get", "/admin/collections/", {}),
    ("get", "/admin/users/", {}),
    ("get", "/admin/groups/", {}),
    ("get", "/admin/comptes/", {}),
    ("get", "/admin/sites/", {}),
    ("get", "/admin/redirects/", {}),
    ("get", "/admin/thematiques/", {}),
    ("get", "/admin/roles-participation/new/", {}),
    ("get", "/admin/snippets/", {}),
    ("get", "/admin/tag-autocomplete/dispositifs/motcle/?term=Zib", {}),
    ("get", "/admin/dispositifs/suggestions/dispositifs/?term=Zib", {}),
]


@pytest.fixture
def world(django_user_model):
    make_tree()
    mine, page = make_dispositif("Le mien"), make_dispositif(f"{SECRET} du 13", "13", live=False)
    page.mots_cles.add(f"{SECRET} mot")
    page.save()
    revision = page.save_revision()
    page.save_revision()
    treize = Departement.objects.get(pk="13")
    structure = make_structure(f"Structure {SECRET}", departement=treize)
    image = Image.objects.create(
        title=f"{SECRET}.png", file=get_test_image_file(), collection=collection_of(treize)
    )
    departements = {row.departement_id: row for row in DepartementPage.objects.all()}
    annuaire = departements["13"].get_parent()
    return {
        "mine": mine.pk,
        "page": page.pk,
        "revision": revision.pk,
        "structure": structure.pk,
        "image": image.pk,
        "document": make_document(page, f"Pièce {SECRET}", niveau="interne").pk,
        "proposition": make_proposition(page, structure).pk,
        "mandat": make_mandat(page, structure).pk,
        "departement": departements["13"].pk,
        "departement_mine": departements["33"].pk,
        "annuaire": annuaire.pk,
        "accueil": annuaire.get_parent().pk,
        "bonne_pratique": make_bonne_pratique(f"{SECRET} brouillon", live=False).pk,
    }


def make_proposition(page, structure):
    return Proposition.objects.create(
        dispositif=page, structure=structure, propose_par=make_user(None), nature="document",
        document=make_document(page, f"Proposée {SECRET}", statut="propose"),
    )  # fmt: skip


@pytest.fixture
def editor(client, world):
    client.force_login(make_user("correspondant", "33"))
    return client


def body_of(response):
    return b"".join(response) if response.streaming else response.content


def state():
    """All that the attempts below aim at."""
    return [
        sorted(DispositifPage.objects.values_list("pk", "title", "slug", "live", "path", "locked")),
        sorted(DepartementPage.objects.values_list("pk", "title", "presentation")),
        sorted(Document.objects.values_list("pk", "title")),
        sorted(Image.objects.values_list("pk", "title")),
        sorted(Mandat.objects.values_list("pk", "au")),
        sorted(Proposition.objects.values_list("pk", "etat")),
        Collection.objects.count(),
    ]


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_every_attempt_is_refused_without_a_word_of_it(editor, world):
    before = state()

    wrong = []
    for method, url, data in ROWS:
        response = getattr(editor, method)(url.format(**world), data)
        leaks = SECRET in body_of(response).decode("utf-8", "replace").replace("q=Zibeline", "")
        if response.status_code not in REFUSALS or leaks:
            wrong.append((method, url, response.status_code, leaks))

    assert (wrong, state()) == ([], before)


LISTS = [
    "/admin/dispositifs/",
    "/admin/dispositifs/results/?q=Zibeline",
    "/admin/dispositifs/?export=csv",
    "/admin/dispositifs/?departement=13",
    "/admin/propositions/",
    "/admin/propositions/?etat=traitees",
    "/admin/propositions/?dispositif={page}",
    "/admin/documents/",
    "/admin/documents/results/?q=pi",
    "/admin/images/",
    "/admin/images/chooser/",
    "/admin/images/chooser/results/",
    "/admin/choose-page/{departement}/",
    "/admin/choose-page/search/?q=brouillon",
    "/admin/choose-page/search/?q=du",
    "/admin/dispositifs/declarer/",
    "/admin/pages/{mine}/edit/",
    "/admin/pages/{mine}/history/",
    "/admin/pages/{mine}/copy/",
    "/admin/pages/{mine}/move/",
    "/admin/documents/multiple/add/",
]


@pytest.mark.parametrize(
    "url", ["dispositifs/{}/documents/", "pages/{}/edit/", "choose-page/{}/", "images/{}/"]
)
def test_a_number_that_no_row_has_is_not_found(editor, world, url):
    answer = editor.get("/admin/" + url.format("9" * 30))

    assert answer.status_code == 404


def test_no_list_shows_what_is_not_mine(editor, world):
    found = {}
    for url in LISTS:
        response = editor.get(url.format(**world))
        leaks = SECRET in body_of(response).decode("utf-8", "replace").replace("q=Zibeline", "")
        found[url] = (response.status_code, leaks)

    assert found == dict.fromkeys(LISTS, (200, False))


SECOND_IDS = [
    (MINE + "/copy/", {**FORM, "new_parent_page": "{departement}"}),
    (MINE + "/copy/", {**FORM, "new_parent_page": "{page}"}),
    (MINE + "/copy/", {**FORM, "new_parent_page": "abc"}),
    (MINE + "/move/", {"new_parent_page": "{departement}"}),
    (MINE + "/move/{departement}/confirm/", {}),
    (MINE + "/revisions/{revision}/revert/", FORM),
    ("/admin/dispositifs/declarer/", {"titre": "Ailleurs", "departement": "13", "publier": "1"}),
]


@pytest.mark.parametrize(("url", "data"), SECOND_IDS)
def test_a_foreign_second_id_changes_nothing(editor, world, url, data):
    before = state()
    filled = {name: value.format(**world) for name, value in data.items()}

    response = editor.post(url.format(**world), filled)

    leaks = SECRET in response.content.decode()
    assert (leaks, state()) == (False, before)


@pytest.mark.parametrize(
    "nature", [("operateur", "structure"), ("partenaire", "structure"), (None, None)]
)
@pytest.mark.parametrize(
    "url",
    [
        *("/admin/", "/admin/dispositifs/", "/admin/documents/", "/admin/account/"),
        *("/admin/pages/{page}/edit/", "/admin/choose-page/", "/admin/nulle-part/"),
    ],
)
def test_operators_never_enter_even_with_a_group(client, world, nature, url):
    role, needs_structure = nature
    structure = make_structure("Opérateur") if needs_structure else None
    user = make_user(role, structure=structure)
    user.groups.set(make_user("correspondant", "33").groups.all())
    client.force_login(user)

    response = client.get(url.format(**world))

    assert (response.status_code, SECRET in response.content.decode()) == (404, False)


def test_an_anonymous_reader_is_sent_to_the_sign_in(client, world):
    response = client.get(f"/admin/pages/{world['page']}/edit/")

    assert (response.status_code, response["Location"]) == (
        302,
        f"/connexion/?next=/admin/pages/{world['page']}/edit/",
    )
