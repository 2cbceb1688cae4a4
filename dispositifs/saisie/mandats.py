"""Forms of the screen of mandats."""

from functools import cache
from typing import Any

from django import forms
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels.base import get_form_for_model
from wagtail.admin.widgets import AdminDateInput

from annuaire.acteurs.models import Structure
from dispositifs.models import Mandat
from dispositifs.models.champs import limit_choices


@cache
def ouvrir_mandat_form() -> type[forms.ModelForm]:
    """The form, made at its first use: choosers are registered once every app is ready."""
    made: type[forms.ModelForm] = get_form_for_model(
        Mandat, form_class=BaseMandatForm, fields=["structure", "nature", "du", "au"]
    )
    return made


class BaseMandatForm(WagtailAdminModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_choices(self.fields["structure"], Structure.objects.current())

    def _post_clean(self) -> None:
        """The action checks the whole mandat, with its dispositif: once is enough."""


class FermerMandatForm(forms.Form):
    au = forms.DateField(
        label="Dernier jour",
        required=False,
        widget=AdminDateInput,
        help_text=(
            "Vide : tout de suite. Les comptes de la structure perdent l’accès à leur"
            " prochaine action."
        ),
    )
