"""After which changes the projection is written: right after them, in their transaction."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_unpublished, post_page_move

from annuaire.acteurs.models import Structure, StructureAlias
from dispositifs.choices import NaturePublique
from dispositifs.models import (
    AccueilPage,
    BonnePratiquePage,
    ContenuPage,
    DepartementPage,
    DispositifPage,
    Document,
    FichePublique,
    Forme,
    Image,
    Public,
    RoleParticipation,
    Thematique,
    TypeDocument,
    VersionAnnuaire,
)
from dispositifs.models.dispositif import departement_of
from dispositifs.models.documents import collection_of

from .changements import announce
from .projection import (
    pages_under,
    project_guides,
    project_pages,
    project_soon,
    retire,
    rows_of_pages,
)

DISPOSITIF, BONNE_PRATIQUE = NaturePublique.DISPOSITIF.value, NaturePublique.BONNE_PRATIQUE.value
PROJECTED = (DispositifPage, BonnePratiquePage)
# Public texts that have no row in the projection.
TEXTS = (AccueilPage, ContenuPage, DepartementPage)
# Pages list these words to choose from, even those that no fiche carries.
OFFERED = (Forme, Public, Thematique, TypeDocument)


def connect() -> None:
    """Listen to Wagtail and to our models; called once, when the app is ready."""
    for model in PROJECTED:
        page_published.connect(_page_changed, sender=model)
        page_unpublished.connect(_page_unpublished, sender=model)
        pre_delete.connect(_page_leaving, sender=model)
        post_delete.connect(_page_gone, sender=model)
    for model in TEXTS:
        page_published.connect(_text_changed, sender=model)
        page_unpublished.connect(_text_changed, sender=model)
    for offered in OFFERED:
        post_save.connect(_text_changed, sender=offered)
        post_delete.connect(_text_changed, sender=offered)
    post_page_move.connect(_page_moved)
    for signal in (post_save, post_delete):
        signal.connect(_restriction_changed, sender=PageViewRestriction)
        signal.connect(_document_changed, sender=Document)
        signal.connect(_alias_changed, sender=StructureAlias)
    for shared in _CARRIERS:
        post_save.connect(_shared_word_changed, sender=shared)
        pre_delete.connect(_shared_word_leaving, sender=shared)
        post_delete.connect(_page_gone, sender=shared)


# --- pages ---------------------------------------------------------------------------------------
def _page_changed(sender: type[Page], instance: Page, **_: Any) -> None:
    project_pages({instance.pk, *related_pages([instance.pk])})


def _page_unpublished(sender: type[Page], instance: Page, **_: Any) -> None:
    # Not read again from the database: a page that is being deleted is unpublished in memory only.
    tied = related_pages([instance.pk]) - {instance.pk}
    retire(rows_of_pages([instance.pk]))
    project_pages(tied)


def _page_leaving(sender: type[Page], instance: Page, **_: Any) -> None:
    instance._a_reprojeter = related_pages([instance.pk])
    retire(rows_of_pages([instance.pk]))


def _page_gone(sender: type[Model], instance: Any, **_: Any) -> None:
    project_soon(instance._a_reprojeter)


def _page_moved(sender: type[Page], instance: Page, **_: Any) -> None:
    """A moved dispositif takes the département of its new parent, and so do its documents."""
    moved = pages_under(instance)
    for page in DispositifPage.objects.filter(pk__in=moved):
        departement = departement_of(page)
        if page.departement_id != departement.pk:
            DispositifPage.objects.filter(pk=page.pk).update(departement=departement)
            page.documents.update(collection=collection_of(departement))
    project_soon({*moved, *related_pages(moved)})


def _restriction_changed(
    sender: type[PageViewRestriction], instance: PageViewRestriction, **_: Any
) -> None:
    touched = pages_under(instance.page)
    project_pages({*touched, *related_pages(touched)})
    renew()


def _text_changed(sender: type[Model], instance: Model, **_: Any) -> None:
    renew()


@transaction.atomic
def renew() -> None:
    """Raise the version for a change that no row carries: pages kept by readers are made again."""
    announce(VersionAnnuaire.raise_version())


def related_pages(page_ids: Iterable[int]) -> set[int]:
    """Pages whose fiche names one of these: bonnes pratiques and dispositifs, both ways.

    Ties that the last publication showed count too: they are what must now be taken away.
    """
    links = BonnePratiquePage.dispositifs.through.objects.filter(
        Q(dispositifpage__in=page_ids) | Q(bonnepratiquepage__in=page_ids)
    )
    pairs = links.values_list("dispositifpage", "bonnepratiquepage")
    shown: set[tuple[str, str]] = set()
    for row in FichePublique.objects.filter(page__in=page_ids):
        fiche = json.loads(row.fiche)
        shown |= {
            (BONNE_PRATIQUE, tied["identifiant"]) for tied in fiche.get("bonnes_pratiques", ())
        }
        shown |= {(DISPOSITIF, tied["identifiant"]) for tied in fiche.get("dispositifs", ())}
    found = {pk for pair in pairs for pk in pair}
    for nature, identifiant in shown:
        rows = FichePublique.objects.filter(nature=nature, identifiant=identifiant)
        found |= set(rows.values_list("page", flat=True))
    return found


# --- documents -----------------------------------------------------------------------------------
def _document_changed(sender: type[Document], instance: Document, **_: Any) -> None:
    hosts = {instance.dispositif_id, instance.loaded_dispositif_id}
    if None in hosts:
        project_guides()
    project_pages(pk for pk in hosts if pk)


# --- words that several fiches share -------------------------------------------------------------
def _by(path: str) -> Callable[[Any], Iterable[int]]:
    def carriers(instance: Any) -> Iterable[int]:
        pages = DispositifPage.objects.filter(**{path: instance})
        return pages.values_list("pk", flat=True)

    return carriers


def _thematique_carriers(instance: Thematique) -> Iterable[int]:
    tags = Q(liens_thematiques__tag=instance) | Q(liens_thematiques__tag__remplacee_par=instance)
    return [
        *DispositifPage.objects.filter(tags).values_list("pk", flat=True),
        *BonnePratiquePage.objects.filter(tags).values_list("pk", flat=True),
    ]


def _structure_carriers(instance: Structure) -> Iterable[int]:
    same = Structure.objects.filter(Q(pk=instance.pk) | Q(fusionne_dans=instance))
    pages = DispositifPage.objects.filter(
        Q(chef_de_file__in=same) | Q(participations__structure__in=same)
    )
    return pages.values_list("pk", flat=True)


_CARRIERS: dict[type[Model], Callable[[Any], Iterable[int]]] = {
    Thematique: _thematique_carriers,
    Forme: _by("formes"),
    Public: _by("publics"),
    TypeDocument: _by("documents__type"),
    RoleParticipation: _by("participations__role"),
    Structure: _structure_carriers,
    Image: _by("visuel"),
}


def _shared_word_changed(sender: type[Model], instance: Model, **_: Any) -> None:
    project_soon(set(_CARRIERS[sender](instance)))


def _shared_word_leaving(sender: type[Model], instance: Any, **_: Any) -> None:
    instance._a_reprojeter = set(_CARRIERS[sender](instance))


def _alias_changed(sender: type[StructureAlias], instance: StructureAlias, **_: Any) -> None:
    project_soon(set(_structure_carriers(instance.structure)))
