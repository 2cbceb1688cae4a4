"""Documents and images. A document is private until a live page shows it (see permissions)."""

import hashlib
import pathlib
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import DocumentQuerySet as WagtailDocumentQuerySet
from wagtail.images.models import AbstractImage, AbstractRendition, Filter
from wagtail.models import Collection

from annuaire.acteurs.models import Departement, Structure
from annuaire.acteurs.normalisation import free_name, slug_of
from dispositifs import permissions
from dispositifs.choices import (
    EtatAnonymat,
    EtatAntivirus,
    EtatTexte,
    Langue,
    Licence,
    Niveau,
    StatutDocument,
)

from .vocabulaires import TypeDocument


class DocumentQuerySet(WagtailDocumentQuerySet):
    def readable_by(self, user: permissions.Actor) -> "DocumentQuerySet":
        """Documents whose file this actor may read; the public is `None` or anonymous."""
        # Joins on mandats would repeat documents; a list of ids would be made for all of them,
        # even to read one.
        allowed = Document.objects.filter(permissions.q_readable_document(user))
        return self.filter(Exists(allowed.filter(pk=OuterRef("pk"))))

    def manageable_by(self, user: permissions.Actor) -> "DocumentQuerySet":
        return self.filter(permissions.q_manageable_document(user))

    def to_review(self) -> "DocumentQuerySet":
        """Current documents that somebody must read or mask before those meant may read them."""
        waiting = Q(anonymat=EtatAnonymat.A_CONFIRMER, niveau=Niveau.PUBLIC)
        return self.filter(
            waiting | Q(anonymat=EtatAnonymat.BLOQUE),
            courante=True,
            statut__in=(StatutDocument.VALIDE, StatutDocument.PROPOSE),
        )

    def recent_first(self) -> "DocumentQuerySet":
        """By date, the latest first; those without a date last, on every database."""
        return self.order_by(F("date").desc(nulls_last=True), "title", "pk")

    def current(self) -> "DocumentQuerySet":
        """The version that an address without `?version=` gives."""
        return self.filter(courante=True)


class Document(AbstractDocument):
    # Wagtail's own Document model, which stays installed, has taken the default reverse names.
    tags = TaggableManager(
        help_text=None, blank=True, verbose_name="étiquettes", related_name="documents"
    )
    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="déposé par le compte",
    )
    uploaded_by_user.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]  # Wagtail's own mark
    identifiant = models.SlugField(
        "identifiant",
        max_length=120,
        editable=False,
        help_text="Partie stable de l’adresse, commune à toutes les versions.",
    )
    version = models.PositiveIntegerField("version", default=1, editable=False)
    courante = models.BooleanField("version courante", default=True, editable=False)
    type = models.ForeignKey(
        TypeDocument,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="type",
        help_text="Ce qu’est la pièce : le type propose le niveau de diffusion.",
    )
    date = models.DateField(
        "date",
        null=True,
        blank=True,
        help_text="Date de signature ou de rédaction, affichée à côté du document.",
    )
    periode_du = models.DateField(
        "période couverte, du", null=True, blank=True, help_text="Pour un bilan : premier jour."
    )
    periode_au = models.DateField(
        "au", null=True, blank=True, help_text="Pour un bilan : dernier jour."
    )
    langue = models.CharField(
        "langue",
        max_length=3,
        choices=Langue,
        default=Langue.FRANCAIS,
        help_text="Langue du document, annoncée avant le téléchargement.",
    )
    description = models.CharField(
        "description",
        max_length=300,
        blank=True,
        help_text="Une phrase : ce que la pièce contient et à qui elle sert.",
    )
    licence = models.CharField(
        "licence",
        max_length=12,
        choices=Licence,
        blank=True,
        help_text="À quelles conditions la pièce peut être reprise. Vide : non précisée.",
    )
    version_accessible = models.CharField(
        "version accessible",
        max_length=300,
        blank=True,
        validators=[URLValidator(["https", "http"])],
        help_text="Adresse d’une version que lisent les aides techniques, si la pièce n’en est pas une.",
    )
    dispositif = models.ForeignKey(
        "dispositifs.DispositifPage",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name="dispositif",
        help_text="Fiche à laquelle la pièce est jointe. Vide : guide national.",
    )
    niveau = models.CharField(
        "qui peut le lire",
        max_length=12,
        choices=Niveau,
        default=Niveau.INTERNE,
        help_text="Public : tout le monde. Partenaires : structures du dispositif et correspondants. Interne : correspondants du département.",
    )
    statut = models.CharField(
        "statut",
        max_length=8,
        choices=StatutDocument,
        default=StatutDocument.VALIDE,
        help_text="Seul un document validé se diffuse. Retirez-le pour qu’il ne soit plus servi.",
    )
    sha256 = models.CharField("empreinte SHA-256", max_length=64, blank=True, editable=False)
    pages = models.PositiveIntegerField("nombre de pages", null=True, blank=True, editable=False)
    balise = models.BooleanField(
        "PDF balisé",
        null=True,
        editable=False,
        help_text="Structure, langue et titre sont dans le fichier. Inconnu : pas un PDF, ou non lu.",
    )
    auteur = models.CharField(
        "auteur inscrit dans le fichier", max_length=200, blank=True, editable=False
    )
    vignette = models.FileField(
        "image de la première page", upload_to="vignettes", blank=True, editable=False
    )
    texte_etat = models.CharField(
        "texte", max_length=10, choices=EtatTexte, default=EtatTexte.A_EXTRAIRE, editable=False
    )
    texte_essais = models.PositiveSmallIntegerField("essais de lecture", default=0, editable=False)
    antivirus = models.CharField(
        "antivirus",
        max_length=12,
        choices=EtatAntivirus,
        default=EtatAntivirus.NON_DEMANDE,
        editable=False,
    )
    anonymat = models.CharField(
        "anonymat",
        max_length=14,
        choices=EtatAnonymat,
        default=EtatAnonymat.A_VERIFIER,
        editable=False,
    )
    reperages = models.JSONField(
        "données repérées",
        default=list,
        blank=True,
        editable=False,
        help_text="Liste de {nature, page, extrait} ; l’extrait ne montre jamais la donnée entière.",
    )
    deposant = models.ForeignKey(
        Structure,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="documents_deposes",
        verbose_name="déposé par",
    )
    maj = models.DateTimeField("mis à jour le", default=timezone.now, editable=False)

    objects = DocumentQuerySet.as_manager()

    admin_form_fields = (
        "title",
        "file",
        "dispositif",
        "type",
        "date",
        "niveau",
        "statut",
        "langue",
        "periode_du",
        "periode_au",
        "description",
        "licence",
        "version_accessible",
    )

    class Meta(AbstractDocument.Meta):
        verbose_name = "document"
        verbose_name_plural = "documents"
        constraints = (
            models.UniqueConstraint(
                fields=["identifiant", "version"], name="document_identifiant_version_unique"
            ),
            models.UniqueConstraint(
                fields=["identifiant"],
                condition=Q(courante=True),
                name="document_une_version_courante",
            ),
        )
        indexes = (
            # The worker asks every few seconds what is still to be read.
            models.Index(
                fields=["id"],
                name="document_a_lire",
                condition=Q(texte_etat=EtatTexte.A_EXTRAIRE),
            ),
            models.Index(fields=["sha256"], name="document_empreinte"),
        )

    # The dispositif that the row had when it was read: both fiches change when it moves.
    loaded_dispositif_id: int | None = None
    # Earlier versions that the reader of a list may read, the latest first; given by that list.
    anterieures: Sequence["Document"] = ()

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any) -> "Document":
        instance = super().from_db(db, field_names, values)
        instance.loaded_dispositif_id = instance.__dict__.get("dispositif_id")
        return instance

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.identifiant:
            self.identifiant = new_identifiant(self.title)
        if not self._state.adding:
            self.maj = timezone.now()
        super().save(*args, **kwargs)

    @property
    def nom(self) -> str:
        """The file name that readers download, made from the title: never the uploader's."""
        return f"{slug_of(self.title)[:80] or 'document'}.{self.format}"

    @property
    def format(self) -> str:
        """Extension in lower case, without its dot; empty if the file has none."""
        return pathlib.PurePath(self.file.name).suffix[1:].lower()

    @property
    def url(self) -> str:
        return reverse("document", args=[self.identifiant, self.nom])

    def fingerprint(self) -> str:
        """SHA-256 of the file, read by blocks."""
        digest = hashlib.sha256()
        with self.file.open("rb") as stream:
            for block in iter(lambda: stream.read(1 << 20), b""):
                digest.update(block)
        return digest.hexdigest()


def document_count() -> Coalesce:
    """For `annotate` of dispositifs: how many documents each has, in their current version."""
    rows = Document.objects.current().filter(dispositif=OuterRef("pk")).order_by()
    count = rows.values("dispositif").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(count), 0)


class PageTexte(models.Model):
    """The text of one page of a document, as a reader of the file would read it."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="textes")
    n = models.PositiveIntegerField("page")
    texte = models.TextField("texte")

    class Meta:
        verbose_name = "page de texte"
        verbose_name_plural = "pages de texte"
        constraints = (models.UniqueConstraint(fields=["document", "n"], name="page_texte_unique"),)

    def __str__(self) -> str:
        return f"{self.document_id}, page {self.n}"


def collection_name(departement: Departement) -> str:
    return f"{departement.code} {departement.nom}"


def collection_of(departement: Departement) -> Collection:
    """The collection of a département's documents and images; it never decides who reads."""
    return Collection.objects.get(name=collection_name(departement), depth=2)


def new_identifiant(titre: str) -> str:
    """A free identifiant made from the title; it holds a letter, so it is never a number."""
    base = f"doc-{slug_of(titre)[:90] or 'sans-titre'}"
    rows = Document.objects.filter(identifiant__startswith=base)
    return free_name(base, set(rows.values_list("identifiant", flat=True)))


class Image(AbstractImage):
    # Wagtail's own Image model, which stays installed, has taken the default reverse names.
    tags = TaggableManager(
        help_text=None, blank=True, verbose_name="étiquettes", related_name="images"
    )
    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="déposé par le compte",
    )
    uploaded_by_user.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]  # Wagtail's own mark

    admin_form_fields = ("title", "file", "description", "collection")

    class Meta(AbstractImage.Meta):
        verbose_name = "image"
        verbose_name_plural = "images"

    def generate_rendition_file(self, filter: Filter, *, source: File | None = None) -> File:
        """Wagtail's, in memory: it leaves its temporary file open."""
        with super().generate_rendition_file(filter, source=source) as made:
            made.seek(0)
            return ContentFile(made.read(), name=made.name)


class Rendition(AbstractRendition):
    image = models.ForeignKey(Image, models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
