"""Sign-in rules, given to allauth: no sign-up, links of the public address, codes by e-mail."""

import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from annuaire.acteurs.droits import droits_of
from annuaire.acteurs.models import User


class Adapter(DefaultAccountAdapter):
    """Accounts are made by `manage.py comptes` and the administration, never by visitors."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "L’adresse électronique ou le mot de passe n’est pas le bon."
        " Vérifiez la frappe, ou choisissez un nouveau mot de passe.",
        "incorrect_code": "Ce code n’est pas le bon, ou il a expiré. Vérifiez la frappe.",
        "too_many_login_attempts": "Trop d’essais. Attendez quelques minutes avant de demander"
        " un nouveau code.",
        "rate_limited": "Trop de demandes. Attendez quelques minutes avant de recommencer.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, token = key.split("-", 1)
        return reset_url(uid, token)

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        # A message is a cookie on the next page, whichever it is: errors alone are worth one.
        if level >= messages.ERROR:
            super().add_message(request, level, *args, **kwargs)


def may_sign_in_by_code(user: User) -> bool:
    """Operators and partners alone: whoever writes in the directory proves more than a mailbox."""
    droits = droits_of(user)
    writes = droits.national or droits.correspondant or user.is_superuser
    return bool(droits.structures) and not writes


def public_url(name: str, **kwargs: str) -> str:
    """An address of ours, for e-mails and commands; the host of a request may be forged."""
    return f"{settings.PUBLIC_URL}{reverse(name, kwargs=kwargs)}"


def reset_url(uid: str, token: str) -> str:
    """Where one chooses a password."""
    return public_url("account_reset_password_from_key", uidb36=uid, key=token)


def new_password_link(user: User) -> str:
    """A link to choose a password: valid once, and for PASSWORD_RESET_TIMEOUT."""
    return reset_url(user_pk_to_url_str(user), default_token_generator.make_token(user))


def locked_until(email: str, ip_address: str | None) -> datetime.datetime:
    """When an address locked out from this place may try again."""
    last = (
        AccessAttempt.objects.filter(username=email, ip_address=ip_address)
        .order_by("-attempt_time")
        .values_list("attempt_time", flat=True)
        .first()
    )
    return (last or timezone.now()) + get_cool_off()
