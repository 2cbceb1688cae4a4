"""The addresses of sign-in. The names are allauth's own, which it reverses; no sign-up is routed.

Those of Wagtail's own sign-ins lead to ours: this list comes before Wagtail's.
"""

from allauth.account import views as allauth_views
from django.urls import path, re_path
from django.views.generic import RedirectView

from annuaire.acteurs import views

urlpatterns = [
    path("connexion/", views.LoginView.as_view(), name="account_login"),
    path("connexion/suite/", views.apres_connexion, name="apres_connexion"),
    path(
        "connexion/code/", views.RequestLoginCodeView.as_view(), name="account_request_login_code"
    ),
    path(
        "connexion/code/confirmer/",
        views.ConfirmLoginCodeView.as_view(),
        name="account_confirm_login_code",
    ),
    path("connexion/compte-ferme/", allauth_views.account_inactive, name="account_inactive"),
    path(
        "connexion/mot-de-passe-oublie/",
        views.PasswordResetView.as_view(),
        name="account_reset_password",
    ),
    path(
        "connexion/mot-de-passe-oublie/envoye/",
        allauth_views.password_reset_done,
        name="account_reset_password_done",
    ),
    path(
        "connexion/mot-de-passe/choisi/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^connexion/mot-de-passe/(?P<uidb36>[0-9A-Za-z]{1,13})-(?P<key>[^/]{1,200})/$",
        views.PasswordResetFromKeyView.as_view(),
        name="account_reset_password_from_key",
    ),
    path("deconnexion/", allauth_views.logout, name="account_logout"),
    path(
        "admin/login/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="admin_connexion",
    ),
    # Its form has no « email » field, so failures there would lock nobody out.
    path(
        "_util/login/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="wagtail_connexion",
    ),
    path("admin/logout/", allauth_views.logout, name="admin_deconnexion"),
    re_path(
        r"^admin/password_reset/",
        RedirectView.as_view(pattern_name="account_reset_password"),
        name="admin_mot_de_passe",
    ),
]
