"""PDF: by pdfium, eight times faster; by pypdf where pdfium fails or has killed the process."""

import ctypes
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pypdfium2
from pypdfium2 import raw

from dispositifs.documents.lecture import vignettes
from dispositifs.documents.lecture.contenu import Contenu, Plein, Recueil, metadonnees

STRUCTURE_PAGES = 5  # a cover may be one drawing: the next pages are asked too


class Illisible(Exception):
    """Damaged, protected by a password, or no PDF at all."""


def read(path: Path, *, fast: bool = True) -> Contenu:
    """Raises anything: a damaged file makes libraries raise what they like."""
    if not fast:
        return _read_slowly(path)
    try:
        return _read_fast(path)
    except (pypdfium2.PdfiumError, Illisible):
        return _read_slowly(path)


# --- pdfium --------------------------------------------------------------------------------------
def _read_fast(path: Path) -> Contenu:
    # Not the path, which the library resolves: an inherited file has none but /dev/fd.
    with closing(pypdfium2.PdfDocument(path.read_bytes())) as document:
        total = len(document)
        if not total:
            raise Illisible
        recueil = Recueil()
        failed = 0
        with suppress(Plein):
            for rank in range(total):
                failed += not _write_page(document, rank, recueil)
        if failed == total:
            raise Illisible
        told = document.get_metadata_dict()
        return Contenu(
            pages=recueil.pages,
            nombre=total,
            balise=_is_tagged(document, told["Title"]),
            metadonnees=_metadonnees(told.get),
            vignette=_vignette(document),
            tronque=recueil.tronque,
        )


def _write_page(document: Any, rank: int, recueil: Recueil) -> bool:
    """False, and an empty page, if this page alone is damaged."""
    try:
        with _page(document, rank) as page, closing(page.get_textpage()) as text:
            recueil.write(text.get_text_range(errors="ignore"))
    except pypdfium2.PdfiumError:
        recueil.end_page()
        return False
    recueil.end_page()
    return True


@contextmanager
def _page(document: Any, rank: int) -> Iterator[Any]:
    with closing(document[rank]) as page:
        yield page


def _is_tagged(document: Any, title: str) -> bool:
    """Marked as tagged, with a language, a title and a structure: what aids read."""
    return bool(
        title.strip()
        and raw.FPDFCatalog_IsTagged(document)
        and raw.FPDFCatalog_GetLanguage(document, None, 0) > len("\0".encode("utf-16-le"))
        and any(
            _has_structure(document, rank) for rank in range(min(len(document), STRUCTURE_PAGES))
        )
    )


def _has_structure(document: Any, rank: int) -> bool:
    with _page(document, rank) as page:
        tree = raw.FPDF_StructTree_GetForPage(page)
        if not tree:
            return False
        try:
            return bool(raw.FPDF_StructTree_CountChildren(tree) > 0)
        finally:
            raw.FPDF_StructTree_Close(tree)


def _vignette(document: Any) -> bytes:
    try:
        with _page(document, 0) as page:
            width, height = page.get_size()
            largest = vignettes.LARGEST
            scale = min(largest[0] / max(width, 1), largest[1] / max(height, 1))
            return vignettes.encode(page.render(scale=scale).to_pil())
    except (pypdfium2.PdfiumError, ValueError, ctypes.ArgumentError):
        return b""


# --- pypdf ---------------------------------------------------------------------------------------
def _read_slowly(path: Path) -> Contenu:
    from pypdf import PdfReader  # half of the start of the process, and seldom asked

    reader = PdfReader(path)
    total = len(reader.pages)
    if not total:
        raise Illisible
    recueil = Recueil()
    with suppress(Plein):
        for page in reader.pages:
            recueil.write(page.extract_text())
            recueil.end_page()
    told: Any = reader.metadata or {}
    catalog: Any = reader.root_object
    return Contenu(
        pages=recueil.pages,
        nombre=total,
        balise=bool(
            catalog.get("/MarkInfo", {}).get("/Marked")
            and catalog.get("/StructTreeRoot")
            and catalog.get("/Lang")
            and told.get("/Title")
        ),
        metadonnees=_metadonnees(lambda name: str(told.get(f"/{name}") or "")),
        tronque=recueil.tronque,
    )


def _metadonnees(told: Any) -> dict[str, str]:
    return metadonnees(
        {
            "titre": told("Title"),
            "auteur": told("Author"),
            "sujet": told("Subject"),
            "mots_cles": told("Keywords"),
        }
    )
