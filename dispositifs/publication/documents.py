"""The public side of documents: validated, public, on a page that anybody may read."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from django.urls import reverse
from django.utils import timezone

from dispositifs.models import Document
from dispositifs.models.documents import DocumentQuerySet


def attach_earlier(documents: Iterable[Document], readable: DocumentQuerySet) -> list[Document]:
    """The same documents, each with those of its earlier versions that are among `readable`.

    One that stayed with another dispositif when the document moved is left there: whether it may
    be read hangs on that page, whose changes say nothing to this one.
    """
    found = list(documents)
    replaced = {(row.identifiant, row.dispositif_id): row for row in found if row.version > 1}
    if replaced:
        names = {identifiant for identifiant, _ in replaced}
        rows = readable.filter(identifiant__in=names, courante=False).order_by("-version")
        for row in rows.only("identifiant", "version", "created_at", "dispositif"):
            if current := replaced.get((row.identifiant, row.dispositif_id)):
                current.anterieures = [*current.anterieures, row]
    return found


def document_entry(document: Document) -> dict[str, Any]:
    """One document as a fiche or a list shows it, with the versions that `attach_earlier` gave."""
    return {
        "identifiant": document.identifiant,
        "titre": document.title,
        "type": document.type.slug if document.type else None,
        "date": document.date.isoformat() if document.date else None,
        "periode_du": document.periode_du.isoformat() if document.periode_du else None,
        "periode_au": document.periode_au.isoformat() if document.periode_au else None,
        "langue": document.langue,
        "niveau": document.niveau,
        "url": document.url,
        "format": document.format,
        "taille": document.file_size,
        "pages": document.pages,
        "sha256": document.sha256,
        "description": document.description,
        "licence": document.licence or None,
        "version_accessible": document.version_accessible or None,
        "balise": document.balise,
        "vignette": f"{reverse('vignette', args=[document.identifiant])}?v={document.sha256[:8]}"
        if document.vignette
        else None,
        "libelles": {
            "type": document.type.libelle if document.type else "Document",
            "article": document.type.article if document.type else "le",
            "licence": document.get_licence_display(),
        },
        "versions_anterieures": [
            {
                "version": earlier.version,
                "url": f"{document.url}?version={earlier.version}",
                "remplacee_le": timezone.localdate(later.created_at).isoformat(),
            }
            # Replaced by the next of those shown: a version that is not says not even its day.
            for later, earlier in pairwise([document, *document.anterieures])
        ],
    }


def document_carte(document: Document, host: dict[str, Any] | None) -> dict[str, Any]:
    """The same with its dispositif's carte beside (None: a national guide)."""
    return {
        **document_entry(document),
        "dispositif": {key: host[key] for key in ("identifiant", "titre", "url")} if host else None,
        "departement": host["departement"] if host else None,
        "maj": timezone.localdate(document.maj).isoformat(),
    }


def document_facettes(document: Document, host: dict[str, list[str]]) -> dict[str, list[str]]:
    """Facets of a document: its own type, language and year, and its dispositif's subject."""
    inherited = ("thematique", "forme", "departement", "region", "epci", "structure")
    found = {name: host[name] for name in inherited if name in host}
    found["langue"] = [document.langue]
    if document.type:
        found["type_document"] = [document.type.slug]
    if document.date:
        found["annee"] = [str(document.date.year)]
    return found


def document_textes(document: Document, host: dict[str, Any] | None) -> dict[str, str]:
    strong = [document.type.libelle if document.type else ""]
    if host:
        strong += [host["titre"], host["departement"]["nom"], *host["libelles"]["thematiques"]]
    return {
        "titre": document.title,
        "sigle": host["sigle"] if host else "",
        "fort": "\n".join(filter(None, strong)),
        "corps": document.description,
        "documents": "",
    }
