from django.db import models


class Terme(models.Model):
    """A word of the public corpus: the stems that its folded form has had, and in how many fiches.

    `df` is exact after a rebuild, and a lower bound between two.
    """

    forme = models.CharField(max_length=64, primary_key=True)
    racines = models.CharField(max_length=400, blank=True, help_text="Séparées par une espace.")
    df = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "terme"
        verbose_name_plural = "termes"

    def __str__(self) -> str:
        return self.forme
