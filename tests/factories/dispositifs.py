import datetime

from django.core.files.base import ContentFile

from dispositifs.actions.arbre import build_tree
from dispositifs.actions.groupes import provision_groups
from dispositifs.models import (
    AnnuairePage,
    BonnePratiquePage,
    BonnesPratiquesPage,
    DepartementPage,
    DispositifPage,
    Document,
    Mandat,
    TypeDocument,
)
from dispositifs.models.documents import collection_of

from .acteurs import make_departement, make_structure

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"


def make_tree(*codes):
    """The page tree, its collections and groups, for these départements (33 and 13 by default)."""
    codes = codes or ("33", "13")
    if DepartementPage.objects.filter(departement__in=codes).count() == len(codes):
        return AnnuairePage.objects.get()
    for code in codes:
        make_departement(code)
    tree = build_tree()
    provision_groups()
    return tree


def make_dispositif(titre="MOUS de Bordeaux", departement="33", live=True, **fields):
    """A dispositif; published through Wagtail (so projected) unless `live` is False."""
    parent = DepartementPage.objects.filter(departement=departement).first()
    if parent is None:
        make_tree(departement)
        parent = DepartementPage.objects.get(departement=departement)
    page = parent.add_child(instance=DispositifPage(title=titre, live=False, **fields))
    if live:
        page.save_revision().publish()
        page.refresh_from_db()
    return page


def make_bonne_pratique(titre="Visiter avant de choisir", live=True, dispositifs=(), **fields):
    parent = BonnesPratiquesPage.objects.first()
    if parent is None:
        make_tree()
        parent = BonnesPratiquesPage.objects.get()
    page = parent.add_child(instance=BonnePratiquePage(title=titre, live=False, **fields))
    page.dispositifs.set(dispositifs)
    if live:
        page.save_revision().publish()
        page.refresh_from_db()
    return page


def make_document(
    dispositif=None,
    titre="Convention",
    niveau="public",
    contenu=PDF,
    nom="convention.pdf",
    **fields,
):
    """Read, and nothing nominative found: what the worker would say of most files."""
    kind, _ = TypeDocument.objects.get_or_create(
        slug=fields.pop("type", "convention"),
        defaults={"libelle": "Convention", "article": "la", "visibilite_par_defaut": "public"},
    )
    document = Document(
        title=titre,
        file=ContentFile(contenu, nom),
        dispositif=dispositif,
        niveau=niveau,
        type=kind,
        file_size=len(contenu),
        **{
            "date": datetime.date(2025, 3, 3),
            "texte_etat": "extrait",
            "anonymat": "rien",
            **fields,
        },
    )
    if dispositif is not None:
        document.collection = collection_of(dispositif.departement)
    document.sha256 = document.fingerprint()
    document.save()
    return document


def make_mandat(dispositif, structure=None, nature="operateur", **fields):
    fields.setdefault("du", datetime.date(2020, 1, 1))
    structure = structure or make_structure()
    return Mandat.objects.create(
        dispositif=dispositif, structure=structure, nature=nature, **fields
    )
