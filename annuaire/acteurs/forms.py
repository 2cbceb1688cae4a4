"""The forms of sign-in: allauth's, in French, with the classes of the DSFR and no placeholder."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.http import HttpRequest

from annuaire.acteurs.connexion import may_sign_in_by_code
from annuaire.acteurs.models import User

MOT_DE_PASSE = (
    "Au moins 12 caractères. Une phrase que vous seul connaissez est facile à retenir ;"
    " évitez votre nom, votre adresse et les mots de passe courants."
)
ADRESSE = "Format attendu : prenom.nom@exemple.fr"


def _dress(form: forms.Form, **wording: tuple[str, str]) -> None:
    """Give each field its label and its help, and the look of the DSFR."""
    for name, field in form.fields.items():
        field.label, field.help_text = wording[name]
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs["class"] = "fr-input"
        field.error_messages["required"] = "Ce champ est vide : remplissez-le."


class LoginForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, login=("Adresse électronique", ADRESSE), password=("Mot de passe", ""))


class RequestLoginCodeForm(allauth_forms.RequestLoginCodeForm):
    """Whatever the address, the answer is the same; `_user` says whether a code is sent."""

    connu = False
    _user: User | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, email=("Adresse électronique", ADRESSE))

    def clean_email(self) -> str:
        email: str = super().clean_email()
        self.connu = self._user is not None
        if self._user and not may_sign_in_by_code(self._user):
            self._user = None
        return email


class ConfirmLoginCodeForm(allauth_forms.ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, code=("Code reçu par courriel", "Il est valable trois minutes."))


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, email=("Adresse électronique", ADRESSE))

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        if self.users:
            email: str = super().save(request, **kwargs)
            return email
        # Told by e-mail only: the page never says whether an account exists.
        email = self.cleaned_data["email"]
        get_adapter().send_mail("account/email/compte_inconnu", email, {})
        return email


class ResetPasswordKeyForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(
            self,
            password1=("Nouveau mot de passe", MOT_DE_PASSE),
            password2=("Le même mot de passe, une seconde fois", ""),
        )
