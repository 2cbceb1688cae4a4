"""What is revisioned with a dispositif, row by row: who takes part, and where."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from annuaire.acteurs.models import Commune, Structure
from dispositifs.choices import NatureLieu

from .vocabulaires import RoleParticipation


class Participation(Orderable):
    """Who takes part and how, for display only: a Mandat alone opens rights."""

    page = ParentalKey(
        "dispositifs.DispositifPage", on_delete=models.CASCADE, related_name="participations"
    )
    structure = models.ForeignKey(
        Structure,
        models.PROTECT,
        related_name="participations",
        verbose_name="structure",
        help_text="Structure telle qu’elle s’affichera dans « Qui participe ».",
    )
    role = models.ForeignKey(
        RoleParticipation,
        models.PROTECT,
        verbose_name="rôle",
        help_text="L’opérateur chef de file se choisit plus haut.",
    )
    du = models.DateField("du", null=True, blank=True, help_text="Vide : depuis le début.")
    au = models.DateField("au", null=True, blank=True, help_text="Vide : jusqu’à la fin.")

    class Meta(Orderable.Meta):
        verbose_name = "participation"

    def __str__(self) -> str:
        return f"{self.structure} ({self.role})"

    def clean(self) -> None:
        if self.du and self.au and self.au < self.du:
            raise ValidationError(
                {"au": "Cette date précède le début de la participation : corrigez l’une des deux."}
            )


class Lieu(Orderable):
    page = ParentalKey("dispositifs.DispositifPage", on_delete=models.CASCADE, related_name="lieux")
    nature = models.CharField(
        "nature",
        max_length=20,
        choices=NatureLieu,
        help_text="Terrain d’insertion, permanence, diffus, ou site (simple repère, jamais public).",
    )
    nom = models.CharField(
        "nom", max_length=120, blank=True, help_text="Nom d’usage, sans adresse ni nom de personne."
    )
    commune = models.ForeignKey(
        Commune,
        models.PROTECT,
        verbose_name="commune",
        help_text="Au public, un lieu n’est situé qu’à la commune, sauf indication contraire.",
    )
    longitude = models.FloatField(
        "longitude",
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    latitude = models.FloatField(
        "latitude",
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    public = models.BooleanField(
        "montrer au public",
        default=False,
        help_text="Seuls les terrains d’insertion et les permanences peuvent l’être.",
    )
    exact_public = models.BooleanField(
        "montrer l’emplacement exact",
        default=False,
        help_text="Sinon le public ne voit que la commune.",
    )

    class Meta(Orderable.Meta):
        verbose_name = "lieu"
        verbose_name_plural = "lieux"

    def __str__(self) -> str:
        return self.nom or f"{self.get_nature_display()}, {self.commune.nom}"

    def clean(self) -> None:
        shown = {NatureLieu.TERRAIN_INSERTION, NatureLieu.PERMANENCE}
        if self.public and self.nature not in shown:
            raise ValidationError(
                {"public": "Un site ou un lieu diffus ne se montre jamais au public : décochez."}
            )
