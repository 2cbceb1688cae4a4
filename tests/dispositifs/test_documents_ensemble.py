"""Documents together: the ZIP of a dispositif, the library of a département, the first page."""

import io
import zipfile

import pytest
from django.core.files.base import ContentFile
from wagtail.models import PageViewRestriction

from dispositifs.documents.telechargement import zip_of
from dispositifs.models import Document
from tests.dispositifs.fichiers import image, pdf
from tests.factories import (
    make_dispositif,
    make_document,
    make_mandat,
    make_structure,
    make_tree,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


@pytest.fixture
def page(db):
    make_tree("33", "13")
    page = make_dispositif("MOUS de Bordeaux")
    make_document(page, titre="Convention", contenu=b"ouvert", nom="a.txt", licence="etalab-2.0")
    make_document(page, titre="Convention", contenu=b"aussi", nom="b.txt", langue="ro")
    make_document(page, titre="Bilan", contenu=b"partage", nom="c.txt", niveau="partenaires")
    make_document(page, titre="=1+1", contenu=b"garde", nom="d.txt", niveau="interne", date=None)
    return page


def archive(response):
    return zipfile.ZipFile(io.BytesIO(b"".join(response)))


def address(page):
    return f"/dispositifs/33-gironde/{page.slug}/documents.zip"


def contents(response):
    """{name: content} but the list."""
    with archive(response) as found:
        return {name: found.read(name) for name in found.namelist() if name != "manifeste.csv"}


def test_archive_holds_what_each_reader_may_have(page, client):
    structure = make_structure("Partenaire du dispositif")
    make_mandat(page, structure, "partenaire")
    public = {"convention.txt": b"ouvert", "convention-2.txt": b"aussi"}
    found = {"public": contents(client.get(address(page)))}

    for nom, user in {
        "partenaire": make_user("partenaire", structure=structure),
        "chez soi": make_user("correspondant", "33"),
        "ailleurs": make_user("correspondant", "13"),
    }.items():
        client.force_login(user)
        found[nom] = contents(client.get(address(page)))

    assert found == {
        "public": public,
        "partenaire": public | {"bilan.txt": b"partage"},
        "chez soi": public | {"bilan.txt": b"partage", "1-1.txt": b"garde"},
        "ailleurs": public | {"bilan.txt": b"partage"},
    }


def test_list_describes_each_file_and_no_cell_acts(page, client):
    client.force_login(make_user("correspondant", "33"))

    response = client.get(address(page))

    with archive(response) as found:
        lines = found.read("manifeste.csv").decode("utf-8-sig").splitlines()
    prints = dict(Document.objects.values_list("file", "sha256"))
    shas = {name.rpartition("/")[2][0]: sha for name, sha in prints.items()}
    assert lines == [
        "Fichier;Titre;Type;Date;Langue;Licence;Qui peut le lire;SHA-256",
        f"bilan.txt;Bilan;Convention;03/03/2025;français;;Partenaires;{shas['c']}",
        f"convention.txt;Convention;Convention;03/03/2025;français;Licence Ouverte 2.0;Public;{shas['a']}",
        f"convention-2.txt;Convention;Convention;03/03/2025;roumain;;Public;{shas['b']}",
        f"1-1.txt;'=1+1;Convention;;français;;Interne;{shas['d']}",
    ]


def test_archive_is_given_to_one_reader_alone(page, client):
    response = client.get(address(page))

    contents(response)
    assert {name: response.headers[name] for name in ("Content-Type", "Cache-Control", "Vary")} == {
        "Content-Type": "application/zip",
        "Cache-Control": "private, no-store",
        "Vary": "Cookie",
    }
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="mous-de-bordeaux-documents.zip"'
    )


def test_lost_file_is_left_out_of_the_archive_and_of_its_list(page, client):
    lost = Document.objects.get(file__contains="a.txt")
    lost.file.storage.delete(lost.file.name)

    response = client.get(address(page))

    with archive(response) as found:
        assert found.namelist() == ["convention.txt", "manifeste.csv"]
        assert found.read("convention.txt") == b"aussi"


def test_archive_never_holds_a_whole_file_in_memory(page):
    big = make_document(page, titre="Plan", contenu=bytes(3 << 20), nom="plan.txt")

    largest = max(len(block) for block in zip_of([big]))

    assert largest < 200_000


def test_library_groups_by_dispositif_and_hides_what_is_reserved(page, client):
    make_document(make_dispositif("ETI de Mérignac"), titre="Plan de masse", nom="plan.pdf")
    found = {"public": titles(client)}

    for nom, code in (("chez soi", "33"), ("ailleurs", "13")):
        client.force_login(make_user("correspondant", code))
        found[nom] = titles(client)

    public = [("ETI de Mérignac", 1), ("MOUS de Bordeaux", 2)]
    assert found == {
        "public": public,
        "chez soi": [("ETI de Mérignac", 1), ("MOUS de Bordeaux", 4)],
        "ailleurs": [("ETI de Mérignac", 1), ("MOUS de Bordeaux", 3)],
    }


@pytest.mark.parametrize("closed", ["restricted", "draft"])
def test_library_gives_public_documents_of_a_page_that_is_not_to_those_entitled(
    page, client, closed
):
    if closed == "restricted":
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    else:
        page.unpublish()
    found = {"public": titles(client)}

    for nom, code in (("ailleurs", "13"), ("chez soi", "33")):
        client.force_login(make_user("correspondant", code))
        found[nom] = titles(client)

    here = [("MOUS de Bordeaux", 4)]
    unnamed = [("Fiches qui ne sont pas publiques", 3)]
    elsewhere = unnamed if closed == "restricted" else []
    assert found == {"public": [], "ailleurs": elsewhere, "chez soi": here}
    answer = client.get("/documents/33-gironde/")
    assert answer.context["types"] == []
    # The page itself would be a 404.
    assert f'href="{page.url}"' not in answer.content.decode()
    assert answer.content.decode().count("Sa fiche n’est pas publique") == 2


def titles(client):
    groups = client.get("/documents/33-gironde/").context["groupes"]
    return [(group["titre"], len(group["documents"])) for group in groups]


def test_library_begins_with_what_the_departement_pilots(page, client):
    everywhere = make_dispositif("AIOS de Marseille", "13", france_entiere=True)
    make_document(everywhere, titre="Guide de partout", nom="guide.pdf")

    assert titles(client) == [("MOUS de Bordeaux", 2), ("AIOS de Marseille", 1)]


def test_library_of_a_departement_without_document_says_where_to_look(page, client):
    response = client.get("/documents/13-bouches-du-rhone/")

    assert "Aucun document n’est encore publié" in response.content.decode()


def test_library_has_one_address(page, client):
    response = client.get("/documents/33-autre/")

    assert (response.status_code, response["Location"]) == (301, "/documents/33-gironde/")


@pytest.mark.parametrize("user", [None, "correspondant"])
def test_library_asks_as_many_queries_for_one_document_as_for_many(
    page, client, django_assert_max_num_queries, user
):
    if user:
        client.force_login(make_user("correspondant", "33"))
    for rank in range(8):
        make_document(page, titre=f"Note {rank}", niveau="interne" if rank % 2 else "public")

    with django_assert_max_num_queries(6 if user is None else 14):
        client.get("/documents/33-gironde/")


def test_first_page_is_shown_to_readers_of_the_file_alone(page, client):
    shown = make_document(
        page, titre="Plan", contenu=pdf(), nom="p.pdf", vignette=ContentFile(image("png"), "v.png")
    )
    hidden = make_document(
        page, titre="Note", niveau="interne", vignette=ContentFile(image("png"), "w.png")
    )

    response = client.get(f"/documents/{shown.identifiant}/vignette")

    assert (b"".join(response), response["Content-Type"]) == (image("png"), "image/png")
    assert client.get(f"/documents/{hidden.identifiant}/vignette").status_code == 404
    assert client.get("/documents/doc-convention/vignette").status_code == 404
