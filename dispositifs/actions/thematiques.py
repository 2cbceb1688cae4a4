"""Merging and retiring thématiques. The tags of fiches stay: readers follow `remplacee_par`."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from wagtail.log_actions import log

from annuaire.acteurs.models import User
from dispositifs import permissions
from dispositifs.models import Thematique

from .journal import THEMATIQUE_MERGED


@transaction.atomic
def merge_thematiques(*, kept: Thematique, merged: Thematique, by: User) -> Thematique:
    """Make `merged` read as `kept` on every fiche; it is offered no more.

    Chains are flattened. Fiches are reprojected by the saving of each row. Raises PermissionDenied
    for anybody but national, ValidationError when one of the two cannot be merged.
    """
    if not permissions.can_manage_vocabularies(by):
        raise PermissionDenied("Les thématiques reviennent à la Dihal.")
    if kept.pk == merged.pk:
        raise ValidationError("Choisissez deux thématiques différentes.")
    if kept.remplacee_par_id is not None or merged.remplacee_par_id is not None:
        raise ValidationError(
            "L’une des deux est déjà fusionnée : choisissez celle qui la remplace."
        )
    for row in (merged, *Thematique.objects.filter(remplacee_par=merged)):
        row.remplacee_par = kept
        row.actif = False
        row.save(update_fields=["remplacee_par", "actif"])
    log(instance=kept, action=THEMATIQUE_MERGED, user=by, data={"fusionnee": merged.name})
    return kept
