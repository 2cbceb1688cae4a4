"""/media/ gives images that a public page shows, to people of the administration the others."""

import pathlib

import pytest
from django.core.cache import cache
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.models import PageViewRestriction

from dispositifs.models import AccueilPage, ContenuPage
from dispositifs.models.documents import Image
from tests.dispositifs.fichiers import image
from tests.factories import make_dispositif, make_document, make_structure, make_tree, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
EVERYBODY = {"public", "operateur", "correspondant ailleurs", "national"}
ADMINISTRATION = {"correspondant ailleurs", "national"}


@pytest.fixture
def clients():
    make_tree("13", "33")
    users = {
        "operateur": make_user("operateur", structure=make_structure()),
        "correspondant ailleurs": make_user("correspondant", "13"),
        "national": make_user("national"),
    }
    clients = {"public": Client()}
    for who, user in users.items():
        clients[who] = Client()
        clients[who].force_login(user)
    return clients


@pytest.fixture
def photo(db):
    cache.clear()  # Wagtail keeps renditions there under the id of their image
    content = SimpleUploadedFile("terrain.jpg", image("jpg"), "image/jpeg")
    return Image.objects.create(title="Terrain discret", file=ImageFile(content, "terrain.jpg"))


def statuses(clients, url):
    found = {}
    for who, client in clients.items():
        response = client.get(url)
        b"".join(response)
        found[who] = response.status_code
    assert set(found.values()) <= {200, 404}
    return found


def seers(clients, url):
    return {who for who, status in statuses(clients, url).items() if status == 200}


def path_of(photo):
    return f"/media/{photo.get_rendition('width-20').file.name}"


def make_contenu(photo, **fields):
    text = f'<p>Plan</p><embed alt="Plan" embedtype="image" format="left" id="{photo.pk}"/>'
    page = ContenuPage(title="Aide", slug="aide", corps=text, **fields)
    return AccueilPage.objects.get().add_child(instance=page)


def test_image_of_a_public_fiche_is_for_everybody(clients, photo):
    make_dispositif(visuel=photo)

    assert seers(clients, path_of(photo)) == EVERYBODY


def test_original_is_for_the_administration(clients, photo):
    make_dispositif(visuel=photo)

    assert seers(clients, f"/media/{photo.file.name}") == ADMINISTRATION


def test_image_of_no_page_is_for_the_administration(clients, photo):
    assert seers(clients, path_of(photo)) == ADMINISTRATION


def test_image_of_a_draft_is_for_the_administration(clients, photo):
    make_dispositif(live=False, visuel=photo)

    assert seers(clients, path_of(photo)) == ADMINISTRATION


def test_image_chosen_in_a_draft_of_a_live_page_is_for_the_administration(clients, photo):
    page = make_dispositif()
    page.visuel = photo
    page.save_revision()

    assert seers(clients, path_of(photo)) == ADMINISTRATION


def test_image_of_a_restricted_page_is_for_the_administration(clients, photo):
    page = make_dispositif(visuel=photo)
    PageViewRestriction.objects.create(page=page, restriction_type="login")

    assert seers(clients, path_of(photo)) == ADMINISTRATION


def test_image_leaves_with_its_page(clients, photo):
    page = make_dispositif(visuel=photo)
    before = seers(clients, path_of(photo))

    page.unpublish()

    assert (before, seers(clients, path_of(photo))) == (EVERYBODY, ADMINISTRATION)


@pytest.mark.parametrize(("live", "expected"), [(True, EVERYBODY), (False, ADMINISTRATION)])
def test_image_in_the_text_of_a_page_is_for_everybody_once_published(
    clients, photo, live, expected
):
    make_contenu(photo, live=live)

    assert seers(clients, path_of(photo)) == expected


def test_number_in_a_text_is_not_an_image(clients, photo):
    page = ContenuPage(title="Aide", slug="aide", corps=f'<p><a id="{photo.pk}">x</a></p>')
    AccueilPage.objects.get().add_child(instance=page)

    assert seers(clients, path_of(photo)) == ADMINISTRATION


@pytest.mark.parametrize("niveau", ["public", "interne"])
def test_document_is_never_given(clients, niveau):
    document = make_document(make_dispositif(), niveau=niveau)

    assert seers(clients, f"/media/{document.file.name}") == set()


@pytest.mark.parametrize(
    "path",
    [
        "",
        "images/",
        "documents",
        "../annuaire.sqlite3",
        "images/../documents/a.pdf",
        "%00",
        "a%00.jpg",
    ],
)
def test_other_paths_are_not_found(clients, path):
    assert seers(clients, f"/media/{path}") == set()


def test_file_beside_the_library_is_not_given(clients, settings):
    stray = pathlib.Path(settings.MEDIA_ROOT, "wagtail_uploads", "en-attente.pdf")
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"%PDF-")

    assert seers(clients, "/media/wagtail_uploads/en-attente.pdf") == set()


def test_image_is_served_with_safe_headers_and_without_cookie(clients, photo):
    make_dispositif(visuel=photo)

    response = clients["public"].get(path_of(photo))
    b"".join(response)

    names = ("Content-Type", "Cache-Control", "X-Content-Type-Options", "Set-Cookie", "Vary")
    assert {name: response.headers.get(name) for name in names} == {
        "Content-Type": "image/jpeg",
        "Cache-Control": "public, max-age=60",
        "X-Content-Type-Options": "nosniff",
        "Set-Cookie": None,
        "Vary": None,
    }
    assert response.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_image_of_a_fiche_costs_three_queries(clients, photo, django_assert_num_queries):
    make_dispositif(visuel=photo)
    url = path_of(photo)

    with django_assert_num_queries(3):
        b"".join(clients["public"].get(url))
