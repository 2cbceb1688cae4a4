"""BonnePratiquePage: the label « bonne pratique » is the page itself, published by national."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalManyToManyField
from wagtail.models import Page

from .dispositif import DispositifPage, new_identifiant, text_field
from .forms import BonnePratiqueForm
from .panels import bonne_pratique_form
from .vocabulaires import ThematiqueBonnePratique


class BonnePratiquePage(Page):
    identifiant = models.SlugField(
        "identifiant",
        max_length=80,
        unique=True,
        blank=True,
        help_text="Identifiant stable, employé par l’API et les exports. Ne change jamais.",
    )
    resume = models.TextField(
        "résumé",
        max_length=300,
        blank=True,
        help_text="300 caractères au plus, montrés dans les listes.",
    )
    date = models.DateField("date", default=timezone.localdate, help_text="Date de labellisation.")
    probleme = text_field("le problème", "Ce qui n’allait pas, vu du terrain.")
    methode = text_field("la méthode", "Ce qui a été fait, étape par étape.")
    resultats = text_field(
        "les résultats", "Ce qui a changé, avec les dates. Aucun effectif inférieur à onze."
    )
    conditions = text_field(
        "les conditions de réussite", "Ce qu’il faut réunir pour faire de même."
    )
    limites = text_field("les limites", "Ce que la pratique ne règle pas.")
    pour_aller_plus_loin = text_field("pour aller plus loin", "Documents et équipes à solliciter.")
    thematiques = ClusterTaggableManager(
        through=ThematiqueBonnePratique,
        blank=True,
        verbose_name="thématiques",
        help_text="Thématiques auxquelles la pratique sera suggérée.",
    )
    dispositifs = ParentalManyToManyField(
        DispositifPage,
        blank=True,
        related_name="bonnes_pratiques",
        verbose_name="dispositifs",
        help_text="Dispositifs où la pratique a été observée.",
    )

    exclude_fields_in_copy: ClassVar[list[str]] = ["identifiant"]
    parent_page_types = ("dispositifs.BonnesPratiquesPage",)
    subpage_types = ()
    template = "dispositifs/apercu_bonne_pratique.html"
    base_form_class = BonnePratiqueForm
    edit_handler = bonne_pratique_form()

    class Meta:
        verbose_name = "bonne pratique"
        verbose_name_plural = "bonnes pratiques"

    def save(self, *args: Any, **kwargs: Any) -> Any:
        if not self.identifiant:
            # The slug is not known yet where Wagtail makes it from the title, as it saves.
            self.identifiant = new_identifiant(self.slug or self.title, BonnePratiquePage)
        return super().save(*args, **kwargs)
