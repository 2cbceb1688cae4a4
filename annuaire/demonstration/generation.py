"""Generated fiches: varied, imaginary, the same for the same seed. For sizes, not for reading."""

import datetime
from collections import defaultdict
from itertools import accumulate
from random import Random
from typing import Any

from django.utils import timezone

from annuaire.acteurs.models import Commune, Departement
from dispositifs.choices import Langue, NatureLieu, Niveau, Statut
from dispositifs.models import Forme, Public, RoleParticipation, Thematique, TypeDocument

from .vocabulaire import Vocabulaire

FIRST_DAY = datetime.date(2015, 1, 1)
NOMS = (
    *("Tilleul", "Passerelle", "Galet", "Brise", "Lanterne", "Verger", "Estuaire", "Atelier"),
    *("Grève", "Colombier", "Sillage", "Clairière", "Écluse", "Halte", "Margelle", "Noria"),
    *("Prélude", "Ruche", "Sarment", "Trémail"),
)
LIEUX = "Les Quatre-Vents", "La Corderie", "Le Champ du Puits", "Les Vanneries", "Le Petit Quai"
TEXTES = {"contexte": 500, "objectifs": 350, "actions": 600, "limites": 300}
Fiche = dict[str, Any]
Lieu = tuple[str, str, str | None]  # code and name of a commune, SIREN of its intercommunalité


class Generateur:
    """Makes the fiche of a number; two runs with the same seed make the same fiches."""

    def __init__(self, graine: int = 0) -> None:
        self.graine = graine
        self.vocabulaire = Vocabulaire()
        self.departements = list(Departement.objects.order_by("code"))
        self.poids = _cumulated(row.population or 1 for row in self.departements)
        self.communes = self._communes()
        self.thematiques = _slugs(Thematique.objects.offered().order_by("ordre"))
        self.formes = _slugs(Forme.objects.filter(actif=True))
        self.publics = _slugs(Public.objects.filter(actif=True))
        self.types = _slugs(TypeDocument.objects.filter(actif=True))
        self.libelles = dict(TypeDocument.objects.values_list("slug", "libelle"))
        self.noms_de_formes = dict(Forme.objects.values_list("slug", "libelle"))
        self.autres_roles = _slugs(RoleParticipation.objects.exclude(maximum=1))

    def _communes(self) -> dict[str, list[Lieu]]:
        found: dict[str, list[Lieu]] = defaultdict(list)
        rows = Commune.objects.order_by("-population", "code")
        for code, nom, departement, epci in rows.values_list("code", "nom", "departement", "epci"):
            found[departement].append((code, nom, epci))
        return found

    def structures(self) -> list[Fiche]:
        """Every structure that a generated fiche may name, with its kind."""
        operators = [
            {"nom": f"{first} et {second}", "type": "association"}
            for first in NOMS
            for second in NOMS
            if first != second
        ]
        return [*operators, *(self._pilote(row) for row in self.departements)]

    def _pilote(self, departement: Departement) -> Fiche:
        return {
            "nom": f"Service pilote imaginaire ({departement.code})",
            "type": "autre-service-de-l-etat",
        }

    def fiche(self, number: int) -> tuple[Fiche, datetime.datetime]:
        """One line of the import format, and when it was last published."""
        rng = Random(f"{self.graine}:{number}")  # noqa: S311  # no secret here
        departement = rng.choices(self.departements, cum_weights=self.poids)[0]
        communes = self._some_communes(rng, departement.code)
        identifiant = f"genere-{number:06}"
        formes = _some(rng, self.formes, 2)
        place = communes[0][1]
        fiche = {
            "identifiant": identifiant,
            "titre": f"{self.noms_de_formes[formes[0]]} – {place}, {rng.choice(NOMS)}",
            "resume": self.vocabulaire.sentence(rng)[:300],
            "departement": departement.code,
            "formes": formes,
            "thematiques": _some(rng, self.thematiques, 4),
            "publics": _some(rng, self.publics, 3),
            "mots_cles": _some(rng, self.vocabulaire.mots_cles, 4),
            "corps": {
                name: self.vocabulaire.text(rng, rng.randrange(length // 2, length), place)
                for name, length in TEXTES.items()
            },
            **_territoire(rng, communes),
            **_calendrier(rng),
            "structures": self._participants(rng, departement),
            "documents": [
                self._document(rng, f"{identifiant}-doc-{rank}", place) for rank in (1, 2)
            ],
        }
        fiche["lieux"] = self._lieux(rng, communes)
        published = timezone.now() - datetime.timedelta(minutes=rng.randrange(900 * 24 * 60))
        return fiche, published

    def _some_communes(self, rng: Random, departement: str) -> list[Lieu]:
        """One to four, the larger ones more often."""
        known = self.communes[departement]
        count = min(len(known), rng.choices((1, 2, 3, 4), (6, 3, 2, 1))[0])
        picked = {known[int(len(known) * rng.random() ** 3)] for _ in range(count)}
        return sorted(picked)

    def _participants(self, rng: Random, departement: Departement) -> list[Fiche]:
        names = rng.sample(NOMS, 4)
        rows = [
            {"nom": f"{names[0]} et {names[1]}", "role": "operateur-chef-de-file"},
            {**self._pilote(departement), "role": "pilote"},
        ]
        if rng.random() < 0.5:
            role = rng.choice(self.autres_roles)
            rows.append({"nom": f"{names[2]} et {names[3]}", "role": role})
        return rows

    def _lieux(self, rng: Random, communes: list[Lieu]) -> list[Fiche]:
        if rng.random() < 0.6:
            return []
        nature = rng.choice(NatureLieu.values)
        shown = nature in (NatureLieu.TERRAIN_INSERTION, NatureLieu.PERMANENCE)
        return [
            {
                "nature": nature,
                "nom": rng.choice(LIEUX),
                "commune": communes[0][0],
                "public": shown and rng.random() < 0.7,
            }
        ]

    def _document(self, rng: Random, identifiant: str, place: str) -> Fiche:
        kind = _some(rng, self.types, 1)[0]
        day = FIRST_DAY + datetime.timedelta(days=rng.randrange(4_300))
        return {
            "identifiant": identifiant,
            "titre": f"{self.libelles[kind]} – {place}, {day.year}",
            "type": kind,
            "date": day.isoformat(),
            "langue": rng.choices((Langue.FRANCAIS.value, Langue.ANGLAIS.value), (97, 3))[0],
            "niveau": rng.choices(Niveau.values, (7, 2, 1))[0],
            "texte": self.vocabulaire.text(rng, 2000, place),
        }


def _territoire(rng: Random, communes: list[Lieu]) -> Fiche:
    """Communes most often, sometimes their intercommunalité, sometimes the whole département."""
    draw = rng.random()
    if draw < 0.1:
        return {}
    epci = sorted({row[2] for row in communes if row[2]})
    if draw < 0.25 and epci:
        return {"epci": epci[:1]}
    return {"communes": [row[0] for row in communes]}


def _calendrier(rng: Random) -> Fiche:
    """Dates, a statut that agrees with them, and the figures that go with it."""
    today = timezone.localdate()
    # The recent ones more often: about half of them are running.
    span = (today - FIRST_DAY).days + 200
    start = FIRST_DAY + datetime.timedelta(days=int(span * rng.random() ** 0.4))
    end = start + datetime.timedelta(days=rng.randrange(180, 1_800))
    capacity = rng.randrange(11, 90)
    row: Fiche = {
        "date_debut": start.isoformat(),
        "date_fin_prevue": end.isoformat(),
        "capacite_menages": capacity if rng.random() < 0.7 else None,
        "selection": rng.choice((True, False, False, None)),
        "duree_contrat_mois": rng.choice((None, 6, 12)),
    }
    if start > today:
        return row | {"statut": Statut.EN_PREPARATION.value}
    if end < today:
        statut = rng.choices((Statut.TERMINE.value, Statut.ABANDONNE.value), (9, 1))[0]
        return row | {"statut": statut, "date_fin": end.isoformat()}
    if rng.random() < 0.3:
        row |= {"places_libres": rng.randrange(0, 9), "places_libres_au": today.isoformat()}
    return row | {"statut": Statut.EN_COURS.value}


def _some(rng: Random, values: list[str], maximum: int) -> list[str]:
    """One to `maximum` values, the first of the list more often, as words are used."""
    count = rng.randrange(1, maximum + 1)
    return list(dict.fromkeys(values[int(len(values) * rng.random() ** 2)] for _ in range(count)))


def _slugs(rows: Any) -> list[str]:
    return list(rows.values_list("slug", flat=True))


def _cumulated(weights: Any) -> list[int]:
    return list(accumulate(weights))
