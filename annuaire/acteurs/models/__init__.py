from .comptes import NatureRole, Role, RoleDepartement, User
from .courriels import Courriel
from .structures import Structure, StructureAlias, TypeStructure
from .territoires import Commune, Departement, Epci, Region

__all__ = [
    "Commune",
    "Courriel",
    "Departement",
    "Epci",
    "NatureRole",
    "Region",
    "Role",
    "RoleDepartement",
    "Structure",
    "StructureAlias",
    "TypeStructure",
    "User",
]
