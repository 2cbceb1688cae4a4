"""The forms of the pages: what may be chosen by whom is limited here, never by a widget alone."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.html import format_html
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.permissions import policy_registry

from annuaire.acteurs.models import Structure, User
from dispositifs import permissions
from dispositifs.choices import ROLE_CHEF_DE_FILE

from .champs import (
    COMMUNES,
    DEPARTEMENTS,
    EPCI,
    KeysField,
    OneOfRepertoireField,
    RepertoireDispositifs,
    RepertoireField,
    limit_choices,
)
from .documents import Image
from .relecture import PARTIES, TEXTES, check_text, texts_to_review
from .vocabulaires import Forme, Public, RoleParticipation, Thematique, thematiques_of

if TYPE_CHECKING:
    from .dispositif import DispositifPage

INCONNU = [("unknown", "Inconnu"), ("true", "Oui"), ("false", "Non")]
DEUX_FOIS = "Cette structure a déjà ce rôle plus haut : retirez l’une des deux lignes."


class ThematiquesField(KeysField):
    """Checkboxes on the thématiques that are offered, and on the retired ones already carried."""

    def __init__(self, **kwargs: Any) -> None:
        # The queryset comes with `offer`: models are not loaded yet when forms are declared.
        super().__init__(
            queryset=None, widget=forms.CheckboxSelectMultiple, required=False, **kwargs
        )

    def offer(self, carried: list[Thematique]) -> None:
        kept = Q(pk__in=[thematique.pk for thematique in carried])
        self.queryset = Thematique.objects.filter(Q(actif=True, remplacee_par=None) | kept)


class ParticipationForm(WagtailAdminModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        carried = self.instance.structure if self.instance.structure_id else None
        limit_choices(self.fields["structure"], current_structures())
        if carried is not None:
            self.initial["structure"] = carried.actuelle.pk
        roles = Q(actif=True) & ~Q(slug=ROLE_CHEF_DE_FILE) | Q(pk=self.instance.role_id)
        self.fields["role"].queryset = RoleParticipation.objects.filter(roles)


class LieuForm(WagtailAdminModelForm):
    commune = OneOfRepertoireField(
        COMMUNES,
        required=True,
        label="Commune",
        help_text="Nom ou code INSEE. Au public, un lieu n’est situé qu’à la commune, sauf indication contraire.",
    )


class BonnePratiqueForm(WagtailAdminPageForm):
    thematiques = ThematiquesField(
        label="Thématiques", help_text="Thématiques auxquelles la pratique sera suggérée."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_thematiques(self)
        if "dispositifs" in self.fields:
            model = type(self.instance)._meta.get_field("dispositifs").related_model
            repertoire = RepertoireDispositifs(
                "dispositifs", model, "identifiant", "dispositif", "mous-bordeaux"
            )
            old = self.fields["dispositifs"]
            self.fields["dispositifs"] = RepertoireField(
                repertoire, label=old.label, help_text=old.help_text
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        _refuse_certain(self, PARTIES)
        return cleaned


class DispositifForm(WagtailAdminPageForm):
    thematiques = ThematiquesField(
        label="Thématiques",
        help_text="Tout ce que le dispositif traite : plusieurs choix possibles. Elles servent de filtre dans l’annuaire.",
    )
    communes = RepertoireField(
        COMMUNES,
        label="Communes",
        help_text="Noms ou codes INSEE, séparés par des virgules : « Bordeaux, Mérignac ». Laissez vide si tout le département est couvert.",
    )
    epci = RepertoireField(
        EPCI,
        label="Intercommunalités",
        help_text="Noms ou SIREN, séparés par des virgules : « Bordeaux Métropole ». Laissez vide si tout le département est couvert.",
    )
    departements_secondaires = RepertoireField(
        DEPARTEMENTS,
        label="Autres départements couverts",
        help_text="Noms ou codes, séparés par des virgules : « Landes, 47 ». La fiche y apparaît aussi ; leurs correspondants la lisent, sans la modifier.",
    )
    mots_cles = forms.CharField(
        label="Mots-clés",
        required=False,
        widget=forms.TextInput,
        help_text="Mots libres, séparés par des virgules : « baux glissants, aller-vers ». La recherche les trouve.",
    )

    anonymat_relu = forms.BooleanField(
        label="J’ai relu ces textes : ils ne désignent aucune personne accompagnée",
        required=False,
    )

    instance: "DispositifPage"

    class Meta(WagtailAdminPageForm.Meta):
        field_classes = {"formes": KeysField, "publics": KeysField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor: permissions.Actor = self.for_user or AnonymousUser()
        _offer_thematiques(self)
        self._offer_references()
        self._offer_structures()
        self._prefer_territoire()
        self._point_at_persons()
        if "selection" in self.fields:
            self.fields["selection"].widget.choices = INCONNU
        if not permissions.can_manage_vocabularies(self.actor):
            self.fields.pop("france_entiere", None)

    # --- what is offered -------------------------------------------------------------------------
    def _offer_references(self) -> None:
        for name, model in (("formes", Forme), ("publics", Public)):
            if name in self.fields:
                carried = [row.pk for row in getattr(self.instance, name).all()]
                self.fields[name].queryset = model.objects.filter(Q(actif=True) | Q(pk__in=carried))
        if "mots_cles" in self.fields:
            words = [link.tag.name for link in self.instance.liens_mots_cles.all()]
            self.initial["mots_cles"] = ", ".join(words)
        if "visuel" in self.fields:
            images = _images_for(self.for_user, self.instance.visuel_id)
            limit_choices(self.fields["visuel"], images)

    def _offer_structures(self) -> None:
        if "chef_de_file" in self.fields:
            limit_choices(self.fields["chef_de_file"], current_structures())
            if carried := self.instance.chef_de_file:
                self.initial["chef_de_file"] = carried.actuelle.pk

    def _prefer_territoire(self) -> None:
        codes = {row.pk for row in self.instance.departements_secondaires.all()}
        if code := self.departement_code:
            codes.add(code)
        fields = [self.fields[name] for name in ("communes", "epci") if name in self.fields]
        if lieux := self.formsets.get("lieux"):
            fields += [form.fields["commune"] for form in lieux.forms]
        for field in fields:
            field.prefer(codes)

    @property
    def departement_code(self) -> str | None:
        """The pilot département, which a page being created takes from its parent."""
        parent = self.parent_page.specific_deferred if self.parent_page else None
        return self.instance.departement_id or getattr(parent, "departement_id", None)

    def _point_at_persons(self) -> None:
        """Beside each text that may name somebody, what was found; it never blocks."""
        self.a_relire = texts_to_review(self.instance) if self.instance.pk else []
        if not self.a_relire:
            self.fields.pop("anonymat_relu", None)
        for text in self.a_relire:
            if text.champ in self.fields:
                field = self.fields[text.champ]
                shown = "… », « …".join(row["extrait"] for row in text.examen.reperages[:3])
                field.help_text = format_html(
                    "{} <strong>À relire : {} (« …{}… »).</strong>",
                    field.help_text,
                    text.natures,
                    shown,
                )

    # --- what is received ------------------------------------------------------------------------
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        _refuse_certain(self, TEXTES)
        return cleaned

    def clean_mots_cles(self) -> list[str]:
        words = (word.strip(" \"'") for word in self.cleaned_data["mots_cles"].split(","))
        found: list[str] = list(dict.fromkeys(word for word in words if word))
        if any(len(word) > 100 for word in found):
            raise forms.ValidationError("Un mot-clé fait 100 caractères au plus : raccourcissez.")
        return found

    def clean_departements_secondaires(self) -> list[Any]:
        rows: list[Any] = self.cleaned_data["departements_secondaires"]
        if self.departement_code in {row.pk for row in rows}:
            raise forms.ValidationError(
                "Le département pilote n’est pas un « autre département » : retirez-le de la liste."
            )
        return rows

    def is_valid(self) -> bool:
        return bool(super().is_valid()) and self._participations_differ()

    def _participations_differ(self) -> bool:
        """Whether no structure has twice the same role; else the second line says so."""
        seen: set[tuple[Any, Any]] = set()
        valid = True
        formset = self.formsets.get("participations")
        for form in formset.forms if formset else ():
            if not form.has_changed() or form.cleaned_data.get("DELETE"):
                continue
            pair = (form.cleaned_data.get("structure"), form.cleaned_data.get("role"))
            if None not in pair and pair in seen:
                form.add_error("structure", DEUX_FOIS)
                valid = False
            seen.add(pair)
        return valid


def _refuse_certain(form: WagtailAdminPageForm, names: Iterable[str]) -> None:
    """A NIR or an IBAN in one of these texts refuses the form, on the text that holds it."""
    for name in names:
        try:
            check_text(name, form.cleaned_data.get(name) or "")
        except forms.ValidationError as refusal:
            form.add_error(name, refusal)


def current_structures() -> "QuerySet[Structure]":
    """Structures that may be chosen: a merged one is read, never chosen again."""
    return Structure.objects.current().select_related("type")


def _offer_thematiques(form: WagtailAdminPageForm) -> None:
    """A merged thématique is shown as its successor, which saving then writes."""
    if "thematiques" in form.fields:
        carried = thematiques_of(form.instance.liens_thematiques.all())
        form.fields["thematiques"].offer(carried)
        form.initial["thematiques"] = [thematique.pk for thematique in carried]


def _images_for(user: User | None, carried: int | None) -> "QuerySet[Any]":
    """Images of one's own collections, and the one that the page already shows."""
    images: QuerySet[Any] = Image.objects.filter(pk=carried)
    if user is not None:
        policy = policy_registry.get_by_type(Image)
        mine = policy.instances_user_has_any_permission_for(user, ["change", "choose"])
        images = Image.objects.filter(Q(pk__in=mine.values("pk")) | Q(pk=carried))
    return images
