"""What tests are made of: small, true objects. A test says only what matters to it."""

from .acteurs import make_departement, make_structure, make_user
from .dispositifs import make_bonne_pratique, make_dispositif, make_document, make_mandat, make_tree

__all__ = [
    "make_bonne_pratique",
    "make_departement",
    "make_dispositif",
    "make_document",
    "make_mandat",
    "make_structure",
    "make_tree",
    "make_user",
]
