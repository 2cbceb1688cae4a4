"""What the limited process reads of each kind of file, honest or not."""

import io
import os
import shutil
import subprocess
import zipfile

import docx
import pytest
import xlsxwriter
from docx.enum.text import WD_BREAK
from PIL import Image
from pypdf import PdfReader, PdfWriter

from dispositifs.documents.lecture import appel
from dispositifs.documents.lecture.appel import Fichier, read_files
from dispositifs.documents.lecture.contenu import MAX_PAGES, MAX_TEXT, clean, of_text

from .fichiers import ODF_KINDS, archive, image, pdf
from .lecture import (
    ARTICLE,
    bomb_pdf,
    drawn,
    ligatures_pdf,
    made,
    nested_pdf,
    raw_pdf,
    scanned_pdf,
    slow_pdf,
    ten_pages,
)

SLIDES = """<?xml version="1.0" encoding="UTF-8"?>
<office:document
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.presentation">
<office:body><office:presentation>
 <draw:page draw:name="un"><draw:frame svg:width="20cm" svg:height="3cm"><draw:text-box>
  <text:p>Première diapositive</text:p></draw:text-box></draw:frame>
  <presentation:notes><draw:frame svg:width="9cm" svg:height="5cm"><draw:text-box>
   <text:p>À dire</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>
 <draw:page draw:name="deux"><draw:frame svg:width="20cm" svg:height="3cm"><draw:text-box>
  <text:p>Seconde diapositive</text:p></draw:text-box></draw:frame></draw:page>
</office:presentation></office:body></office:document>"""


@pytest.fixture
def read(tmp_path):
    """What is read of these files, given as `name=content` or (name, content)."""

    def read(*files, **options):
        given = []
        for rank, (name, content) in enumerate(files):
            path = tmp_path / f"{rank}-{name}"
            path.write_bytes(content)
            given.append(Fichier(str(path), name.rpartition(".")[2]))
        return list(read_files(given, **options))

    return read


def one(read, name, content):
    (contenu,) = read((name, content))
    return contenu


def size(vignette):
    with Image.open(io.BytesIO(vignette)) as opened:
        return opened.format, opened.size


# --- PDF -----------------------------------------------------------------------------------------
def test_tagged_pdf_is_read_page_by_page(read):
    contenu = one(read, "a.pdf", ten_pages())

    assert (len(contenu.pages), contenu.nombre, contenu.balise) == (10, 10, True)
    assert contenu.metadonnees == {"titre": "Bilan 0"}
    assert contenu.pages[0].startswith("Bilan 0\nDossier 0. Les parties s’engagent à héberger")
    assert contenu.pages[9].endswith("10 / 10")
    assert size(contenu.vignette) == ("WEBP", (240, 340))


def test_pdf_without_structure_language_or_title_is_not_tagged(read):
    bare = raw_pdf(drawn("Compte rendu de l’été", "à Évry"))
    writer = PdfWriter(PdfReader(io.BytesIO(made("pdf"))))
    writer.metadata = {"/Author": "A. Martin"}
    untitled = io.BytesIO()
    writer.write(untitled)

    first, second = read(("a.pdf", bare), ("b.pdf", untitled.getvalue()))

    assert (first.pages, first.balise) == (["Compte rendu de l’été\nà Évry"], False)
    assert (second.balise, second.metadonnees) == (False, {"auteur": "A. Martin"})


def test_words_cut_at_the_end_of_a_line_are_made_whole(read):
    contenu = one(read, "a.pdf", raw_pdf(drawn("Le loge-", "ment social")))

    assert contenu.pages == ["Le logement social"]


def test_ligatures_are_letters_and_right_to_left_is_in_reading_order(read):
    signs, arabic = read(
        ("a.pdf", ligatures_pdf()),
        ("b.pdf", made("pdf", "مرحبا بكم في مدينة بوردو", langue="ar")),
    )

    assert signs.pages == ["finا\ne"]
    assert "مرحبا بكم في مدينة بوردو" in arabic.pages[0]


def test_scan_has_pages_and_an_image_but_no_text(read):
    contenu = one(read, "a.pdf", scanned_pdf(3))

    assert (contenu.pages, contenu.nombre) == (["", "", ""], 3)
    assert size(contenu.vignette) == ("WEBP", (240, 320))


@pytest.mark.parametrize(
    "content",
    [b"", pdf(4)[:200], b"%PDF-1.7\n" + b"\0\xff" * 5000 + b"\n%%EOF", pdf(2, password="secret")],
    ids=["vide", "tronqué", "abîmé", "chiffré"],
)
def test_what_is_no_readable_pdf_gives_nothing(read, content):
    assert read(("a.pdf", content), ("b.txt", b"suite"))[0] is None


def test_three_thousand_pages_are_read(read):
    contenu = one(read, "a.pdf", raw_pdf(drawn("Annexe"), 3000))

    assert (contenu.nombre, contenu.pages == ["Annexe"] * 3000, contenu.tronque) == (
        3000,
        True,
        False,
    )


def test_more_pages_than_the_cap_are_cut_and_it_is_said(read):
    contenu = one(read, "a.pdf", raw_pdf(drawn("Annexe"), MAX_PAGES + 2))

    assert (contenu.nombre, len(contenu.pages), contenu.tronque) == (
        MAX_PAGES + 2,
        MAX_PAGES,
        True,
    )


# --- what kills the process ----------------------------------------------------------------------
def test_bomb_costs_the_other_files_nothing(read):
    first, bomb, last = read(("a.txt", b"avant"), ("b.pdf", bomb_pdf()), ("c.txt", b"apres"))

    assert (first.pages, last.pages) == (["avant"], ["apres"])
    assert bomb is None or bomb.pages == [""]


def test_pdf_that_kills_pdfium_is_read_by_the_slower_library(read):
    (contenu,) = read(("a.pdf", nested_pdf()))
    abandoned, after = read(("b.pdf", nested_pdf()), ("c.txt", b"suite"), retry=False)

    assert contenu.pages[0].startswith("Un texte au fond")
    assert contenu.vignette == b""
    assert (abandoned, after.pages) == (None, ["suite"])


def test_file_that_takes_too_long_is_left_and_the_next_is_read(read):
    slow, after = read(("a.pdf", slow_pdf()), ("b.txt", b"suite"), delay=2, retry=False)

    assert (slow, after.pages) == (None, ["suite"])


def test_processor_is_limited_file_by_file(read, monkeypatch):
    monkeypatch.setattr(appel, "PROCESSOR", 1)

    slow, after = read(("a.pdf", slow_pdf()), ("b.txt", b"suite"), retry=False)

    assert (slow, after.pages) == (None, ["suite"])


# --- office files --------------------------------------------------------------------------------
def test_docx_is_read_with_its_tables_notes_and_page_breaks(read):
    document = docx.Document()
    document.core_properties.author = "Jeanne Martin"
    document.core_properties.title = "Compte rendu"
    document.sections[0].header.paragraphs[0].text = "Préfecture"
    document.add_paragraph("Première page")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Ménages", "12"
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("Seconde page")
    stream = io.BytesIO()
    document.save(stream)

    contenu = one(read, "a.docx", stream.getvalue())

    assert contenu.pages == ["Première page\nMénages\t12", "Seconde page\nPréfecture"]
    assert contenu.metadonnees["auteur"] == "Jeanne Martin"
    assert contenu.metadonnees["titre"] == "Compte rendu"
    assert (contenu.nombre, contenu.balise, contenu.vignette) == (None, None, b"")


def test_odt_is_read_with_its_tables(read):
    content = made("odt", "Un.\nDeux.", tableau=[["Mois", "Ménages"], ["Mars", 12]])

    contenu = one(read, "a.odt", content)

    assert contenu.pages == ["Convention\nUn.\nDeux.\nMois\tMénages\nMars\t12"]
    assert contenu.metadonnees["titre"] == "Convention"


def test_xlsx_shows_dates_and_telephones_as_its_reader_sees_them(read):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Ménages")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        telephone = book.add_format({"num_format": '0#" "##" "##" "##" "##'})
        sheet.write_row(0, 0, ["Né le", "Téléphone", "Part"])
        sheet.write_number(1, 0, 29_254, day)
        sheet.write_number(1, 1, 612345678, telephone)
        sheet.write_number(1, 2, 0.25)
        book.add_worksheet("Vide")

    contenu = one(read, "a.xlsx", stream.getvalue())

    assert contenu.pages == [
        "Ménages\nNé le\tTéléphone\tPart\n03/02/1980\t0612345678\t0.25",
        "Vide",
    ]


def test_repeated_rows_of_a_sheet_are_written_once(read):
    content = archive(
        {
            "mimetype": ODF_KINDS["ods"],
            "content.xml": '<o xmlns:t="urn:t" xmlns:x="urn:x"><t:table t:name="Suivi">'
            '<t:table-row t:number-rows-repeated="1000000">'
            '<t:table-cell t:number-columns-repeated="1000"><x:p>a</x:p></t:table-cell>'
            "</t:table-row></t:table></o>",
        }
    )

    assert one(read, "a.ods", content).pages == ["Suivi\na"]


def test_entities_and_broken_archives_give_nothing(read):
    entity = '<!DOCTYPE d [<!ENTITY a "aaaa">]><d>&a;</d>'
    files = [
        ("a.odt", archive({"mimetype": ODF_KINDS["odt"], "content.xml": entity})),
        ("b.docx", b"PK\3\4 rien"),
        ("c.xlsx", archive({"autre.xml": "<a/>"})),
        ("d.pptx", archive({"ppt/presentation.xml": "<p>"})),
    ]

    assert read(*files) == [None, None, None, None]


def test_text_beyond_the_cap_is_cut_and_it_is_said(read):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made_file:
        made_file.writestr("content.xml", f"<d xmlns:x='urn:x'><x:p>{'mot ' * MAX_TEXT}</x:p></d>")

    contenu = one(read, "a.odt", stream.getvalue())

    assert [len(page) for page in contenu.pages] == [MAX_TEXT - 1]  # its last space is left out
    assert contenu.tronque is True


# --- written by LibreOffice ----------------------------------------------------------------------
@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Converts a file by LibreOffice itself."""
    if not (soffice := shutil.which("soffice")):
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("LibreOffice manque : apt-get install libreoffice")
    folder = tmp_path_factory.mktemp("office")

    def convert(name, content, target, option=""):
        (folder / name).write_bytes(content)
        command = [soffice, "--headless", f"-env:UserInstallation=file://{folder}/profil"]
        command += ["--convert-to", target + option, "--outdir", str(folder), str(folder / name)]
        subprocess.run(command, check=True, capture_output=True, env={"HOME": str(folder), "PATH": "/usr/bin:/bin"})  # fmt: skip
        return (folder / name).with_suffix(f".{target}").read_bytes()

    return convert


def test_texts_of_libreoffice(read, office):
    source = made("odt", "Un paragraphe.\n\n" * 60, titre="Bilan")
    tagged = ':writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'

    word, document = read(
        ("a.docx", office("bilan.odt", source, "docx")),
        ("b.pdf", office("bilan.odt", source, "pdf", tagged)),
    )

    assert word.pages[0].split("\n")[:2] == ["Bilan", "Un paragraphe."]
    assert sum(page.count("Un paragraphe.") for page in word.pages) == 60
    assert (document.nombre, document.balise) == (2, True)
    assert sum(page.count("Un paragraphe.") for page in document.pages) == 60


def test_slides_of_libreoffice(read, office):
    files = [
        (f"a.{kind}", office("diapos.fodp", SLIDES.encode(), kind)) for kind in ("odp", "pptx")
    ]

    slides = [contenu.pages for contenu in read(*files)]

    assert slides == [["Première diapositive\nÀ dire", "Seconde diapositive"]] * 2


def test_sheets_of_libreoffice(read, office):
    source = made("xlsx", "Lire d’abord.", tableau=[["Mois", "Ménages"], ["Mars", 12]])

    (contenu,) = read(("a.ods", office("suivi.xlsx", source, "ods")))

    assert contenu.pages == [
        "Tableau\nMois\tMénages\nMars\t12",
        "Lisez-moi\nConvention\nLire d’abord.",
    ]


# --- texts and images ----------------------------------------------------------------------------
def test_plain_texts_in_either_alphabet(read):
    contents = read(
        ("a.txt", "\ufeffÉté\r\ncœur".encode()),
        ("b.csv", "Été;1 €".encode("cp1252")),
        ("c.txt", b"une\fdeux"),
    )

    assert [contenu.pages for contenu in contents] == [["Été\ncœur"], ["Été;1 €"], ["une", "deux"]]


def test_images_give_a_small_image_without_their_metadata(read):
    photo = Image.new("RGB", (800, 400), "teal")
    turned = photo.getexif()
    turned[0x0112], turned[0x010E] = 6, "Chez M. Untel"
    stream = io.BytesIO()
    photo.save(stream, "JPEG", exif=turned)

    jpeg, png = read(("a.jpg", stream.getvalue()), ("b.png", image("png")))

    assert (jpeg.pages, size(jpeg.vignette)) == ([], ("WEBP", (180, 360)))
    assert b"Untel" not in jpeg.vignette
    assert size(png.vignette) == ("WEBP", (40, 30))


def test_what_a_database_refuses_is_taken_away():
    cleaned = clean("a\0b\x07\ud800c\u202e e\u0301te\u0301 \ufb01n \n\n\n\n fin\x85")

    assert cleaned == "abc été fin\n\n fin"
    assert of_text(b"\0").pages == [""]


def test_nothing_is_started_for_nothing():
    assert list(read_files([])) == []


def test_process_sees_no_secret_and_writes_nothing(read, monkeypatch):
    """Its environment is empty, and a limit keeps it from any file."""
    monkeypatch.setenv("SECRET_KEY", "secret")
    started = []
    run = subprocess.Popen
    monkeypatch.setattr(
        subprocess, "Popen", lambda *a, **k: started.append(k["env"]) or run(*a, **k)
    )

    assert one(read, "a.txt", ARTICLE.encode()).pages == [ARTICLE]
    assert started == [{}]
