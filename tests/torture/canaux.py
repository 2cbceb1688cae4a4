"""Every way by which a file may become a document. Each gives what its sender was answered."""

import json
import pathlib

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dispositifs.models import Document
from dispositifs.saisie.fichier.erreurs import FichierRefuse
from dispositifs.saisie.fichier.importation import import_fiches
from tests.dispositifs.lignes import fiche, write_lines
from tests.factories import make_document


class Monde:
    """The dispositif that receives, and one client for each account that sends."""

    def __init__(self, page, type, clients, folder):
        self.page = page
        self.type = type
        self.correspondant, self.national, self.operateur = clients
        self.folder = folder

    def champs(self, **more):
        return {
            "title": "Pièce",
            "dispositif": self.page.pk,
            "type": self.type.pk,
            "niveau": "interne",
            "statut": "valide",
            "langue": "fr",
            **more,
        }


def prefixed(prefix, data):
    return {f"{prefix}-{name}": value for name, value in data.items()}


def upload(nom, contenu):
    return SimpleUploadedFile(nom, contenu)


# --- the channels --------------------------------------------------------------------------------
def ajout(monde, nom, contenu):
    data = monde.champs(file=upload(nom, contenu))
    return monde.correspondant.post(reverse("wagtaildocs:add"), data)


def ajout_multiple(monde, nom, contenu):
    """The file first, then its fields."""
    address = reverse("wagtaildocs:add_multiple")
    data = {"title": "Pièce", "files[]": upload(nom, contenu)}
    answer = monde.correspondant.post(address, data)
    received = json.loads(answer.content)
    if not received["success"]:
        return answer
    pk = received["uploaded_file_id"]
    return monde.correspondant.post(
        reverse("wagtaildocs:create_multiple_from_uploaded_document", args=[pk]),
        prefixed(f"uploaded-document-{pk}", monde.champs()),
    )


def choix(monde, nom, contenu):
    """The chooser of rich texts, which national alone opens."""
    data = prefixed("document-chooser-upload", monde.champs(file=upload(nom, contenu)))
    return monde.national.post(reverse("wagtaildocs_chooser:create"), data)


def remplacement(monde, nom, contenu):
    document = make_document(monde.page, nom="ancien.pdf")
    data = monde.champs(file=upload(nom, contenu))
    return monde.correspondant.post(reverse("wagtaildocs:edit", args=[document.pk]), data)


def depot(monde, nom, contenu):
    """The screen of a dispositif: several files at once, then their fields together."""
    address = reverse("dispositifs_admin:documents", args=[monde.page.pk])
    answer = monde.correspondant.post(address, {"fichiers": [upload(nom, contenu)]}, follow=True)
    data = {}
    for ligne in (answer.context or {}).get("lignes", ()):
        if isinstance(ligne, dict):
            data |= prefixed(ligne["fichier"].prefix, {"title": "Pièce", "langue": "fr"})
    if not data:
        return answer
    return monde.correspondant.post(
        reverse("dispositifs_admin:depot", args=[monde.page.pk]), data, follow=True
    )


def version(monde, nom, contenu):
    document = make_document(monde.page, nom="ancien.pdf")
    address = reverse("dispositifs_admin:nouvelle_version", args=[monde.page.pk, document.pk])
    return monde.correspondant.post(address, {"file": upload(nom, contenu)}, follow=True)


def proposition(monde, nom, contenu):
    """The form of operators, in their own space."""
    data = {"title": "Pièce", "type": monde.type.pk, "langue": "fr"}
    return monde.operateur.post(
        reverse("proposer_document", args=[monde.page.identifiant]),
        {**data, "file": upload(nom, contenu)},
        follow=True,
    )


def importation(monde, nom, contenu):
    """A folder given to `fiches importer`, where the file has a name that a disk may hold."""
    name = pathlib.PurePath(nom.replace("\\", "/")).name
    source = monde.folder / (name if len(name.encode()) < 200 else f"long{source_suffix(name)}")
    source.write_bytes(contenu)
    piece = {"titre": "Pièce", "type": monde.type.slug, "fichier": source.name}
    row = fiche(monde.page.identifiant, titre=monde.page.title, documents=[piece])
    try:
        import_fiches(write_lines(monde.folder, row))
    except FichierRefuse as refusal:
        return " ".join(error.message for error in refusal.erreurs)
    finally:
        source.unlink()
    return ""


def source_suffix(name):
    return pathlib.PurePath(name).suffix


CANAUX = (
    ajout,
    ajout_multiple,
    choix,
    remplacement,
    depot,
    version,
    proposition,
    importation,
)


def said(answer):
    """All that its sender reads."""
    if isinstance(answer, str):
        return answer
    text = answer.content.decode()
    if answer["Content-Type"] == "application/json":
        return " ".join(map(str, json.loads(text).values()))
    return text


def kept(known):
    """The documents that were not there before."""
    return list(Document.objects.exclude(pk__in=known).exclude(file__contains="ancien"))
