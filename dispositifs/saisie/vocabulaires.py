"""Form by which national merges two thématiques."""

from typing import Any

from django import forms

from dispositifs.models import Thematique


class FusionThematiqueForm(forms.Form):
    gardee: "forms.ModelChoiceField[Thematique]" = forms.ModelChoiceField(
        label="Thématique à garder",
        queryset=None,
        help_text="Les fiches qui portent l’autre se liront et se chercheront sous celle-ci.",
    )

    def __init__(self, *args: Any, fusionnee: Thematique, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["gardee"]
        field.queryset = Thematique.objects.offered().exclude(pk=fusionnee.pk)  # type: ignore[attr-defined]  # a ModelChoiceField
