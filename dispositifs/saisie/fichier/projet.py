"""What one line asks for, once compared with what the dispositif says today."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from dispositifs.choices import ROLE_CHEF_DE_FILE
from dispositifs.models.dispositif import DispositifPage, statut_from_dates
from dispositifs.models.texte_riche import normalise_text

from .erreurs import Ligne
from .etat import COLONNES, ENSEMBLES, VIDE, Etat
from .format import Champs
from .referentiel import MotsCles, Referentiel
from .structures import Structures

DATES = ("date_debut", "date_fin_prevue", "date_fin")


@dataclass
class Projet:
    """One dispositif to create (`etat` None) or to bring up to date."""

    ligne: int | None
    identifiant: str
    champs: Champs
    etat: Etat | None
    changements: dict[str, Any] = field(default_factory=dict)
    publie_le: datetime.datetime | None = None
    page: DispositifPage | None = None

    @property
    def departement(self) -> str:
        code: str = self.changements.get("departement") or self.valeurs["departement"]
        return code

    @property
    def valeurs(self) -> dict[str, Any]:
        """What the dispositif will say."""
        return (self.etat.valeurs if self.etat else VIDE) | self.changements

    @property
    def page_id(self) -> int:
        if self.page is not None:
            return int(self.page.pk)
        if self.etat is None:
            raise ValueError("The page is not written yet.")
        return self.etat.page_id


class Comparaison:
    """From the keys of one line to what changes."""

    def __init__(
        self, referentiel: Referentiel, structures: Structures, mots_cles: MotsCles
    ) -> None:
        self.referentiel = referentiel
        self.structures = structures
        self.mots_cles = mots_cles

    def complete(self, projet: Projet, ligne: Ligne) -> None:
        """Fill `changements`; tell what cannot be."""
        if projet.etat is None:
            for key in ("titre", "departement"):
                if key not in projet.champs:
                    ligne.refuse(key, "cette clé est obligatoire pour une nouvelle fiche.")
        current = projet.etat.valeurs if projet.etat else VIDE
        given = self._given(projet.champs, current, ligne)
        projet.changements = {key: value for key, value in given.items() if value != current[key]}
        if projet.etat is None and not projet.changements.get("statut"):
            projet.changements["statut"] = _statut(given)
        _check_dates(given, current | given, ligne)

    def _given(self, champs: Champs, current: dict[str, Any], ligne: Ligne) -> dict[str, Any]:
        """The values that the line gives, in the words of `Etat`."""
        given = _columns(champs)
        for key in ENSEMBLES:
            if key in champs:
                given[key] = frozenset(champs[key])
        given |= self._tags(champs)
        if "lieux" in champs:
            given["lieux"] = _lieux(champs["lieux"], current["lieux"])
        if "lieux" in champs or "communes" in champs:
            lieux = given.get("lieux", current["lieux"])
            communes = given.get("communes", current["communes"])
            given["communes"] = communes | {lieu[2] for lieu in lieux}
        if "structures" in champs:
            given |= self._structures(champs, current, ligne)
        return given

    def _tags(self, champs: Champs) -> dict[str, Any]:
        given = {}
        if "mots_cles" in champs:
            given["mots_cles"] = frozenset(map(self.mots_cles.spelling, champs["mots_cles"]))
        if "thematiques" in champs:
            known = self.referentiel.thematiques
            given["thematiques"] = frozenset(
                known[slug].slug for slug in champs["thematiques"] if slug in known
            )
        return given

    def _structures(self, champs: Champs, current: dict[str, Any], ligne: Ligne) -> dict[str, Any]:
        departement = champs.get("departement") or current["departement"] or ""
        known = {row[:2]: row[2:] for row in current["participations"]}
        lead, others, seen = None, [], set()
        for rank, row in enumerate(champs["structures"]):
            champ = f"structures[{rank}]"
            reference = self.structures.resolve(row, champ, departement, ligne)
            key = (reference, row["role"])
            if reference and key in seen:
                ligne.refuse(champ, f"« {row['nom']} » a déjà ce rôle sur la fiche.")
            seen.add(key)
            if row["role"] == ROLE_CHEF_DE_FILE:
                lead = reference
            else:
                du, au = known.get(key, (None, None))
                others.append((*key, row.get("du", du), row.get("au", au)))
        return {"chef_de_file": lead, "participations": tuple(others)}


def _columns(champs: Champs) -> dict[str, Any]:
    """Plain values and texts; `statut` null is left to the dates at first, then as it is."""
    given: dict[str, Any] = {key: champs[key] for key in COLONNES if key in champs}
    if given.get("statut", "") is None:
        del given["statut"]
    if "france_entiere" in given:
        given["france_entiere"] = bool(given["france_entiere"])
    if "departement" in champs:
        given["departement"] = champs["departement"]
    for group in ("corps", "enseignements"):
        for name, text in champs.get(group, {}).items():
            given[f"{group}.{name}"] = normalise_text(text)
    return given


def _lieux(rows: list[Champs], current: tuple[Any, ...]) -> tuple[Any, ...]:
    """The lieux given; what a row does not say of a known lieu is left as it is."""
    known = {lieu[:3]: lieu[3:] for lieu in current}
    lieux = []
    for row in rows:
        key = (row["nature"], row.get("nom", ""), row["commune"])
        public, longitude, latitude, exact = known.get(key, (False, None, None, False))
        lieux.append(
            (
                *key,
                bool(row.get("public", public)),
                row.get("longitude", longitude),
                row.get("latitude", latitude),
                bool(row.get("exact_public", exact)),
            )
        )
    return tuple(lieux)


def _statut(given: dict[str, Any]) -> str:
    dates = {key: given.get(key) for key in ("date_debut", "date_fin")}
    return str(statut_from_dates(DispositifPage(**dates)))


def _check_dates(given: dict[str, Any], after: dict[str, Any], ligne: Ligne) -> None:
    """Only what the line touches is checked: an old inconsistency refuses nothing else."""
    start = after["date_debut"]
    if given.keys() & set(DATES) and start:
        for key in DATES[1:]:
            if after[key] and after[key] < start:
                ligne.refuse(key, f"cette date précède la date de début ({start.isoformat()}).")
    touched = given.keys() & {"places_libres", "places_libres_au"}
    if touched and after["places_libres"] is not None and after["places_libres_au"] is None:
        ligne.refuse("places_libres_au", "indiquez à quelle date ces places étaient libres.")
