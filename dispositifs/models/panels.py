"""The forms of the administration, tab by tab. Every field says what it is for."""

from typing import Any

from django.forms import CheckboxSelectMultiple
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.panels.base import get_form_for_model

from dispositifs.choices import ENSEIGNEMENTS

from .completude import manques, score
from .forms import LieuForm, ParticipationForm

TITRE_HELP = "Nom d’usage, comme on l’écrit dans vos courriers : « MOUS de Bordeaux »."
SLUG_HELP = "Dernière partie de l’adresse de la fiche. Si vous la changez, l’ancienne redirige."

LONGITUDE_HELP = "Degrés décimaux, facultatif : place un terrain sur la carte. Bordeaux : -0.5792."
LATITUDE_HELP = "Degrés décimaux, facultatif. Bordeaux : 44.8378."


class CompletudePanel(Panel):
    """What the fiche lacks, with one link per field. It never blocks."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "dispositifs/admin/panneau_completude.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            if self.instance.pk:
                context |= {"score": score(self.instance), "manques": manques(self.instance)}
            return context


class AnonymatPanel(Panel):
    """The texts that may name somebody, and the box to tick once they were read again."""

    def get_form_options(self) -> dict[str, Any]:
        return {"fields": ["anonymat_relu"]}

    class BoundPanel(Panel.BoundPanel):
        template_name = "dispositifs/admin/panneau_anonymat.html"

        def is_shown(self) -> bool:
            return bool(super().is_shown() and self.form.a_relire)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, "textes": self.form.a_relire, "case": self.form["anonymat_relu"]}


class PiecesPanel(Panel):
    """Documents and mandats hang on the page outside its revisions: shown here, changed elsewhere."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "dispositifs/admin/panneau_pieces.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            page = self.instance
            if page.pk:
                documents = page.documents.current().select_related("type").recent_first()
                context |= {
                    "page": page,
                    "documents": documents,
                    "mandats": page.mandats.running().select_related("structure"),
                }
            return context


class LinesPanel(InlinePanel):
    """An InlinePanel whose lines are checked by a form of ours."""

    def __init__(self, *args: Any, form_class: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form_class = form_class

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "form_class": self.form_class}

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        deferred = self.child_edit_handler.get_form_options().get("defer_required_on_fields", [])
        options["formsets"][self.relation_name]["form"] = get_form_for_model(
            self.db_field.related_model,
            form_class=self.form_class,
            defer_required_on_fields=deferred,
        )
        return options


ESSENTIEL = [
    CompletudePanel(heading="Où en est la fiche"),
    AnonymatPanel(heading="À relire avant de publier"),
    TitleFieldPanel("title", heading="Titre", placeholder="Titre", help_text=TITRE_HELP),
    FieldRowPanel([FieldPanel("sigle"), FieldPanel("departement", read_only=True)]),
    FieldPanel("resume"),
    FieldPanel("statut"),
    FieldRowPanel(
        [FieldPanel("date_debut"), FieldPanel("date_fin_prevue"), FieldPanel("date_fin")],
        heading="Dates",
    ),
    FieldPanel("thematiques"),
    FieldPanel("formes", widget=CheckboxSelectMultiple),
    FieldPanel("mots_cles"),
    FieldPanel("visuel"),
]

DESCRIPTION = [
    FieldPanel("contexte"),
    FieldPanel("objectifs"),
    FieldPanel("actions"),
    FieldPanel("resultats"),
    FieldPanel("limites"),
    FieldPanel("conditions"),
    MultiFieldPanel(
        [FieldPanel(f"enseignements_{name}") for name in ENSEIGNEMENTS],
        heading="Enseignements, une fois le dispositif clos",
        help_text="Ce qui servira à d’autres : la fiche reste en ligne après la fin.",
    ),
]

PUBLIC = [
    FieldPanel("publics", widget=CheckboxSelectMultiple),
    FieldPanel("selection"),
    FieldPanel("criteres_selection"),
    FieldPanel("capacite_menages"),
    FieldRowPanel(
        [FieldPanel("places_libres"), FieldPanel("places_libres_au")], heading="Places libres"
    ),
    FieldRowPanel(
        [FieldPanel("duree_contrat_mois"), FieldPanel("renouvellements")],
        heading="Durée de l’accompagnement",
    ),
]

PARTICIPE = [
    FieldPanel("chef_de_file"),
    LinesPanel(
        "participations",
        form_class=ParticipationForm,
        heading="Autres participants",
        label="participant",
        help_text="Qui fait quoi, tel que la fiche l’affiche. Pour qu’une structure accède à son espace, ouvrez-lui un mandat (onglet « Documents et mandats »).",
        panels=[
            FieldPanel("structure"),
            FieldPanel("role"),
            FieldRowPanel([FieldPanel("du"), FieldPanel("au")]),
        ],
    ),
]

TERRITOIRE = [
    FieldPanel("communes"),
    FieldPanel("epci"),
    FieldPanel("departements_secondaires"),
    FieldPanel("france_entiere"),
    LinesPanel(
        "lieux",
        form_class=LieuForm,
        heading="Lieux",
        label="lieu",
        help_text="Facultatif : un dispositif peut n’être rattaché à aucun lieu. Aucun indicateur n’en dépend.",
        panels=[
            FieldPanel("nature"),
            FieldPanel("nom"),
            FieldPanel("commune"),
            FieldRowPanel(
                [
                    FieldPanel("longitude", help_text=LONGITUDE_HELP),
                    FieldPanel("latitude", help_text=LATITUDE_HELP),
                ]
            ),
            FieldRowPanel([FieldPanel("public"), FieldPanel("exact_public")]),
        ],
    ),
]

PROMOTION = [
    FieldPanel("slug", help_text=SLUG_HELP),
    FieldPanel("identifiant", read_only=True),
    PublishingPanel(),
]


def dispositif_form() -> TabbedInterface:
    return TabbedInterface(
        [
            ObjectList(ESSENTIEL, heading="L’essentiel"),
            ObjectList(DESCRIPTION, heading="Description"),
            ObjectList(PUBLIC, heading="Public et capacité"),
            ObjectList(PARTICIPE, heading="Qui participe"),
            ObjectList(TERRITOIRE, heading="Territoire et lieux"),
            ObjectList([PiecesPanel()], heading="Documents et mandats"),
            ObjectList(PROMOTION, heading="Publication"),
        ]
    )


def bonne_pratique_form() -> TabbedInterface:
    texts = ("probleme", "methode", "resultats", "conditions", "limites", "pour_aller_plus_loin")
    essentiel = [
        TitleFieldPanel(
            "title",
            heading="Titre",
            placeholder="Titre",
            help_text="Ce que la pratique fait faire.",
        ),
        FieldPanel("resume"),
        FieldPanel("date"),
        FieldPanel("thematiques"),
        FieldPanel("dispositifs"),
    ]
    return TabbedInterface(
        [
            ObjectList(essentiel, heading="L’essentiel"),
            ObjectList([FieldPanel(name) for name in texts], heading="Description"),
            ObjectList(PROMOTION, heading="Publication"),
        ]
    )


def departement_form() -> TabbedInterface:
    """Two fields alone: the title, the address and the département of the page never change."""
    title = FieldPanel(
        "title",
        read_only=True,
        heading="Département",
        help_text="Le nom et l’adresse de cette page ne se changent pas.",
    )
    panels = [title, FieldPanel("presentation"), FieldPanel("contact")]
    return TabbedInterface([ObjectList(panels, heading="Page du département")])
