"""The signed-in account of a request of the administration, with its type."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from annuaire.acteurs.models import User


def account(request: HttpRequest) -> User:
    """Every view of the administration requires an account: the guard comes before."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
