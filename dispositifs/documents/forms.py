"""The one form through which every upload of the administration passes."""

from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.utils import timezone
from wagtail.admin.widgets import AdminPageChooser
from wagtail.documents.forms import BaseDocumentForm
from wagtail.models import Collection

from annuaire.acteurs.models import User
from annuaire.acteurs.normalisation import slug_of
from dispositifs import permissions
from dispositifs.actions.documents import replace_document
from dispositifs.choices import EtatAnonymat, Niveau
from dispositifs.models import DispositifPage, Document, TypeDocument
from dispositifs.models.champs import KeyField, limit_choices
from dispositifs.models.documents import collection_of

from .auteurs import author_sentences
from .controle import FORMATS, extension_of
from .reception import A_LIRE, describe_file, receive

FILE_HELP = (
    "PDF de préférence ; ODT, ODS, ODP, DOCX, XLSX, PPTX, TXT, CSV, JPEG ou PNG acceptés, 20 Mo au"
    " plus, sans macros ni mot de passe."
)
REPLACE_HELP = (
    "Choisir un fichier dépose une nouvelle version à la même adresse ; les versions précédentes"
    " sont conservées. Sans fichier, seule la description est corrigée."
)
OLD_HELP = "Version remplacée : seule la version courante reçoit un nouveau fichier."
IDENTICAL = (
    "Ce fichier est identique à la version en place : aucune nouvelle version n’est faite. Pour"
    " corriger seulement la description, ne choisissez pas de fichier."
)
NIVEAU_HELP = (
    "Public : tout le monde. Partenaires : structures du dispositif et correspondants. Interne :"
    " correspondants du département."
)
NIVEAU_PROPOSED = " Laissé vide, c’est le niveau que propose le type."


class TypeSelect(forms.Select):
    """Under the choice, the niveau that the type proposes and why; at once when it changes."""

    template_name = "dispositifs/admin/type_document.html"

    class Media:
        js = (forms.Script("dispositifs/types.js", type="module"),)

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if instance := getattr(value, "instance", None):
            option["attrs"]["data-niveau"] = instance.get_visibilite_par_defaut_display()
            option["attrs"]["data-raison"] = instance.raison
        return option

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, {**(attrs or {}), "data-types": ""})
        options = (option for _, group, _ in context["widget"]["optgroups"] for option in group)
        chosen: dict[str, str] = next((row["attrs"] for row in options if row["selected"]), {})
        context |= {"niveau": chosen.get("data-niveau"), "raison": chosen.get("data-raison")}
        return context


class DocumentForm(BaseDocumentForm):
    """Checks the file, fills what it tells, offers only what this account may choose.

    A new file given to an existing document becomes a new version: `save` returns the new row.
    """

    instance: Document

    def __init__(self, *args: Any, user: permissions.Actor = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.user = user
        self.description: dict[str, Any] = {}
        # It follows the dispositif; nobody chooses it.
        self.fields.pop("collection", None)
        # A form may hold some of the fields: a new version has its file alone.
        for name, offer in {
            "title": self._propose_title,
            "dispositif": self._offer_dispositifs,
            "type": self._offer_types,
            "niveau": self._offer_niveaux,
            "file": self._explain_file,
        }.items():
            if name in self.fields:
                offer()

    class Meta(BaseDocumentForm.Meta):
        field_classes = {"dispositif": KeyField}
        widgets = {
            **BaseDocumentForm.Meta.widgets,
            "type": TypeSelect,
            "date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "periode_du": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "periode_au": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    # --- what is offered -------------------------------------------------------------------------
    def _propose_title(self) -> None:
        """The multiple upload proposes the name of the file: without its extension it reads."""
        name = Path(self.instance.title)
        if self.instance.pk is None and extension_of(name.name) in FORMATS:
            self.initial["title"] = name.stem.replace("_", " ")

    def _offer_dispositifs(self) -> None:
        field = self.fields["dispositif"]
        field.queryset = (
            DispositifPage.objects.editable_by(self.user)
            .only("title", "live", "departement")
            .order_by("departement", "title")
        )
        field.label_from_instance = _dispositif_label
        # A document without dispositif is a national guide.
        field.required = not permissions.can_manage_document(self.user, Document())
        if field.required:
            field.help_text = "Fiche à laquelle la pièce est jointe."
        else:
            # National chooses among all of them: a list of ten thousand options is no choice.
            field.widget = AdminPageChooser(target_models=[DispositifPage])
            limit_choices(field, field.queryset)

    def _offer_types(self) -> None:
        field = self.fields["type"]
        field.queryset = TypeDocument.objects.filter(actif=True) | TypeDocument.objects.filter(
            pk=self.instance.type_id
        )
        field.label_from_instance = _type_label

    def _offer_niveaux(self) -> None:
        field = self.fields["niveau"]
        field.help_text = NIVEAU_HELP
        if self.instance.pk is None:
            field.help_text += NIVEAU_PROPOSED
            field.choices = [("", "Celui que propose le type"), *Niveau.choices]
            field.required = False
            self.initial["niveau"] = ""
        for sentence in author_sentences(self.instance):
            field.help_text += f" {sentence}"

    def _explain_file(self) -> None:
        field = self.fields["file"]
        field.help_text = FILE_HELP
        if self.instance.pk:
            field.help_text = f"{REPLACE_HELP} {FILE_HELP}"
            field.required = False
        if not self.instance.courante:
            field.help_text = OLD_HELP
            field.disabled = True

    # --- what is received ------------------------------------------------------------------------
    def clean_file(self) -> File:
        file: File = self.cleaned_data["file"]
        if "file" in self.changed_data:
            # Here, not in `save`: it takes time, and views save inside a transaction.
            self.description = receive(file).champs
            self._refuse_identical()
        return file

    def _refuse_identical(self) -> None:
        same = Document.objects.filter(pk=self.instance.pk, sha256=self.description["sha256"])
        if self.instance.pk and same.exists():
            raise forms.ValidationError(IDENTICAL, code="identique")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "niveau" in self.fields and not (cleaned.get("niveau") or "niveau" in self.errors):
            kind: TypeDocument | None = cleaned.get("type")
            cleaned["niveau"] = kind.visibilite_par_defaut if kind else Niveau.INTERNE
        first, last = cleaned.get("periode_du"), cleaned.get("periode_au")
        if first and last and last < first:
            self.add_error(
                "periode_au",
                "Cette date précède le début de la période couverte : corrigez l’une des deux.",
            )
        if self.instance.pk:
            self._check_still_mine()
            self._check_not_blocked(cleaned)
        return cleaned

    def _check_not_blocked(self, cleaned: dict[str, Any]) -> None:
        """With a NIR or an IBAN in it, a file is opened to nobody: a masked one replaces it."""
        blocked = self.instance.anonymat == EtatAnonymat.BLOQUE and "file" not in self.changed_data
        opened = "niveau" in self.changed_data and cleaned.get("niveau") != Niveau.INTERNE
        if blocked and opened:
            self.add_error(
                "niveau",
                "Un numéro de sécurité sociale ou un IBAN a été trouvé dans ce fichier :"
                " masquez-le et déposez la nouvelle version, ou laissez le niveau « Interne ».",
            )

    def _check_still_mine(self) -> None:
        stored = Document.objects.filter(pk=self.instance.pk).select_related("dispositif").first()
        if stored is None or not permissions.can_manage_document(self.user, stored):
            raise forms.ValidationError("Ce document relève d’un autre département.")
        if "file" in self.changed_data and not stored.courante:
            self.add_error(
                "file",
                "Une autre version vient d’être déposée : rouvrez le document avant d’en déposer"
                " une nouvelle.",
            )

    # --- what is kept ----------------------------------------------------------------------------
    def save(self, commit: bool = True) -> Document:
        page = self.instance.dispositif
        # The parent class puts the one collection it knows in place.
        self.collections = [
            collection_of(page.departement)
            if page and page.departement
            else Collection.get_first_root_node()
        ]
        if not (self.description or self.instance.sha256):
            # The file of a multiple upload was checked, then kept aside while the fields waited.
            self.description = describe_file(self.instance.file)
            self.instance.file.close()
        for name, value in self.description.items():
            setattr(self.instance, name, value)
        if "file" in self.changed_data:
            self.instance.file.name = stored_name(self.cleaned_data["file"].name)
        if self.instance.pk and "file" in self.changed_data:
            return self._save_version()
        if self.instance.pk:
            # Verdicts that have come since the row was read: this form corrects none.
            self.instance.refresh_from_db(fields=("antivirus", *A_LIRE))
        document: Document = super().save(commit=commit)
        return document

    def _save_version(self) -> Document:
        """Without the parent's `save`, which would delete the file of the earlier version."""
        self.instance.collection = self.collections[0]
        self.instance._set_document_file_metadata()
        self.instance.created_at = timezone.now()
        if not isinstance(self.user, User):
            raise PermissionDenied
        stored = Document.objects.get(pk=self.instance.pk)
        # What this form does not ask may have changed while its file was examined: a withdrawal.
        for name in Document.admin_form_fields:
            if name not in self.fields:
                setattr(self.instance, name, getattr(stored, name))
        return replace_document(document=stored, replacement=self.instance, by=self.user)


def stored_name(name: str) -> str:
    """Short and plain, whatever the machine that sent the file called it."""
    return f"{slug_of(Path(name).stem)[:60] or 'document'}.{extension_of(name)}"


def _dispositif_label(page: DispositifPage) -> str:
    state = "" if page.live else " — brouillon"
    return f"{page.title} ({page.departement_id}){state}"


def _type_label(kind: TypeDocument) -> str:
    return f"{kind.libelle} — proposé : {kind.get_visibilite_par_defaut_display().lower()}"
