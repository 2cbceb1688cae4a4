"""Documents of imported fiches: real files, versions, and what is refused."""

import hashlib
import io
import json
import zipfile

import docx
import odfdo
import pytest
from pypdf import PdfReader

from dispositifs.documents.fabrication import Contenu, fabricate
from dispositifs.models import Document, FichePublique
from dispositifs.publication.projection import verify
from tests.factories import make_dispositif, make_document

from .fichiers import pdf
from .lignes import errors_of, fiche, load, make_world

CONTENU = Contenu(
    "Bilan = *2025* #1",
    "Une ligne\nl’autre.\n\n## Partie\n\n- un\n- deux\n\n1. premier\n2. second",
    [["Indicateur", 2024, 2025], ["Visites", 2512, 12.5], ["=1+1", "", 3]],
)
TEXTE = {"titre": "Convention", "type": "convention", "texte": "Article 1.\n\nArticle 2."}


# --- files made from a text ----------------------------------------------------------------------
def test_a_pdf_is_tagged_and_holds_every_word():
    reader = PdfReader(io.BytesIO(fabricate(CONTENU, "pdf")))

    words = reader.pages[0].extract_text().split()
    assert reader.metadata.title == "Bilan = *2025* #1"
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712  # a pypdf object
    assert " ".join(words) == (
        "Bilan = *2025* #1 Une ligne l’autre. Partie • un • deux 1. premier 2. second"
        " Indicateur 2024 2025 Visites 2512 12,5 =1+1 3 1 / 1"
    )


def test_an_odt_has_headings_lists_and_a_table():
    document = odfdo.Document(io.BytesIO(fabricate(CONTENU, "odt")))

    body = document.body
    assert [row.inner_text for row in body.headers] == ["Bilan = *2025* #1", "Partie"]
    assert [len(row.get_elements("text:list-item")) for row in body.lists] == [2, 2]
    assert body.tables[0].get_values() == [
        ["Indicateur", 2024, 2025],
        ["Visites", 2512, 12.5],
        ["=1+1", "", 3],
    ]
    assert document.meta.title == "Bilan = *2025* #1"


def test_a_docx_has_headings_lists_and_a_table():
    document = docx.Document(io.BytesIO(fabricate(CONTENU, "docx")))

    rows = [(row.style.name, row.text) for row in document.paragraphs]
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows == [
        ("Heading 1", "Bilan = *2025* #1"),
        ("Normal", "Une ligne\nl’autre."),
        ("Heading 2", "Partie"),
        ("List Bullet", "un"),
        ("List Bullet", "deux"),
        ("List Number", "premier"),
        ("List Number", "second"),
    ]
    assert cells == [["Indicateur", "2024", "2025"], ["Visites", "2512", "12,5"], ["=1+1", "", "3"]]


def test_an_xlsx_keeps_numbers_and_holds_no_formula():
    book = zipfile.ZipFile(io.BytesIO(fabricate(CONTENU, "xlsx")))

    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert [name for name in ("<v>2512</v>", "<v>12.5</v>", "<f>") if name in sheet] == [
        "<v>2512</v>",
        "<v>12.5</v>",
    ]
    assert "=1+1" in book.read("xl/sharedStrings.xml").decode()


def test_a_text_ends_with_its_table():
    assert fabricate(Contenu("Titre", "Un.", [["a", "b"], [1, 2.5]]), "txt") == (
        b"Un.\n\na\tb\n1\t2,5\n"
    )


# --- documents of a fiche ------------------------------------------------------------------------
@pytest.fixture
def world(db):
    make_world()


def bytes_of(document):
    with document.file.open("rb") as stream:
        return stream.read()


def rows():
    fields = ("title", "version", "courante", "niveau", "langue")
    return list(Document.objects.order_by("identifiant", "version").values_list(*fields))


@pytest.mark.parametrize(("format", "pages"), [("pdf", 1), ("odt", None), ("txt", None)])
def test_a_document_is_made_and_described(tmp_path, world, format, pages):
    load(tmp_path, fiche(documents=[{**TEXTE, "format": format, "date": "2024-02-01"}]))

    document = Document.objects.get()
    content = bytes_of(document)
    assert (document.identifiant, document.version, document.format, document.pages) == (
        "doc-convention",
        1,
        format,
        pages,
    )
    assert (document.niveau, document.statut, document.langue) == ("public", "valide", "fr")
    assert document.collection.name == "33 Gironde"
    assert (document.file_size, document.sha256, document.file_hash) == (
        len(content),
        hashlib.sha256(content).hexdigest(),
        hashlib.sha1(content).hexdigest(),
    )
    public = FichePublique.objects.documents().get()
    assert json.loads(public.carte)["url"] == f"/documents/doc-convention/convention.{format}"
    assert not verify()


def test_a_text_without_format_is_a_plain_text(tmp_path, world):
    load(tmp_path, fiche(documents=[TEXTE]))

    assert bytes_of(Document.objects.get()) == b"Article 1.\n\nArticle 2.\n"


def test_the_type_says_who_reads_when_the_line_does_not(tmp_path, world):
    load(tmp_path, fiche(documents=[{**TEXTE, "type": "compte-rendu", "niveau": None}]))

    assert Document.objects.get().niveau == "partenaires"
    assert not FichePublique.objects.documents().exists()


def test_the_same_text_is_no_new_version(tmp_path, world):
    documents = [{**TEXTE, "titre": name, "format": name} for name in ("pdf", "docx", "txt")]
    load(tmp_path, fiche(documents=documents))

    bilan = load(tmp_path, fiche(documents=documents))

    assert (bilan.changes, Document.objects.count()) == (0, 3)


@pytest.mark.parametrize("change", [{"texte": "Article 3."}, {"tableau": [["a"]]}])
def test_another_content_is_a_new_version_at_the_same_address(tmp_path, world, change):
    first = {**TEXTE, "format": "pdf", "niveau": "interne"}
    load(tmp_path, fiche(documents=[first]))
    address = Document.objects.get().url

    bilan = load(tmp_path, fiche(documents=[{**first, **change, "niveau": None}]))

    assert (bilan.documents, bilan.documents_modifies) == (0, 1)
    assert rows() == [
        ("Convention", 1, False, "interne", "fr"),
        ("Convention", 2, True, "public", "fr"),
    ]
    assert Document.objects.current().get().url == address


def test_another_content_keeps_what_a_line_does_not_say(tmp_path, world):
    load(tmp_path, fiche(documents=[TEXTE]))
    said = {
        "description": "Signée par trois communes.",
        "licence": "etalab-2.0",
        "version_accessible": "https://exemple.fr/convention",
    }
    Document.objects.update(**said)
    Document.objects.get().tags.add("signée", "avenant")

    load(tmp_path, fiche(documents=[{**TEXTE, "texte": "Article 3."}]))

    assert Document.objects.filter(courante=True, version=2).values(*said).get() == said
    tags = Document.objects.get(version=2).tags.values_list("name", flat=True)
    assert set(tags) == {"signée", "avenant"}


def test_another_description_changes_the_current_version(tmp_path, world):
    document = {**TEXTE, "identifiant": "convention-2024"}
    load(tmp_path, fiche(documents=[document]))

    load(tmp_path, fiche(documents=[{**document, "titre": "Avenant", "langue": "ro"}]))

    assert rows() == [("Avenant", 1, True, "public", "ro")]
    assert json.loads(FichePublique.objects.documents().get().carte)["titre"] == "Avenant"


def test_a_withdrawn_document_stays_withdrawn(tmp_path, world):
    load(tmp_path, fiche(documents=[TEXTE]))
    Document.objects.update(statut="retire")

    load(tmp_path, fiche(documents=[{**TEXTE, "texte": "Autre."}]))

    assert list(Document.objects.values_list("statut", flat=True)) == ["retire", "retire"]


def test_documents_that_are_not_in_the_line_stay(tmp_path, world):
    load(tmp_path, fiche(documents=[TEXTE]))

    load(tmp_path, fiche(documents=[{**TEXTE, "titre": "Avenant"}]))

    assert sorted(row[0] for row in rows()) == ["Avenant", "Convention"]


def test_titles_shared_by_several_fiches_get_their_own_address(tmp_path, world):
    lines = [fiche(name, titre=name, documents=[TEXTE]) for name in ("un", "deux", "trois")]

    load(tmp_path, *lines)

    assert sorted(Document.objects.values_list("identifiant", flat=True)) == [
        "doc-convention",
        "doc-convention-2",
        "doc-convention-3",
    ]


def test_two_documents_of_one_title_are_taken_in_their_order(tmp_path, world):
    documents = [TEXTE, {**TEXTE, "texte": "Autre."}]
    load(tmp_path, fiche(documents=documents))

    again = load(tmp_path, fiche(documents=documents))
    load(tmp_path, fiche(documents=[TEXTE, {**TEXTE, "texte": "Encore."}]))

    versions = Document.objects.order_by("identifiant", "version")
    assert again.changes == 0
    assert list(versions.values_list("identifiant", "version")) == [
        ("doc-convention", 1),
        ("doc-convention-2", 1),
        ("doc-convention-2", 2),
    ]


# --- files beside the lines ----------------------------------------------------------------------
FICHIER = {"titre": "Convention", "type": "convention", "fichier": "pieces/Mme Dupont.pdf"}


@pytest.fixture
def pieces(tmp_path):
    folder = tmp_path / "pieces"
    folder.mkdir()
    (folder / "Mme Dupont.pdf").write_bytes(pdf(pages=3))
    return folder


def test_a_file_is_kept_without_the_name_of_its_author(tmp_path, world, pieces):
    load(tmp_path, fiche(documents=[FICHIER]))

    document = Document.objects.get()
    assert (document.pages, document.file.name) == (3, "documents/convention.pdf")
    assert bytes_of(document) == (pieces / "Mme Dupont.pdf").read_bytes()


def test_the_same_file_is_no_new_version_and_another_is(tmp_path, world, pieces):
    load(tmp_path, fiche(documents=[FICHIER]))
    again = load(tmp_path, fiche(documents=[FICHIER]))
    (pieces / "Mme Dupont.pdf").write_bytes(pdf(pages=2))

    load(tmp_path, fiche(documents=[FICHIER]))

    assert again.changes == 0
    assert list(Document.objects.order_by("version").values_list("version", "pages")) == [
        (1, 3),
        (2, 2),
    ]


@pytest.mark.parametrize(
    "name", ["absent.pdf", "../secret.txt", "/etc/hostname", "pieces", "pieces/../../secret.txt"]
)
def test_a_line_reaches_no_file_outside_its_folder(tmp_path, world, pieces, name):
    (tmp_path.parent / "secret.txt").write_text("secret")

    assert errors_of(tmp_path, fiche(documents=[{**FICHIER, "fichier": name}])) == [
        "ligne 1, champ documents[0].fichier :"
        " ce fichier manque, ou n’est pas dans le dossier importé."
    ]


def test_a_file_that_is_not_what_it_claims_is_refused(tmp_path, world, pieces):
    (pieces / "page.pdf").write_text("<html>")

    errors = errors_of(tmp_path, fiche(documents=[{**FICHIER, "fichier": "pieces/page.pdf"}]))

    assert errors == [
        "ligne 1, champ documents[0].fichier : Le contenu de ce fichier n’est pas celui que son"
        " nom annonce (PDF). Ouvrez-le dans le logiciel qui l’a produit et enregistrez-le dans un"
        " format accepté."
    ]
    assert not Document.objects.exists()


def test_an_existing_document_needs_no_content(tmp_path, world):
    page = make_dispositif("MOUS", identifiant="mous-bordeaux")
    make_document(page, identifiant="ancienne", titre="Ancienne")

    load(tmp_path, fiche(documents=[{"titre": "Neuve", "type": None, "identifiant": "ancienne"}]))

    document = Document.objects.get()
    assert (document.title, document.type, document.version) == ("Neuve", None, 1)
