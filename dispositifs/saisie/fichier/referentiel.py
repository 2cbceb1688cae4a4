"""The codes and words that a file may use, read once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from annuaire.acteurs.models import Commune, Departement, Epci
from dispositifs.choices import Niveau
from dispositifs.models import Forme, MotCle, Public, RoleParticipation, Thematique, TypeDocument

from .erreurs import Ligne


@dataclass(frozen=True)
class Mot:
    """One word of a vocabulary: its id, and the slug under which it is read today."""

    pk: int
    slug: str


@dataclass(frozen=True)
class TypePiece:
    pk: int
    libelle: str
    niveau: str


class Referentiel:
    def __init__(self) -> None:
        self.departements = set(Departement.objects.values_list("code", flat=True))
        self.communes = set(Commune.objects.values_list("code", flat=True))
        self.epci = set(Epci.objects.values_list("siren", flat=True))
        self.formes = _words(Forme.objects.values_list("slug", "pk", "slug"))
        self.publics = _words(Public.objects.values_list("slug", "pk", "slug"))
        self.thematiques = self._thematiques()
        self.roles = _words(RoleParticipation.objects.values_list("slug", "pk", "slug"))
        self.maxima = dict(RoleParticipation.objects.values_list("slug", "maximum"))
        self.types = {
            row.slug: TypePiece(row.pk, row.libelle, row.visibilite_par_defaut or Niveau.INTERNE)
            for row in TypeDocument.objects.all()
        }

    def _thematiques(self) -> dict[str, Mot]:
        rows = Thematique.objects.values_list("slug", "pk", "remplacee_par", "remplacee_par__slug")
        return {
            slug: Mot(successor or pk, new_slug or slug) for slug, pk, successor, new_slug in rows
        }

    def check(self, fiche: dict[str, Any], ligne: Ligne) -> None:
        """Tell which codes and words of this fiche are known to nobody."""
        territories = (
            ("departements_secondaires", self.departements, "ce département"),
            ("communes", self.communes, "cette commune"),
            ("epci", self.epci, "cette intercommunalité"),
        )
        words = (
            ("thematiques", self.thematiques, "cette thématique"),
            ("formes", self.formes, "cette forme"),
            ("publics", self.publics, "ce public"),
        )
        if "departement" in fiche:
            _known(fiche["departement"], self.departements, "departement", "ce département", ligne)
        for key, known, what in (*territories, *words):
            for rank, value in enumerate(fiche.get(key, ())):
                _known(value, known, f"{key}[{rank}]", what, ligne)
        self._check_rows(fiche, ligne)

    def _check_rows(self, fiche: dict[str, Any], ligne: Ligne) -> None:
        columns = (
            ("structures", "role", self.roles, "ce rôle"),
            ("lieux", "commune", self.communes, "cette commune"),
            ("documents", "type", self.types, "ce type de document"),
        )
        for key, column, known, what in columns:
            for rank, row in enumerate(fiche.get(key, ())):
                if row[column] is not None:
                    _known(row[column], known, f"{key}[{rank}].{column}", what, ligne)
        self._check_maxima(fiche.get("structures", ()), ligne)

    def _check_maxima(self, structures: Iterable[dict[str, Any]], ligne: Ligne) -> None:
        counts: dict[str, int] = {}
        for rank, row in enumerate(structures):
            role = row["role"]
            counts[role] = counts.get(role, 0) + 1
            maximum = self.maxima.get(role)
            if maximum is not None and counts[role] > maximum:
                ligne.refuse(
                    f"structures[{rank}].role", f"le rôle « {role} » est permis {maximum} fois."
                )


def _words(rows: Iterable[tuple[str, int, str]]) -> dict[str, Mot]:
    return {key: Mot(pk, slug) for key, pk, slug in rows}


def _known(
    value: str, known: Mapping[str, Any] | set[str], champ: str, what: str, ligne: Ligne
) -> None:
    if value not in known:
        ligne.refuse(champ, f"« {value} » : {what} est inconnu{'e' * what.startswith('cette')}.")


class MotsCles:
    """The free tags, whatever their case; the spelling first given stays."""

    def __init__(self) -> None:
        self.known = {
            name.casefold(): (pk, name) for pk, name in MotCle.objects.values_list("pk", "name")
        }

    def spelling(self, name: str) -> str:
        """The name under which this tag is known, or this one."""
        return self.known.get(name.casefold(), (0, name))[1]

    def ids(self, names: Iterable[str]) -> dict[str, int]:
        """The ids of these tags; those that nobody used yet are created."""
        for name in sorted(names):
            if name.casefold() not in self.known:
                # One by one: save() finds a free slug.
                self.known[name.casefold()] = (MotCle.objects.create(name=name).pk, name)
        return {name: self.known[name.casefold()][0] for name in names}
