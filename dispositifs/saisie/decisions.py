"""Forms of the queue of propositions: accept, as it is or corrected, or refuse and say why."""

from django import forms

from dispositifs.choices import Niveau
from dispositifs.models import Proposition

from .propositions import TEXTE_MAX


class AccepterTexteForm(forms.Form):
    texte = forms.CharField(
        label="Texte à publier",
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="Ce qui est écrit ici devient la rubrique de la fiche.",
        error_messages={"required": "Le texte à publier est vide : écrivez-le, ou refusez."},
    )
    vu = forms.CharField(widget=forms.HiddenInput, required=False)


class AccepterDocumentForm(forms.Form):
    niveau = forms.ChoiceField(label="Qui pourra le lire", choices=Niveau.choices)


class RefuserForm(forms.ModelForm):
    class Meta:
        model = Proposition
        fields = ("motif",)
        widgets = {"motif": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"motif": "Il est envoyé à la structure : dites ce qu’il faudrait changer."}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        self.fields["motif"].required = True
        self.fields["motif"].error_messages["required"] = (
            "Un refus dit pourquoi : écrivez le motif."
        )
