"""The code officiel géographique (INSEE): every code is a string, for « 01 », « 2A » and « 971 »."""

from functools import lru_cache

from django.db import models

from annuaire.acteurs.normalisation import fold_name, slug_of


class Zone(models.TextChoices):
    METRO = "metro", "Métropole"
    DROM = "drom", "Outre-mer"


class Region(models.Model):
    code = models.CharField("code", max_length=3, primary_key=True)
    nom = models.CharField("nom", max_length=100)
    zone = models.CharField("zone", max_length=8, choices=Zone)
    chef_lieu = models.CharField("chef-lieu", max_length=5)

    class Meta:
        verbose_name = "région"
        verbose_name_plural = "régions"
        ordering = ("nom",)

    def __str__(self) -> str:
        return self.nom


class Departement(models.Model):
    code = models.CharField("code", max_length=3, primary_key=True)
    nom = models.CharField("nom", max_length=100)
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="departements", verbose_name="région"
    )
    zone = models.CharField("zone", max_length=8, choices=Zone)
    chef_lieu = models.CharField("chef-lieu", max_length=5)
    population = models.PositiveIntegerField("population", null=True)
    voisins = models.ManyToManyField(
        "self", symmetrical=True, blank=True, verbose_name="départements voisins"
    )

    class Meta:
        verbose_name = "département"
        verbose_name_plural = "départements"
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.nom} ({self.code})"

    @property
    def slug(self) -> str:
        """The segment of addresses, « 33-gironde »."""
        return departement_slug(self.code, self.nom)


@lru_cache(maxsize=256)
def departement_slug(code: str, nom: str) -> str:
    return slug_of(f"{code} {nom}")


class Epci(models.Model):
    siren = models.CharField("SIREN", max_length=9, primary_key=True)
    nom = models.CharField("nom", max_length=200)
    type = models.CharField("type", max_length=8)
    population = models.PositiveIntegerField("population", null=True)
    nom_plie = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta:
        verbose_name = "intercommunalité"
        verbose_name_plural = "intercommunalités"
        ordering = ("nom",)

    def __str__(self) -> str:
        return self.nom

    def save(self, *args: object, **kwargs: object) -> None:
        self.nom_plie = fold_name(self.nom)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passes Django's own arguments on


class Commune(models.Model):
    code = models.CharField("code INSEE", max_length=5, primary_key=True)
    nom = models.CharField("nom", max_length=100)
    departement = models.ForeignKey(
        Departement, models.PROTECT, related_name="communes", verbose_name="département"
    )
    epci = models.ForeignKey(
        Epci, models.PROTECT, null=True, related_name="communes", verbose_name="intercommunalité"
    )
    population = models.PositiveIntegerField("population", null=True)
    longitude = models.FloatField("longitude", null=True, help_text="Degrés, WGS 84.")
    latitude = models.FloatField("latitude", null=True, help_text="Degrés, WGS 84.")
    nom_plie = models.CharField(max_length=100, editable=False, db_index=True)

    class Meta:
        verbose_name = "commune"
        verbose_name_plural = "communes"
        ordering = ("nom", "code")

    def __str__(self) -> str:
        return f"{self.nom} ({self.code})"

    def save(self, *args: object, **kwargs: object) -> None:
        self.nom_plie = fold_name(self.nom)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passes Django's own arguments on
