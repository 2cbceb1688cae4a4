"""Loading the demonstration: the written fiches by the importers, the generated ones in bulk."""

import datetime
from collections.abc import Callable, Iterator

from django.db import transaction
from django.utils import timezone

from annuaire.acteurs.actions import give_role
from annuaire.acteurs.models import Departement, NatureRole, Role, Structure, User
from dispositifs.actions.mandats import open_mandat
from dispositifs.choices import NatureMandat
from dispositifs.models import DispositifPage, Mandat
from dispositifs.saisie.fichier.bonnes_pratiques import BilanPages, import_bonnes_pratiques
from dispositifs.saisie.fichier.contenus import import_contenus
from dispositifs.saisie.fichier.importation import Bilan, Importation, import_fiches

from . import COMPTES, MOT_DE_PASSE
from .generation import Generateur
from .propositions import load_propositions
from .vocabulaire import DONNEES

CHUNK = 500
MAXIMUM = 100_000
OPERATEUR, PARTENAIRE = "Rive et Seuil", "Bordeaux Métropole"
PILOTE = "mous-bordeaux-2024"
FIRST_DAY = datetime.date(2024, 1, 1)
Progress = Callable[[str, int, int], None]


def load_written(progress: Progress | None = None) -> tuple[Bilan, BilanPages, BilanPages]:
    """The fiches, the bonnes pratiques and the pages that the product ships. Idempotent."""
    return (
        import_fiches(DONNEES / "dispositifs.jsonl", progress=progress),
        import_bonnes_pratiques(DONNEES / "bonnes_pratiques.jsonl"),
        import_contenus(DONNEES / "pages.json"),
    )


# --- generated fiches ----------------------------------------------------------------------------
def load_generated(taille: int, graine: int = 0, progress: Progress | None = None) -> int:
    """Make what is missing of `genere-000001` to `taille`; how many were made.

    Each group is a transaction of its own: a run that is stopped goes on at the next one.
    """
    missing = _missing(taille)
    if not missing:
        return 0
    generateur = Generateur(graine)
    importation = Importation()
    importation.add_structures(generateur.structures())
    for start in range(0, len(missing), CHUNK):
        numbers = missing[start : start + CHUNK]
        with transaction.atomic():
            importation.load(generateur.fiche(number) for number in numbers)
        if progress:
            progress("Fiches générées", start + len(numbers), len(missing))
    return len(missing)


def _missing(taille: int) -> list[int]:
    rows = DispositifPage.objects.filter(identifiant__startswith="genere-")
    known = set(rows.values_list("identifiant", flat=True))
    return [number for number in range(1, taille + 1) if f"genere-{number:06}" not in known]


# --- accounts ------------------------------------------------------------------------------------
@transaction.atomic
def open_accounts() -> None:
    """The accounts of the demonstration, their mandats and propositions; what exists is left.

    Their password is public: the caller makes sure that the site is not.
    """
    structures = {nom: Structure.objects.named(nom).get().actuelle for nom in _NAMES.values()}
    users = {}
    for courriel in COMPTES:
        structure = structures.get(_NAMES.get(courriel, ""))
        users[courriel] = _account(courriel, structure)
    national = users["dihal@demo.invalid"]
    for dispositif in _entrusted(structures[OPERATEUR]):
        _mandat(dispositif, structures[OPERATEUR], NatureMandat.OPERATEUR, national)
    bordeaux = DispositifPage.objects.get(identifiant=PILOTE)
    _mandat(bordeaux, structures[PARTENAIRE], NatureMandat.PARTENAIRE, national)
    load_propositions(
        operateur=users["operateur@demo.invalid"], correspondant=users["ddets33@demo.invalid"]
    )


_NAMES = {"operateur@demo.invalid": OPERATEUR, "partenaire@demo.invalid": PARTENAIRE}
_ROLES = {
    "dihal@demo.invalid": (NatureRole.NATIONAL, ()),
    "ddets33@demo.invalid": (NatureRole.CORRESPONDANT, ("33",)),
    "ddets13@demo.invalid": (NatureRole.CORRESPONDANT, ("13",)),
    "operateur@demo.invalid": (NatureRole.OPERATEUR, ()),
    "partenaire@demo.invalid": (NatureRole.PARTENAIRE, ()),
}


def _account(courriel: str, structure: Structure | None) -> User:
    user = User.objects.filter(email=courriel).first()
    if user is None:
        user = User.objects.create_user(courriel, MOT_DE_PASSE, structure=structure)
    nature, codes = _ROLES[courriel]
    if not Role.objects.running().filter(user=user, nature=nature).exists():
        departements = Departement.objects.filter(code__in=codes)
        give_role(user=user, nature=nature, departements=departements, du=FIRST_DAY)
    return user


def _entrusted(structure: Structure) -> Iterator[DispositifPage]:
    """The dispositif of the demonstration accounts, then two others that this structure leads."""
    yield DispositifPage.objects.get(identifiant=PILOTE)
    led = DispositifPage.objects.filter(chef_de_file=structure).exclude(identifiant=PILOTE)
    yield from led.order_by("identifiant")[:2]


def _mandat(
    dispositif: DispositifPage, structure: Structure, nature: NatureMandat, by: User
) -> None:
    known = Mandat.objects.filter(dispositif=dispositif, structure=structure, nature=nature)
    if not known.exists():
        start = max(dispositif.date_debut or FIRST_DAY, FIRST_DAY)
        du = min(start, timezone.localdate())
        open_mandat(dispositif=dispositif, structure=structure, nature=nature, du=du, by=by)
