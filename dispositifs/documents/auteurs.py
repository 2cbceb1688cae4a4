"""The names that a file carries in its properties: told to whoever deposits it, never rewritten."""

from dispositifs.models import Document


def author_sentences(document: Document) -> list[str]:
    """What whoever deposits must know before others read the file; empty if it names nobody.

    A signed convention is not to be modified, and a program may not guess who agrees to be named.
    """
    if not document.auteur:
        return []
    return [
        f"Le fichier nomme son auteur dans ses propriétés : {document.auteur}. Ceux qui le liront"
        " verront ce nom ; s’il ne doit pas être diffusé, effacez-le dans votre logiciel et déposez"
        " cette copie comme nouvelle version."
    ]
