"""Personal data in the free texts of a file: refused where it is certain, told where it may be."""

from collections.abc import Mapping
from dataclasses import dataclass

from dispositifs.choices import EtatAnonymat
from dispositifs.models.relecture import CERTAIN, PLAIN
from dispositifs.reperage import LIBELLES, examine_text

from .erreurs import Ligne
from .etat import TEXTES_RICHES

# The texts that the form of a fiche examines, under the names of the file.
TEXTES = (*PLAIN, *TEXTES_RICHES)


@dataclass(frozen=True)
class Signalement:
    """A text to read again: `natures` says what it may hold, never the words themselves."""

    ligne: int | None
    identifiant: str
    champ: str
    natures: str

    def __str__(self) -> str:
        return (
            f"ligne {self.ligne}, fiche « {self.identifiant} », champ {self.champ} : {self.natures}"
        )


def examine_texts(textes: Mapping[str, str], identifiant: str, ligne: Ligne) -> list[Signalement]:
    """Those of these texts to read again; a NIR or an IBAN refuses the line."""
    found = []
    for champ, texte in textes.items():
        examen = examine_text(texte)
        if examen.etat == EtatAnonymat.BLOQUE:
            ligne.refuse(champ, CERTAIN)
        elif examen.total:
            natures = (LIBELLES[row["nature"]].lower() for row in examen.reperages)
            told = ", ".join(dict.fromkeys(natures))
            found.append(Signalement(ligne.numero, identifiant, champ, told))
    return found
