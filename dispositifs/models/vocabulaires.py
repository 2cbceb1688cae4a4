"""Controlled vocabularies: loaded by `manage.py referentiel`, corrected by national.

`charge` keeps the values last loaded from the file: what people changed since is left alone.
"""

from typing import Any

from django.db import models
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase, TagBase

from dispositifs.choices import Niveau


class Reference(models.Model):
    slug = models.SlugField("identifiant", max_length=60, unique=True)
    libelle = models.CharField("libellé", max_length=120, help_text="Nom affiché sur les fiches.")
    description = models.TextField(
        "description", blank=True, help_text="Ce que le terme recouvre, montré à la saisie."
    )
    ordre = models.PositiveIntegerField(
        "ordre", default=1000, help_text="Les plus petits nombres viennent d’abord."
    )
    actif = models.BooleanField(
        "proposé à la saisie",
        default=True,
        help_text="Décochez pour ne plus le proposer ; les fiches qui le portent le gardent.",
    )
    charge = models.JSONField(default=dict, editable=False)

    class Meta:
        abstract = True
        ordering = ("ordre", "libelle")

    def __str__(self) -> str:
        return self.libelle


class Forme(Reference):
    sigle = models.CharField("sigle", max_length=20, blank=True)

    class Meta(Reference.Meta):
        verbose_name = "forme"
        verbose_name_plural = "formes"


class Public(Reference):
    class Meta(Reference.Meta):
        verbose_name = "public visé"
        verbose_name_plural = "publics visés"


class TypeDocument(Reference):
    article = models.CharField(
        "article", max_length=3, help_text="la, le ou l' : « Télécharger la convention »."
    )
    visibilite_par_defaut = models.CharField(
        "niveau proposé", max_length=12, choices=Niveau, default=Niveau.INTERNE
    )
    raison = models.TextField(
        "raison", blank=True, help_text="Pourquoi ce niveau, montrée à côté au moment du dépôt."
    )

    class Meta(Reference.Meta):
        verbose_name = "type de document"
        verbose_name_plural = "types de document"


class RoleParticipation(Reference):
    maximum = models.PositiveSmallIntegerField("nombre par dispositif", null=True, blank=True)
    saisie_releves = models.BooleanField("ouvre la saisie avec un mandat", default=False)

    class Meta(Reference.Meta):
        verbose_name = "rôle sur une fiche"
        verbose_name_plural = "rôles sur une fiche"


class ThematiqueQuerySet(models.QuerySet["Thematique"]):
    def offered(self) -> "ThematiqueQuerySet":
        """Those that a form may offer: not retired, not merged."""
        return self.filter(actif=True, remplacee_par=None)


class Thematique(TagBase):
    """A tag of the controlled vocabulary: only national creates, renames, merges, retires."""

    free_tagging = False

    description = models.TextField(
        "description", blank=True, help_text="Ce que la thématique recouvre, montré à la saisie."
    )
    ordre = models.PositiveIntegerField(
        "ordre", default=1000, help_text="Les plus petits nombres viennent d’abord."
    )
    actif = models.BooleanField(
        "proposée à la saisie",
        default=True,
        help_text="Décochez pour la retirer ; les fiches qui la portent la gardent.",
    )
    remplacee_par = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="remplacees",
        verbose_name="remplacée par",
    )
    charge = models.JSONField(default=dict, editable=False)

    objects = ThematiqueQuerySet.as_manager()

    class Meta:
        verbose_name = "thématique"
        verbose_name_plural = "thématiques"
        ordering = ("ordre", "name")

    def __str__(self) -> str:
        return self.name


class ThematiqueDispositif(ItemBase):
    tag = models.ForeignKey(Thematique, models.CASCADE, related_name="liens_dispositifs")
    content_object = ParentalKey(
        "dispositifs.DispositifPage", on_delete=models.CASCADE, related_name="liens_thematiques"
    )

    class Meta:
        verbose_name = "thématique d’un dispositif"


class ThematiqueBonnePratique(ItemBase):
    tag = models.ForeignKey(Thematique, models.CASCADE, related_name="liens_bonnes_pratiques")
    content_object = ParentalKey(
        "dispositifs.BonnePratiquePage", on_delete=models.CASCADE, related_name="liens_thematiques"
    )

    class Meta:
        verbose_name = "thématique d’une bonne pratique"


class MotCle(TagBase):
    class Meta:
        verbose_name = "mot-clé"
        verbose_name_plural = "mots-clés"
        ordering = ("name",)


class MotCleDispositif(ItemBase):
    tag = models.ForeignKey(MotCle, models.CASCADE, related_name="liens_dispositifs")
    content_object = ParentalKey(
        "dispositifs.DispositifPage", on_delete=models.CASCADE, related_name="liens_mots_cles"
    )

    class Meta:
        verbose_name = "mot-clé d’un dispositif"


def thematiques_of(links: Any) -> list[Thematique]:
    """The thématiques of a page's links, in their order; a merged one is read as its successor."""
    tags = {link.tag.remplacee_par or link.tag for link in links}
    return sorted(tags, key=lambda tag: (tag.ordre, tag.name))
