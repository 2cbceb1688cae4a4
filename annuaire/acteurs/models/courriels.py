"""Mails waiting to leave: written in the transaction that causes them, sent by the worker."""

import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

ESSAIS = 12  # with the waits of `attente`: about a day
PREMIERE_ATTENTE = datetime.timedelta(minutes=1)
PLUS_LONGUE_ATTENTE = datetime.timedelta(hours=6)


class CourrielQuerySet(models.QuerySet["Courriel"]):
    def due(self) -> "CourrielQuerySet":
        """Those to try now, the oldest first; one that has failed too often is not."""
        rows = self.filter(essais__lt=ESSAIS, prochain_essai__lte=timezone.now())
        return rows.order_by("prochain_essai", "pk")


class Courriel(models.Model):
    """One mail to one account. The row is deleted once the mail server has taken it."""

    destinataire = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="destinataire"
    )
    objet = models.CharField("objet", max_length=200)
    texte = models.TextField("texte")
    created_at = models.DateTimeField("écrit le", auto_now_add=True)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    prochain_essai = models.DateTimeField("prochain essai", default=timezone.now, db_index=True)

    objects = CourrielQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel"
        verbose_name_plural = "courriels"

    def __str__(self) -> str:
        return self.objet


def attente(essais: int) -> datetime.timedelta:
    """How long to wait after that many failures: one minute, two, four… six hours at most."""
    return min(PREMIERE_ATTENTE * 2 ** min(essais - 1, 16), PLUS_LONGUE_ATTENTE)
