"""Importing a file of fiches: everything is checked, then everything is written, or nothing."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeVar

from django.db import connection, reset_queries, transaction
from wagtail.signal_handlers import disable_reference_index_auto_update

from annuaire.acteurs.normalisation import fold_name
from dispositifs.documents.lecture.lots import read_all
from dispositifs.models import DepartementPage, DispositifPage
from dispositifs.models.dispositif import new_identifiant
from dispositifs.publication.declencheurs import related_pages
from dispositifs.publication.projection import project_pages

from .depot import Depot
from .ecriture import Ecriture, changed_groupes
from .erreurs import Erreur, Erreurs, FichierRefuse, Ligne
from .etat import read_states
from .format import EFFECTIFS, NON_CHARGEES, Champs, read_fiche
from .lignes import read_lines
from .nominatif import TEXTES, Signalement, examine_texts
from .pieces import Piece, Pieces
from .projet import Comparaison, Projet
from .referentiel import MotsCles, Referentiel
from .structures import Structures
from .suites import after_documents, after_pages

CHUNK = 250
TERRITOIRES_MANQUENT = "les territoires manquent : lancez d’abord « manage.py territoires »."
Progress = Callable[[str, int, int], None]
Item = TypeVar("Item")


@dataclass
class Bilan:
    """What an import did, or would do."""

    creees: int = 0
    modifiees: int = 0
    identiques: int = 0
    structures: int = 0
    documents: int = 0
    documents_modifies: int = 0
    non_chargees: Counter[str] = field(default_factory=Counter)
    a_relire: list[Signalement] = field(default_factory=list)

    @property
    def changes(self) -> int:
        return self.creees + self.modifiees + self.documents + self.documents_modifies

    def count(self, projet: Projet, pieces: list[Piece], *, touched: bool) -> None:
        self.creees += projet.etat is None
        self.modifiees += projet.etat is not None and touched
        self.identiques += projet.etat is not None and not touched
        self.documents += sum(piece.actuel is None for piece in pieces)
        self.documents_modifies += sum(piece.actuel is not None for piece in pieces)


def import_fiches(path: Path, *, essai: bool = False, progress: Progress | None = None) -> Bilan:
    """Create or bring up to date the published dispositifs of this file; all or nothing.

    With `essai`, everything is checked and counted, nothing is written. Raises FichierRefuse with
    every error found, up to fifty.
    """
    importation = Importation(path.parent, progress)
    with path.open("rb") as stream:
        bilan = importation.check(stream)
        if essai or not bilan.changes:
            return bilan
        stream.seek(0)
        try:
            with transaction.atomic():
                importation.create_structures(bilan)
                importation.write(stream)
                importation.project()
        except BaseException:
            importation.depot.discard()
            raise
    read_all(importation.depot.unread, progress)
    return bilan


class Importation:
    """One import: what was read once, and what was seen of the file."""

    def __init__(self, dossier: Path | None = None, progress: Progress | None = None) -> None:
        if not DepartementPage.objects.exists():
            raise FichierRefuse([Erreur(None, "", TERRITOIRES_MANQUENT)])
        self.progress = progress
        self.referentiel = Referentiel()
        self.structures = Structures()
        mots_cles = MotsCles()
        self.comparaison = Comparaison(self.referentiel, self.structures, mots_cles)
        self.ecriture = Ecriture(self.referentiel, mots_cles)
        self.pieces = Pieces(self.referentiel, dossier)
        self.depot = Depot(self.pieces)
        self.total = 0
        self.lines: dict[str, int | None] = {}
        self.unnamed: dict[int | None, str] = {}
        self.titles: dict[tuple[str, str], int | None] = {}
        self.written: set[int] = set()
        self.updated: set[int] = set()

    # --- first reading ---------------------------------------------------------------------------
    def check(self, stream: BinaryIO) -> Bilan:
        """Read the whole file and count; raises FichierRefuse if anything is wrong."""
        erreurs, bilan = Erreurs(), Bilan()
        for some in chunks(_fiches(stream, erreurs), CHUNK):
            named = [self._named(numero, champs, erreurs) for numero, champs in some]
            plans = self.plan([row for row in named if row], erreurs)
            self.total += len(some)
            for projet, pieces in plans:
                bilan.count(projet, pieces, touched=_is_touched(projet))
                bilan.non_chargees.update(_not_loaded(projet.champs))
                bilan.a_relire += _examine(projet, erreurs.on_line(projet.ligne))
            self._tell("Contrôle", self.total, 0)
        erreurs.raise_if_any()
        bilan.structures = len(self.structures.new)
        return bilan

    def _named(
        self, numero: int | None, champs: Champs, erreurs: Erreurs
    ) -> tuple[int | None, Champs] | None:
        """Tell an identifiant given twice; give one to the line that has none."""
        name = champs.get("identifiant")
        if name is None:
            name = self._unnamed(numero, champs, erreurs)
            if name is None:
                return None
        elif name in self.lines:
            erreurs.add(
                numero, "identifiant", f"« {name} » est déjà à la ligne {self.lines[name]}."
            )
            return None
        self.lines[name] = numero
        return numero, champs

    def _unnamed(self, numero: int | None, champs: Champs, erreurs: Erreurs) -> str | None:
        """The identifiant of the only fiche of this title and département, else a free one."""
        titre, departement = champs.get("titre", ""), champs.get("departement", "")
        key = (departement, fold_name(titre))
        if key in self.titles:
            erreurs.add(
                numero,
                "identifiant",
                f"même titre et même département que la ligne {self.titles[key]} :"
                " donnez un identifiant à chacune.",
            )
            return None
        self.titles[key] = numero
        rows = DispositifPage.objects.filter(departement=departement)
        same = [
            name
            for name, title in rows.values_list("identifiant", "title")
            if fold_name(title) == key[1]
        ]
        if len(same) > 1:
            names = ", ".join(same[:3])
            erreurs.add(
                numero, "identifiant", f"plusieurs fiches portent ce titre : {names}. Choisissez."
            )
            return None
        self.unnamed[numero] = (
            same[0] if same else new_identifiant(titre, DispositifPage, self.lines)
        )
        return self.unnamed[numero]

    # --- comparing -------------------------------------------------------------------------------
    def plan(
        self, rows: Iterable[tuple[int | None, Champs]], erreurs: Erreurs
    ) -> list[tuple[Projet, list[Piece]]]:
        """What these lines change, each with its documents; errors are told."""
        named = [
            (numero, champs.get("identifiant") or self.unnamed[numero], champs)
            for numero, champs in rows
        ]
        known = DispositifPage.objects.filter(identifiant__in=[name for _, name, _ in named])
        ids = dict(known.values_list("identifiant", "pk"))
        states = read_states(ids.values()) if ids else {}
        projets: list[tuple[Projet, Ligne]] = []
        for numero, name, champs in named:
            ligne = erreurs.on_line(numero)
            etat = states[ids[name]] if name in ids else None
            projet = Projet(numero, name, champs, etat)
            self.referentiel.check(champs, ligne)
            self.comparaison.complete(projet, ligne)
            projets.append((projet, ligne))
        pieces: dict[str, list[Piece]] = {projet.identifiant: [] for projet, _ in projets}
        for piece in self.pieces.compare(projets):
            pieces[piece.projet.identifiant].append(piece)
        return [(projet, pieces[projet.identifiant]) for projet, _ in projets]

    # --- second reading --------------------------------------------------------------------------
    def create_structures(self, bilan: Bilan) -> None:
        bilan.structures = self.structures.create_new()

    def write(self, stream: BinaryIO) -> None:
        """Read the file again and write it, by groups; inside the caller's transaction."""
        erreurs, done = Erreurs(), 0
        for some in chunks(_fiches(stream, erreurs), CHUNK):
            self.write_some(some, erreurs)
            done += len(some)
            self._tell("Écriture", done, self.total)

    def add_structures(self, rows: Iterable[Champs]) -> None:
        """Create those of these structures that nobody knows, before rows that name them."""
        erreurs = Erreurs()
        for rank, row in enumerate(rows):
            self.structures.resolve(row, f"structures[{rank}]", "", erreurs.on_line(None))
        erreurs.raise_if_any()
        self.structures.create_new()

    def load(self, rows: Iterable[tuple[Champs, datetime.datetime]]) -> None:
        """Write and project these lines, each published at its moment, all or nothing."""
        erreurs = Erreurs()
        moments: dict[str, datetime.datetime] = {}
        read = []
        for value, moment in rows:
            champs = read_fiche(value, erreurs.on_line(None))
            if champs is not None:
                moments[champs["identifiant"]] = moment
                read.append((None, champs))
        plans = self.plan(read, erreurs)
        erreurs.raise_if_any()
        for projet, _ in plans:
            projet.publie_le = moments[projet.identifiant]
        try:
            self.write_plans(plans)
            self.project()
        except BaseException:
            self.depot.discard()
            raise
        self.depot.written.clear()

    def write_some(self, rows: list[tuple[int | None, Champs]], erreurs: Erreurs) -> None:
        plans = self.plan(rows, erreurs)
        erreurs.raise_if_any()
        self.write_plans(plans)

    def write_plans(self, plans: list[tuple[Projet, list[Piece]]]) -> None:
        """Write what changes among these; the rest is not touched."""
        touched = [projet for projet, _ in plans if _is_touched(projet)]
        pieces = [piece for _, some in plans for piece in some]
        # Each row's signal would walk its page: done once for all in `suites`.
        with disable_reference_index_auto_update():
            self.ecriture.write(touched)
            created, changed = self.depot.write(pieces)
        after_pages(touched)
        after_documents(created, changed)
        self.updated |= {projet.page_id for projet in touched if projet.etat is not None}
        self.written |= {projet.page_id for projet in touched}
        self.written |= {piece.projet.page_id for piece in pieces}

    def project(self) -> None:
        """Project what was written, and the bonnes pratiques that name it."""
        ids = sorted(self.written | (related_pages(self.updated) if self.updated else set()))
        project_pages(ids, lambda done, total: self._tell("Publication", done, total))
        self.written.clear()
        self.updated.clear()

    def _tell(self, what: str, done: int, total: int) -> None:
        # Where DEBUG is on, Django keeps the text of the queries, and these are long; whoever
        # asked to keep them still has them.
        if not connection.force_debug_cursor:
            reset_queries()
        if self.progress:
            self.progress(what, done, total)


def _fiches(stream: BinaryIO, erreurs: Erreurs) -> Iterator[tuple[int | None, Champs]]:
    for numero, value in read_lines(stream, erreurs):
        champs = read_fiche(value, erreurs.on_line(numero))
        if champs is not None:
            yield numero, champs


def _examine(projet: Projet, ligne: Ligne) -> list[Signalement]:
    """What does not change was examined when it was written."""
    changed = {champ: projet.changements.get(champ) or "" for champ in TEXTES}
    return examine_texts(changed, projet.identifiant, ligne)


def _is_touched(projet: Projet) -> bool:
    etat = projet.etat
    if etat is None or projet.changements or not etat.live:
        return True
    new, changed = changed_groupes(projet, etat.groupes)
    return bool(new or changed)


def _not_loaded(champs: Champs) -> Counter[str]:
    counts = Counter({key: len(champs[key]) for key in NON_CHARGEES if champs.get(key)})
    sizes = sum(any(key in groupe for key in EFFECTIFS) for groupe in champs.get("groupes", ()))
    if sizes:
        counts["effectifs des groupes"] = sizes
    return counts


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while some := list(islice(iterator, size)):
        yield some
