"""Files whose text is to be read: honest, heavy, hostile."""

import io
import zlib

from PIL import Image

from dispositifs.documents.fabrication import Contenu, fabricate

HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
ARTICLE = "Les parties s’engagent à héberger les ménages du terrain d’Ivry."


def made(format, texte=ARTICLE, titre="Convention", tableau=(), **more):
    return fabricate(Contenu(titre, texte, [list(row) for row in tableau], **more), format)


def ten_pages(rank=0):
    """An ordinary PDF of ten pages, tagged."""
    paragraph = f"Dossier {rank}. " + f"{ARTICLE} " * 11
    return made("pdf", "\n\n".join([paragraph] * 52), titre=f"Bilan {rank}")


def raw_pdf(content, pages=1, packed=True):
    """A PDF whose every page draws the same content."""
    stream = zlib.compress(content, 9) if packed else content
    kids = b" ".join(b"%d 0 R" % (5 + rank) for rank in range(pages))
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 3 0 R>>>>>>"
    )
    return assembled(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
        HELVETICA,
        b"<</Length %d%s>>stream\n%s\nendstream"
        % (len(stream), b"/Filter/FlateDecode" if packed else b"", stream),
        *[page] * pages,
    )


def assembled(*objects):
    content, offsets = b"%PDF-1.7\n", []
    for number, value in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return (
        content
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + (b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(content)))
    )


def drawn(*lines):
    """The drawing of these lines of text, in the Windows alphabet."""
    shown = b"".join(b"(%s) Tj 0 -20 Td " % line.encode("cp1252") for line in lines)
    return b"BT /F1 12 Tf 50 800 Td " + shown + b"ET"


def slow_pdf(pages=400):
    """Half a minute of processor, and no memory: millions of states saved and restored."""
    return raw_pdf(b"q Q " * (2 << 20), pages)


def bomb_pdf():
    """One page whose content becomes 800 MB: pdfium ends its process rather than go on."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(800)) + packer.flush()
    return assembled(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R>>",
    )


def nested_pdf(depth=9, width=20):
    """Forms that draw forms, `width` each time: no memory holds what pdfium makes of it."""
    form = (
        b"<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X %d 0 R>>>>"
        b"/Length %d>>stream\n%s\nendstream"
    )
    calls = b"/X Do " * width
    text = drawn("Un texte au fond")
    return assembled(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
        HELVETICA,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R"
        b"/Resources<</XObject<</X 6 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(calls), calls),
        *(form % (7 + rank, len(calls), calls) for rank in range(depth)),
        b"<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
        b"/Length %d>>stream\n%s\nendstream" % (len(text), text),
    )


def ligatures_pdf():
    """A font whose glyphs say that they read « ﬁ », one sign, and a drawn form of alef."""
    table = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap"
        b" 1 begincodespacerange <00> <FF> endcodespacerange"
        b" 4 beginbfchar <41> <FB01> <42> <006E> <43> <FE8E> <44> <0065> endbfchar"
        b" endcmap end end"
    )
    content = b"BT /F1 12 Tf 50 800 Td (ABC) Tj 0 -20 Td (D) Tj ET"
    font = HELVETICA[:-2] + b"/ToUnicode 6 0 R>>"
    return assembled(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[5 0 R]/Count 1>>",
        font,
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 3 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(table), table),
    )


def scanned_pdf(pages=3):
    """Photographs of paper, each with the stamp of a scanner."""
    stream = io.BytesIO()
    paper = Image.new("L", (60, 80), 230)
    paper.save(stream, "PDF", save_all=True, append_images=[paper] * (pages - 1))
    return stream.getvalue()
