"""From pages to rows of the projection: as many queries for one page as for a thousand."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Model, prefetch_related_objects

from annuaire.acteurs.normalisation import fold
from dispositifs import permissions
from dispositifs.choices import EtatTexte, NaturePublique
from dispositifs.models import BonnePratiquePage, DispositifPage, Document, FichePublique

from . import bonne_pratique, dispositif, index
from .bonne_pratique import FicheBonnePratique
from .dispositif import FicheDispositif
from .documents import attach_earlier, document_carte, document_facettes, document_textes
from .territoires import Cog

Json = dict[str, Any]


def dispositif_rows(pages: list[DispositifPage], cog: Cog) -> list[FichePublique]:
    """The rows of these public dispositifs and of their public documents (unsaved)."""
    rows = []
    for fiche in dispositif_fiches(pages, cog):
        coverage = fiche.coverage()
        facettes = index.facettes(fiche, coverage)
        carte = fiche.carte()
        rows.append(
            _row(
                NaturePublique.DISPOSITIF,
                carte,
                page=fiche.page,
                fiche=_json(fiche.fiche()),
                textes=index.textes_a_indexer(fiche),
                documents=fiche.documents,
                facettes=facettes,
                territoires=coverage.jetons,
                departement=fiche.departement.code,
                region=fiche.departement.region_id,
                statut=fiche.page.statut,
                date_debut=fiche.page.date_debut,
                maj=fiche.maj,
            )
        )
        rows += [
            _document_row(document, carte, facettes, coverage.jetons)
            for document in fiche.documents
        ]
    return rows


def dispositif_fiches(pages: list[DispositifPage], cog: Cog) -> list[FicheDispositif]:
    """The builders of these pages, everything read at once."""
    prefetch_related_objects(pages, *dispositif.PREFETCH)
    documents = _public_documents(pages)
    pratiques = _public_bonnes_pratiques(pages)
    return [
        FicheDispositif(
            page, documents=documents[page.pk], bonnes_pratiques=pratiques[page.pk], cog=cog
        )
        for page in pages
    ]


def draft_fiche(page: DispositifPage | BonnePratiquePage) -> Json:
    """The fiche that publishing this draft would give: children not yet saved included."""
    if isinstance(page, BonnePratiquePage):
        public = [row for row in page.dispositifs.all() if row.live]
        return FicheBonnePratique(page, dispositifs=public, cog=Cog()).fiche()
    documents, pratiques = _public_documents([page]), _public_bonnes_pratiques([page])
    return FicheDispositif(
        page, documents=documents[page.pk], bonnes_pratiques=pratiques[page.pk], cog=Cog()
    ).fiche()


def _public_documents(pages: Iterable[Model]) -> dict[int, list[Document]]:
    found: dict[int, list[Document]] = defaultdict(list)
    rows = (
        Document.objects.current()
        .filter(permissions.q_diffusable(), dispositif__in=pages)
        .select_related("type")
        .order_by("type__ordre", F("date").desc(nulls_last=True), "title", "pk")
    )
    for row in attach_earlier(rows, Document.objects.filter(permissions.q_diffusable())):
        found[row.dispositif_id].append(row)
    return found


def _public_bonnes_pratiques(pages: Iterable[Model]) -> dict[int, list[BonnePratiquePage]]:
    links = BonnePratiquePage.dispositifs.through.objects.filter(dispositifpage__in=pages)
    pairs = list(links.values_list("dispositifpage", "bonnepratiquepage"))
    public = BonnePratiquePage.objects.filter(
        permissions.q_public_page(), pk__in={pratique for _, pratique in pairs}
    ).in_bulk()
    found = defaultdict(list)
    for page, pratique in sorted(pairs):
        if pratique in public:
            found[page].append(public[pratique])
    return found


def bonne_pratique_rows(pages: list[BonnePratiquePage], cog: Cog) -> list[FichePublique]:
    """The rows of these public bonnes pratiques (unsaved)."""
    prefetch_related_objects(pages, *bonne_pratique.PREFETCH)
    hosts = _public_dispositifs(pages)
    rows = []
    for page in pages:
        fiche = FicheBonnePratique(page, dispositifs=hosts[page.pk], cog=cog)
        rows.append(
            _row(
                NaturePublique.BONNE_PRATIQUE,
                fiche.carte(),
                page=page,
                fiche=_json(fiche.fiche()),
                textes=fiche.textes_a_indexer(),
                facettes=fiche.facettes(),
                territoires=[],
                maj=page.date,
            )
        )
    return rows


def _public_dispositifs(pages: Iterable[Model]) -> dict[int, list[DispositifPage]]:
    links = BonnePratiquePage.dispositifs.through.objects.filter(bonnepratiquepage__in=pages)
    pairs = list(links.values_list("bonnepratiquepage", "dispositifpage"))
    public = (
        DispositifPage.objects.publicly_readable()
        .filter(pk__in={page for _, page in pairs})
        .in_bulk()
    )
    found = defaultdict(list)
    for pratique, page in pairs:
        if page in public:
            found[pratique].append(public[page])
    return found


def guide_rows(documents: Iterable[Document]) -> list[FichePublique]:
    """The rows of national guides: public documents of no dispositif (unsaved)."""
    public = Document.objects.filter(permissions.q_diffusable())
    return [_document_row(row, None, {}, []) for row in attach_earlier(documents, public)]


def _document_row(
    document: Document, host: Json | None, facettes: dict[str, list[str]], jetons: list[str]
) -> FichePublique:
    carte = document_carte(document, host)
    return _row(
        NaturePublique.DOCUMENT,
        carte,
        document=document,
        fiche=_json(carte),
        textes=document_textes(document, host),
        documents=[document],
        facettes=document_facettes(document, facettes),
        territoires=jetons,
        departement=host["departement"]["code"] if host else "",
        region=host["region"]["code"] if host else "",
        date_debut=document.date,
        maj=carte["maj"],
    )


def _row(
    nature: NaturePublique,
    carte: Json,
    *,
    textes: dict[str, str],
    documents: Iterable[Document] = (),
    **fields: Any,
) -> FichePublique:
    # The text of documents is read where it is: only which ones have been read is said here, so
    # that the row, and every index after it, changes when a text does.
    read = [
        f"{row.identifiant}@{row.sha256}"
        for row in documents
        if row.texte_etat == EtatTexte.EXTRAIT
    ]
    return FichePublique(
        nature=nature,
        identifiant=carte["identifiant"],
        url=carte["url"],
        titre=carte["titre"],
        titre_tri=fold(carte["titre"])[:255],
        carte=_json(carte),
        textes={**textes, "lus": read} if read else textes,
        texte_plie=fold("\n".join(textes.values())),
        **fields,
    )


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
