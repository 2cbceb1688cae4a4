"""Who asks something of the administration, and of which dispositif."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from annuaire.acteurs.models import User
from dispositifs.models import DispositifPage


def account(request: HttpRequest) -> User:
    """Every view of the administration requires an account: the guard comes before."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def dispositif_or_404(request: HttpRequest, pk: int) -> DispositifPage:
    """The dispositif of an address; one that this account may not edit does not exist for it."""
    return get_object_or_404(DispositifPage.objects.editable_by(account(request)), pk=pk)
