"""What people deposit every day, as other programs write it: a refusal here is a fault."""

import io
import pathlib

import docx
import xlsxwriter

from dispositifs.documents.fabrication import Contenu, fabricate
from tests.dispositifs.fichiers import image
from tests.torture.autres import photo
from tests.torture.cas import ACCEPTE, Cas

FOLDER = pathlib.Path(__file__).with_name("libreoffice")
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def letter():
    document = docx.Document()
    document.core_properties.author = "Jeanne Martin"
    document.add_heading("Convention", 1)
    document.add_paragraph("Voir le site.")
    document.part.relate_to(
        "https://www.gouv.fr/?a=b&c=d", RELATIONS + "hyperlink", is_external=True
    )
    document.add_picture(io.BytesIO(photo()))
    document.add_table(2, 3)
    document.sections[0].footer.paragraphs[0].text = "Page"
    return _saved(document.save)


def workbook():
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"author": "Paul Durand"})
    sheet = book.add_worksheet("Données")
    sheet.write_row(0, 0, ["Mois", "Ménages", "=1+1"])
    sheet.write_formula(1, 1, '=IF(A1="x|y!z",SUM(B3:B9),VLOOKUP(A1,A:B,2,FALSE))')
    sheet.write_url(2, 0, "https://www.gouv.fr/")
    sheet.write_url(3, 0, "mailto:ddets@gironde.gouv.fr")
    sheet.write_url(4, 0, "internal:'Données'!A1")
    sheet.write_url(5, 0, "external:bilan.xlsx")
    sheet.insert_image(6, 5, "p.png", {"image_data": io.BytesIO(image("png"))})
    sheet.write_comment(0, 0, "à confirmer")
    sheet.data_validation(8, 0, 8, 0, {"validate": "list", "source": ["oui", "non"]})
    sheet.conditional_format(
        0, 0, 9, 1, {"type": "formula", "criteria": "=$A1>3", "format": book.add_format()}
    )
    book.define_name("zone", "='Données'!$A$1:$B$2")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='Données'!$B$1:$B$9"})
    sheet.insert_chart("H2", chart)
    book.close()
    return stream.getvalue()


def made(format):
    """By the libraries with which the site makes its own documents: typst, odfdo and the others."""
    texte = "Voir https://www.gouv.fr/ et l’annexe.\n\nDeux paragraphes." * 5
    return fabricate(Contenu("Bilan 2025", texte, [["a", "b"], ["1", "2"]], "fr"), format)


def _saved(write):
    stream = io.BytesIO()
    write(stream)
    return stream.getvalue()


CAS = [
    Cas("Convention signée (v3).docx", letter, ACCEPTE),
    Cas("Suivi 2025.xlsx", workbook, ACCEPTE),
    *(
        Cas(f"fabrique.{format}", lambda format=format: made(format), ACCEPTE)
        for format in ("pdf", "odt", "docx", "xlsx", "txt")
    ),
    *(Cas(f"LO {path.name}", path.read_bytes, ACCEPTE) for path in sorted(FOLDER.iterdir())),
]
