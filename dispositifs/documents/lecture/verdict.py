"""What follows from what was read: is there a text, and does it name persons."""

from dispositifs.actions.lectures import Lecture
from dispositifs.choices import EtatAnonymat, EtatTexte
from dispositifs.reperage import examine

from .contenu import Contenu

READABLE = 10  # characters a page; below, a PDF is a scan, whatever its stamps


def lecture_of(contenu: Contenu, format: str) -> Lecture:
    """What is kept of it. Where all could not be read, « nothing found » is not claimed."""
    texte_etat = _texte_etat(contenu, format)
    examen = examine(contenu.pages, contenu.metadonnees)
    anonymat = examen.etat
    partial = texte_etat == EtatTexte.SANS_TEXTE or contenu.tronque
    if partial and anonymat == EtatAnonymat.RIEN:
        anonymat = EtatAnonymat.NON_VERIFIABLE
    return Lecture(
        texte_etat=texte_etat,
        textes=contenu.pages,
        anonymat=anonymat,
        reperages=[dict(row) for row in examen.reperages],
        nombre=contenu.nombre,
        balise=contenu.balise,
        vignette=contenu.vignette,
    )


def _texte_etat(contenu: Contenu, format: str) -> EtatTexte:
    count = sum(len("".join(page.split())) for page in contenu.pages)
    least = READABLE * len(contenu.pages) if format == "pdf" else 1
    return EtatTexte.EXTRAIT if count >= max(least, 1) else EtatTexte.SANS_TEXTE
