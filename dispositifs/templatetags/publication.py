"""Reading a public fiche part by part: what is empty is left out, titles come with their texts."""

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from dispositifs.choices import ENSEIGNEMENTS, PARTIES_BONNE_PRATIQUE, RUBRIQUES
from dispositifs.publication.fiche import draft_fiche

from .frise import frise
from .lisible import NBSP, date_fr, duree, pluriel

register = template.Library()

Fiche = dict[str, Any]
ILLUSTREES = frozenset(
    (
        "acces-aux-droits",
        "amenagement-du-site",
        "insertion-professionnelle",
        "logement",
        "sante",
        "scolarisation",
    )
)


@register.simple_tag
def fiche_du_brouillon(page: Any) -> Fiche:
    """The fiche that publishing this draft would make, built as the public one is."""
    return draft_fiche(page)


@register.filter
def illustration(slug: str) -> str:
    """Address of the drawing of a thématique; empty for one added since."""
    return static(f"annuaire/thematiques/{slug}.svg") if slug in ILLUSTREES else ""


def _parts(titles: dict[str, str], texts: dict[str, str]) -> list[dict[str, str | SafeString]]:
    return [
        # The projection built this HTML from rich text that the editor has sanitised.
        {"id": name.replace("_", "-"), "titre": titre, "html": mark_safe(texts[name])}  # noqa: S308
        for name, titre in titles.items()
        if texts.get(name)
    ]


@register.filter
def rubriques(fiche: Fiche) -> list[dict[str, str | SafeString]]:
    return _parts(RUBRIQUES, fiche["corps_html"])


@register.filter
def enseignements(fiche: Fiche) -> list[dict[str, str | SafeString]]:
    return _parts(ENSEIGNEMENTS, fiche["enseignements_html"])


@register.filter
def parties(fiche: Fiche) -> list[dict[str, str | SafeString]]:
    """The parts of a bonne pratique."""
    return _parts(PARTIES_BONNE_PRATIQUE, fiche["corps_html"])


@register.filter
def sommaire(fiche: Fiche) -> list[dict[str, str | SafeString]]:
    """The sections that a dispositif's page shows, in their order."""
    found = rubriques(fiche)
    if enseignements(fiche):
        found.append({"id": "enseignements", "titre": "Enseignements"})
    if frise(fiche):
        found.append({"id": "chronologie", "titre": "Chronologie"})
    for key, anchor, titre in (
        ("structures", "participants", "Qui participe"),
        ("lieux", "lieux", "Lieux"),
        ("documents", "documents", "Documents"),
        ("bonnes_pratiques", "bonnes-pratiques", "Bonnes pratiques"),
    ):
        if fiche[key]:
            found.append({"id": anchor, "titre": titre})
    return found


@register.filter
def participants(fiche: Fiche) -> list[dict[str, Any]]:
    """[{"role", "structures"}]: roles in order, each structure with the dates of its part."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in fiche["libelles"]["structures"]:
        found.setdefault(row["role"], []).append({**row, "dates": _span(row["du"], row["au"])})
    return [{"role": role, "structures": rows} for role, rows in found.items()]


@register.filter
def periode(fiche: Fiche) -> str:
    """When the dispositif runs, in words; empty when no date is known. Works on a carte too."""
    start, end = fiche["date_debut"], fiche["date_fin"]
    if end is None and fiche.get("date_fin_prevue"):
        return f"{_span(start, fiche['date_fin_prevue'])} (fin prévue)"
    return _span(start, end)


def _span(start: str | None, end: str | None) -> str:
    if start and end:
        return f"du {date_fr(start)} au {date_fr(end)}"
    if end:
        return f"jusqu’au {date_fr(end)}"
    if not start:
        return ""
    begun = start <= timezone.localdate().isoformat()
    return f"{'depuis le' if begun else 'à partir du'} {date_fr(start)}"


@register.filter
def contrat(fiche: Fiche) -> str:
    """« 6 mois, renouvelable 2 fois, soit 18 mois au plus »; empty when the length is unknown."""
    months, renewals = fiche["duree_contrat_mois"], fiche["renouvellements"]
    if months is None:
        return ""
    if renewals is None:
        return duree(months)
    if renewals == 0:
        return f"{duree(months)}, non renouvelable"
    total = duree(fiche["duree_totale_mois"])
    return f"{duree(months)}, renouvelable {renewals}{NBSP}fois, soit {total} au plus"


@register.filter
def places(fiche: Fiche) -> str:
    """« 3 places le 31 octobre 2026 », « aucune place le… »; works on a carte too."""
    free = fiche["places_libres"]
    if free is None:
        return ""
    said = pluriel(free, "place") if free else "aucune place"
    day = date_fr(fiche["places_libres_au"])
    return f"{said} le {day}" if day else said
