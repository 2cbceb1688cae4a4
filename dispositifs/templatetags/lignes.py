"""Lines of long lists, made once for what they say: a new version changes few of a hundred."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from dispositifs.carte.lieux import LieuPublic
from dispositifs.views.chiffres import LienDepartement

register = template.Library()


@register.filter
@lru_cache(maxsize=1024)
def ligne_departement(departement: LienDepartement) -> SafeString:
    return render_to_string("components/territoire.html", {"departement": departement})


@register.filter
@lru_cache(maxsize=1024)
def ligne_lieu(lieu: LieuPublic) -> SafeString:
    return render_to_string("components/carte_lieu.html", {"lieu": lieu})
