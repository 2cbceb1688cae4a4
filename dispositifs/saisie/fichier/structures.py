"""Names and SIREN of a file to structures: found, or to be created once for the whole file."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from annuaire.acteurs.models import Structure, StructureAlias, TypeStructure
from annuaire.acteurs.normalisation import fold_name
from annuaire.acteurs.siren import is_siren

from .erreurs import Ligne


@dataclass
class Nouvelle:
    """A structure that the file names and nobody knows; its département, if the file names one."""

    reference: int
    nom: str
    plie: str
    type: str
    siren: str
    departements: set[str] = field(default_factory=set)


class Structures:
    """All structures, known by SIREN and by folded name; a merged one is read as its successor.

    Until `create_new`, the structures to be created have negative references.
    """

    def __init__(self) -> None:
        self.types = set(TypeStructure.objects.values_list("slug", flat=True))
        self.sirens: dict[str, set[int]] = defaultdict(set)
        self.names: dict[str, set[int]] = defaultdict(set)
        self.own: dict[int, tuple[str, str]] = {}
        self.new: dict[tuple[str, str], Nouvelle] = {}
        rows = Structure.objects.values_list("pk", "fusionne_dans", "siren", "siret", "nom_plie")
        for pk, successor, siren, siret, folded in rows:
            self.names[folded].add(successor or pk)
            if siren:
                self.sirens[siren].add(successor or pk)
            if not successor:
                self.own[pk] = (siren, siret)
        for pk, successor, folded in StructureAlias.objects.values_list(
            "structure", "structure__fusionne_dans", "nom_plie"
        ):
            self.names[folded].add(successor or pk)

    def resolve(self, row: dict[str, Any], champ: str, departement: str, ligne: Ligne) -> int:
        """The reference of the structure of this row; 0 once an error is told."""
        nom, siren = row["nom"], row.get("siren") or ""
        if siren and not is_siren(siren):
            ligne.refuse(f"{champ}.siren", f"« {siren} » n’est pas un SIREN valide.")
            return 0
        folded = fold_name(nom)
        if not folded:
            ligne.refuse(f"{champ}.nom", "ce nom ne contient ni lettre ni chiffre.")
            return 0
        found = self._by_siren(siren, folded) or self._by_name(siren, folded)
        if len(found) > 1:
            ligne.refuse(
                f"{champ}.nom",
                f"plusieurs structures s’appellent « {nom} » : donnez le SIREN de la bonne.",
            )
            return 0
        if found:
            return next(iter(found))
        return self._promise(row, champ, departement, ligne)

    def _by_siren(self, siren: str, folded: str) -> set[int]:
        found = self.sirens.get(siren, set()) if siren else set()
        if len(found) < 2:
            return found
        # Several establishments share a SIREN: the name decides, else the seat.
        named = found & self.names.get(folded, set())
        return named or {pk for pk in found if not self.own[pk][1]} or found

    def _by_name(self, siren: str, folded: str) -> set[int]:
        found = self.names.get(folded, set())
        if siren:
            # Two SIREN are two structures, even under one name.
            found = {pk for pk in found if not self.own[pk][0]}
        return found

    def _promise(self, row: dict[str, Any], champ: str, departement: str, ligne: Ligne) -> int:
        siren, folded = row.get("siren") or "", fold_name(row["nom"])
        key = (siren, "") if siren else ("", folded)
        promised = self.new.get(key) or self._promised_by_name(siren, folded)
        kind = row.get("type")
        if promised is None:
            if kind is None:
                ligne.refuse(
                    f"{champ}.type",
                    f"la structure « {row['nom']} » est inconnue : donnez son type pour la créer.",
                )
                return 0
            if kind not in self.types:
                ligne.refuse(f"{champ}.type", f"le type de structure « {kind} » est inconnu.")
                return 0
            promised = Nouvelle(-len(self.new) - 1, row["nom"], folded, kind, siren)
            self.new[key] = promised
        if departement:
            promised.departements.add(departement)
        return promised.reference

    def _promised_by_name(self, siren: str, folded: str) -> Nouvelle | None:
        """One named before, here or there without its SIREN."""
        named = [
            new
            for new in self.new.values()
            if new.plie == folded and not (siren and new.siren and siren != new.siren)
        ]
        if len(named) != 1:
            return None
        named[0].siren = named[0].siren or siren
        return named[0]

    def create_new(self) -> int:
        """Create the promised structures; how many. Later calls of `resolve` find them."""
        rows = [
            Structure(
                nom=new.nom,
                type_id=new.type,
                siren=new.siren,
                # Known in one département: its correspondants may correct it. Else national.
                departement_id=next(iter(new.departements)) if len(new.departements) == 1 else None,
                # bulk_create does not call save(), which folds the name.
                nom_plie=new.plie,
            )
            for new in self.new.values()
        ]
        for row in Structure.objects.bulk_create(rows):
            self.names[row.nom_plie].add(row.pk)
            self.own[row.pk] = (row.siren, "")
            if row.siren:
                self.sirens[row.siren].add(row.pk)
        self.new.clear()
        return len(rows)
