"""The same file elsewhere: a warning with its place, which never blocks."""

from collections.abc import Iterable

from dispositifs import permissions
from dispositifs.models import Document


def same_files(
    sha256: Iterable[str], user: permissions.Actor, *, apart_from: Document | None = None
) -> dict[str, list[str]]:
    """Where these files are already, in sentences by fingerprint: among what this actor may read.

    Of a document that one may not read nothing is said, not even that there is one: whoever holds a
    file could else learn, by depositing it, that another département has filed it.
    """
    rows = Document.objects.current().readable_by(user).filter(sha256__in=set(sha256) - {""})
    if apart_from is not None:
        rows = rows.exclude(identifiant=apart_from.identifiant)
    found: dict[str, list[str]] = {}
    for row in rows.select_related("dispositif").order_by("title", "pk"):
        found.setdefault(row.sha256, []).append(_sentence(row))
    return found


def same_file(document: Document, user: permissions.Actor) -> list[str]:
    """`same_files` of a document that is already there."""
    return same_files([document.sha256], user, apart_from=document).get(document.sha256, [])


def _sentence(document: Document) -> str:
    if document.dispositif is None:
        return f"Ce fichier est déjà un guide national, « {document.title} »."
    return (
        f"Ce fichier est déjà joint à « {document.dispositif.title} » sous le titre"
        f" « {document.title} »."
    )
