"""Published dispositifs as lines of the import format. Importing an export changes nothing."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annuaire.acteurs.models import Structure
from dispositifs.choices import (
    ENSEIGNEMENTS,
    ROLE_CHEF_DE_FILE,
    RUBRIQUES,
    StatutDocument,
)
from dispositifs.models import DispositifPage, Document, FichePublique

from .etat import COLONNES, ENSEMBLES, Etat, read_states
from .format import CLES, DOCUMENT

CHUNK = 250
Json = dict[str, Any]


def export_fiches(dossier: Path | None = None) -> Iterator[str]:
    """One line for each live dispositif, in the order of the tree.

    With `dossier`, the documents are copied into it and named by `fichier`; the lines are then to
    be kept beside that folder, or in it. Without it, documents are described without content.
    """
    structures = _Structures()
    pages = DispositifPage.objects.filter(live=True).order_by("path")
    ids = list(pages.values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        states = read_states(some)
        for pk in some:
            yield _line(_fiche(states[pk], structures, dossier))


def export_public(dossier: Path | None = None) -> Iterator[str]:
    """The same from the public projection alone: nothing that anonymous readers may not read."""
    rows = FichePublique.objects.dispositifs().order_by("identifiant")
    for text in rows.values_list("fiche", flat=True).iterator(CHUNK):
        fiche = {key: value for key, value in json.loads(text).items() if key in CLES}
        fiche["documents"] = _public_documents(fiche["documents"], dossier)
        yield _line(fiche)


def _line(fiche: Json) -> str:
    return json.dumps(fiche, ensure_ascii=False, default=str) + "\n"


class _Structures:
    """Names, SIREN and types of all structures, read once."""

    def __init__(self) -> None:
        rows = Structure.objects.values_list("pk", "nom", "siren", "type")
        self.known = {pk: (nom, siren or None, kind) for pk, nom, siren, kind in rows}

    def row(self, pk: int, role: str) -> Json:
        nom, siren, kind = self.known[pk]
        return {"nom": nom, "siren": siren, "type": kind, "role": role}


def _fiche(etat: Etat, structures: _Structures, dossier: Path | None) -> Json:
    valeurs = etat.valeurs
    return {
        "identifiant": etat.identifiant,
        **{key: valeurs[key] for key in COLONNES},
        "corps": {name: valeurs[f"corps.{name}"] for name in RUBRIQUES},
        "departement": valeurs["departement"],
        **{key: sorted(valeurs[key]) for key in (*ENSEMBLES, "thematiques", "mots_cles")},
        "enseignements": {name: valeurs[f"enseignements.{name}"] for name in ENSEIGNEMENTS},
        "structures": _participants(valeurs, structures),
        "lieux": [_lieu(row) for row in valeurs["lieux"]],
        "groupes": [
            _without_unknown({"nom": groupe.nom}, {"du": groupe.du, "au": groupe.au})
            for groupe in etat.groupes
        ],
        "documents": [
            _document(row, dossier) for row in etat.documents if row.statut == StatutDocument.VALIDE
        ],
    }


def _participants(valeurs: Json, structures: _Structures) -> list[Json]:
    rows = []
    if valeurs["chef_de_file"]:
        rows.append(structures.row(valeurs["chef_de_file"], ROLE_CHEF_DE_FILE))
    for structure, role, du, au in valeurs["participations"]:
        rows.append(_without_unknown(structures.row(structure, role), {"du": du, "au": au}))
    return rows


def _lieu(row: tuple[Any, ...]) -> Json:
    nature, nom, commune, public, longitude, latitude, exact = row
    lieu = {"nature": nature, "nom": nom, "commune": commune, "public": public}
    lieu |= {"exact_public": True} if exact else {}
    return _without_unknown(lieu, {"longitude": longitude, "latitude": latitude})


def _document(row: Document, dossier: Path | None) -> Json:
    document = _without_unknown(
        {
            "titre": row.title,
            "type": row.type.slug if row.type else None,
            "date": row.date,
            "langue": row.langue,
            "niveau": row.niveau,
            "identifiant": row.identifiant,
        },
        {"periode_du": row.periode_du, "periode_au": row.periode_au},
    )
    if dossier is not None:
        document["fichier"] = _copy(row, dossier)
    return document


def _without_unknown(row: Json, optional: Json) -> Json:
    """`row` and, of these optional keys, those that say something."""
    return row | {key: value for key, value in optional.items() if value is not None}


def _public_documents(entries: list[Json], dossier: Path | None) -> list[Json]:
    kept = [{key: row[key] for key in row if key in DOCUMENT.cles} for row in entries]
    for row in kept:
        row.pop("format", None)  # of the file; in the import format, of the file to make
    if dossier is not None:
        names = [row["identifiant"] for row in kept]
        shown = FichePublique.objects.documents().filter(identifiant__in=names)
        files = {row.identifiant: row.document for row in shown.select_related("document")}
        for row in kept:
            if (document := files.get(row["identifiant"])) is not None:
                row["fichier"] = _copy(document, dossier)
    return kept


def _copy(document: Document, dossier: Path) -> str:
    """Copy the file; its path from the folder where the lines are kept."""
    name = f"{document.identifiant}.{document.format}"
    dossier.mkdir(parents=True, exist_ok=True)
    with document.file.open("rb") as source, (dossier / name).open("wb") as target:
        shutil.copyfileobj(source, target)
    return f"{dossier.resolve().name}/{name}"
