"""Fields of the forms that choose among many: typed names or codes, resolved by the server.

Thirty-five thousand communes are no list of options. What is typed is « Bordeaux, 33281 »; what
is shown back is « Bordeaux (33063) »; the suggestions of the widget are only a comfort.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from wagtail.admin.widgets import AdminTagWidget
from wagtail.admin.widgets.chooser import BaseChooser

from annuaire.acteurs.models import Commune, Departement, Epci
from annuaire.acteurs.normalisation import fold_name

ITEM = re.compile(r'"([^"]*)"|([^,;"\n\r]+)')
KEY = re.compile(r"[0-9]{1,18}")  # longer, it would be an error of the database
CODE_AT_END = re.compile(r"\(([^()]+)\)\s*$")
SHOWN_CANDIDATES = 6
SUGGESTIONS = 12


def limit_choices(field: Any, rows: "QuerySet[Any]") -> None:
    """Offer these rows alone, in the choice and in what is shown again after an error.

    Wagtail's choosers look the posted key up in the whole table, and write its title back.
    """
    field.queryset = rows
    if isinstance(field.widget, BaseChooser):
        field.widget.get_instance = lambda value: _row(rows, value)


def _row(rows: "QuerySet[Any]", value: Any) -> Any:
    key = getattr(value, "pk", value)
    found = rows.filter(pk=key).first() if KEY.fullmatch(str(key)) else None
    return getattr(found, "specific", found)


class KeyField(forms.ModelChoiceField):
    """A choice whose key, when no table can hold it, is refused rather than looked up."""

    def to_python(self, value: Any) -> Any:
        key = str(getattr(value, "pk", value))
        if value not in self.empty_values and not KEY.fullmatch(key):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class KeysField(forms.ModelMultipleChoiceField):
    """The same for several choices."""

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if not KEY.fullmatch(str(key)):
                message = self.error_messages["invalid_pk_value"]
                raise ValidationError(message, code="invalid_pk_value", params={"pk": key})
        return super().clean(value)


@dataclass(frozen=True)
class Repertoire:
    """Where names and codes are looked up; `nom` is the address of its suggestions."""

    nom: str
    model: type[Model]
    code: str
    libelle: str  # « commune », in messages
    exemple: str
    nom_plie: str = "nom_plie"
    departement: str = ""  # path to the département, to prefer what is near

    def label(self, row: Any) -> str:
        return f"{row.nom} ({row.pk})"

    def code_of(self, item: str) -> str:
        """The code that ends « Bordeaux (33063) », or the item itself."""
        found = CODE_AT_END.search(item)
        return (found.group(1) if found else item).strip().upper()

    def by_codes(self, codes: Iterable[str]) -> dict[str, Any]:
        rows = self.model._default_manager.filter(**{f"{self.code}__in": list(codes)})
        return {getattr(row, self.code): row for row in rows}

    def by_names(self, names: Iterable[str]) -> dict[str, list[Any]]:
        """Rows of each folded name."""
        rows = self.model._default_manager.filter(**{f"{self.nom_plie}__in": list(names)})
        found: dict[str, list[Any]] = {}
        for row in rows:
            found.setdefault(getattr(row, self.nom_plie), []).append(row)
        return found

    def near(self, rows: list[Any], departements: Iterable[str]) -> list[Any]:
        """Of these rows, those in these départements."""
        if not self.departement or not rows:
            return []
        inside = self.model._default_manager.filter(
            pk__in=[row.pk for row in rows], **{f"{self.departement}__in": list(departements)}
        )
        return list(inside.distinct())

    def suggest(self, term: str, departements: Iterable[str]) -> list[Any]:
        """A few rows whose name begins with the term, or that have this code; the near ones first."""
        folded = fold_name(term)
        if not folded:
            return []
        rows = self.model._default_manager.filter(
            Q(**{f"{self.nom_plie}__startswith": folded}) | Q(**{self.code: term.strip()})
        )
        inside = rows.filter(**{f"{self.departement}__in": list(departements)}).distinct()
        first = list(inside.order_by("-population")[:SUGGESTIONS])
        others = rows.exclude(pk__in=[row.pk for row in first]).order_by("-population")
        return first + list(others[: SUGGESTIONS - len(first)])


class RepertoireDepartements(Repertoire):
    """A hundred rows without a folded name: they are read whole."""

    def by_names(self, names: Iterable[str]) -> dict[str, list[Any]]:
        wanted = set(names)
        found: dict[str, list[Any]] = {}
        for row in Departement.objects.all():
            if fold_name(row.nom) in wanted:
                found.setdefault(fold_name(row.nom), []).append(row)
        return found

    def suggest(self, term: str, departements: Iterable[str]) -> list[Any]:
        folded = fold_name(term)
        rows = Departement.objects.all()
        return [
            row
            for row in rows
            if folded and (fold_name(row.nom).startswith(folded) or row.code.lower() == folded)
        ][:SUGGESTIONS]


class RepertoireDispositifs(Repertoire):
    """Dispositifs by title or identifiant, for the bonnes pratiques that national writes."""

    def label(self, row: Any) -> str:
        return f"{row.title} ({row.identifiant})"

    def code_of(self, item: str) -> str:
        return super().code_of(item).lower()

    def by_names(self, names: Iterable[str]) -> dict[str, list[Any]]:
        wanted = set(names)
        titles = self.model._default_manager.values_list("pk", "title")
        same = [pk for pk, title in titles if fold_name(title) in wanted] if wanted else []
        found: dict[str, list[Any]] = {}
        row: Any
        for row in self.model._default_manager.filter(pk__in=same):
            found.setdefault(fold_name(row.title), []).append(row)
        return found

    def suggest(self, term: str, departements: Iterable[str]) -> list[Any]:
        if not term.strip():
            return []
        rows = self.model._default_manager.filter(
            Q(title__icontains=term.strip()) | Q(identifiant=term.strip())
        )
        return list(rows.order_by("title")[:SUGGESTIONS])


COMMUNES = Repertoire(
    "communes", Commune, "code", "commune", "Bordeaux, Mérignac ou 33281", departement="departement"
)
EPCI = Repertoire(
    "intercommunalites",
    Epci,
    "siren",
    "intercommunalité",
    "Bordeaux Métropole ou 243300316",
    departement="communes__departement",
)
DEPARTEMENTS = RepertoireDepartements(
    "departements", Departement, "code", "département", "Landes, 47"
)
TERRITOIRES = {row.nom: row for row in (COMMUNES, EPCI, DEPARTEMENTS)}


class RepertoireWidget(AdminTagWidget):
    """Wagtail's tag input, fed by the suggestions of a repertoire; plain text without JavaScript."""

    def __init__(self, repertoire: Repertoire, limit: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.repertoire = repertoire
        self.limit = limit
        self.departements: list[str] = []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        url = reverse("dispositifs_admin:suggestions", args=[self.repertoire.nom])
        if self.departements:
            url += f"?departements={','.join(self.departements)}"
        widget = context["widget"]
        widget["help_text"] = ""
        widget["attrs"]["data-w-tag-url-value"] = url
        widget["attrs"]["data-w-tag-options-value"] = json.dumps(
            {"allowSpaces": True, "tagLimit": self.limit, "autocompleteOnly": False}
        )
        return context

    def format_value(self, value: Any) -> str | None:
        if value is None or isinstance(value, str):
            return value
        labels = (self.repertoire.label(row).replace('"', "") for row in value)
        return ", ".join(f'"{label}"' for label in labels)


class RepertoireField(forms.Field):
    """Several rows of a repertoire, typed as names or codes parted by commas."""

    def __init__(self, repertoire: Repertoire, **kwargs: Any) -> None:
        self.repertoire = repertoire
        kwargs.setdefault("widget", RepertoireWidget(repertoire))
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self.departements: list[str] = []

    def prefer(self, departements: Iterable[str]) -> None:
        """Départements where an ambiguous name is looked for first."""
        self.departements = sorted(departements)
        self.widget.departements = self.departements

    def to_python(self, value: Any) -> list[Any]:
        items = [(quoted or bare).strip() for quoted, bare in ITEM.findall(value or "")]
        return self._resolve([item for item in items if item])

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            rows = self.to_python(data)
        except ValidationError:
            return True
        return {row.pk for row in rows} != {row.pk for row in initial or ()}

    def _resolve(self, items: list[str]) -> list[Any]:
        codes = {item: self.repertoire.code_of(item) for item in items}
        by_code = self.repertoire.by_codes(codes.values())
        missing = [item for item in items if codes[item] not in by_code]
        by_name = self.repertoire.by_names(fold_name(item) for item in missing)
        rows, errors = [], []
        for item in items:
            found = by_code.get(codes[item]) or self._one(item, by_name.get(fold_name(item), []))
            if isinstance(found, str):
                errors.append(found)
            elif found not in rows:
                rows.append(found)
        if errors:
            raise ValidationError(errors)
        return rows

    def _one(self, item: str, found: list[Any]) -> Any:
        """The row that this name means, or the sentence that says why none does."""
        libelle = self.repertoire.libelle
        if not found:
            return (
                f"« {item} » : aucune {libelle} de ce nom. Vérifiez l’orthographe ou donnez le code"
                f" (par exemple : {self.repertoire.exemple})."
            ).replace("aucune département", "aucun département")
        near = self.repertoire.near(found, self.departements) if len(found) > 1 else found
        if len(near) == 1:
            return near[0]
        shown = ", ".join(self.repertoire.label(row) for row in (near or found)[:SHOWN_CANDIDATES])
        return f"« {item} » : plusieurs réponses possibles, recopiez la bonne : {shown}…"


class OneOfRepertoireField(RepertoireField):
    """Exactly one row, for a foreign key."""

    def __init__(self, repertoire: Repertoire, **kwargs: Any) -> None:
        kwargs.setdefault("widget", RepertoireWidget(repertoire, limit=1))
        super().__init__(repertoire, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if value is None or (isinstance(value, str) and not self._is_code(value)):
            return value
        return list(self.repertoire.by_codes([getattr(value, "pk", value)]).values())

    def clean(self, value: Any) -> Any:
        rows = super().clean(value)
        if len(rows) > 1:
            raise ValidationError(f"Une seule {self.repertoire.libelle} : retirez les autres.")
        return rows[0] if rows else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        known = self.prepare_value(initial) if initial else []
        return super().has_changed(known, data)

    def _is_code(self, value: str) -> bool:
        return value.isalnum() and len(value) == len("33063")
