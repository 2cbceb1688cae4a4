"""Importing the texts of the site's own pages: one JSON object, slug → title and sections."""

from pathlib import Path
from typing import Any

from django.db import transaction

from dispositifs.models import AccueilPage, ContenuPage
from dispositifs.models.texte_riche import html_to_text, text_to_html

from .bonnes_pratiques import BilanPages
from .controles import INVALIDE, Liste, Motif, Objet, Texte
from .erreurs import Erreurs, FichierRefuse
from .format import Champs
from .lignes import parse_json

ADRESSE = Motif(
    r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?", "lettres minuscules sans accent, chiffres et tirets"
)
PAGE = Objet(
    {
        "titre": Texte(255, obligatoire=True),
        "resume": Texte(500),
        "sections": Liste(
            Objet({"titre": Texte(200), "texte": Texte()}, obligatoires=("titre", "texte"))
        ),
    },
    obligatoires=("titre", "sections"),
)


def import_contenus(path: Path) -> BilanPages:
    """Create or bring up to date the published pages of this file; all or nothing.

    Raises FichierRefuse with every error found, up to fifty.
    """
    erreurs = Erreurs()
    pages = _read(path, erreurs)
    erreurs.raise_if_any()
    bilan = BilanPages()
    with transaction.atomic():
        accueil = AccueilPage.objects.get()
        _check_addresses(accueil, pages, erreurs)
        for slug, row in pages.items():
            _write(accueil, slug, row, bilan)
    return bilan


def _read(path: Path, erreurs: Erreurs) -> dict[str, Champs]:
    try:
        value: Any = parse_json(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        erreurs.add(line, "", "ce n’est pas du JSON valide, en UTF-8.")
        return {}
    ligne = erreurs.on_line(None)
    if not isinstance(value, dict):
        ligne.refuse("", "un objet est attendu : une page par clé.")
        return {}
    read = {}
    for slug, row in value.items():
        page = PAGE(row, slug, ligne)
        if ADRESSE(slug, slug, ligne) is not INVALIDE and page is not INVALIDE:
            read[slug] = page
    return read


def _check_addresses(accueil: AccueilPage, pages: dict[str, Champs], erreurs: Erreurs) -> None:
    """« dispositifs » and « bonnes-pratiques » are other pages' addresses."""
    others = accueil.get_children().not_type(ContenuPage).filter(slug__in=pages)
    for slug in others.values_list("slug", flat=True):
        erreurs.add(None, slug, "cette adresse est celle d’une autre page du site.")
    if erreurs.liste:
        raise FichierRefuse(erreurs.liste)


def _write(accueil: AccueilPage, slug: str, row: Champs, bilan: BilanPages) -> None:
    page = ContenuPage.objects.child_of(accueil).filter(slug=slug).first()
    corps = _corps(row["sections"])
    resume = row.get("resume", page.resume if page else "")
    if page is None:
        page = ContenuPage(title=row["titre"], slug=slug, live=False)
        accueil.add_child(instance=page)
        bilan.creees.append(slug)
    elif page.live and _says(page) == (row["titre"], resume, html_to_text(corps)):
        bilan.identiques.append(slug)
        return
    else:
        bilan.modifiees.append(slug)
    page.title, page.resume, page.corps = row["titre"], resume, corps
    page.save_revision().publish()


def _says(page: ContenuPage) -> tuple[str, str, str]:
    return page.title, page.resume, html_to_text(page.corps)


def _corps(sections: list[Champs]) -> str:
    parts = []
    for section in sections:
        parts.append(text_to_html(f"## {section['titre']}", headings=True))
        parts.append(text_to_html(section["texte"], headings=True))
    return "".join(parts)
