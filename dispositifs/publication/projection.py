"""Writing the projection: after every change, for one page or for all, in the same way."""

import datetime
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.db.models import Q
from wagtail.models import Page

from dispositifs import permissions
from dispositifs.models import (
    BonnePratiquePage,
    DispositifPage,
    Document,
    FicheLieu,
    FichePublique,
    FicheRetiree,
    FicheTerritoire,
    FicheValeur,
    VersionAnnuaire,
)

from . import comptes
from .changements import announce
from .fiche import bonne_pratique_rows, dispositif_rows, guide_rows
from .territoires import Cog

CHUNK = 250
AT_ONCE = 100  # pages that a request may reproject: about a second
CONTENT = [
    *("url", "titre", "titre_tri", "departement", "region", "statut", "date_debut", "maj"),
    *("textes", "facettes", "territoires", "texte_plie", "carte", "fiche"),
    *("page_id", "document_id"),
]
Progress = Callable[[int, int], None]
Item = TypeVar("Item")


@dataclass
class Ecarts:
    """Differences between the projection and the database, by key « nature:identifiant ».

    `comptes`: whether the counts of the directory are not those of its rows.
    """

    manquantes: list[str] = field(default_factory=list)
    perimees: list[str] = field(default_factory=list)
    en_trop: list[str] = field(default_factory=list)
    comptes: bool = False

    def __bool__(self) -> bool:
        return bool(self.manquantes or self.perimees or self.en_trop or self.comptes)


# --- what callers ask ----------------------------------------------------------------------------
@transaction.atomic
def project_pages(page_ids: Iterable[int], progress: Progress | None = None) -> None:
    """Make the rows of these pages and of their documents equal to the database."""
    ids = list(page_ids)
    cog = Cog()
    done = 0
    for some in chunks(ids, CHUNK):
        _replace(_rows_of(some, cog), rows_of_pages(some))
        done += len(some)
        if progress:
            progress(done, len(ids))


@transaction.atomic
def project_guides() -> None:
    """Make the rows of the national guides (documents of no dispositif) equal to the database."""
    existing = FichePublique.objects.documents().filter(
        Q(document=None) | Q(document__dispositif=None)
    )
    _replace(guide_rows(_guides()), existing)


def project_all(progress: Progress | None = None) -> None:
    """Rebuild the whole projection; rows that are right keep their id and their version."""
    project_pages(all_page_ids(), progress)
    project_guides()
    comptes.recount()


def project_soon(page_ids: Iterable[int]) -> None:
    """`project_pages`, left to the worker when there are so many that a person would wait."""
    ids = list(page_ids)
    if len(ids) <= AT_ONCE:
        project_pages(ids)
        return
    for some in chunks(ids, CHUNK):
        FichePublique.objects.filter(page__in=some).update(a_reprojeter=True)


def retire(rows: Iterable[FichePublique]) -> None:
    """Take these rows out of the projection, now, leaving what the indexes need to forget them."""
    with transaction.atomic():
        _replace([], list(rows))


def verify(progress: Progress | None = None) -> Ecarts:
    """Compare every row with what the database gives today; writes nothing."""
    ecarts = Ecarts()
    cog = Cog()
    ids = all_page_ids()
    for rank, some in enumerate(chunks(ids, CHUNK)):
        _compare(_rows_of(some, cog), rows_of_pages(some), ecarts)
        if progress:
            progress(min(len(ids), (rank + 1) * CHUNK), len(ids))
    guides = FichePublique.objects.documents().filter(document__dispositif=None)
    _compare(guide_rows(_guides()), guides, ecarts)
    ecarts.comptes = VersionAnnuaire.current_comptes() != comptes.count()
    return ecarts


def project_stale() -> int:
    """Catch up pages that entered or left the public without passing here; how many there were.

    Times of publication and expiry, shared words renamed, what a killed process left undone.
    """
    public = permissions.q_public_page()
    missing = {
        *DispositifPage.objects.filter(public, fiche_publique=None).values_list("pk", flat=True),
        *BonnePratiquePage.objects.filter(public, fiche_publique=None).values_list("pk", flat=True),
    }
    gone = FichePublique.objects.exclude(page=None).exclude(permissions.q_public_page("page__"))
    marked = FichePublique.objects.filter(a_reprojeter=True)
    stale = missing | {*gone.values_list("page", flat=True), *marked.values_list("page", flat=True)}
    if stale:
        project_pages(sorted(stale))
    return len(stale)


# --- reading -------------------------------------------------------------------------------------
def all_page_ids() -> list[int]:
    """Pages that have, or may have, a row."""
    known = FichePublique.objects.exclude(page=None).values_list("page", flat=True)
    return sorted(
        {
            *known,
            *DispositifPage.objects.values_list("pk", flat=True),
            *BonnePratiquePage.objects.values_list("pk", flat=True),
        }
    )


def _rows_of(page_ids: list[int], cog: Cog) -> list[FichePublique]:
    public = permissions.q_public_page()
    dispositifs = DispositifPage.objects.filter(public, pk__in=page_ids).order_by("pk")
    pratiques = BonnePratiquePage.objects.filter(public, pk__in=page_ids).order_by("pk")
    return [
        *dispositif_rows(list(dispositifs), cog),
        *bonne_pratique_rows(list(pratiques), cog),
    ]


def rows_of_pages(page_ids: list[int]) -> Iterable[FichePublique]:
    """The rows that these pages and their documents have now."""
    return FichePublique.objects.filter(Q(page__in=page_ids) | Q(document__dispositif__in=page_ids))


def _guides() -> Iterable[Document]:
    return (
        Document.objects.current()
        .filter(permissions.q_diffusable(), dispositif=None)
        .select_related("type")
        .order_by("pk")
    )


def _compare(rows: list[FichePublique], existing: Iterable[FichePublique], ecarts: Ecarts) -> None:
    known = {row.cle: row for row in existing}
    for row in rows:
        found = known.pop(row.cle, None)
        if found is None:
            ecarts.manquantes.append(row.cle)
        elif not _same(row, found):
            ecarts.perimees.append(row.cle)
    ecarts.en_trop += known


def _same(left: FichePublique, right: FichePublique) -> bool:
    return all(_plain(left, name) == _plain(right, name) for name in CONTENT)


def _plain(row: FichePublique, name: str) -> object:
    value = getattr(row, name)
    return value.isoformat() if isinstance(value, datetime.date) else value


# --- writing -------------------------------------------------------------------------------------
def _replace(rows: list[FichePublique], existing: Iterable[FichePublique]) -> None:
    """Write what differs, under one new version; leave the rest alone."""
    known = {row.cle: row for row in existing}
    changed, before = [], []
    for row in rows:
        found = known.pop(row.cle, None)
        if found is None or found.a_reprojeter or not _same(row, found):
            changed.append(row)
            before += [found] if found else []
    if not changed and not known:
        return
    version = VersionAnnuaire.raise_version()
    comptes.change(gone=[*before, *known.values()], come=changed)
    _remove(list(known.values()), version)
    _write(changed, version)
    announce(version)


def _remove(rows: list[FichePublique], version: int) -> None:
    FichePublique.objects.filter(pk__in=[row.pk for row in rows]).delete()
    FicheRetiree.objects.bulk_create(
        [
            FicheRetiree(nature=row.nature, identifiant=row.identifiant, version=version)
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["nature", "identifiant"],
        update_fields=["version"],
    )


def _write(rows: list[FichePublique], version: int) -> None:
    for row in rows:
        row.version = version
    FichePublique.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["nature", "identifiant"],
        update_fields=[*CONTENT[:-2], "page", "document", "version", "a_reprojeter"],
    )
    # An upsert does not give back the ids of the rows that it updated.
    ids = _ids(rows)
    FicheValeur.objects.filter(fiche__in=ids.values()).delete()
    FicheTerritoire.objects.filter(fiche__in=ids.values()).delete()
    FicheLieu.objects.filter(fiche__in=ids.values()).delete()
    FicheValeur.objects.bulk_create(
        FicheValeur(fiche_id=ids[row.cle], facette=facette, valeur=valeur)
        for row in rows
        for facette, valeurs in row.facettes.items()
        for valeur in valeurs
    )
    FicheTerritoire.objects.bulk_create(
        FicheTerritoire(fiche_id=ids[row.cle], jeton=jeton)
        for row in rows
        for jeton in row.territoires
    )
    FicheLieu.objects.bulk_create(
        FicheLieu(
            fiche_id=ids[row.cle],
            nature=lieu["nature"],
            nom=lieu["nom"],
            commune_id=lieu["commune"],
            longitude=lieu["longitude"],
            latitude=lieu["latitude"],
        )
        for row in rows
        for lieu in json.loads(row.fiche).get("lieux", ())
    )
    for some in chunks(rows, CHUNK):
        keys = Q()
        for row in some:
            keys |= Q(nature=row.nature, identifiant=row.identifiant)
        FicheRetiree.objects.filter(keys).delete()


def _ids(rows: list[FichePublique]) -> dict[str, int]:
    found = FichePublique.objects.filter(version=rows[0].version) if rows else ()
    return {row.cle: row.pk for row in found}


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while some := list(islice(iterator, size)):
        yield some


def pages_under(page: Page) -> list[int]:
    """Ids of the dispositifs and bonnes pratiques at or below this page."""
    return list(Page.objects.descendant_of(page, inclusive=True).values_list("pk", flat=True))
