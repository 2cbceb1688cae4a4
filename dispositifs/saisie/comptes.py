"""Forms of the accounts screen: opening an account, giving a role."""

from functools import cache
from typing import Any

from django import forms
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels.base import get_form_for_model
from wagtail.admin.widgets import AdminDateInput

from annuaire.acteurs.models import Departement, NatureRole, Structure, User
from dispositifs.models.champs import DEPARTEMENTS, RepertoireField, limit_choices


@cache
def compte_form() -> type[forms.ModelForm]:
    """The form, made at its first use: choosers are registered once every app is ready."""
    made: type[forms.ModelForm] = get_form_for_model(
        User,
        form_class=BaseCompteForm,
        fields=["email", "first_name", "last_name", "structure"],
        # The chooser of structures is for those who have dispositifs.
        widgets={"structure": forms.Select},
    )
    return made


class BaseCompteForm(WagtailAdminModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_choices(self.fields["structure"], Structure.objects.current())
        self.fields["email"].help_text = "Adresse professionnelle : elle sert d’identifiant."

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        return email


class RoleForm(forms.Form):
    nature = forms.ChoiceField(label="Rôle", choices=NatureRole.choices)
    departements = RepertoireField(
        DEPARTEMENTS,
        label="Départements",
        help_text="Pour un correspondant seulement : noms ou codes, séparés par des virgules.",
    )
    du = forms.DateField(
        label="Premier jour", required=False, widget=AdminDateInput, help_text="Vide : aujourd’hui."
    )
    au = forms.DateField(
        label="Dernier jour",
        required=False,
        widget=AdminDateInput,
        help_text="Vide : sans fin prévue.",
    )

    def clean_departements(self) -> list[Departement]:
        rows: list[Departement] = self.cleaned_data["departements"]
        return rows
