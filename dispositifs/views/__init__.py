"""Public pages, and the space of operators. Each renders the projection's ready JSON."""

from .accueil import accueil
from .bibliotheque import bibliotheque
from .comparer import comparer
from .contenus import contact, contenu, plan_du_site
from .departements import departement
from .espace import espace
from .fiches import bonne_pratique, dispositif
from .matrice import matrice
from .moteurs import robots, sitemap, sitemap_part
from .propositions import (
    choisir_rubrique,
    proposer_document,
    proposer_texte,
    propositions,
    retirer_proposition,
)
from .regions import region

__all__ = [
    "accueil",
    "bibliotheque",
    "bonne_pratique",
    "choisir_rubrique",
    "comparer",
    "contact",
    "contenu",
    "departement",
    "dispositif",
    "espace",
    "matrice",
    "plan_du_site",
    "proposer_document",
    "proposer_texte",
    "propositions",
    "region",
    "retirer_proposition",
    "robots",
    "sitemap",
    "sitemap_part",
]
