"""Accounts and their dated roles, kept by the technical administrator.

Groups follow roles: these screens, unlike Wagtail's own, never let them say something else.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q, QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from annuaire.acteurs.actions import end_role, give_role, sync_account
from annuaire.acteurs.connexion import new_password_link
from annuaire.acteurs.models import NatureRole, Role, User
from dispositifs import permissions
from dispositifs.saisie.comptes import RoleForm, compte_form

from .requete import account


def manageable_by(user: User) -> "QuerySet[User]":
    """Accounts that this one may open, close and give roles to; raises Http404 if none."""
    if not permissions.is_administrateur(user):
        raise Http404
    return User.objects.order_by("email")


def roles_of(user: User) -> str:
    """The running roles, in words."""
    return " ; ".join(role_in_words(role) for role in user.roles_en_cours) or "aucun"  # type: ignore[attr-defined]  # prefetched


def role_in_words(role: Role) -> str:
    codes = ", ".join(departement.code for departement in role.departements.all())
    name = NatureRole(role.nature).label
    return f"{name} : {codes}" if codes else name


class ComptesView(generic.IndexView):
    model = User
    page_title = "Comptes"
    header_icon = "user"
    index_url_name = "comptes:index"
    index_results_url_name = "comptes:index_results"
    search_fields = ("email", "last_name", "first_name")
    search_backend_name = None
    is_searchable = True
    any_permission_required: list[str] = []
    permission_policy = None
    default_ordering = "email"
    paginate_by = 50

    def get_base_queryset(self) -> "QuerySet[Any]":
        running = Role.objects.running().prefetch_related("departements")
        return (
            manageable_by(account(self.request))
            .select_related("structure")
            .prefetch_related(Prefetch("roles", queryset=running, to_attr="roles_en_cours"))
        )

    def search_queryset(self, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        if not self.is_searching:
            return queryset
        words = Q()
        for field in self.search_fields:
            words |= Q(**{f"{field}__icontains": self.search_query})
        return queryset.filter(words)

    @property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("email", label="Adresse", url_name="comptes:compte", sort_key="email"),
            Column("nom", label="Nom", accessor="get_full_name"),
            Column("structure", label="Structure"),
            Column("roles", label="Rôles en cours", accessor=roles_of),
            Column(
                "etat", label="État", accessor=lambda user: "ouvert" if user.is_active else "fermé"
            ),
        ]

    @property
    def header_buttons(self) -> list[HeaderButton]:
        url = reverse("comptes:ouvrir")
        return [HeaderButton("Ouvrir un compte", url=url, icon_name="plus")]


class OuvrirCompteView(View):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        manageable_by(account(request))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(request, compte_form()())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = compte_form()(request.POST, instance=User())
        if not form.is_valid():
            return self._show(request, form)
        fields = form.cleaned_data
        user = User.objects.create_user(fields.pop("email"), **fields)
        messages.success(
            request,
            (
                "Compte ouvert. Donnez-lui un rôle, puis transmettez ce lien à usage unique"
                f" pour choisir le mot de passe : {new_password_link(user)}"
            ),
        )
        return redirect("comptes:compte", user.pk)

    def _show(self, request: HttpRequest, form: BaseForm) -> HttpResponse:
        context = {
            "titre": "Ouvrir un compte",
            "aide": "Un compte n’ouvre rien sans rôle : il se donne à l’écran suivant.",
            "form": form,
            "bouton": "Ouvrir le compte",
            "header_title": "Ouvrir un compte",
            "breadcrumbs_items": _breadcrumbs("Ouvrir un compte"),
        }
        return TemplateResponse(request, "dispositifs/admin/formulaire.html", context)


class CompteView(View):
    """One account: its roles, past and running, given and ended here."""

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> Any:
        self.compte = get_object_or_404(manageable_by(account(request)), pk=pk)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(request, RoleForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RoleForm(request.POST)
        if form.is_valid():
            try:
                give_role(user=self.compte, by=account(request), **_role(form))
            except ValidationError as refusal:
                form.add_error(None, refusal.messages)
            else:
                messages.success(request, "Rôle donné : il ouvre ses droits dès son premier jour.")
                return redirect("comptes:compte", self.compte.pk)
        return self._show(request, form)

    def _show(self, request: HttpRequest, form: RoleForm) -> HttpResponse:
        roles = self.compte.roles.prefetch_related("departements")
        context = {
            "compte": self.compte,
            "roles": [(role, role_in_words(role)) for role in roles],
            "form": form,
            "header_title": f"Compte {self.compte.email}",
            "breadcrumbs_items": _breadcrumbs(self.compte.email),
        }
        return TemplateResponse(request, "dispositifs/admin/compte.html", context)


class TerminerRoleView(View):
    def post(self, request: HttpRequest, pk: int, role_pk: int) -> HttpResponse:
        compte = get_object_or_404(manageable_by(account(request)), pk=pk)
        role = get_object_or_404(compte.roles, pk=role_pk)
        end_role(role=role, by=account(request))
        messages.success(request, "Rôle terminé : ses droits sont fermés.")
        return redirect("comptes:compte", compte.pk)


class FermerCompteView(View):
    """Close or reopen an account; what it did stays."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        compte = get_object_or_404(manageable_by(account(request)), pk=pk)
        if compte == request.user:
            messages.error(request, "Vous ne pouvez pas fermer votre propre compte.")
            return redirect("comptes:compte", compte.pk)
        compte.is_active = not compte.is_active
        compte.save(update_fields=["is_active"])
        sync_account(compte)
        messages.success(request, "Compte rouvert." if compte.is_active else "Compte fermé.")
        return redirect("comptes:compte", compte.pk)


class ComptesViewSet(ViewSet):
    name = "comptes"
    icon = "user"
    menu_label = "Comptes"
    add_to_admin_menu = False

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", ComptesView.as_view(), name="index"),
            path("results/", ComptesView.as_view(results_only=True), name="index_results"),
            path("ouvrir/", OuvrirCompteView.as_view(), name="ouvrir"),
            path("<int:pk>/", CompteView.as_view(), name="compte"),
            path("<int:pk>/fermer/", FermerCompteView.as_view(), name="fermer"),
            path(
                "<int:pk>/roles/<int:role_pk>/terminer/",
                TerminerRoleView.as_view(),
                name="terminer",
            ),
        ]


def _role(form: RoleForm) -> dict[str, Any]:
    fields = form.cleaned_data
    return {**fields, "nature": NatureRole(fields["nature"])}


def _breadcrumbs(label: str) -> list[dict[str, str]]:
    return [{"url": reverse("comptes:index"), "label": "Comptes"}, {"url": "", "label": label}]
