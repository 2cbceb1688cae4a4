"""Public documents whose text has been read, without a file that holds it."""

from dispositifs.models import PageTexte
from tests.factories import make_document


def make_read_document(dispositif=None, titre="Convention", *, textes, **fields):
    """A document whose pages hold these texts; one that is "" has no row."""
    document = make_document(dispositif, titre, texte_etat="a-extraire", **fields)
    read(document, *textes)
    return document


def read(document, *textes):
    PageTexte.objects.filter(document=document).delete()
    PageTexte.objects.bulk_create(
        PageTexte(document=document, n=n, texte=texte)
        for n, texte in enumerate(textes, start=1)
        if texte
    )
    document.texte_etat, document.anonymat = "extrait", "rien"
    document.save()
