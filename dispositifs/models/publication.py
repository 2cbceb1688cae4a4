"""The public projection: what anonymous readers may read, ready to be served."""

from django.db import models
from django.db.models import F
from wagtail.models import Page

from annuaire.acteurs.models import Commune
from dispositifs.choices import NatureLieu, NaturePublique

from .documents import Document


class VersionAnnuaire(models.Model):
    """One row: the version of the public directory, raised inside the publishing transaction."""

    version = models.PositiveBigIntegerField(default=0)
    comptes = models.JSONField(
        default=dict, help_text="{« nature:facette:valeur »: nombre de fiches}"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(id=1), name="une_seule_version_annuaire"),
        )

    def __str__(self) -> str:
        return str(self.version)

    @classmethod
    def current(cls) -> int:
        """The last version committed; 0 before the first publication."""
        return cls.objects.filter(pk=1).values_list("version", flat=True).first() or 0

    @classmethod
    def current_comptes(cls) -> dict[str, int]:
        """How many public fiches have each value that pages count: see publication.comptes."""
        return cls.objects.filter(pk=1).values_list("comptes", flat=True).first() or {}

    @classmethod
    def raise_version(cls) -> int:
        """Take the next version. The row stays locked until commit: versions appear in order."""
        if not cls.objects.filter(pk=1).update(version=F("version") + 1):
            cls.objects.create(pk=1, version=1)
        return cls.current()


class FichePubliqueQuerySet(models.QuerySet["FichePublique"]):
    def dispositifs(self) -> "FichePubliqueQuerySet":
        return self.filter(nature=NaturePublique.DISPOSITIF)

    def bonnes_pratiques(self) -> "FichePubliqueQuerySet":
        return self.filter(nature=NaturePublique.BONNE_PRATIQUE)

    def documents(self) -> "FichePubliqueQuerySet":
        return self.filter(nature=NaturePublique.DOCUMENT)


class FichePublique(models.Model):
    """Written by `dispositifs.publication` alone. A row exists if and only if anybody may read it."""

    nature = models.CharField(max_length=16, choices=NaturePublique)
    identifiant = models.CharField(max_length=120)
    page = models.OneToOneField(Page, models.CASCADE, null=True, related_name="fiche_publique")
    document = models.OneToOneField(
        Document, models.CASCADE, null=True, related_name="fiche_publique"
    )
    version = models.PositiveBigIntegerField(db_index=True)
    url = models.CharField(max_length=400, db_index=True)

    titre = models.CharField(max_length=255)
    titre_tri = models.CharField(max_length=255, help_text="Titre replié, pour trier.")
    departement = models.CharField(max_length=3, blank=True, db_index=True)
    region = models.CharField(max_length=3, blank=True)
    statut = models.CharField(max_length=16, blank=True)
    date_debut = models.DateField(null=True)
    maj = models.DateField()

    textes = models.JSONField(help_text="titre, sigle, fort, corps, documents : à indexer.")
    facettes = models.JSONField(help_text="{facette: [valeurs]}")
    territoires = models.JSONField(help_text="Jetons de territoire couverts.")
    texte_plie = models.TextField(
        help_text="Tous les textes repliés, pour la recherche de secours."
    )
    carte = models.TextField(help_text="JSON prêt à servir dans une liste.")
    fiche = models.TextField(help_text="JSON prêt à servir en entier.")

    a_reprojeter = models.BooleanField(
        default=False, help_text="Un mot partagé a changé : le traitement de fond la refera."
    )

    objects = FichePubliqueQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche publique"
        verbose_name_plural = "fiches publiques"
        constraints = (
            models.UniqueConstraint(
                fields=["nature", "identifiant"], name="fiche_publique_identifiant_unique"
            ),
        )
        indexes = (
            models.Index(fields=["nature", "-maj", "id"], name="fiche_publique_maj"),
            models.Index(fields=["nature", "titre_tri"], name="fiche_publique_titre"),
            # Counting or paging one nature must not read these wide rows.
            models.Index(fields=["nature", "departement"], name="fiche_publique_departement"),
            models.Index(fields=["nature", "id"], name="fiche_publique_ordre"),
            models.Index(
                fields=["page"],
                name="fiche_publique_a_refaire",
                condition=models.Q(a_reprojeter=True),
            ),
        )

    def __str__(self) -> str:
        return self.titre

    @property
    def cle(self) -> str:
        """The id in the search index, « dispositif:mous-bordeaux-2024 »."""
        return f"{self.nature}:{self.identifiant}"


class FicheValeur(models.Model):
    """One value of one facet of a public fiche, for counts and filters by SQL."""

    # Indexed with what is counted: see Meta.
    fiche = models.ForeignKey(FichePublique, models.CASCADE, related_name="valeurs", db_index=False)
    facette = models.CharField(max_length=24)
    valeur = models.CharField(max_length=120)

    class Meta:
        indexes = (
            models.Index(fields=["facette", "valeur", "fiche"], name="fiche_valeur"),
            # The values of a few fiches, counted without reading those of all the others.
            models.Index(fields=["fiche", "facette", "valeur"], name="fiche_valeur_par_fiche"),
        )

    def __str__(self) -> str:
        return f"{self.facette} = {self.valeur}"


class FicheTerritoire(models.Model):
    """One territory token that a public fiche covers: commune:…, epci:…, departement:…, france."""

    fiche = models.ForeignKey(FichePublique, models.CASCADE, related_name="jetons")
    jeton = models.CharField(max_length=24)

    class Meta:
        indexes = (models.Index(fields=["jeton", "fiche"], name="fiche_territoire"),)

    def __str__(self) -> str:
        return self.jeton


class FicheLieu(models.Model):
    """One lieu that a public fiche shows. Its point is None unless the exact place is public."""

    fiche = models.ForeignKey(FichePublique, models.CASCADE, related_name="lieux_publics")
    nature = models.CharField(max_length=20, choices=NatureLieu)
    nom = models.CharField(max_length=120, blank=True)
    commune = models.ForeignKey(Commune, models.CASCADE, related_name="+")
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)

    class Meta:
        constraints = (
            # Sites and scattered housing are never shown, whatever is asked.
            models.CheckConstraint(
                condition=models.Q(nature__in=("terrain-insertion", "permanence")),
                name="fiche_lieu_montrable",
            ),
        )

    def __str__(self) -> str:
        return f"{self.nature} {self.nom}, {self.commune_id}"


class FicheRetiree(models.Model):
    """What has left the projection, so that every index forgets it too."""

    nature = models.CharField(max_length=16, choices=NaturePublique)
    identifiant = models.CharField(max_length=120)
    version = models.PositiveBigIntegerField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["nature", "identifiant"], name="fiche_retiree_identifiant_unique"
            ),
        )

    def __str__(self) -> str:
        return f"{self.nature}:{self.identifiant}"
