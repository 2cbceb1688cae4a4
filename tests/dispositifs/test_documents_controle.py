"""Every odd file and the sentence that refuses it; every honest one passes."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from dispositifs.documents.controle import check_file
from tests.dispositifs.fichiers import (
    OLE,
    archive,
    docx_file,
    encrypted_entries,
    encrypted_office,
    flooding_png,
    image,
    lying_size,
    odf,
    pdf,
    pptx_file,
    with_entries,
    xlsx_file,
)

HONEST = {
    "convention.pdf": pdf,
    "Convention SIGNÉE.PDF": pdf,
    "bilan.docx": docx_file,
    "suivi.xlsx": xlsx_file,
    "comite.pptx": pptx_file,
    "bilan.odt": lambda: odf("odt"),
    "suivi.ods": lambda: odf("ods"),
    "comite.odp": lambda: odf("odp"),
    "terrain.jpg": lambda: image("jpg"),
    "terrain.jpeg": lambda: image("jpg"),
    "plan.png": lambda: image("png"),
    "note.txt": lambda: "Réunion du 3 mars : balise <html> citée, BM et MZ.".encode(),
    "BOM.txt": lambda: b"\xef\xbb\xbfR\xc3\xa9union",
    "windows.csv": lambda: "Ménages;Été\n12;3\n".encode("cp1252"),
}

EMPTY = "Ce fichier est vide. Vérifiez qu’il s’ouvre sur votre poste, puis déposez-le de nouveau."
TOO_LARGE = "Ce fichier dépasse 20 Mo. Réduisez la taille des images ou partagez la pièce en plusieurs fichiers, puis déposez-la de nouveau."
LEGACY = "Cet ancien format bureautique peut cacher des macros. Ouvrez le fichier et enregistrez-le au format « .{} » ou en PDF, puis déposez-le de nouveau."
MACROS = "Ce fichier contient des macros. Enregistrez-le sans macros, au format « .{} » ou en PDF, puis déposez-le de nouveau."
FORMAT = "Le format « .{} » n’est pas accepté. Enregistrez la pièce en PDF, ODT, ODS, ODP, DOCX, XLSX, PPTX, TXT, CSV, JPEG ou PNG, puis déposez-la de nouveau."
NO_FORMAT = "Un fichier sans extension n’est pas accepté. Enregistrez la pièce en PDF, ODT, ODS, ODP, DOCX, XLSX, PPTX, TXT, CSV, JPEG ou PNG, puis déposez-la de nouveau."
OTHER = "Le contenu de ce fichier n’est pas celui que son nom annonce ({}). Ouvrez-le dans le logiciel qui l’a produit et enregistrez-le dans un format accepté."
TWO = "Ce fichier ({}) en cache un autre. Ouvrez-le et enregistrez-le sous un nouveau nom, puis déposez cette copie."
DAMAGED = "Ce fichier ({}) est incomplet ou abîmé. Vérifiez qu’il s’ouvre sur votre poste, enregistrez-le de nouveau, puis déposez-le."
PROTECTED = "Ce fichier ({}) est chiffré ou protégé par un mot de passe. Enregistrez-le sans protection, puis déposez-le de nouveau."
BOMB = "Ce fichier deviendrait démesuré une fois ouvert. Enregistrez-le de nouveau depuis votre logiciel, ou en PDF, puis déposez-le."
PATHS = "L’intérieur de ce fichier n’est pas celui d’un document bureautique. Ouvrez-le dans votre logiciel et enregistrez-le sous un nouveau nom, puis déposez cette copie."
TEXT = "Ce fichier ({}) n’est pas du texte lisible. Enregistrez-le en choisissant l’encodage UTF-8, puis déposez-le de nouveau."
PIXELS = "Cette image est trop grande (plus de 80 millions de pixels). Réduisez ses dimensions, puis déposez-la de nouveau."

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg onload="alert(1)"/>'
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\0" * 200
ODD = [
    ("vide.pdf", lambda: b"", EMPTY),
    ("lourd.pdf", lambda: b"%PDF-1.7" + b"0" * (20 << 20), TOO_LARGE),
    ("page.html", lambda: HTML, FORMAT.format("html")),
    ("dessin.svg", lambda: SVG, FORMAT.format("svg")),
    ("outil.exe", lambda: EXE, FORMAT.format("exe")),
    ("double.pdf.exe", lambda: EXE, FORMAT.format("exe")),
    ("sans-extension", pdf, NO_FORMAT),
    ("ancien.doc", lambda: OLE, LEGACY.format("docx")),
    ("ancien.xls", lambda: OLE, LEGACY.format("xlsx")),
    ("ancien.docx", lambda: OLE * 3, LEGACY.format("docx")),
    ("macros.xlsm", xlsx_file, MACROS.format("xlsx")),
    (
        "macros.xlsx",
        lambda: with_entries(xlsx_file(), {"xl/vbaProject.bin": b"x"}),
        MACROS.format("xlsx"),
    ),
    (
        "macros4.xlsx",
        lambda: with_entries(xlsx_file(), {"xl/macrosheets/s1.xml": "<x/>"}),
        MACROS.format("xlsx"),
    ),
    (
        "renomme.docx",
        lambda: archive({"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled"}),
        MACROS.format("docx"),
    ),
    (
        "basic.odt",
        lambda: odf("odt", **{"Basic/Standard/Module1.xml": "<x/>"}),
        MACROS.format("odt"),
    ),
    (
        "python.ods",
        lambda: odf("ods", **{"Scripts/python/x.py": "import os"}),
        MACROS.format("ods"),
    ),
    ("page.pdf", lambda: HTML, OTHER.format("PDF")),
    ("programme.pdf", lambda: EXE, OTHER.format("PDF")),
    ("image.pdf", lambda: image("png"), OTHER.format("PDF")),
    ("plan.jpg", lambda: image("png"), OTHER.format("JPEG")),
    ("dessin.png", lambda: SVG, OTHER.format("PNG")),
    ("bilan.docx", pdf, OTHER.format("DOCX")),
    ("tableur.docx", xlsx_file, OTHER.format("DOCX")),
    ("texte.ods", lambda: odf("odt"), OTHER.format("ODS")),
    ("archive.xlsx", lambda: archive({"a.txt": "a"}), OTHER.format("XLSX")),
    ("decale.docx", lambda: b"MZ" + docx_file(), OTHER.format("DOCX")),
    ("page.txt", lambda: b"\xef\xbb\xbf \n" + HTML, OTHER.format("texte")),
    ("dessin.csv", lambda: SVG, OTHER.format("CSV")),
    ("riche.txt", lambda: b"{\\rtf1 x}", OTHER.format("texte")),
    ("programme.txt", lambda: EXE, TEXT.format("texte")),
    ("nul.csv", lambda: b"a;b\0c\n", TEXT.format("CSV")),
    ("utf16.csv", lambda: "Été;1".encode("utf-16"), TEXT.format("CSV")),
    ("avec-page.pdf", lambda: b"%PDF-1.4\n" + HTML + pdf(), TWO.format("PDF")),
    ("avec-archive.pdf", lambda: pdf() + archive({"a.exe": EXE}), TWO.format("PDF")),
    ("avec-archive.jpg", lambda: image("jpg") + archive({"a.js": "x"}), TWO.format("JPEG")),
    ("avec-page.jpg", lambda: image("jpg")[:20] + HTML + image("jpg")[20:], TWO.format("JPEG")),
    ("tronque.pdf", lambda: pdf()[:-40], DAMAGED.format("PDF")),
    ("tronque.docx", lambda: docx_file()[:4000], DAMAGED.format("DOCX")),
    ("tronque.png", lambda: image("png")[:60], DAMAGED.format("PNG")),
    (
        "mensonge.odt",
        lambda: lying_size(odf("odt", **{"content.xml": "x" * 900}), "content.xml"),
        DAMAGED.format("ODT"),
    ),
    ("chiffre.pdf", lambda: pdf(password="secret"), PROTECTED.format("PDF")),
    ("chiffre.docx", encrypted_office, PROTECTED.format("DOCX")),
    (
        "chiffre.odt",
        lambda: odf("odt", **{"META-INF/manifest.xml": "<manifest:encryption-data/>"}),
        PROTECTED.format("ODT"),
    ),
    ("chiffre-zip.odt", lambda: encrypted_entries(odf("odt")), PROTECTED.format("ODT")),
    ("bombe.docx", lambda: with_entries(docx_file(), {"word/b.xml": b"0" * (30 << 20)}), BOMB),
    (
        "nuee.xlsx",
        lambda: with_entries(xlsx_file(), dict.fromkeys(map(str, range(5000)), "")),
        BOMB,
    ),
    ("remonte.docx", lambda: with_entries(docx_file(), {"../../etc/cron.d/x": "x"}), PATHS),
    ("absolu.odt", lambda: odf("odt", **{"/etc/passwd": "x"}), PATHS),
    ("windows.docx", lambda: with_entries(docx_file(), {"C:\\x.bat": "x"}), PATHS),
    (
        "entites.docx",
        lambda: with_entries(
            docx_file(), {"word/e.xml": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'}
        ),
        PATHS,
    ),
    ("immense.png", flooding_png, PIXELS),
]


@pytest.mark.parametrize("name", HONEST)
def test_honest_file_is_accepted(name):
    file = SimpleUploadedFile(name, HONEST[name]())

    check_file(file)

    assert (file.closed, file.tell()) == (False, 0)


@pytest.mark.parametrize(("name", "make", "sentence"), ODD, ids=[name for name, _, _ in ODD])
def test_odd_file_is_refused_with_what_to_do(name, make, sentence):
    file = SimpleUploadedFile(name, make())

    with pytest.raises(ValidationError) as refusal:
        check_file(file)

    assert refusal.value.messages == [sentence]
    assert (file.closed, file.tell()) == (False, 0)
