"""Forms of the screen of mandats."""

from typing import Any

from django import forms
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from annuaire.acteurs.models import Structure
from dispositifs.models import Mandat


class OuvrirMandatForm(WagtailAdminModelForm):
    class Meta:
        model = Mandat
        fields = ("structure", "nature", "du", "au")
        widgets = {"du": AdminDateInput, "au": AdminDateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["structure"].queryset = Structure.objects.current()

    def _post_clean(self) -> None:
        """The action checks the whole mandat, with its dispositif: once is enough."""


class FermerMandatForm(forms.Form):
    au = forms.DateField(
        label="Dernier jour",
        required=False,
        widget=AdminDateInput,
        help_text=(
            "Vide : tout de suite. Les comptes de la structure perdent l’accès à leur"
            " prochaine action."
        ),
    )
