"""Sign-in, sign-out and passwords: allauth's views with our forms."""

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from axes.helpers import get_client_ip_address
from axes.utils import reset as forget_failures
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from annuaire.acteurs import forms
from annuaire.acteurs.connexion import locked_until, public_url
from annuaire.acteurs.droits import droits_of

ESPACE = "/espace/"  # an address of the contract (docs/interface), served above this app


class LoginView(allauth_views.LoginView):
    form_class = forms.LoginForm

    def get_authenticated_redirect_url(self) -> str:
        # Never `next`: an operator sent here from /admin/ would be sent back there, for ever.
        return reverse("apres_connexion")

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:
        """Coming back here gives up the code that was asked for."""


class RequestLoginCodeView(allauth_views.RequestLoginCodeView):
    form_class = forms.RequestLoginCodeForm

    def form_valid(self, form: forms.RequestLoginCodeForm) -> HttpResponse:
        if form._user is None:
            # An e-mail in every case: neither the page nor its delay tells who has an account.
            context = {
                "connu": form.connu,
                "connexion": public_url("account_login"),
                "mot_de_passe": public_url("account_reset_password"),
            }
            get_adapter().send_mail("account/email/sans_code", form.cleaned_data["email"], context)
        return super().form_valid(form)

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:
        """Coming back here is asking for another code, or for another address."""


class ConfirmLoginCodeView(allauth_views.ConfirmLoginCodeView):
    form_class = forms.ConfirmLoginCodeForm


class PasswordResetView(allauth_views.PasswordResetView):
    form_class = forms.ResetPasswordForm


class PasswordResetFromKeyView(allauth_views.PasswordResetFromKeyView):
    form_class = forms.ResetPasswordKeyForm

    def form_valid(self, form: forms.ResetPasswordKeyForm) -> HttpResponse:
        forget_failures(username=self.reset_user.email)
        return super().form_valid(form)


@login_required
def apres_connexion(request: HttpRequest) -> HttpResponseRedirect:
    """Lead to where one works: the administration, the space of structures, or the home page."""
    droits = droits_of(request.user)
    if request.user.has_perm("wagtailadmin.access_admin"):
        return redirect("wagtailadmin_home")
    return redirect(ESPACE if droits.structures else "/")


def locked_out(
    request: HttpRequest, response: HttpResponse, credentials: dict[str, str] | None
) -> HttpResponse:
    """What django-axes answers after too many failures: when to try again, and the way out."""
    until = locked_until((credentials or {}).get("email", ""), get_client_ip_address(request))
    seconds = max(1, int((until - timezone.now()).total_seconds()))
    page = render(request, "account/verrouille.html", {"jusqu_a": until}, status=429)
    page["Retry-After"] = str(seconds)
    return page
