"""PDF made by hand: what a library would refuse to write is what readers are given to open."""

import io
import zlib

from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from tests.dispositifs.fichiers import archive, image, pdf
from tests.torture.cas import ACCEPTE, cas

PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]%s>>"
SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"


def made(catalogue=b"", page=b"", objets=(), *, tasses=False, fin=b""):
    """A PDF of one page: entries added to its catalogue and page, objects from number 4 on.

    `tasses`: every dictionary is in a compressed object stream, none is readable in the bytes.
    """
    bodies = [b"<</Type/Catalog/Pages 2 0 R%s>>" % catalogue, PAGES, PAGE % page, *objets]
    return (_packed if tasses else _plain)(bodies) + fin


def _plain(bodies):
    written = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    written += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + (
        b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, written.find(b"xref"))
    )
    return bytes(written)


def _packed(bodies):
    streams = [number for number, body in enumerate(bodies, 1) if b"stream" in body]
    inner = {n: body for n, body in enumerate(bodies, 1) if n not in streams}
    offsets, content = [], b""
    for number, body in inner.items():
        offsets.append(b"%d %d" % (number, len(content)))
        content += body + b" "
    head = b" ".join(offsets) + b" "
    packed = zlib.compress(head + content)
    written = bytearray(b"%PDF-1.7\n")
    rows = {0: (0, 0, 65535)}
    holder, index = len(bodies) + 1, len(bodies) + 2
    for number in streams:
        rows[number] = (1, len(written), 0)
        written += b"%d 0 obj\n%s\nendobj\n" % (number, bodies[number - 1])
    rows[holder] = (1, len(written), 0)
    written += b"%d 0 obj\n<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n" % (
        holder,
        len(inner),
        len(head),
        len(packed),
    )
    written += packed + b"\nendstream\nendobj\n"
    rows.update({n: (2, holder, rank) for rank, n in enumerate(inner)})
    rows[index] = (1, len(written), 0)
    table = zlib.compress(
        b"".join(
            bytes([kind]) + place.to_bytes(4, "big") + rank.to_bytes(2, "big")
            for _, (kind, place, rank) in sorted(rows.items())
        )
    )
    start = len(written)
    written += (
        b"%d 0 obj\n<</Type/XRef/Size %d/W[1 4 2]/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n"
        % (index, index + 1, len(table))
    )
    written += table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(written)


def stream(content, entries=b""):
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


def action(name, entries=b"", **options):
    """An action behind a link of the page, where a click runs it."""
    link = b"<</Type/Annot/Subtype/Link/Rect[0 0 99 99]/A 5 0 R>>"
    body = b"<</Type/Action/S/%s%s>>" % (name, entries)
    return made(page=b"/Annots[4 0 R]", objets=[link, body], **options)


def annotation(subtype, entries=b""):
    body = b"<</Type/Annot/Subtype/%s/Rect[0 0 99 99]%s>>" % (subtype, entries)
    return made(page=b"/Annots[4 0 R]", objets=[body])


def encrypted(owner_only=False):
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("" if owner_only else "secret", "maître", algorithm="AES-128")
    return written(writer)


def attached():
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("outil.exe", b"MZ")
    return written(writer)


def form():
    """An ordinary form: fields, no program."""
    field = b"<</FT/Tx/T(nom)/V(x)/Type/Annot/Subtype/Widget/Rect[0 0 99 20]/F 4/P 3 0 R>>"
    return made(b"/AcroForm<</Fields[4 0 R]>>", b"/Annots[4 0 R]", [field])


def linked():
    """What writers make every day: a link, an outline, a destination at opening, an author."""
    writer = PdfWriter()
    for _ in range(3):
        writer.add_blank_page(200, 200)
    writer.add_annotation(0, Link(rect=(0, 0, 90, 90), url="https://www.gouv.fr/"))
    writer.add_annotation(0, Link(rect=(0, 0, 90, 90), url="mailto:ddets@gironde.gouv.fr"))
    writer.add_outline_item(title="Partie", page_number=1)
    writer.open_destination = "Partie"
    writer.add_metadata({"/Author": "Jeanne Martin"})
    writer.root_object[NameObject("/PageLabels")] = DictionaryObject(
        {NameObject("/Nums"): TextStringObject("")}
    )
    return written(writer)


def written(writer):
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def bombed_directory(megabytes=200):
    """A directory of objects that decompresses to hundreds of megabytes."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\0" * (1 << 20)) for _ in range(megabytes))
    packed += packer.flush()
    return b"%PDF-1.5\n1 0 obj\n" + (
        stream(packed, b"/Type/XRef/Size 9/W[1 2 1]/Root 2 0 R/Filter/FlateDecode")
        + b"\nendobj\nstartxref\n9\n%%EOF"
    )


def bombed_objects():
    packed = zlib.compress(b"\0" * (100 << 20), 9)
    return made(objets=[stream(packed, b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode")])


def nested(depth=100_000):
    return made(objets=[b"[" * depth + b"]" * depth])


def endless_pages():
    body = b"<</Type/Pages/Kids[2 0 R]/Count 1>>"
    return made().replace(PAGES, body)


HTML = b"<html><script>alert(1)</script></html>"
XMP = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syn"
    b"tax-ns#'><rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:creator><rdf:Seq>"
    b"<rdf:li>Paul Durand</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
)
LAUGHS = b"<!DOCTYPE l [<!ENTITY a 'aaaa'>%s]><l>&z;</l>" % b"".join(
    b"<!ENTITY %c '%s'>" % (letter, b"&%c;" % (letter - 1) * 20) for letter in range(98, 123)
)

CAS = [
    *cas(
        "pdf-programme",
        js_ouverture__pdf=lambda: made(b"/OpenAction" + SCRIPT),
        js_ouverture_indirecte__pdf=lambda: made(b"/OpenAction 4 0 R", objets=[SCRIPT]),
        js_tasse__pdf=lambda: made(b"/OpenAction 4 0 R", objets=[SCRIPT], tasses=True),
        js_nom_code__pdf=lambda: made(b"/OpenAction<</S/J#61v#61Script/J#53(1)>>"),
        js_nom_indirect__pdf=lambda: made(
            b"/OpenAction<</S 4 0 R/JS(1)>>", objets=[b"/JavaScript"], tasses=True
        ),
        js_noms__pdf=lambda: made(b"/Names<</JavaScript<</Names[(a)4 0 R]>>>>", objets=[SCRIPT]),
        js_champ__pdf=lambda: made(
            b"/AcroForm<</Fields[4 0 R]>>",
            objets=[b"<</FT/Tx/T(n)/AA<</K<</S/JavaScript/JS(1)>>>>>>"],
            tasses=True,
        ),
        js_page__pdf=lambda: made(page=b"/AA<</O%s>>" % SCRIPT),
        js_orphelin__pdf=lambda: made(objets=[SCRIPT]),
        js_en_suite__pdf=lambda: action(b"GoTo", b"/D[3 0 R/Fit]/Next%s" % SCRIPT),
        js_sans_type__pdf=lambda: made(objets=[b"<</JS(app.alert\\(1\\))>>"]),
        js_flux__pdf=lambda: made(
            b"/OpenAction 4 0 R", objets=[b"<</S/JavaScript/JS 5 0 R>>", stream(b"alert(1)")]
        ),
        js_revision_anterieure__pdf=lambda: made(objets=[SCRIPT]) + pdf()[9:],
    ),
    *cas(
        "pdf-action",
        lancement__pdf=lambda: action(b"Launch", b"/F(cmd.exe)"),
        lancement_tasse__pdf=lambda: action(b"Launch", b"/Win<</F(cmd.exe)>>", tasses=True),
        lancement_ouverture__pdf=lambda: made(b"/OpenAction<</S/Launch/F(calc)>>"),
        envoi_formulaire__pdf=lambda: action(b"SubmitForm", b"/F(http://x.invalid)", tasses=True),
        import_donnees__pdf=lambda: action(b"ImportData", b"/F(x.fdf)", tasses=True),
        autre_fichier__pdf=lambda: action(b"GoToR", b"/F(\\\\\\\\srv\\\\x.pdf)/D[0/Fit]"),
        adresse_ouverture__pdf=lambda: made(b"/OpenAction<</S/URI/URI(http://x.invalid)>>"),
        adresse_page__pdf=lambda: made(
            page=b"/AA<</O<</S/URI/URI(http://x.invalid)>>>>", tasses=True
        ),
        flux_exterieur__pdf=lambda: made(objets=[stream(b"", b"/F(http://x.invalid/a)")]),
    ),
    *cas(
        "pdf-pieces-jointes",
        piece_jointe__pdf=attached,
        piece_annotee__pdf=lambda: annotation(b"FileAttachment"),
        piece_tassee__pdf=lambda: made(objets=[b"<</Type/Filespec/F(a)/EF<<>>>>"], tasses=True),
        porte_documents__pdf=lambda: made(b"/Collection<</View/D>>", tasses=True),
        vers_piece__pdf=lambda: action(b"GoToE", b"/D[0/Fit]", tasses=True),
    ),
    *cas(
        "pdf-formulaire",
        xfa__pdf=lambda: made(b"/AcroForm<</XFA[(template)4 0 R]>>", objets=[stream(b"<x/>")]),
        xfa_tasse__pdf=lambda: made(b"/AcroForm<</XFA(x)>>", tasses=True),
    ),
    *cas(
        "pdf-media",
        media_riche__pdf=lambda: annotation(b"RichMedia"),
        film__pdf=lambda: annotation(b"Movie"),
        son__pdf=lambda: annotation(b"Sound"),
        trois_d__pdf=lambda: annotation(b"3D"),
        rendu__pdf=lambda: action(b"Rendition", b"/OP 0", tasses=True),
    ),
    *cas(
        "protege",
        chiffre__pdf=encrypted,
        chiffre_proprietaire__pdf=lambda: encrypted(owner_only=True),
        chiffre_rc4__pdf=lambda: pdf(password="secret"),
    ),
    *cas(
        "demesure",
        bombe_objets__pdf=bombed_objects,
    ),
    *cas(
        "abime",
        pages_sans_fin__pdf=endless_pages,
        bombe_table__pdf=bombed_directory,
        tronque__pdf=lambda: pdf(5)[:-60],
        sans_table__pdf=lambda: b"%PDF-1.7\n%%EOF\n",
        bruit__pdf=lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF\n",
        sans_page__pdf=lambda: (
            b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
        ),
    ),
    *cas(
        "double",
        page_devant__pdf=lambda: b"%PDF-1.4\n" + HTML + pdf(),
        archive_derriere__pdf=lambda: pdf() + archive({"a.exe": b"MZ"}),
    ),
    *cas(
        "type",
        decale__pdf=lambda: b"\n\n" + pdf(),
        programme_devant__pdf=lambda: b"MZ" + b"\0" * 90 + pdf(),
        page__pdf=lambda: HTML,
        image__pdf=lambda: image("png"),
    ),
    *cas(
        ACCEPTE,
        simple__pdf=pdf,
        liens__pdf=linked,
        formulaire__pdf=form,
        tasse__pdf=lambda: made(tasses=True),
        auteur_xmp__pdf=lambda: made(
            b"/Metadata 4 0 R", objets=[stream(XMP, b"/Type/Metadata/Subtype/XML")]
        ),
        ouverture_ordinaire__pdf=lambda: made(b"/OpenAction[3 0 R/Fit]"),
        impression__pdf=lambda: made(b"/OpenAction<</S/Named/N/Print>>"),
        # Hostile to a library, and nothing more: what reads them does so under limits.
        imbrique__pdf=nested,
        bombe_xmp__pdf=lambda: made(
            b"/Metadata 5 0 R",
            objets=[stream(b" " * 3000), stream(LAUGHS, b"/Type/Metadata/Subtype/XML")],
        ),
    ),
]
