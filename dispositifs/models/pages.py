"""The page tree: accueil, annuaire, départements, contenus. Dispositifs are in dispositif.py."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from annuaire.acteurs.models import Departement

from .page_permissions import DepartementPermissionTester, StructuralPermissionTester
from .panels import departement_form

TEXT_FEATURES = ["bold", "italic", "ul", "ol", "link"]
CONTENT_FEATURES = ["h2", "h3", *TEXT_FEATURES, "image"]


class AccueilPage(Page):
    introduction = models.TextField(
        "introduction",
        blank=True,
        help_text="Une ou deux phrases sous le titre de la page d’accueil.",
    )

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types = ("wagtailcore.Page",)
    subpage_types = (
        "dispositifs.AnnuairePage",
        "dispositifs.BonnesPratiquesPage",
        "dispositifs.ContenuPage",
    )
    max_count = 1
    preview_modes = ()

    class Meta:
        verbose_name = "accueil"

    def permissions_for_user(self, user: Any) -> StructuralPermissionTester:
        return StructuralPermissionTester(user, self)


class AnnuairePage(Page):
    """Anchor of the départements in the tree; its address is answered by the search."""

    parent_page_types = ("dispositifs.AccueilPage",)
    subpage_types = ("dispositifs.DepartementPage",)
    max_count = 1
    preview_modes = ()

    class Meta:
        verbose_name = "annuaire"

    def permissions_for_user(self, user: Any) -> StructuralPermissionTester:
        return StructuralPermissionTester(user, self)


class DepartementPage(Page):
    """One for each département: the anchor of its correspondants' rights."""

    departement = models.OneToOneField(
        Departement, models.PROTECT, related_name="page", verbose_name="département"
    )
    presentation = models.TextField(
        "présentation",
        blank=True,
        help_text="Quelques phrases sur la situation et l’organisation du département, affichées en tête de sa page.",
    )
    contact = models.CharField(
        "service à contacter",
        max_length=200,
        blank=True,
        help_text="Nom du service, sans nom de personne ni adresse électronique : « DDETS, pôle inclusion ».",
    )

    edit_handler = departement_form()
    parent_page_types = ("dispositifs.AnnuairePage",)
    subpage_types = ("dispositifs.DispositifPage",)
    preview_modes = ()

    class Meta:
        verbose_name = "page de département"
        verbose_name_plural = "pages de départements"

    def permissions_for_user(self, user: Any) -> DepartementPermissionTester:
        return DepartementPermissionTester(user, self)


class BonnesPratiquesPage(Page):
    """Anchor of the bonnes pratiques in the tree; its address is answered by the search."""

    parent_page_types = ("dispositifs.AccueilPage",)
    subpage_types = ("dispositifs.BonnePratiquePage",)
    max_count = 1
    preview_modes = ()

    class Meta:
        verbose_name = "bonnes pratiques"

    def permissions_for_user(self, user: Any) -> StructuralPermissionTester:
        return StructuralPermissionTester(user, self)


class ContenuPage(Page):
    resume = models.TextField(
        "résumé", blank=True, help_text="Une phrase sous le titre, reprise par les moteurs."
    )
    corps = RichTextField("texte", blank=True, features=CONTENT_FEATURES)

    content_panels = [*Page.content_panels, FieldPanel("resume"), FieldPanel("corps")]
    parent_page_types = ("dispositifs.AccueilPage",)
    subpage_types = ()
    template = "dispositifs/contenu.html"

    class Meta:
        verbose_name = "page de contenu"
        verbose_name_plural = "pages de contenu"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        fil = [{"libelle": self.title, "url": ""}]
        return {**super().get_context(request, *args, **kwargs), "fil": fil}
