"""Forms of structures: what one declares, and what national merges."""

from typing import Any

from django import forms
from django.db.models import Q
from wagtail.admin.forms.models import WagtailAdminModelForm

from annuaire.acteurs.droits import droits_of
from annuaire.acteurs.models import Departement, Structure, TypeStructure
from annuaire.acteurs.normalisation import fold_name

MEME_NOM = (
    "Une structure s’appelle déjà ainsi : {nom}. Choisissez-la dans la liste au lieu d’en créer"
    " une autre, ou précisez le nom."
)


class StructureForm(WagtailAdminModelForm):
    """The département is the creator's: whoever declares a structure corrects it.

    National alone leaves it empty or changes it. Aliases are typed one a line.
    """

    alias = forms.CharField(
        label="Autres noms",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=(
            "Un par ligne : sigle, nom d’usage ou ancien nom (DDCS…). La recherche les trouve"
            " aussi."
        ),
    )

    class Meta:
        model = Structure
        fields: tuple[str, ...] = ("nom", "type", "siren", "siret", "departement")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].queryset = TypeStructure.objects.filter(
            Q(actif=True) | Q(pk=self.instance.type_id)
        )
        if self.instance.pk:
            names = self.instance.alias.values_list("nom", flat=True)
            self.initial["alias"] = "\n".join(names)
        self._offer_departements()

    def _offer_departements(self) -> None:
        droits = droits_of(self.for_user)
        if droits.national:
            return
        field = self.fields["departement"]
        field.queryset = Departement.objects.filter(pk__in=droits.departements)
        field.required = True
        field.help_text = "Vos collègues de ce département pourront corriger la structure."
        if len(droits.departements) == 1:
            del self.fields["departement"]
            if self.instance.departement_id is None:
                self.instance.departement_id = next(iter(droits.departements))

    def clean_nom(self) -> str:
        nom: str = self.cleaned_data["nom"].strip()
        same = Structure.objects.current().named(nom).exclude(pk=self.instance.pk).first()
        if same is not None:
            raise forms.ValidationError(MEME_NOM.format(nom=same.nom))
        return nom

    def clean_alias(self) -> list[str]:
        names = [line.strip() for line in self.cleaned_data["alias"].splitlines()]
        by_folded = {fold_name(nom): nom for nom in names if fold_name(nom)}
        if any(len(nom) > 200 for nom in by_folded.values()):
            raise forms.ValidationError("Un nom fait 200 caractères au plus : raccourcissez.")
        return list(by_folded.values())

    def _post_clean(self) -> None:
        super()._post_clean()
        # Django leaves aside the constraints that name a field which the form does not have.
        try:
            self.instance.validate_constraints()
        except forms.ValidationError as refusal:
            self.add_error(None, refusal)

    def save(self, commit: bool = True) -> Structure:
        structure: Structure = super().save(commit=commit)
        if commit and "alias" in self.cleaned_data:
            self._save_alias(structure)
        return structure

    def _save_alias(self, structure: Structure) -> None:
        wanted = {fold_name(nom): nom for nom in self.cleaned_data["alias"]}
        known = {alias.nom_plie: alias for alias in structure.alias.all()}
        for folded, alias in known.items():
            if folded not in wanted:
                alias.delete()
        for folded, nom in wanted.items():
            if folded not in known:
                structure.alias.create(nom=nom)


class StructureRapideForm(StructureForm):
    """The same, in the window of the chooser: what is needed to go on."""

    class Meta(StructureForm.Meta):
        fields = ("nom", "type", "siren", "departement")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["alias"]


class FusionForm(forms.Form):
    """The widget is a chooser, put by the view."""

    gardee: "forms.ModelChoiceField[Structure]" = forms.ModelChoiceField(
        label="Structure à garder",
        queryset=None,
        help_text=(
            "L’autre se lira partout comme celle-ci ; ses noms deviennent d’autres noms de"
            " celle-ci."
        ),
    )

    def __init__(self, *args: Any, fusionnee: Structure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["gardee"]
        field.queryset = Structure.objects.current().exclude(pk=fusionnee.pk)  # type: ignore[attr-defined]  # a ModelChoiceField
