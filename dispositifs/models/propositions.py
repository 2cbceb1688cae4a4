"""What operators propose for a fiche: a document, or a new text for one rubrique."""

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from annuaire.acteurs.models import Structure
from dispositifs import permissions
from dispositifs.choices import RUBRIQUES, EtatProposition, NatureProposition


class PropositionQuerySet(models.QuerySet["Proposition"]):
    def readable_by(self, user: permissions.Actor) -> "PropositionQuerySet":
        """Those of one's structure under a running mandat, and those that one may decide on."""
        readable = permissions.q_readable_proposition(user)
        # Joins on mandats would repeat rows.
        return self.filter(pk__in=Proposition.objects.filter(readable).values("pk"))

    def decidable_by(self, user: permissions.Actor) -> "PropositionQuerySet":
        return self.filter(permissions.q_editable(user, "dispositif__"))

    def proposed_by(self, user: permissions.Actor) -> "PropositionQuerySet":
        """Those of one's structure, for the dispositifs that it runs today."""
        # A subquery: the join on mandats would repeat rows.
        own = Proposition.objects.filter(permissions.q_own_proposition(user))
        return self.filter(pk__in=own.values("pk"))

    def pending(self) -> "PropositionQuerySet":
        return self.filter(etat=EtatProposition.PROPOSEE)


def pending_count() -> Coalesce:
    """For `annotate` of dispositifs: how many propositions wait for each."""
    rows = Proposition.objects.pending().filter(dispositif=OuterRef("pk")).order_by()
    count = rows.values("dispositif").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(count), 0)


class Proposition(models.Model):
    """Accepted in one click or refused with a reason, once; the row stays as the trace of it."""

    dispositif = models.ForeignKey(
        "dispositifs.DispositifPage",
        models.PROTECT,
        related_name="propositions",
        verbose_name="dispositif",
    )
    nature = models.CharField("nature", max_length=10, choices=NatureProposition)
    rubrique = models.CharField(
        "rubrique", max_length=12, choices=tuple(RUBRIQUES.items()), blank=True
    )
    texte = models.TextField(
        "texte proposé",
        blank=True,
        help_text="Texte simple : une ligne vide sépare les paragraphes, « - » ouvre une liste.",
    )
    texte_vu = models.TextField(
        "texte que la fiche portait", blank=True, help_text="Au moment de la proposition."
    )
    document = models.OneToOneField(
        "dispositifs.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposition",
        verbose_name="document",
    )
    message = models.CharField("message au correspondant", max_length=500, blank=True)
    structure = models.ForeignKey(
        Structure, models.PROTECT, related_name="propositions", verbose_name="structure"
    )
    propose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="proposé par"
    )
    created_at = models.DateTimeField("proposée le", auto_now_add=True)
    etat = models.CharField(
        "état", max_length=10, choices=EtatProposition, default=EtatProposition.PROPOSEE
    )
    motif = models.CharField("motif du refus", max_length=500, blank=True)
    traite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="traitée par",
    )
    traite_le = models.DateTimeField("traitée le", null=True, blank=True)
    vue_le = models.DateTimeField(
        "réponse lue le", null=True, blank=True, help_text="Par l’opérateur, dans son espace."
    )

    objects = PropositionQuerySet.as_manager()

    class Meta:
        verbose_name = "proposition"
        verbose_name_plural = "propositions"
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(nature=NatureProposition.TEXTE, document=None) & ~Q(rubrique="")
                | Q(nature=NatureProposition.DOCUMENT, document__isnull=False, rubrique=""),
                name="proposition_texte_ou_document",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatProposition.REFUSEE) | ~Q(motif=""),
                name="proposition_refusee_avec_motif",
                violation_error_message="Un refus dit pourquoi : écrivez le motif.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.objet} — {self.dispositif_id}"

    @property
    def objet(self) -> str:
        """What is proposed, in words."""
        if self.document is not None:
            return self.document.title
        return f"Rubrique « {self.get_rubrique_display()} »"

    @property
    def is_new_answer(self) -> bool:
        """Decided, and not yet seen by the structure that proposed."""
        return self.etat != EtatProposition.PROPOSEE and self.vue_le is None
