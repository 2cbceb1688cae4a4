"""The one door of every file that becomes a document, whoever sends it and by whatever channel."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File

from dispositifs.choices import EtatAnonymat, EtatAntivirus, EtatTexte
from dispositifs.models import Document

from .antivirus import verdict_on
from .controle import FORMATS, check_file, examine_file, extension_of
from .examen.appel import Examen, Examinateur
from .photos import Unreadable, without_position
from .refus import Refus

LONGEST_NAME = 150  # bytes, before the extension: disks take 255, and a storage adds its own
PHOTOS = ("jpg", "jpeg", "png", "webp")
# Of a new file nothing is read yet, whatever was read of the one it replaces.
A_LIRE = {
    "texte_etat": EtatTexte.A_EXTRAIRE,
    "texte_essais": 0,
    "balise": None,
    "vignette": "",
    "anonymat": EtatAnonymat.A_VERIFIER,
    "reperages": [],
}
LONGEST_AUTEUR: int = Document._meta.get_field("auteur").max_length or 0


@dataclass(frozen=True)
class Reception:
    """A file that the site may keep and serve, and the columns of a Document that it tells."""

    file: File
    champs: dict[str, Any]


def receive(file: File, examinateur: Examinateur | None = None) -> Reception:
    """Check this file; raise a ValidationError, one French sentence, if it is refused.

    What is corrected is in `file` itself, which must be writable: an upload, or a ContentFile. A
    name too long for a disk is cut, the position written in a photograph is removed. It is left
    open, at its beginning. Whoever receives many files gives
    one `examinateur` for all.
    """
    examen = check_file(file, examinateur)
    remove_position(file)
    file.name = short_name(file.name or "")
    etat, _ = verdict_on(file)
    if etat is EtatAntivirus.INFECTE:
        refusal = Refus.infected()
        raise ValidationError(str(refusal), code=refusal.code)
    return Reception(file, _champs(file, examen, etat))


def describe_file(file: File, examinateur: Examinateur | None = None) -> dict[str, Any]:
    """The columns of a Document that come from a file already received, or made by the site.

    An infected one keeps this state, which nobody may read: it was not known an instant before.
    """
    try:
        examen = examine_file(file, examinateur)
    except Refus:
        examen = Examen(pages=None, auteurs=())
    return _champs(file, examen, verdict_on(file)[0])


def remove_position(file: File) -> None:
    """Rewrite a photograph in place without its position; raise a ValidationError if damaged."""
    extension = extension_of(file.name or "")
    if extension not in PHOTOS:
        return
    file.seek(0)
    content = file.read()
    try:
        cleaned = without_position(content)
    except Unreadable:
        refusal = Refus.damaged(FORMATS.get(extension, extension.upper()))
        raise ValidationError(str(refusal), code=refusal.code) from None
    if cleaned is not content:
        file.seek(0)
        file.truncate()
        file.write(cleaned)
        file.size = len(cleaned)
    file.seek(0)


def short_name(name: str) -> str:
    """The same name, cut where no disk would take it."""
    path = PurePath(name)
    if len(path.stem.encode()) <= LONGEST_NAME:
        return name
    stem = path.stem.encode()[:LONGEST_NAME].decode(errors="ignore")
    return f"{stem.rstrip()}{path.suffix}"


def _champs(file: File, examen: Examen, etat: EtatAntivirus) -> dict[str, Any]:
    digest = hashlib.sha256()
    for block in file.chunks():
        digest.update(block)
    file.seek(0)
    return {
        "file_size": file.size,
        "sha256": digest.hexdigest(),
        "pages": examen.pages,
        "auteur": ", ".join(examen.auteurs)[:LONGEST_AUTEUR],
        "antivirus": etat,
        **A_LIRE,
    }
