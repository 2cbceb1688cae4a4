"""Forms of the space of operators: propose a document, or a new text for a rubrique."""

from typing import Any

from django import forms
from django.core.files.base import File

from dispositifs.actions.propositions import current_text, text_fingerprint
from dispositifs.documents.controle import FORMATS
from dispositifs.documents.forms import TypeSelect, stored_name
from dispositifs.documents.reception import receive
from dispositifs.models import DispositifPage, Document, Proposition, TypeDocument
from dispositifs.reperage import LIBELLES, examine_text

FICHIER = (
    "PDF de préférence ; ODT, ODS, ODP, DOCX, XLSX, PPTX, TXT, CSV, JPEG ou PNG, 20 Mo au plus."
    " Aucun nom de personne accompagnée."
)
MESSAGE = "Ce que le correspondant doit savoir pour décider."
SYNTAXE = (
    "Texte simple : une ligne vide sépare les paragraphes, un tiret « - » en début de ligne fait"
    " une liste. Aucun nom de personne accompagnée."
)
TEXTE_MAX = 10_000  # characters: ten times the longest advised length


LOOKS = {forms.Select: "fr-select", forms.FileInput: "fr-upload"}


def _dress(form: forms.BaseForm) -> None:
    """Give each field the look of the DSFR."""
    for field in form.fields.values():
        looks = (look for widget, look in LOOKS.items() if isinstance(field.widget, widget))
        field.widget.attrs["class"] = next(looks, "fr-input")


def natures_found(texte: str) -> str:
    """What may name a person in this text, in words; empty if nothing does."""
    rows = examine_text(texte).reperages
    return ", ".join(dict.fromkeys(LIBELLES[row["nature"]].lower() for row in rows))


class ProposerDocumentForm(forms.ModelForm):
    """A document without niveau nor statut: the type proposes the first, the second is decided."""

    file = forms.FileField(
        label="Fichier",
        help_text=FICHIER,
        widget=forms.FileInput(attrs={"accept": ",".join(f".{name}" for name in FORMATS)}),
        error_messages={"required": "Aucun fichier : choisissez-en un."},
    )
    message = forms.CharField(
        label="Message au correspondant",
        help_text=MESSAGE,
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = Document
        fields = ("title", "type", "date", "langue", "periode_du", "periode_au", "description")
        labels = {
            "title": "Titre",
            "type": "Type de document",
            "periode_du": "Du",
            "periode_au": "Au",
        }
        help_texts = {
            "title": "Ce qu’on lira : « Bilan 2025 », « Convention signée ».",
            "type": "Il propose qui pourra lire le document ; le correspondant décide.",
            "date": "Date de signature ou de rédaction.",
            "periode_du": "Pour un bilan : premier jour.",
            "periode_au": "Pour un bilan : dernier jour.",
        }
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in ("date", "periode_du", "periode_au")
        } | {"description": forms.Textarea(attrs={"rows": 2}), "type": TypeSelect}
        error_messages = {
            "title": {"required": "Le titre manque : donnez-le."},
            "type": {"required": "Le type manque : choisissez-le."},
        }

    field_order = ("file", "title", "type")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["type"]
        kind.queryset = TypeDocument.objects.filter(actif=True)
        kind.required = True
        kind.empty_label = "Choisissez un type"
        self.champs: dict[str, Any] = {}
        _dress(self)

    @property
    def types(self) -> Any:
        """Who could read each type of document, and why."""
        kind: Any = self.fields["type"]
        return kind.queryset

    def clean_file(self) -> File:
        # Here, not when saving: it takes time, and the action is a transaction.
        reception = receive(self.cleaned_data["file"])
        self.champs = reception.champs
        return reception.file

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("periode_du"), cleaned.get("periode_au")
        if first and last and last < first:
            self.add_error("periode_au", "Cette date précède le premier jour : corrigez l’une.")
        return cleaned

    def document(self) -> Document:
        """The row to propose, with what its file tells of itself."""
        document: Document = self.instance
        document.file = self.cleaned_data["file"]
        document.file.name = stored_name(document.file.name)
        for name, value in self.champs.items():
            setattr(document, name, value)
        return document


class ProposerTexteForm(forms.ModelForm):
    """Starts from the text that the fiche shows; `vu` remembers it."""

    texte = forms.CharField(
        label="Nouveau texte",
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={"required": "Le texte est vide : écrivez-le."},
    )
    vu = forms.CharField(widget=forms.HiddenInput, required=False)
    # The fingerprint of a text sent again as it is, after a warning.
    confirme = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Proposition
        fields = ("message",)
        labels = {"message": "Message au correspondant"}
        help_texts = {"message": MESSAGE}
        widgets = {"message": forms.Textarea(attrs={"rows": 3})}

    field_order = ("texte", "message", "vu", "confirme")

    def __init__(self, *args: Any, page: DispositifPage, rubrique: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self)
        advice = DispositifPage._meta.get_field(rubrique).help_text
        self.fields["texte"].help_text = f"{advice} {SYNTAXE}"
        self.actuel = current_text(page, rubrique)
        self.initial = {"texte": self.actuel, "vu": text_fingerprint(self.actuel)}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        written = "\n\n".join(cleaned.get(name, "") for name in ("texte", "message"))
        signature = text_fingerprint(written)
        if (found := natures_found(written)) and cleaned.pop("confirme", "") != signature:
            self.data = dict(self.data.items()) | {"confirme": signature}
            raise forms.ValidationError(
                f"Données peut-être nominatives : {found}. Retirez-les, ou envoyez de nouveau"
                " si elles ne désignent aucune personne accompagnée."
            )
        cleaned.pop("confirme", None)
        return cleaned

    def show_current(self) -> None:
        """After a refusal: what is sent next is compared with the text that is shown now."""
        self.data = dict(self.data.items()) | {"vu": text_fingerprint(self.actuel)}
