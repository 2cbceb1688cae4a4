"""DispositifPage, its participations and its lieux: all that is revisioned with the page."""

import datetime
from collections.abc import Container
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import RichTextField
from wagtail.models import Page, PageManager, PageQuerySet

from annuaire.acteurs.models import Commune, Departement, Epci, Structure
from annuaire.acteurs.normalisation import free_name, slug_of
from dispositifs import permissions
from dispositifs.choices import Statut

from .documents import Image
from .forms import DispositifForm
from .page_permissions import DispositifPermissionTester
from .pages import TEXT_FEATURES, DepartementPage
from .panels import dispositif_form
from .suivi import GroupeMenages
from .vocabulaires import (
    Forme,
    MotCleDispositif,
    Public,
    ThematiqueDispositif,
)

RESERVED_IDENTIFIANTS = frozenset({"export"})


class DispositifQuerySet(PageQuerySet["DispositifPage"]):
    def editable_by(self, user: permissions.Actor) -> "DispositifQuerySet":
        return self.filter(permissions.q_editable(user))

    def at_home_for(self, user: permissions.Actor) -> "DispositifQuerySet":
        """Of the départements, pilot or secondary, of a correspondant; all for national."""
        # A subquery: the join on secondary départements would repeat dispositifs.
        mine = DispositifPage.objects.filter(permissions.q_at_home(user))
        return self.filter(pk__in=mine.values("pk"))

    def entrusted_to(self, user: permissions.Actor) -> "DispositifQuerySet":
        """Those on which a structure of this account has a running mandat."""
        mine = DispositifPage.objects.filter(permissions.q_running_mandat(user))
        return self.filter(pk__in=mine.values("pk"))

    def open_to_propositions_of(self, user: permissions.Actor) -> "DispositifQuerySet":
        """Those for which this account may propose a document or a text."""
        # A subquery: the join on mandats would repeat dispositifs.
        mine = DispositifPage.objects.filter(permissions.q_open_to_propositions(user))
        return self.filter(pk__in=mine.values("pk"))

    def publicly_readable(self) -> "DispositifQuerySet":
        """Live and under no view restriction."""
        return self.filter(permissions.q_public_page())


def text_field(label: str, help_text: str) -> RichTextField:
    return RichTextField(label, blank=True, features=TEXT_FEATURES, help_text=help_text)


class DispositifPage(Page):
    identifiant = models.SlugField(
        "identifiant",
        max_length=80,
        unique=True,
        blank=True,
        help_text="Identifiant stable, employé par l’API et les exports. Ne change jamais.",
    )
    departement = models.ForeignKey(
        Departement,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="dispositifs",
        verbose_name="département pilote",
    )
    sigle = models.CharField(
        "sigle",
        max_length=30,
        blank=True,
        help_text="Sigle d’usage, s’il existe : il est cherché tel quel.",
    )
    resume = models.TextField(
        "résumé",
        max_length=300,
        blank=True,
        help_text="Ce que fait le dispositif, pour qui, où : 300 caractères au plus, montrés dans les listes.",
    )
    contexte = text_field(
        "contexte", "La situation locale et ce qui a conduit au dispositif. 50 à 150 mots."
    )
    objectifs = text_field(
        "objectifs", "Ce que le dispositif veut obtenir, à l’échelle du groupe. 50 à 150 mots."
    )
    actions = text_field(
        "actions", "Ce qui est fait concrètement, par qui, à quel rythme. 50 à 150 mots."
    )
    resultats = text_field(
        "résultats", "Ce qui a été obtenu, avec les dates. Aucun effectif inférieur à onze."
    )
    limites = text_field(
        "difficultés et limites", "Ce qui bloque ou manque : utile à qui voudrait faire de même."
    )
    conditions = text_field(
        "conditions de réussite", "Ce qu’il faut réunir pour que cela marche ailleurs."
    )
    enseignements_reussi = text_field("ce qui a réussi", "À remplir quand le dispositif est clos.")
    enseignements_echoue = text_field("ce qui a échoué", "À remplir quand le dispositif est clos.")
    enseignements_a_refaire = text_field(
        "ce qui serait à refaire", "À remplir quand le dispositif est clos."
    )

    formes = ParentalManyToManyField(
        Forme,
        blank=True,
        verbose_name="formes",
        help_text="Une ou plusieurs, ou aucune : rien n’en dépend.",
    )
    thematiques = ClusterTaggableManager(
        through=ThematiqueDispositif,
        blank=True,
        verbose_name="thématiques",
        help_text="Tout ce que le dispositif traite : plusieurs choix possibles.",
    )
    mots_cles = ClusterTaggableManager(
        through=MotCleDispositif,
        blank=True,
        verbose_name="mots-clés",
        help_text="Mots libres, séparés par des virgules : « baux glissants, aller-vers ».",
    )
    publics = ParentalManyToManyField(
        Public, blank=True, verbose_name="publics visés", help_text="À qui le dispositif s’adresse."
    )
    selection = models.BooleanField(
        "sélection des ménages",
        null=True,
        blank=True,
        help_text="« Non » : tous les ménages présents sont accompagnés. Laissez « inconnu » dans le doute.",
    )
    criteres_selection = models.TextField(
        "critères de sélection",
        blank=True,
        help_text="Si les ménages sont choisis : sur quels critères.",
    )

    statut = models.CharField(
        "statut",
        max_length=16,
        choices=Statut,
        blank=True,
        help_text="Laissé vide, il est déduit des dates.",
    )
    date_debut = models.DateField(
        "date de début", null=True, blank=True, help_text="Premier jour de l’action."
    )
    date_fin_prevue = models.DateField(
        "fin prévue", null=True, blank=True, help_text="Dernier jour prévu par la convention."
    )
    date_fin = models.DateField(
        "fin effective",
        null=True,
        blank=True,
        help_text="Dernier jour réel, une fois le dispositif clos.",
    )
    duree_contrat_mois = models.PositiveSmallIntegerField(
        "durée du contrat (mois)",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text="Durée d’un contrat d’accompagnement avec un ménage.",
    )
    renouvellements = models.PositiveSmallIntegerField(
        "renouvellements possibles",
        null=True,
        blank=True,
        validators=[MaxValueValidator(20)],
        help_text="Nombre de fois où ce contrat peut être renouvelé.",
    )
    capacite_menages = models.PositiveIntegerField(
        "capacité (ménages)",
        null=True,
        blank=True,
        help_text="Nombre de ménages suivis en même temps, au plus.",
    )
    places_libres = models.PositiveIntegerField(
        "places libres", null=True, blank=True, help_text="Places disponibles à la date ci-contre."
    )
    places_libres_au = models.DateField(
        "à la date du",
        null=True,
        blank=True,
        help_text="Jour où les places libres ont été comptées.",
    )

    chef_de_file = models.ForeignKey(
        Structure,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="opérateur chef de file",
        help_text="Opérateur qui répond du dispositif. Un seul ; les autres se déclarent dans « Qui participe ».",
    )
    departements_secondaires = ParentalManyToManyField(
        Departement,
        blank=True,
        related_name="dispositifs_secondaires",
        verbose_name="autres départements couverts",
        help_text="La fiche y apparaît aussi ; leurs correspondants la lisent, sans la modifier.",
    )
    communes = ParentalManyToManyField(
        Commune, blank=True, verbose_name="communes", help_text="Vide : tout le département."
    )
    epci = ParentalManyToManyField(
        Epci, blank=True, verbose_name="intercommunalités", help_text="Vide : tout le département."
    )
    france_entiere = models.BooleanField(
        "France entière",
        default=False,
        help_text="Réservé à la Dihal : la fiche répond à tout territoire.",
    )
    visuel = models.ForeignKey(
        Image,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="visuel",
        help_text="Photo du lieu ou de l’action, sans personne reconnaissable.",
    )

    objects = PageManager.from_queryset(DispositifQuerySet)()

    exclude_fields_in_copy: ClassVar[list[str]] = ["identifiant"]
    parent_page_types = ("dispositifs.DepartementPage",)
    subpage_types = ()
    template = "dispositifs/apercu.html"
    base_form_class = DispositifForm
    edit_handler = dispositif_form()

    class Meta:
        verbose_name = "dispositif"
        verbose_name_plural = "dispositifs"

    def save(self, *args: Any, **kwargs: Any) -> Any:
        adding = self._state.adding
        if not self.identifiant:
            self.identifiant = new_identifiant(self.title, DispositifPage)
        if self.departement_id is None:
            self.departement = self.get_parent().specific.departement
        self.statut = self.statut or statut_from_dates(self)
        saved = super().save(*args, **kwargs)
        if adding:
            GroupeMenages.objects.get_or_create(dispositif=self, par_defaut=True)
        return saved

    def clean(self) -> None:
        super().clean()
        errors = {}
        if self.identifiant in RESERVED_IDENTIFIANTS:
            errors["identifiant"] = "Cet identifiant est réservé : choisissez-en un autre."
        for field in ("date_fin_prevue", "date_fin"):
            end = getattr(self, field)
            if end and self.date_debut and end < self.date_debut:
                errors[field] = "Cette date précède la date de début : corrigez l’une des deux."
        if self.places_libres is not None and self.places_libres_au is None:
            errors["places_libres_au"] = "Indiquez à quelle date ces places étaient libres."
        if errors:
            raise ValidationError(errors)

    def permissions_for_user(self, user: Any) -> DispositifPermissionTester:
        return DispositifPermissionTester(user, self)

    @property
    def duree_totale_mois(self) -> int | None:
        """Months of accompaniment with every renewal; None when the contract's length is unknown."""
        if self.duree_contrat_mois is None:
            return None
        return self.duree_contrat_mois * (1 + (self.renouvellements or 0))

    @property
    def is_closed(self) -> bool:
        return self.statut in (Statut.TERMINE, Statut.ABANDONNE)


def statut_from_dates(page: DispositifPage, day: datetime.date | None = None) -> Statut:
    """The statut that the dates suggest on that day (today by default)."""
    day = day or timezone.localdate()
    if page.date_fin and page.date_fin < day:
        return Statut.TERMINE
    if page.date_debut and page.date_debut <= day:
        return Statut.EN_COURS
    return Statut.EN_PREPARATION


def new_identifiant(titre: str, model: type[Page], others: Container[str] = ()) -> str:
    """An identifiant made from the title or the slug of a page, free in this model and `others`."""
    base = slug_of(titre)[:70].strip("-") or slug_of(model._meta.verbose_name)
    rows = model._default_manager.filter(identifiant__startswith=base)
    taken = set(rows.values_list("identifiant", flat=True))
    return free_name(base, taken, RESERVED_IDENTIFIANTS, others)


def departement_of(page: DispositifPage) -> Departement:
    """The département of the page's parent, after a move."""
    parent: DepartementPage = page.get_parent().specific
    return parent.departement
