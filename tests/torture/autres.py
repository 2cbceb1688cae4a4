"""Images, texts, names and sizes."""

import io
import struct
import zlib

from PIL import Image

from tests.dispositifs.fichiers import archive, flooding_png, image, pdf, xlsx_file
from tests.torture.cas import ACCEPTE, Cas, cas

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\0" * 200


def photo(extension="jpg", size=(64, 48), gps=True, **options):
    """A photograph that says where it was taken, who by, and which way is up."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Fabricant"
    if gps:
        exif[0x8825] = {1: "N", 2: (44.0, 50.0, 16.0), 3: "W", 4: (0.0, 34.0, 45.0)}
    made = Image.effect_noise(size, 40).convert("RGB")
    stream = io.BytesIO()
    kind = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}[extension]
    made.save(stream, kind, exif=exif, **options)
    return stream.getvalue()


def commented_jpeg(comment):
    return b"\xff\xd8\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + image("jpg")[2:]


def chunk(kind, content):
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def png_with(kind, content):
    """Right after the header of the image."""
    made = image("png")
    return made[:33] + chunk(kind, content) + made[33:]


def flooding_jpeg():
    """A header of 65,500 × 65,500 pixels."""
    made = image("jpg")
    place = made.find(b"\xff\xc0") + 5
    return made[:place] + struct.pack(">HH", 65_500, 65_500) + made[place + 4 :]


def endless_png(frames=50_000):
    """An animation whose directory announces more images than it has."""
    return png_with(b"acTL", struct.pack(">II", frames, 0))


CAS = [
    *cas(
        "vide",
        vide__pdf=lambda: b"",
        vide__docx=lambda: b"",
        vide__csv=lambda: b"",
    ),
    *cas("taille", lourd__pdf=lambda: b"%PDF-1.7" + b"0" * (20 << 20)),
    *cas(
        "extension",
        page__html=lambda: HTML,
        page__htm=lambda: HTML,
        dessin__svg=lambda: SVG,
        donnees__xml=lambda: SVG,
        outil__exe=lambda: EXE,
        outil__js=lambda: b"alert(1)",
        raccourci__lnk=lambda: EXE,
        archive__zip=lambda: archive({"a": "a"}),
        riche__rtf=lambda: b"{\\rtf1}",
        image__gif=lambda: b"GIF89a",
        photo__heic=lambda: image("jpg"),
        page__php=lambda: b"<?php",
    ),
    Cas("convention.pdf.exe", lambda: EXE, "extension"),
    Cas("convention.exe.pdf", lambda: EXE, "type"),
    Cas("sans-extension", pdf, "extension"),
    Cas(".pdf", pdf, "extension"),
    Cas("convention.pdf.", pdf, "extension"),
    Cas("convention.pdf\u202egnp", pdf, "extension"),
    *cas(
        "type",
        page__txt=lambda: b"\xef\xbb\xbf \n" + HTML,
        page__csv=lambda: HTML,
        dessin__txt=lambda: SVG,
        riche__txt=lambda: b"{\\rtf1 x}",
        script__txt=lambda: b"%!PS-Adobe",
        page__jpg=lambda: HTML,
        dessin__png=lambda: SVG,
        plan__jpg=lambda: image("png"),
        plan__png=lambda: image("jpg"),
        animation__png=endless_png,
        animee__png=lambda: b"GIF89a" + b"\0" * 90,
    ),
    *cas(
        "texte",
        programme__txt=lambda: EXE,
        nul__csv=lambda: b"a;b\0c\n",
        utf16__csv=lambda: "Été;1".encode("utf-16"),
        sonnerie__txt=lambda: b"a\x07b",
        echappement__txt=lambda: b"\x1b]0;titre\x07",
    ),
    *cas(
        "double",
        page__jpeg=lambda: commented_jpeg(HTML),
        pdf_dedans__jpg=lambda: commented_jpeg(b"%PDF-1.7\n" + b"x" * 50),
        archive_derriere__jpg=lambda: image("jpg") + archive({"a.js": "x"}),
        archive_derriere__png=lambda: image("png") + archive({"a.js": "x"}),
        page_dans_png__png=lambda: png_with(b"tEXt", b"Comment\0" + HTML),
    ),
    *cas(
        "abime",
        tronque__png=lambda: image("png")[:60],
        tronque__jpg=lambda: photo(size=(300, 300))[:-900],
        sans_corps__jpg=lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF\0" + b"\0" * 40,
        longueur_fausse__png=lambda: image("png").replace(
            b"\0\0\0\x0dIHDR", b"\xff\xff\xff\xf0IHDR"
        ),
        texte_sans_fin__png=lambda: png_with(
            b"zTXt", b"a\0\0" + zlib.compress(b"\0" * (300 << 20), 9)
        ),
    ),
    *cas("pixels", immense__png=flooding_png, immense__jpg=flooding_jpeg),
    *cas(
        ACCEPTE,
        photo__jpg=photo,
        photo__jpeg=lambda: photo(progressive=True),
        photo__png=lambda: photo("png"),
        video_derriere__jpg=lambda: photo() + b"\0\0\0\x18ftypmp42" + b"\0" * 400,
        programme_derriere__jpg=lambda: photo() + EXE,
        exif_abime__jpg=lambda: photo().replace(b"MM\0*", b"MM\0+").replace(b"II*\0", b"II+\0"),
        simple__txt=lambda: "Réunion du 3 mars : balise <html> citée.".encode(),
        windows__csv=lambda: "Ménages;Été\n12;3\n".encode("cp1252"),
        # Served as a file to download, never opened by the site: a formula is a text like another.
        formules__csv=lambda: b"=cmd|'/c calc'!A0;@SUM(1);+1;-1\n",
        script_cite__txt=lambda: b"Voici : <script>alert(1)</script>",
        classeur__XLSX=xlsx_file,
    ),
    Cas("../../etc/passwd.pdf", pdf, ACCEPTE),
    Cas("C:\\temp\\con.pdf", pdf, ACCEPTE),
    Cas("<img src=x onerror=alert(1)>.pdf", pdf, ACCEPTE),
    Cas("é" * 150 + ".pdf", pdf, ACCEPTE),
    Cas("document.pdf.pdf", pdf, ACCEPTE),
]
