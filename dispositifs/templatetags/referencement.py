"""What search engines read of a page: linked data and full addresses."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from dispositifs import donnees_liees

register = template.Library()

register.filter("adresse_complete", donnees_liees.absolute)


@register.filter
def fil_lie(maillons: list[dict[str, Any]]) -> SafeString:
    return donnees_liees.as_script(donnees_liees.breadcrumb(maillons))


@register.filter
def dispositif_lie(fiche: dict[str, Any]) -> SafeString:
    return donnees_liees.as_script(donnees_liees.project(fiche))


@register.filter
def bonne_pratique_liee(fiche: dict[str, Any]) -> SafeString:
    return donnees_liees.as_script(donnees_liees.article(fiche))


@register.simple_tag
def site_lie() -> SafeString:
    return donnees_liees.as_script(donnees_liees.website())
