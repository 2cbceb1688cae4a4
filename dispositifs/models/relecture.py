"""The free texts of a fiche where personal data may be, and those that somebody has read again."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from wagtail.models import PageLogEntry

from dispositifs.choices import ENSEIGNEMENTS, PARTIES_BONNE_PRATIQUE, RUBRIQUES, EtatAnonymat
from dispositifs.reperage import LIBELLES, Examen, examine_text

from .texte_riche import html_to_text

if TYPE_CHECKING:
    from .dispositif import DispositifPage

TEXTS_CONFIRMED = "dispositifs.fiche.confirmer_anonymat"
PLAIN = ("resume", "criteres_selection")
TEXTES = (*PLAIN, *RUBRIQUES, *(f"enseignements_{name}" for name in ENSEIGNEMENTS))
PARTIES = ("resume", *PARTIES_BONNE_PRATIQUE)
CERTAIN = (
    "Un numéro de sécurité sociale ou un IBAN est dans ce texte : retirez-le, il ne peut pas être"
    " diffusé."
)


@dataclass(frozen=True)
class TexteRepere:
    """A text where something was found; `empreinte` changes with any of its words."""

    champ: str
    libelle: str
    examen: Examen
    empreinte: str

    @property
    def natures(self) -> str:
        """« téléphone, liste de noms »."""
        rows = (LIBELLES[row["nature"]].lower() for row in self.examen.reperages)
        return ", ".join(dict.fromkeys(rows))


def texts_found(page: "DispositifPage") -> list[TexteRepere]:
    """The texts of a fiche that may name somebody, confirmed or not."""
    found = []
    for champ in TEXTES:
        text = plain_text(champ, getattr(page, champ))
        examen = examine_text(text)
        if examen.total:
            libelle = str(page._meta.get_field(champ).verbose_name)
            empreinte = hashlib.sha256(text.encode()).hexdigest()
            found.append(TexteRepere(champ, libelle, examen, empreinte))
    return found


def texts_to_review(page: "DispositifPage") -> list[TexteRepere]:
    """Those that nobody has confirmed as they are now: one query, if anything was found."""
    found = texts_found(page)
    entries = PageLogEntry.objects.filter(page=page.pk, action=TEXTS_CONFIRMED) if found else None
    entry = entries.order_by("-timestamp", "-pk").first() if entries is not None else None
    confirmed = entry.data["textes"] if entry else {}
    return [text for text in found if confirmed.get(text.champ) != text.empreinte]


def plain_text(champ: str, value: str) -> str:
    return value if champ in PLAIN else html_to_text(value)


def check_text(champ: str, value: str) -> None:
    """Raises ValidationError where a NIR or an IBAN is: that is certain, and never shown."""
    if examine_text(plain_text(champ, value)).etat == EtatAnonymat.BLOQUE:
        raise ValidationError(CERTAIN, code="nominatif")
