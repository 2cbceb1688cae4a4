"""The form « Déclarer un dispositif »: a title, and a département when there are several."""

from typing import Any

from django import forms
from django.utils.text import slugify

from annuaire.acteurs.models import Departement, User
from dispositifs import permissions
from dispositifs.models import DispositifPage

from .doublons import near_duplicates


def departements_of(user: User) -> list[str]:
    """Codes of the départements where this account may declare."""
    codes = Departement.objects.filter(page__isnull=False).values_list("pk", flat=True)
    return [code for code in codes if permissions.can_create_in(user, code)]


class DeclarationForm(forms.Form):
    titre = forms.CharField(
        label="Titre",
        max_length=255,
        widget=forms.TextInput(attrs={"autofocus": True}),
        error_messages={
            "required": "Donnez le nom d’usage du dispositif : le reste peut attendre."
        },
        help_text=(
            "Nom d’usage du dispositif : « MOUS de Bordeaux ». Tout le reste se complète plus"
            " tard, et le titre se change."
        ),
    )
    departement: "forms.ModelChoiceField[Departement]" = forms.ModelChoiceField(
        label="Département pilote",
        queryset=None,
        empty_label="Choisissez…",
        help_text="Celui dont les correspondants tiendront la fiche.",
    )
    # The near duplicates that were shown: the same ones are not asked about twice.
    confirme = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = departements_of(user)
        field = self.fields["departement"]
        field.queryset = Departement.objects.filter(pk__in=codes)  # type: ignore[attr-defined]  # a ModelChoiceField
        if len(codes) == 1:
            field.initial = codes[0]
            field.widget = forms.HiddenInput()
        self.doublons: list[DispositifPage] = []

    def clean_titre(self) -> str:
        titre: str = self.cleaned_data["titre"]
        if not slugify(titre, allow_unicode=True):
            raise forms.ValidationError(
                "Ce titre ne contient ni lettre ni chiffre, et la page n’aurait pas d’adresse :"
                " écrivez le nom d’usage du dispositif."
            )
        return titre

    def is_confirmed(self) -> bool:
        """Whether nothing looks alike, or all that does was shown and confirmed."""
        self.doublons = near_duplicates(
            titre=self.cleaned_data["titre"], departement=self.cleaned_data["departement"].pk
        )
        shown = set(self.cleaned_data["confirme"].split(","))
        return {str(page.pk) for page in self.doublons} <= shown

    @property
    def signature(self) -> str:
        return ",".join(str(page.pk) for page in self.doublons)
