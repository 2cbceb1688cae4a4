"""What to read after a fiche: dispositifs like it, and bonnes pratiques on the same thématiques."""

import json
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, IntegerField, OuterRef, Subquery

from annuaire.acteurs.models import Departement
from dispositifs.choices import NaturePublique, Statut
from dispositifs.models import FichePublique, FicheValeur, VersionAnnuaire

from .raisons import Voisinage, reason

Json = dict[str, Any]
PROCHES = 4
PRATIQUES = 3
KEPT = 3600  # seconds
# Each shared value proposes its newest fiches, so that a page costs the same in a directory of
# fifty thousand; a value that has fewer proposes them all.
POOL = 100
WEIGHTS = {"forme": 4, "thematique": 3, "public": 1}
MEANINGFUL = ("forme", "thematique")  # without one of them in common, nothing is close
TERRITORY = {Voisinage.DEPARTEMENT: 4, Voisinage.VOISIN: 3, Voisinage.REGION: 2}
RUNNING = 1

# Written by hand: the ORM takes longer to write it than the database to answer. The two CROSS JOIN
# tell SQLite to look up the few values asked of each candidate, not the reverse.
POOL_SQL = """
SELECT fiche_id FROM (
  SELECT v.fiche_id FROM {valeurs} v JOIN {fiches} f ON f.id = v.fiche_id
  WHERE v.facette = %s AND v.valeur = %s AND f.nature = 'dispositif'
  ORDER BY v.fiche_id DESC LIMIT {pool}) AS p
"""
PROCHES_SQL = """
WITH demandes(facette, valeur, poids) AS (VALUES {demandes}),
candidats AS ({candidats}),
communs AS (
  SELECT c.fiche_id AS id, SUM(d.poids) AS poids,
    COUNT(CASE WHEN d.facette = 'public' THEN 1 END) AS publics
  FROM candidats c CROSS JOIN demandes d CROSS JOIN {valeurs} v
  WHERE v.fiche_id = c.fiche_id AND v.facette = d.facette AND v.valeur = d.valeur
  GROUP BY c.fiche_id
  HAVING COUNT(CASE WHEN d.facette <> 'public' THEN 1 END) > 0),
situes AS (
  SELECT c.id, c.poids, c.publics, f.maj, f.statut,
    CASE WHEN f.departement = %s THEN %s
      WHEN f.departement IN (SELECT to_departement_id FROM {voisins} WHERE from_departement_id = %s)
      THEN %s WHEN f.region = %s THEN %s ELSE '' END AS voisinage
  FROM communs c JOIN {fiches} f ON f.id = c.id WHERE f.identifiant <> %s),
notes AS (
  SELECT id, publics, voisinage, maj, poids
    + CASE voisinage WHEN %s THEN %s WHEN %s THEN %s WHEN %s THEN %s ELSE 0 END
    + CASE WHEN statut = %s THEN %s ELSE 0 END AS note
  FROM situes ORDER BY note DESC, maj DESC, id DESC LIMIT {proches})
SELECT f.carte, n.voisinage, n.publics FROM notes n JOIN {fiches} f ON f.id = n.id
ORDER BY n.note DESC, n.maj DESC, n.id DESC
"""
TABLES = {
    "fiches": FichePublique._meta.db_table,
    "valeurs": FicheValeur._meta.db_table,
    "voisins": Departement.voisins.through._meta.db_table,
}


def beyond(fiche: Json) -> dict[str, list[Json]]:
    """{"proches", "suggestions"} of a public dispositif, kept until the directory changes."""
    key = f"proches:{VersionAnnuaire.current()}:{fiche['identifiant']}"
    found: dict[str, list[Json]] = cache.get_or_set(key, lambda: _read(fiche), KEPT)  # type: ignore[assignment]  # never None
    return found


def _read(fiche: Json) -> dict[str, list[Json]]:
    return {"proches": proches(fiche), "suggestions": suggestions(fiche)}


def proches(fiche: Json) -> list[Json]:
    """Public dispositifs that share a forme or a thématique with it, the closest first.

    Each is its carte, with the « raison » in words. Territory is that of the pilot département.
    """
    asked = [(name, valeur) for name in WEIGHTS for valeur in fiche[f"{name}s"]]
    shared = [pair for pair in asked if pair[0] in MEANINGFUL]
    if not shared:
        return []
    pools = [*shared, ("departement", fiche["departement"]), ("region", fiche["region"])]
    pool = POOL_SQL.format(pool=POOL, **TABLES)
    sql = PROCHES_SQL.format(
        demandes=", ".join(["(%s, %s, %s)"] * len(asked)),
        candidats=" UNION ".join([pool] * len(pools)),
        proches=PROCHES,
        **TABLES,
    )
    weighted = [(facette, valeur, WEIGHTS[facette]) for facette, valeur in asked]
    values = [value for row in (*weighted, *pools) for value in row]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *_place(fiche), *_notes(fiche)])
        rows = cursor.fetchall()
    return [_with_reason(fiche, *row) for row in rows]


def _place(fiche: Json) -> list[str]:
    departement = fiche["departement"]
    return [
        *(departement, Voisinage.DEPARTEMENT.value),
        *(departement, Voisinage.VOISIN.value),
        *(fiche["region"], Voisinage.REGION.value),
        fiche["identifiant"],
    ]


def _notes(fiche: Json) -> list[str | int]:
    territory = [part for where, note in TERRITORY.items() for part in (where.value, note)]
    running = RUNNING if fiche["statut"] == Statut.EN_COURS else 0
    return [*territory, Statut.EN_COURS.value, running]


def _with_reason(fiche: Json, carte: str, voisinage: str, publics: int) -> Json:
    other: Json = json.loads(carte)
    return {**other, "raison": reason(fiche, other, Voisinage(voisinage), publics)}


def suggestions(fiche: Json) -> list[Json]:
    """Bonnes pratiques on the same thématiques, those already tied to the fiche left out."""
    if not fiche["thematiques"]:
        return []
    tied = [row["identifiant"] for row in fiche["bonnes_pratiques"]]
    common = FicheValeur.objects.filter(
        facette="thematique", valeur__in=fiche["thematiques"], fiche=OuterRef("pk")
    ).order_by()
    # A subquery: bonnes pratiques are few, fiches that share a thématique are thousands.
    counted = common.values("facette").annotate(n=Count("pk")).values("n")
    rows = (
        FichePublique.objects.filter(nature=NaturePublique.BONNE_PRATIQUE)
        .exclude(identifiant__in=tied)
        .annotate(communes=Subquery(counted, output_field=IntegerField()))
        .filter(communes__gt=0)
        .order_by("-communes", "-maj", "-pk")
        .values_list("carte", flat=True)
    )
    return [json.loads(carte) for carte in rows[:PRATIQUES]]
