"""Public pages, and the space of operators. Each renders the projection's ready JSON."""

from .accueil import accueil
from .contenus import contact, contenu, plan_du_site, robots
from .departements import departement
from .espace import espace
from .fiches import bonne_pratique, dispositif
from .regions import region

__all__ = [
    "accueil",
    "bonne_pratique",
    "contact",
    "contenu",
    "departement",
    "dispositif",
    "espace",
    "plan_du_site",
    "region",
    "robots",
]
