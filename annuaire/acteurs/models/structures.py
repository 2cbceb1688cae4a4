"""Who takes part: associations, collectivités, services de l’État, bailleurs…"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from annuaire.acteurs.normalisation import fold_name
from annuaire.acteurs.siren import validate_siren, validate_siret

from .territoires import Departement


class TypeStructure(models.Model):
    slug = models.SlugField("identifiant", max_length=60, primary_key=True)
    libelle = models.CharField("libellé", max_length=120)
    description = models.TextField("description", blank=True)
    ordre = models.PositiveIntegerField("ordre", default=0)
    actif = models.BooleanField("proposé à la saisie", default=True)
    charge = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = "type de structure"
        verbose_name_plural = "types de structure"
        ordering = ("ordre", "libelle")

    def __str__(self) -> str:
        return self.libelle


class StructureQuerySet(models.QuerySet["Structure"]):
    def current(self) -> "StructureQuerySet":
        """Structures that have not been merged into another one."""
        return self.filter(fusionne_dans=None)

    def named(self, nom: str) -> "StructureQuerySet":
        """Structures whose name or alias is `nom`, accents, case and punctuation aside."""
        folded = fold_name(nom)
        return self.filter(Q(nom_plie=folded) | Q(alias__nom_plie=folded)).distinct()


class Structure(models.Model):
    nom = models.CharField(
        "nom",
        max_length=200,
        help_text="Nom complet de la structure, comme elle l’écrit. Il sert à la retrouver et s’affiche sur les fiches.",
    )
    type = models.ForeignKey(
        TypeStructure,
        models.PROTECT,
        verbose_name="type",
        help_text="Nature de la structure ; sert à trier et à filtrer.",
    )
    siren = models.CharField(
        "SIREN",
        max_length=9,
        blank=True,
        validators=[validate_siren],
        help_text="Neuf chiffres. Évite de créer deux fois la même structure. Laissez vide si vous ne le connaissez pas.",
    )
    siret = models.CharField(
        "SIRET",
        max_length=14,
        blank=True,
        validators=[validate_siret],
        help_text="Quatorze chiffres, pour un établissement précis. Facultatif.",
    )
    departement = models.ForeignKey(
        Departement,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="déclarée par le département",
        help_text="Les correspondants de ce département peuvent la corriger. Vide : structure nationale, corrigée par la Dihal.",
    )
    fusionne_dans = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="fusionnees",
        verbose_name="fusionnée dans",
    )
    nom_plie = models.CharField(max_length=200, editable=False, db_index=True)

    objects = StructureQuerySet.as_manager()

    class Meta:
        verbose_name = "structure"
        verbose_name_plural = "structures"
        ordering = ("nom",)
        constraints = (
            models.UniqueConstraint(
                fields=["siren"],
                condition=~Q(siren="") & Q(siret="") & Q(fusionne_dans=None),
                name="structure_siren_unique",
                violation_error_message="Une structure porte déjà ce SIREN : choisissez-la dans la liste.",
            ),
            models.UniqueConstraint(
                fields=["siret"],
                condition=~Q(siret="") & Q(fusionne_dans=None),
                name="structure_siret_unique",
                violation_error_message="Une structure porte déjà ce SIRET : choisissez-la dans la liste.",
            ),
            models.CheckConstraint(
                condition=~Q(fusionne_dans=models.F("id")),
                name="structure_pas_fusionnee_dans_elle_meme",
                violation_error_message="Une structure ne peut pas être fusionnée dans elle-même : choisissez-en une autre.",
            ),
        )

    def __str__(self) -> str:
        return self.nom

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.nom_plie = fold_name(self.nom)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.siret and not self.siren:
            self.siren = self.siret[:9]
        if self.siret and self.siret[:9] != self.siren:
            raise ValidationError(
                {"siret": "Ce SIRET ne commence pas par le SIREN saisi. Corrigez l’un des deux."}
            )

    @property
    def actuelle(self) -> "Structure":
        """The structure that readers must see: itself, or the one it was merged into."""
        return self.fusionne_dans or self


class StructureAlias(models.Model):
    structure = models.ForeignKey(Structure, models.CASCADE, related_name="alias")
    nom = models.CharField(
        "autre nom",
        max_length=200,
        help_text="Sigle, nom d’usage ou ancien nom (DDCS…) : la recherche le trouve aussi.",
    )
    nom_plie = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta:
        verbose_name = "autre nom"
        verbose_name_plural = "autres noms"
        ordering = ("nom",)
        constraints = (
            models.UniqueConstraint(
                fields=["structure", "nom_plie"],
                name="alias_unique_par_structure",
                violation_error_message="Ce nom est déjà connu pour cette structure : retirez la ligne en double.",
            ),
        )

    def __str__(self) -> str:
        return self.nom

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.nom_plie = fold_name(self.nom)
        super().save(*args, **kwargs)
