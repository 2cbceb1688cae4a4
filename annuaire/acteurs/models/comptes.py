"""Accounts and their dated roles. A role ended yesterday opens nothing today."""

import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from .structures import Structure
from .territoires import Departement


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class User(AbstractUser):
    username = None  # type: ignore[assignment]  # the e-mail is the identifier
    email = models.EmailField("adresse électronique", unique=True)
    structure = models.ForeignKey(
        Structure,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="comptes",
        verbose_name="structure",
        help_text="Structure pour laquelle travaille l’opérateur ou le partenaire.",
    )
    droits_a_revoir_le = models.DateTimeField(
        "droits à revoir le",
        null=True,
        blank=True,
        editable=False,
        help_text="Prochain début ou fin de rôle : passé ce moment, les groupes sont recalculés.",
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]  # no username

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                name="courriel_unique_sans_casse",
                violation_error_message="Un compte existe déjà avec cette adresse : donnez-lui un rôle plutôt que d’en créer un autre.",
            ),
        )

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        # allauth asks for lower case: another writing would neither get codes nor new passwords.
        self.email = self.email.lower()
        super().save(*args, **kwargs)
        fields = kwargs.get("update_fields")
        if fields is None or "email" in fields:
            # allauth keeps every address that it has seen, and would let the former one sign in.
            addresses = self.emailaddress_set  # type: ignore[attr-defined]  # allauth is not typed
            addresses.exclude(email__iexact=self.email).delete()


class NatureRole(models.TextChoices):
    NATIONAL = "national", "National (Dihal)"
    CORRESPONDANT = "correspondant", "Correspondant (DDETS ou préfecture)"
    OPERATEUR = "operateur", "Opérateur"
    PARTENAIRE = "partenaire", "Partenaire"


class RoleQuerySet(models.QuerySet["Role"]):
    def running(self, day: datetime.date | None = None) -> "RoleQuerySet":
        """Roles in force on that day (today by default); the last day is included."""
        day = day or timezone.localdate()
        return self.filter(Q(au=None) | Q(au__gte=day), du__lte=day)


class Role(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="roles", verbose_name="compte")
    nature = models.CharField("rôle", max_length=16, choices=NatureRole)
    departements = models.ManyToManyField(
        Departement, through="RoleDepartement", blank=True, verbose_name="départements"
    )
    du = models.DateField("du", default=timezone.localdate, help_text="Premier jour du rôle.")
    au = models.DateField(
        "au", null=True, blank=True, help_text="Dernier jour du rôle. Vide : sans fin prévue."
    )

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = "rôle"
        verbose_name_plural = "rôles"
        ordering = ("-du", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(au=None) | Q(au__gte=F("du")),
                name="role_dates_dans_l_ordre",
                violation_error_message="Le dernier jour du rôle précède le premier : corrigez l’une des deux dates.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_nature_display()} — {self.user}"


class RoleDepartement(models.Model):
    role = models.ForeignKey(Role, models.CASCADE)
    departement = models.ForeignKey(Departement, models.PROTECT, verbose_name="département")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["role", "departement"],
                name="role_departement_unique",
                violation_error_message="Ce département est déjà dans ce rôle : retirez la ligne en double.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} : {self.departement}"
