"""Merging two structures that are one. Nothing is repointed: readers follow `fusionne_dans`."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from wagtail.log_actions import log

from annuaire.acteurs.models import Structure, StructureAlias, User
from annuaire.acteurs.normalisation import fold_name
from dispositifs import permissions

from .journal import STRUCTURE_MERGED


@transaction.atomic
def merge_structures(*, kept: Structure, merged: Structure, by: User) -> Structure:
    """Make `merged` read as `kept` everywhere; its name becomes an alias, so that it is found.

    Chains are flattened: what was merged into `merged` now reads as `kept`. Fiches are reprojected
    by the saving of each row. Raises PermissionDenied for anybody but national, ValidationError
    when one of the two cannot be merged.
    """
    if not permissions.can_manage_vocabularies(by):
        raise PermissionDenied("La fusion de structures revient à la Dihal.")
    if kept.pk == merged.pk:
        raise ValidationError("Choisissez deux structures différentes.")
    if kept.fusionne_dans_id is not None or merged.fusionne_dans_id is not None:
        raise ValidationError(
            "L’une des deux est déjà fusionnée : choisissez celle qui la remplace."
        )
    former = list(Structure.objects.filter(fusionne_dans=merged))
    names = [merged.nom, *merged.alias.values_list("nom", flat=True)]
    for row in (merged, *former):
        row.fusionne_dans = kept
        row.save(update_fields=["fusionne_dans", "nom_plie"])
    known = {kept.nom_plie, *kept.alias.values_list("nom_plie", flat=True)}
    for nom in names:
        if fold_name(nom) not in known:
            StructureAlias.objects.create(structure=kept, nom=nom)
            known.add(fold_name(nom))
    log(instance=kept, action=STRUCTURE_MERGED, user=by, data={"fusionnee": merged.nom})
    return kept
