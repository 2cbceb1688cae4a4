"""Files made by code, honest and odd, under the name that their author would give them."""

import io
import struct
import zipfile
import zlib

import docx
import xlsxwriter
from PIL import Image
from pypdf import PdfWriter

ODF_KINDS = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
PPTX_TYPES = (
    '<Types><Override PartName="/ppt/presentation.xml" ContentType="application/vnd.openxml'
    'formats-officedocument.presentationml.presentation.main+xml"/></Types>'
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def pdf(pages=1, password=None):
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    return _written(writer.write)


def docx_file(text="Compte rendu"):
    document = docx.Document()
    document.add_paragraph(text)
    return _written(document.save)


def xlsx_file():
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True})
    workbook.add_worksheet("Ménages").write_row(0, 0, ["Mois", "Ménages"])
    workbook.close()
    return stream.getvalue()


def pptx_file():
    return archive({"[Content_Types].xml": PPTX_TYPES, "ppt/presentation.xml": "<p/>"})


def odf(extension, **more):
    return archive(
        {
            "mimetype": ODF_KINDS[extension],
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": "<office/>",
            **more,
        }
    )


def image(extension, size=(40, 30)):
    made = Image.new("RGB", size, "teal")
    return _written(lambda stream: made.save(stream, {"jpg": "JPEG"}.get(extension, "PNG")))


def flooding_png(width=60_000, height=60_000):
    """A header that announces billions of pixels over a few bytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 64))
        + _chunk(b"IEND", b"")
    )


def archive(entries, compression=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return stream.getvalue()


def with_entries(content, entries):
    """The same office file, with these parts added."""
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as made:
        for name, added in entries.items():
            made.writestr(name, added)
    return stream.getvalue()


def encrypted_entries(content):
    """The same archive, each entry of its directory marked as encrypted."""
    return content.replace(b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\1\0")


def lying_size(content, name):
    """An entry whose directory announces fewer bytes than it holds."""
    position = content.rfind(name.encode()) - 46
    return content[: position + 24] + struct.pack("<L", 3) + content[position + 28 :]


def encrypted_office():
    return OLE + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 64


def _chunk(kind, content):
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


def _written(write):
    stream = io.BytesIO()
    write(stream)
    return stream.getvalue()
