"""The values of a facet, by the hundred: a template loop would cost five times more."""

from collections.abc import Iterable

# Django's own escape does the same, five times slower: there may be two thousand calls.
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from dispositifs.choices import NaturePublique
from dispositifs.templatetags.lisible import nombre
from search.recherche import Facette

register = template.Library()

ROW = (
    '<li><div class="fr-checkbox-group fr-checkbox-group--sm">'
    '<input type="checkbox" form="recherche" name="{nom}" value="{value}"'
    ' id="f-{nom}-{rank}"{ticked}>'
    '<label class="fr-label" for="f-{nom}-{rank}">{label}'
    ' <span class="facette__compte">{count}<span class="fr-sr-only"> résultats</span></span>'
    "</label></div></li>"
)

# What readers of each tab look for first; the other facets follow in the order of the page.
DEVANT: dict[str, tuple[str, ...]] = {
    NaturePublique.DISPOSITIF: ("thematique", "forme", "places", "statut"),
    NaturePublique.DOCUMENT: ("type_document",),
}


@register.filter
def rangees(facettes: Iterable[Facette], nature: str) -> list[Facette]:
    devant = DEVANT.get(nature, ())
    ranks = {nom: rank for rank, nom in enumerate(devant)}
    return sorted(facettes, key=lambda facette: ranks.get(facette.nom, len(devant)))


@register.filter
def comptent(facettes: Iterable[Facette], nom: str) -> bool:
    """Whether the facet of this name has any value among the results."""
    return any(facette.nom == nom for facette in facettes)


@register.simple_tag
def cases(facette: Facette) -> SafeString:
    """One checkbox for each value, its label and the number of results that ticking it gives."""
    rows = [
        ROW.format(
            nom=facette.nom,
            value=escape(value.value),
            rank=rank,
            label=escape(f"{value.label} ({value.sigle})" if value.sigle else value.label),
            count=nombre(value.count),
            ticked=" checked" if value.selected else "",
        )
        for rank, value in enumerate(facette.valeurs)
    ]
    return mark_safe("".join(rows))  # noqa: S308  # values and labels are escaped above
