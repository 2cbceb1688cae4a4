"""Real files made from a text and a table: what a demonstration or a plain corpus gives to read."""

import functools
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import docx
import typst
import xlsxwriter
from odfdo import Cell, Document, Header, List, ListItem, Paragraph, Row, Table

from dispositifs.models.texte_riche import text_blocks

Cellule = str | int | float
# Data come as JSON: nothing of a text is ever read as markup.
PDF_TEMPLATE = b"""
#let data = json(bytes(sys.inputs.data))
#set document(title: data.titre, date: none)
#set page(margin: 2.5cm, numbering: "1 / 1")
#set text(lang: data.langue, size: 11pt)
#set par(justify: false, leading: 0.7em)
#let lines(items) = items.map(item => [#item]).join(linebreak())
#heading(level: 1, data.titre)
#for block in data.blocs {
  if block.genre == "p" { par(lines(block.lignes)) }
  else if block.genre == "ul" { list(..block.lignes) }
  else if block.genre == "ol" { enum(..block.lignes) }
  else { heading(level: int(block.genre.slice(1)), block.lignes.first()) }
}
#if data.tableau.len() > 0 {
  let columns = data.tableau.first().len()
  table(
    columns: columns,
    table.header(..data.tableau.first().map(cell => strong(cell))),
    ..data.tableau.slice(1).flatten(),
  )
}
"""


@dataclass(frozen=True)
class Contenu:
    """What a file is made of; the first row of `tableau` is its header."""

    titre: str
    texte: str
    tableau: list[list[Cellule]]
    langue: str = "fr"

    def blocks(self) -> list[tuple[str, list[str]]]:
        return list(text_blocks(self.texte, headings=True))


def fabricate(contenu: Contenu, format: str) -> bytes:
    """The bytes of a file of this format; raises KeyError for a format that is not made here."""
    return MAKERS[format](contenu)


def _txt(contenu: Contenu) -> bytes:
    rows = ["\t".join(shown(cell) for cell in row) for row in contenu.tableau]
    parts = [contenu.texte, "\n".join(rows)] if rows else [contenu.texte]
    return ("\n\n".join(parts) + "\n").encode()


def _pdf(contenu: Contenu) -> bytes:
    data = {
        "titre": contenu.titre,
        "langue": contenu.langue,
        "blocs": [{"genre": kind, "lignes": lines} for kind, lines in contenu.blocks()],
        "tableau": [[shown(cell) for cell in row] for row in contenu.tableau],
    }
    made: Any = _compiler().compile(
        PDF_TEMPLATE, format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)}
    )
    return bytes(made)


@functools.cache
def _compiler() -> typst.Compiler:
    """One for the process: reading the fonts costs more than making a file."""
    return typst.Compiler(ignore_system_fonts=True)


def _odt(contenu: Contenu) -> bytes:
    document = Document("text")
    document.meta.title = contenu.titre
    document.set_language(contenu.langue)
    body = document.body
    body.clear()
    body.append(Header(1, contenu.titre))
    for kind, lines in contenu.blocks():
        if kind in ("ul", "ol"):
            body.append(List([ListItem(line) for line in lines]))
        elif kind == "p":
            body.append(Paragraph("\n".join(lines)))
        else:
            body.append(Header(int(kind[1]), lines[0]))
    if contenu.tableau:
        body.append(_odt_table(contenu.tableau))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _odt_table(rows: list[list[Cellule]]) -> Table:
    table = Table("Tableau")
    for values in rows:
        row = Row()
        for value in values:
            cell = Cell(value, text=shown(value))
            row.append_cell(cell, clone=False)
        table.append_row(row, clone=False)
    return table


def _docx(contenu: Contenu) -> bytes:
    document: Any = docx.Document()
    document.core_properties.title = contenu.titre
    document.core_properties.language = contenu.langue
    document.core_properties.author = document.core_properties.comments = ""
    document.add_heading(contenu.titre, level=1)
    for kind, lines in contenu.blocks():
        if kind in ("ul", "ol"):
            style = "List Bullet" if kind == "ul" else "List Number"
            for line in lines:
                document.add_paragraph(line, style=style)
        elif kind == "p":
            document.add_paragraph("\n".join(lines))
        else:
            document.add_heading(lines[0], level=int(kind[1]))
    if contenu.tableau:
        _add_docx_table(document, contenu.tableau)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _add_docx_table(document: Any, rows: list[list[Cellule]]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for values in rows:
        cells = table.add_row().cells
        for cell, value in zip(cells, values, strict=True):
            cell.text = shown(value)


def _xlsx(contenu: Contenu) -> bytes:
    """The text on a first sheet, the table on a second one, its numbers as numbers."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": contenu.titre})
        strong = book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        if contenu.tableau:
            sheet = book.add_worksheet("Tableau")
            sheet.freeze_panes(1, 0)
            for line, values in enumerate(contenu.tableau):
                sheet.write_row(line, 0, values, strong if line == 0 else None)
            sheet.autofit()
        sheet = book.add_worksheet("Lisez-moi")
        sheet.set_column(0, 0, 100)
        sheet.write_string(0, 0, contenu.titre, strong)
        for line, (_, lines) in enumerate(contenu.blocks(), start=1):
            sheet.write_string(line, 0, "\n".join(lines), wrapped)
    return stream.getvalue()


def shown(value: Cellule) -> str:
    """A cell as people read it: « 2 512,5 », years and whole numbers as they are."""
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return str(value)


MAKERS: dict[str, Callable[[Contenu], bytes]] = {
    "txt": _txt,
    "pdf": _pdf,
    "odt": _odt,
    "docx": _docx,
    "xlsx": _xlsx,
}
