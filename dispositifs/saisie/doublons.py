"""Fiches that may be the same as one being declared. They warn; they never block."""

import datetime

from annuaire.acteurs.normalisation import fold_name, similarity
from dispositifs.models import DispositifPage

SEUIL = 0.6


def near_duplicates(
    *,
    titre: str,
    departement: str,
    chef_de_file: int | None = None,
    date_debut: datetime.date | None = None,
    sauf: int | None = None,
) -> list[DispositifPage]:
    """Dispositifs of this département with a near title, or the same operator and first day.

    The nearest titles come first; `sauf` is the pk of the dispositif that is being edited.
    """
    others = DispositifPage.objects.filter(departement=departement).exclude(pk=sauf)
    found = []
    for page in others.order_by("title"):
        near = similarity(fold_name(titre), fold_name(page.title))
        same = bool(chef_de_file and date_debut) and (
            (page.chef_de_file_id, page.date_debut) == (chef_de_file, date_debut)
        )
        if near >= SEUIL or same:
            found.append((-near, page))
    return [page for _, page in sorted(found, key=lambda pair: pair[0])]
