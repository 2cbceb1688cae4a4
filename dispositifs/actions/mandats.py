"""Opening and closing the mandats of a dispositif: the only thing that gives a structure rights."""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from annuaire.acteurs.models import Structure, User
from dispositifs import permissions
from dispositifs.choices import NatureMandat
from dispositifs.models import DispositifPage, Mandat

from .journal import MANDAT_CLOSED, MANDAT_OPENED


@transaction.atomic
def open_mandat(  # noqa: PLR0913  # keyword-only: none can be taken for another
    *,
    dispositif: DispositifPage,
    structure: Structure,
    nature: NatureMandat,
    du: datetime.date,
    au: datetime.date | None = None,
    by: User,
) -> Mandat:
    """Open rights to the accounts of a structure, from its first day.

    Raises PermissionDenied elsewhere than at home; ValidationError for dates in disorder, a merged
    structure, or a mandat of the same nature that overlaps.
    """
    _check_may_edit(by, dispositif)
    if structure.fusionne_dans_id is not None:
        raise ValidationError(
            {"structure": "Cette structure a été fusionnée : choisissez celle qui la remplace."}
        )
    mandat = Mandat(
        dispositif=dispositif, structure=structure, nature=nature, du=du, au=au, donne_par=by
    )
    mandat.full_clean()
    _check_alone(mandat)
    mandat.save()
    _log(MANDAT_OPENED, mandat, by)
    return mandat


@transaction.atomic
def close_mandat(*, mandat: Mandat, au: datetime.date | None = None, by: User) -> Mandat:
    """End a mandat on its last day `au`; without it, at once: the last day is then yesterday.

    A mandat that begins after that day is deleted (the journal keeps it). Raises PermissionDenied
    elsewhere than at home, ValidationError if it has ended already.
    """
    _check_may_edit(by, mandat.dispositif)
    today = timezone.localdate()
    if mandat.au is not None and mandat.au < today:
        raise ValidationError(
            "Ce mandat est déjà terminé : rechargez la page pour voir sa date de fin."
        )
    last_day = au or today - datetime.timedelta(days=1)
    if au is not None and au < mandat.du:
        raise ValidationError({"au": "Le dernier jour précède le premier : corrigez la date."})
    if au is not None and mandat.au is not None and au > mandat.au:
        raise ValidationError(
            {
                "au": (
                    f"Ce mandat finit déjà le {mandat.au:%d/%m/%Y} : pour aller plus loin,"
                    " ouvrez-en un autre."
                )
            }
        )
    _log(MANDAT_CLOSED, mandat, by, au=last_day)
    if last_day < mandat.du:
        mandat.delete()
    else:
        mandat.au = last_day
        mandat.save(update_fields=["au"])
    return mandat


def _check_may_edit(by: User, dispositif: DispositifPage) -> None:
    if not permissions.can_edit(by, dispositif):
        raise PermissionDenied("Ce dispositif n’est pas de votre département.")


def _check_alone(mandat: Mandat) -> None:
    """Two mandats of the same nature never run on the same day for one structure."""
    others = Mandat.objects.filter(
        dispositif=mandat.dispositif, structure=mandat.structure, nature=mandat.nature
    )
    for other in others:
        begins_before_end = other.au is None or other.au >= mandat.du
        ends_after_begin = mandat.au is None or mandat.au >= other.du
        if begins_before_end and ends_after_begin:
            raise ValidationError(
                "Cette structure a déjà un mandat de cette nature à ces dates : fermez-le d’abord."
            )


def _log(action: str, mandat: Mandat, by: User, au: datetime.date | None = None) -> None:
    last_day = au or mandat.au
    log(
        instance=mandat.dispositif,
        action=action,
        user=by,
        data={
            "structure": mandat.structure.nom,
            "nature": mandat.get_nature_display(),
            "du": mandat.du.isoformat(),
            "au": last_day.isoformat() if last_day else None,
        },
    )
