"""Who may keep an answer, and until what changes it; 304 comes before the page is made."""

import gzip

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annuaire import empreinte, revalidation
from dispositifs.models import AccueilPage, ContenuPage, DepartementPage, Thematique
from search import indexing
from tests.factories import (
    make_bonne_pratique,
    make_dispositif,
    make_document,
    make_mandat,
    make_structure,
    make_user,
)

pytestmark = pytest.mark.django_db

FICHE = "/dispositifs/33-gironde/mous-de-bordeaux/"
PAGES = (
    "/",
    "/dispositifs/",
    "/dispositifs/?q=eau",
    "/bonnes-pratiques/",
    "/documents/",
    "/dispositifs/33-gironde/",
    "/territoires/75/",
    FICHE,
    "/plan-du-site/",
    "/aide/",
    "/contact/",
    "/robots.txt",
    "/sitemap.xml",
    "/api/v1/docs",
)
GZIP = {"accept-encoding": "gzip"}
SHARED = "public, max-age=0, must-revalidate"
UNSHARED = "private, no-store"


@pytest.fixture
def fiche():
    page = make_dispositif()
    indexing.rebuild()
    return page


@pytest.mark.parametrize("path", PAGES)
def test_an_anonymous_reader_has_a_page_once(client, fiche, path):
    first = client.get(path)

    second = client.get(path, headers={"if-none-match": first["ETag"]})

    assert (first.status_code, first["Cache-Control"]) == (200, SHARED)
    assert {"Accept-Encoding", "Cookie"} <= set(first["Vary"].split(", "))
    assert "Set-Cookie" not in first.headers
    assert not first.cookies
    assert (second.status_code, second.content) == (304, b"")
    kept = ("ETag", "Cache-Control")
    assert [second[name] for name in kept] == [first[name] for name in kept]
    assert set(second["Vary"].split(", ")) == {"Accept-Encoding", "Cookie"}


def test_a_304_is_one_question_to_the_database(client, fiche):
    etag = client.get(FICHE)["ETag"]

    with CaptureQueriesContext(connection) as queries:
        response = client.get(FICHE, headers={"if-none-match": etag})

    assert (response.status_code, len(queries)) == (304, 1)


def test_a_compressed_page_keeps_its_validator(client, fiche):
    plain = client.get(FICHE)

    packed = client.get(FICHE, headers=GZIP)

    assert packed["Content-Encoding"] == "gzip"
    assert packed["ETag"] == plain["ETag"]


def test_a_compressed_page_is_made_once_until_something_changes(client, fiche):
    plain = client.get(FICHE)
    first = client.get(FICHE, headers=GZIP)

    with CaptureQueriesContext(connection) as queries:
        second = client.get(FICHE, headers=GZIP)
        asked = len(queries)
    publish_fiche()
    third = client.get(FICHE, headers=GZIP)

    assert asked == 1
    assert (second.content, dict(second.items())) == (first.content, dict(first.items()))
    assert plain.content == gzip.decompress(second.content)
    assert third["ETag"] != first["ETag"]


def test_a_page_that_is_kept_is_not_for_who_has_a_cookie(client, fiche):
    client.get("/", headers=GZIP)
    client.cookies["messages"] = "what was just done"

    with CaptureQueriesContext(connection) as queries:
        client.get("/", headers=GZIP)
        asked = len(queries)

    assert asked > 1


# --- what makes it anew ----------------------------------------------------------------------------
def publish_fiche():
    make_dispositif("Autre")


def publish_document():
    make_document(None, "Guide")


def publish_bonne_pratique():
    make_bonne_pratique()


def edit(model, **fields):
    page = model.objects.get()
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


def edit_accueil():
    edit(AccueilPage, introduction="Bonjour.")


def edit_departement():
    edit(DepartementPage, presentation="Notre département.")


def add_contenu():
    page = ContenuPage(title="Aide", slug="aide", live=False)
    AccueilPage.objects.get().add_child(instance=page)
    page.save_revision().publish()


def add_word():
    Thematique.objects.create(slug="eau", name="Eau")


def unpublish_contenu():
    ContenuPage.objects.get().unpublish()


@pytest.mark.parametrize(
    "change",
    [
        publish_fiche,
        publish_document,
        publish_bonne_pratique,
        edit_accueil,
        edit_departement,
        add_contenu,
        add_word,
    ],
)
def test_what_readers_read_changes_the_validator(
    client, fiche, change, django_capture_on_commit_callbacks
):
    before = client.get("/")["ETag"]

    with django_capture_on_commit_callbacks(execute=True):
        change()
    response = client.get("/", headers={"if-none-match": before})

    assert response.status_code == 200
    assert response["ETag"] != before
    assert client.get("/", headers={"if-none-match": response["ETag"]}).status_code == 304


def test_a_page_of_text_withdrawn_changes_it(client, fiche):
    add_contenu()
    before = client.get("/aide/")["ETag"]

    unpublish_contenu()

    assert client.get("/aide/", headers={"if-none-match": before}).status_code == 200


def test_a_day_or_a_release_changes_it(client, fiche, monkeypatch):
    before = client.get("/")["ETag"]
    tomorrow = timezone.localdate() + timezone.timedelta(days=1)
    monkeypatch.setattr(revalidation.timezone, "localdate", lambda: tomorrow)
    next_day = client.get("/", headers={"if-none-match": before})
    monkeypatch.setattr(revalidation, "code_fingerprint", lambda: "autre")

    release = client.get("/", headers={"if-none-match": next_day["ETag"]})

    assert (next_day.status_code, release.status_code) == (200, 200)
    assert len({before, next_day["ETag"], release["ETag"]}) == 3


def test_the_index_catching_up_changes_it(client, fiche):
    make_dispositif("Publié sans que l’index le sache")
    before = client.get("/dispositifs/")["ETag"]

    indexing.catch_up()

    assert client.get("/dispositifs/", headers={"if-none-match": before}).status_code == 200


def test_results_given_without_the_engine_are_not_kept(client):
    make_dispositif()

    response = client.get("/dispositifs/")

    assert response["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_the_fingerprint_is_that_of_the_code(settings):
    empreinte.code_fingerprint.cache_clear()
    before = empreinte.code_fingerprint()
    empreinte.code_fingerprint.cache_clear()
    again = empreinte.code_fingerprint()
    settings.MARQUE_ETAT = True
    empreinte.code_fingerprint.cache_clear()

    after = empreinte.code_fingerprint()

    empreinte.code_fingerprint.cache_clear()
    assert before == again != after


# --- signed-in readers -----------------------------------------------------------------------------
@pytest.fixture
def operateur(fiche):
    structure = make_structure()
    make_mandat(fiche, structure)
    make_document(fiche, "Réservé aux partenaires", niveau="partenaires")
    reader = Client()
    reader.force_login(make_user("operateur", structure=structure))
    return reader


def test_a_signed_in_reader_never_has_the_public_version(client, operateur):
    public = client.get(FICHE)

    response = operateur.get(FICHE, headers={"if-none-match": public["ETag"]})

    assert (response.status_code, response["Cache-Control"]) == (200, UNSHARED)
    assert "ETag" not in response.headers
    assert "Réservé aux partenaires" in response.content.decode()
    assert "Réservé aux partenaires" not in public.content.decode()


def test_a_cookie_of_session_that_is_nobody_has_no_public_version(client, fiche):
    client.cookies["sessionid"] = "perdu"

    response = client.get(FICHE, headers={"if-none-match": revalidation.current_etag()})

    assert (response.status_code, response["Cache-Control"]) == (200, UNSHARED)


@pytest.mark.parametrize("path", ["/", FICHE, "/dispositifs/", "/espace/", "/plan-du-site/"])
def test_what_a_signed_in_reader_has_is_kept_by_nobody(operateur, path):
    response = operateur.get(path)

    assert (response.status_code, response["Cache-Control"]) == (200, UNSHARED)


@pytest.mark.parametrize("path", ["/connexion/", "/connexion/code/"])
def test_a_page_that_sets_a_cookie_is_kept_by_nobody(client, path):
    response = client.get(path)

    assert response.cookies
    assert "no-store" in response["Cache-Control"]
    assert "ETag" not in response.headers


# --- others ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "path", ["/nulle-part/", "/dispositifs/33-gironde/absente/", "/territoires/98/"]
)
def test_an_absent_page_is_not_kept(client, fiche, path):
    response = client.get(path)

    assert (response.status_code, response["Cache-Control"]) == (404, UNSHARED)
    assert "ETag" not in response.headers


def test_a_post_has_no_validator(client, fiche):
    response = client.post(
        "/", {"q": "eau"}, headers={"if-none-match": revalidation.current_etag()}
    )

    assert "ETag" not in response.headers
    assert response["Cache-Control"] == UNSHARED


def test_a_permanent_address_may_be_kept(client, fiche):
    response = client.get("/dispositifs/33/")

    assert response.status_code == 301
    assert "Cache-Control" not in response.headers


@pytest.mark.parametrize(
    "path", ["/api/v1/dispositifs/", "/api/v1/dispositifs/{fiche}", "{document}"]
)
def test_the_api_and_the_files_keep_their_own_validators(client, fiche, path):
    document = make_document(fiche)
    address = path.format(fiche=fiche.identifiant, document=document.url)
    response = client.get(address)
    b"".join(response)  # read to its end: closing it by hand would close the connection of the test

    again = client.get(address, headers={"if-none-match": response["ETag"]})

    assert (response.status_code, again.status_code) == (200, 304)
    assert not response["ETag"].startswith('W/"p-')


def test_the_home_page_shows_a_new_word_at_once(client, fiche):
    cache.clear()
    client.get("/")

    Thematique.objects.create(slug="eau", name="Eau potable")

    assert "Eau potable" in client.get("/").content.decode()
