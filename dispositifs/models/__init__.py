from .bonne_pratique import BonnePratiquePage
from .dispositif import DispositifPage
from .documents import Document, Image, PageTexte, Rendition
from .enfants import Lieu, Participation
from .pages import AccueilPage, AnnuairePage, BonnesPratiquesPage, ContenuPage, DepartementPage
from .propositions import Proposition
from .publication import (
    FicheLieu,
    FichePublique,
    FicheRetiree,
    FicheTerritoire,
    FicheValeur,
    VersionAnnuaire,
)
from .suivi import GroupeMenages, Mandat
from .vocabulaires import (
    Forme,
    MotCle,
    MotCleDispositif,
    Public,
    RoleParticipation,
    Thematique,
    ThematiqueBonnePratique,
    ThematiqueDispositif,
    TypeDocument,
)

__all__ = [
    "AccueilPage",
    "AnnuairePage",
    "BonnePratiquePage",
    "BonnesPratiquesPage",
    "ContenuPage",
    "DepartementPage",
    "DispositifPage",
    "Document",
    "FicheLieu",
    "FichePublique",
    "FicheRetiree",
    "FicheTerritoire",
    "FicheValeur",
    "Forme",
    "GroupeMenages",
    "Image",
    "Lieu",
    "Mandat",
    "MotCle",
    "MotCleDispositif",
    "PageTexte",
    "Participation",
    "Proposition",
    "Public",
    "Rendition",
    "RoleParticipation",
    "Thematique",
    "ThematiqueBonnePratique",
    "ThematiqueDispositif",
    "TypeDocument",
    "VersionAnnuaire",
]
