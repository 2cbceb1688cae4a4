"""What every signed-in request checks before anything else."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from annuaire.acteurs.actions import sync_account
from annuaire.acteurs.models import User


class DroitsMiddleware:
    """Resync an account whose roles have begun or ended, and close the session of a closed account.

    A visitor without a session costs nothing here: neither a query nor a cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            _check_account(request)
        return self.get_response(request)


def _check_account(request: HttpRequest) -> None:
    user = request.user
    if isinstance(user, User):
        moment = user.droits_a_revoir_le
        if moment is not None and moment <= timezone.now():
            sync_account(user)
    elif SESSION_KEY in request.session:
        # Django reads an account that is not active as nobody, and keeps its session.
        request.session.flush()
