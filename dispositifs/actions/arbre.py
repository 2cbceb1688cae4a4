"""The page tree and the collections that every installation starts from. Idempotent."""

from django.db import transaction
from wagtail.models import Collection, Page, Site

from annuaire.acteurs.models import Departement
from dispositifs.models import AccueilPage, AnnuairePage, BonnesPratiquesPage, DepartementPage
from dispositifs.models.documents import collection_name


@transaction.atomic
def build_tree() -> AnnuairePage:
    """Make what is missing: accueil, annuaire, bonnes pratiques, départements, collections."""
    accueil = AccueilPage.objects.first() or _build_accueil()
    annuaire = AnnuairePage.objects.first()
    if annuaire is None:
        annuaire = accueil.add_child(instance=AnnuairePage(title="Dispositifs", slug="dispositifs"))
    if not BonnesPratiquesPage.objects.exists():
        accueil.add_child(
            instance=BonnesPratiquesPage(title="Bonnes pratiques", slug="bonnes-pratiques")
        )
    for departement in Departement.objects.filter(page=None).order_by("code"):
        annuaire.add_child(
            instance=DepartementPage(
                title=departement.nom, slug=departement.slug, departement=departement
            )
        )
    _build_collections()
    return annuaire


def _build_accueil() -> AccueilPage:
    root = Page.get_first_root_node()
    # Wagtail's own welcome page holds the slug and the site: it goes.
    welcome = root.get_children().filter(slug="home").first()
    accueil: AccueilPage = root.add_child(
        instance=AccueilPage(title="Annuaire des dispositifs", slug="accueil")
    )
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "root_page": accueil,
            "hostname": "localhost",
            "site_name": "Annuaire des dispositifs",
        },
    )
    if welcome is not None:
        welcome.delete()
    return accueil


def _build_collections() -> None:
    root = Collection.get_first_root_node()
    existing = set(root.get_children().values_list("name", flat=True))
    for departement in Departement.objects.order_by("code"):
        name = collection_name(departement)
        if name not in existing:
            root.add_child(instance=Collection(name=name))
