"""Ordinary files near the limit of size: what they cost is measured, and they must pass."""

import io
import random

import docx
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from tests.torture.autres import photo
from tests.torture.cas import ACCEPTE, Cas
from tests.torture.pdf import written


def noise(size):
    """A photograph of about this many bytes, which no compression makes smaller."""
    side = int((size / 0.82) ** 0.5)
    return photo(size=(side, side), quality=95)


def heavy_pdf(megabytes=4, pages=200):
    """Pages of text as a word processor writes them, and images for the rest of its weight."""
    writer = PdfWriter()
    words = random.Random(5)
    for _ in range(pages):
        page = writer.add_blank_page(595, 842)
        lines = b"".join(
            b"BT /F1 11 Tf 50 %d Td (%x) Tj ET\n" % (800 - 12 * row, words.getrandbits(256))
            for row in range(60)
        )
        content = DecodedStreamObject()
        content.set_data(lines + words.randbytes((megabytes << 20) // pages))
        page[NameObject("/Contents")] = writer._add_object(content)
    return written(writer)


def heavy_docx(megabytes=10):
    document = docx.Document()
    for rank in range(2_000):
        document.add_paragraph(f"Paragraphe {rank} : les ménages, les visites et les suites. " * 6)
    for _ in range(megabytes):
        image = Image.open(io.BytesIO(noise(1 << 20)))
        stream = io.BytesIO()
        image.save(stream, "JPEG", quality=95)
        document.add_picture(stream)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


CAS = [
    Cas("Rapport de 5 Mo.pdf", heavy_pdf, ACCEPTE),
    Cas("Rapport de 10 Mo.docx", heavy_docx, ACCEPTE),
    Cas("Photographie de 18 Mo.jpg", lambda: noise(18 << 20), ACCEPTE),
]
