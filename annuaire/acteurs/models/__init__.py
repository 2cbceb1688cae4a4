from .comptes import NatureRole, Role, RoleDepartement, User
from .structures import Structure, StructureAlias, TypeStructure
from .territoires import Commune, Departement, Epci, Region

__all__ = [
    "Commune",
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
