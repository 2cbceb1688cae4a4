"""What hangs on a dispositif outside its revisions: mandats and groupes de ménages."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from annuaire.acteurs.models import Structure
from dispositifs.choices import NatureMandat


class MandatQuerySet(models.QuerySet["Mandat"]):
    def running(self, day: datetime.date | None = None) -> "MandatQuerySet":
        """Mandats in force on that day (today by default); the last day is included."""
        day = day or timezone.localdate()
        return self.filter(Q(au=None) | Q(au__gte=day), du__lte=day)


class Mandat(models.Model):
    """The one thing that opens a structure's rights on a dispositif."""

    structure = models.ForeignKey(
        Structure,
        models.PROTECT,
        related_name="mandats",
        verbose_name="structure",
        help_text="Les comptes de cette structure verront le dispositif dans leur espace.",
    )
    dispositif = models.ForeignKey(
        "dispositifs.DispositifPage",
        models.PROTECT,
        related_name="mandats",
        verbose_name="dispositif",
    )
    nature = models.CharField(
        "nature",
        max_length=12,
        choices=NatureMandat,
        help_text="Opérateur : propose documents et textes. Pilote : lit aussi les euros. Partenaire : lit les documents « partenaires ».",
    )
    du = models.DateField("du", default=timezone.localdate, help_text="Premier jour du mandat.")
    au = models.DateField(
        "au", null=True, blank=True, help_text="Dernier jour du mandat. Vide : sans fin prévue."
    )
    donne_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="mandats_donnes",
        verbose_name="donné par",
        editable=False,
    )
    created_at = models.DateTimeField("enregistré le", auto_now_add=True)

    objects = MandatQuerySet.as_manager()

    class Meta:
        verbose_name = "mandat"
        verbose_name_plural = "mandats"
        ordering = ("-du", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(au=None) | Q(au__gte=F("du")),
                name="mandat_dates_dans_l_ordre",
                violation_error_message="Le dernier jour du mandat précède le premier : corrigez l’une des deux dates.",
            ),
            models.UniqueConstraint(
                fields=["structure", "dispositif", "nature"],
                condition=Q(au=None),
                name="mandat_ouvert_unique",
                violation_error_message="Cette structure a déjà un mandat ouvert de cette nature : fermez-le d’abord.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.structure} — {self.get_nature_display()}"

    @property
    def is_running(self) -> bool:
        today = timezone.localdate()
        return self.du <= today and (self.au is None or self.au >= today)


class GroupeMenages(models.Model):
    """The unit of follow-up: never a person, never a family. Sizes are releves."""

    dispositif = models.ForeignKey(
        "dispositifs.DispositifPage",
        models.PROTECT,
        related_name="groupes",
        verbose_name="dispositif",
    )
    nom = models.CharField("nom", max_length=120, default="Ménages du dispositif")
    du = models.DateField("du", null=True, blank=True)
    au = models.DateField("au", null=True, blank=True)
    par_defaut = models.BooleanField("groupe par défaut", default=False, editable=False)

    class Meta:
        verbose_name = "groupe de ménages"
        verbose_name_plural = "groupes de ménages"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["dispositif"],
                condition=Q(par_defaut=True),
                name="un_groupe_par_defaut",
            ),
            models.UniqueConstraint(
                fields=["dispositif", "nom"],
                name="groupe_nom_unique",
                violation_error_message="Un groupe de ce dispositif porte déjà ce nom : choisissez-en un autre.",
            ),
            models.CheckConstraint(
                condition=Q(au=None) | Q(du=None) | Q(au__gte=F("du")),
                name="groupe_dates_dans_l_ordre",
                violation_error_message="La fin du groupe précède son début : corrigez l’une des deux dates.",
            ),
        )

    def __str__(self) -> str:
        return self.nom
