"""The world of the permission tests: accounts, pages in every state, documents of every niveau.

Every secret holds one invented word that begins with « zq »; matrice/mots.csv says who may read it.
« un » is the 33, « deux » the 13. The 47 is a secondary département of two fiches of the 33.
"""

import datetime
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Page, PageViewRestriction, Site, UploadedFile

from annuaire.acteurs.models import Commune, Departement, Role
from dispositifs.actions.documents import replace_document
from dispositifs.models import (
    AccueilPage,
    AnnuairePage,
    ContenuPage,
    DepartementPage,
    Document,
    Forme,
    Lieu,
    Mandat,
    PageTexte,
    Proposition,
    Public,
    RoleParticipation,
    Thematique,
    TypeDocument,
)
from dispositifs.models.documents import Image, collection_of
from search import indexing
from tests.factories import (
    make_bonne_pratique,
    make_dispositif,
    make_document,
    make_mandat,
    make_structure,
    make_tree,
    make_user,
)

ACTEURS = (
    *("public", "ferme", "partenaire", "operateur", "ailleurs"),
    *("c33", "c47", "c13", "national", "administrateur"),
)
INEXISTANT = 999_999


@dataclass(frozen=True)
class Objet:
    """One thing that addresses name: `valeurs` by name of converter, `mots` in its title."""

    valeurs: dict[str, object]
    mots: frozenset[str] = frozenset()


class Navigateur(Client):
    """Sends and reads, without the copy of every template's context that Client keeps."""

    def request(self, **request):
        return self.handler(self._base_environ(**request))


@dataclass
class Monde:
    clients: dict[str, Client] = field(default_factory=dict)
    comptes: dict[str, object] = field(default_factory=dict)
    objets: dict[str, Objet] = field(default_factory=dict)

    def add(self, objet, mots="", /, **valeurs):
        self.objets[objet] = Objet(valeurs, frozenset(mots.split()))


def build():
    """Some seconds: once for each module of tests, in a transaction that is rolled back."""
    cache.clear()
    make_tree("33", "13", "47")
    monde = Monde()
    structures = {
        nom: make_structure(f"Structure {mot}", departement=Departement.objects.get(pk=code))
        for nom, mot, code in (
            ("operateur", "zqoperatrice", "33"),
            ("autre", "zqmandataire", "33"),
            ("ailleurs", "zqlointaine", "13"),
            ("partenaire", "zqpartenaire", "33"),
            ("chef de brouillon", "zqchefbrouillon", "33"),
        )
    }
    _add_accounts(monde, structures)
    pages = _add_dispositifs(monde, structures)
    _add_contents(monde, pages)
    _add_documents(monde, pages, structures)
    _add_propositions(monde, pages, structures)
    _add_images(monde, pages)
    _add_rows(monde, structures)
    _add_pairs(monde)
    monde.add("rien", terme="zq")
    for acteur in ACTEURS:
        monde.clients[acteur] = Navigateur()
        if acteur != "public":
            monde.clients[acteur].force_login(monde.comptes[acteur])
    indexing.rebuild()
    # « Usage » reads it, and it is written on commit, which the tests never reach.
    call_command("rebuild_references_index", verbosity=0)
    return monde


# --- who -----------------------------------------------------------------------------------------
def _add_accounts(monde, structures):
    monde.comptes = {
        "ferme": make_user("national", email="zqferme@exemple.fr"),
        "partenaire": make_user(
            "partenaire", structure=structures["partenaire"], email="partenaire@exemple.fr"
        ),
        "operateur": make_user(
            "operateur", structure=structures["operateur"], email="operateur@exemple.fr"
        ),
        "ailleurs": make_user(
            "operateur", structure=structures["ailleurs"], email="ailleurs@exemple.fr"
        ),
        "c33": make_user("correspondant", "33", email="zqcompteun@exemple.fr"),
        "c47": make_user("correspondant", "47", email="c47@exemple.fr"),
        "c13": make_user("correspondant", "13", email="zqcomptedeux@exemple.fr"),
        "national": make_user("national", email="national@exemple.fr"),
        "administrateur": make_user(None, email="administrateur@exemple.fr"),
    }
    ferme, administrateur = monde.comptes["ferme"], monde.comptes["administrateur"]
    ferme.is_active = False
    ferme.save()
    administrateur.is_superuser = True
    administrateur.save()


# --- pages ---------------------------------------------------------------------------------------
def _add_dispositifs(monde, structures):
    pages = {}
    for code, rang in (("33", "un"), ("13", "deux")):
        own, other = ("operateur", "autre") if code == "33" else ("ailleurs", "ailleurs")
        states = {
            "en ligne": f"zqligne{rang}",
            "autre structure": f"zqautre{rang}",
            "brouillon": f"zqbrouillon{rang}",
            "modifié": f"zqavant{rang}",
            "dépublié": f"zqdepublie{rang}",
            "expiré": f"zqexpire{rang}",
            "restreint": f"zqrestreint{rang}",
        }
        for rank, (state, mot) in enumerate(states.items()):
            page = make_dispositif(
                f"Fiche {mot}",
                code,
                live=state != "brouillon",
                slug=f"fiche-{rank}",
                identifiant=f"id-{code}-{rank}",
            )
            pages[f"{code} {state}"] = page
            structure = structures[other if state == "autre structure" else own]
            make_mandat(page, structure, donne_par=monde.comptes["national"])
        _set_states(pages, code, rang, structures)
        for state, mot in states.items():
            _add_page(monde, f"{code} {state}", pages[f"{code} {state}"], mot)
        for name in (f"{code} modifié",):
            monde.objets[name] = Objet(
                monde.objets[name].valeurs, monde.objets[name].mots | {f"zqapres{rang}"}
            )
    _fill(pages["33 en ligne"], structures)
    for state in ("en ligne", "brouillon"):
        page = pages[f"33 {state}"]
        page.departements_secondaires.set([Departement.objects.get(pk="47")])
        page.save()
        make_mandat(page, structures["partenaire"], nature="partenaire")
    page = pages["33 en ligne"]
    page.save_revision().publish()
    return pages


def _set_states(pages, code, rang, structures):
    # A structure declared by the 33, on a draft of the 13: its usage must not name the draft.
    draft = pages[f"{code} brouillon"]
    draft.chef_de_file = structures["autre"]
    draft.save()
    pages[f"{code} dépublié"].unpublish()
    pages[f"{code} expiré"].unpublish(set_expired=True)
    PageViewRestriction.objects.create(page=pages[f"{code} restreint"], restriction_type="login")
    page = pages[f"{code} modifié"]
    page.title = f"Fiche zqapres{rang}"
    page.criteres_selection = f"zqcritere{rang}"
    page.chef_de_file = structures["chef de brouillon"]
    page.save_revision(user=None)


def _fill(page, structures):
    """Every field of a live fiche that is not public yet holds a word."""
    commune = Commune.objects.create(code="33063", nom="Bordeaux", departement=page.departement)
    page.groupes.update(nom="zqgroupe")
    page.selection, page.criteres_selection = True, "Critère public"
    page.enseignements_reussi = "<p>zqenseignement</p>"
    page.chef_de_file = structures["operateur"]
    page.date_debut = datetime.date(2024, 1, 1)
    page.lieux = [
        Lieu(nature="site", nom="zqsite", commune=commune, public=True),
        Lieu(nature="diffus", nom="zqdiffus", commune=commune, public=True),
        Lieu(nature="terrain-insertion", nom="zqterrain", commune=commune, public=False),
    ]
    page.save()


def _add_page(monde, nom, page, mots=""):
    revision = page.latest_revision or page.save_revision()
    parent = page.get_parent() or page
    mandat = Mandat.objects.filter(dispositif=page.pk).first()
    monde.add(
        nom,
        mots,
        **dict.fromkeys(
            ("page_id", "parent_page_id", "page_to_move_id", "pk", "object_id"), page.pk
        ),
        revision_id=revision.pk,
        revision=revision.pk,
        session_id=INEXISTANT,
        mandat_pk=mandat.pk if mandat else INEXISTANT,
        structure=mandat.structure_id if mandat else INEXISTANT,
        destination_id=parent.pk,
        departement=parent.slug,
        slug=page.slug,
        identifiant=getattr(page, "identifiant", ""),
        page_view_restriction_id=getattr(page.view_restrictions.first(), "pk", INEXISTANT),
    )


def _add_contents(monde, pages):
    accueil = AccueilPage.objects.get()
    live = pages["33 en ligne"]
    _add_page(monde, "racine", Page.get_first_root_node())
    _add_page(monde, "accueil", accueil)
    _add_page(monde, "annuaire", AnnuairePage.objects.get())
    for code in ("33", "13"):
        _add_page(monde, f"département {code}", DepartementPage.objects.get(departement=code))
    _add_page(
        monde,
        "bonne pratique",
        make_bonne_pratique("Pratique zqpratique", dispositifs=[live], slug="pratique-0"),
        "zqpratique",
    )
    _add_page(
        monde,
        "bonne pratique brouillon",
        make_bonne_pratique(
            "Pratique zqpratiquebrouillon", live=False, dispositifs=[live], slug="pratique-1"
        ),
        "zqpratiquebrouillon",
    )
    unpublished = make_bonne_pratique(
        "Pratique zqpratiquedepubliee", dispositifs=[live], slug="pratique-2"
    )
    unpublished.unpublish()
    _add_page(monde, "bonne pratique dépubliée", unpublished, "zqpratiquedepubliee")
    for nom, mot, is_live in (
        ("contenu", "zqcontenu", True),
        ("contenu brouillon", "zqcontenubrouillon", False),
        ("contenu restreint", "zqcontenurestreint", True),
    ):
        page = accueil.add_child(
            instance=ContenuPage(
                title=f"Page {mot}", corps=f"<p>{mot}</p>", slug=nom.replace(" ", "-"), live=is_live
            )
        )
        if nom == "contenu restreint":
            PageViewRestriction.objects.create(page=page, restriction_type="login")
        _add_page(monde, nom, page, mot)
    monde.add(
        "page inexistante",
        **dict.fromkeys(
            (
                "page_id",
                "parent_page_id",
                "page_to_move_id",
                "pk",
                "object_id",
                "revision_id",
                "revision",
                "session_id",
                "destination_id",
                "mandat_pk",
                "document_pk",
                "structure",
                "page_view_restriction_id",
            ),
            INEXISTANT,
        ),
        departement="33-gironde",
        slug="inexistante",
        identifiant="inexistant",
    )


# --- documents and images ------------------------------------------------------------------------
def _add_documents(monde, pages, structures):
    operatrice = structures["operateur"]
    for nom, page, mot, fields in (
        ("document public 33", "33 en ligne", "zqdocpublicun", {}),
        ("document partenaires 33", "33 en ligne", "zqdocpartun", {"niveau": "partenaires"}),
        ("document interne 33", "33 en ligne", "zqdocinterneun", {"niveau": "interne"}),
        ("document interne déposé 33", "33 en ligne", "zqdocdepose",
         {"niveau": "interne", "deposant": operatrice}),
        ("document proposé 33", "33 en ligne", "zqdocpropose",
         {"statut": "propose", "deposant": operatrice}),
        ("document retiré 33", "33 en ligne", "zqdocretire", {"statut": "retire"}),
        ("document à confirmer 33", "33 en ligne", "zqdocaconfirmer", {"anonymat": "a-confirmer"}),
        ("document bloqué 33", "33 en ligne", "zqdocbloque",
         {"niveau": "partenaires", "anonymat": "bloque"}),
        ("document public de brouillon 33", "33 brouillon", "zqdocbrouillonun", {}),
        ("document partenaires de brouillon 33", "33 brouillon", "zqdocbrouillonpart",
         {"niveau": "partenaires"}),
        ("document public dépublié 33", "33 dépublié", "zqdocdepublie", {}),
        ("document public restreint 33", "33 restreint", "zqdocrestreint", {}),
        ("document public 13", "13 en ligne", "zqdocpublicdeux", {}),
        ("document partenaires 13", "13 en ligne", "zqdocpartdeux", {"niveau": "partenaires"}),
        ("document interne 13", "13 en ligne", "zqdocinternedeux", {"niveau": "interne"}),
        ("document de brouillon 13", "13 brouillon", "zqdocbrouillondeux", {}),
        ("guide public", None, "zqguidepublic", {}),
        ("guide partenaires", None, "zqguidepart", {"niveau": "partenaires"}),
        ("guide interne", None, "zqguideinterne", {"niveau": "interne"}),
    ):  # fmt: skip
        dispositif = pages[page] if page else None
        document = _make_document(dispositif, mot, len(monde.objets), fields)
        _add_document(monde, nom, document, mot)
    _add_versions(monde, pages["33 en ligne"])
    PageTexte.objects.bulk_create(
        PageTexte(document=row, n=1, texte=f"Recto de {row.title.split()[1]}")
        for row in Document.objects.all()
    )
    monde.add(
        "document inexistant",
        **dict.fromkeys(("id", "document_id", "doc_id", "pk", "uploaded_file_id"), INEXISTANT),
        identifiant="inexistant",
        nom="piece.txt",
        version=1,
    )


def _make_document(dispositif, mot, rank, fields):
    return make_document(
        dispositif, f"Pièce {mot}", contenu=mot.encode(), nom=f"{mot}.txt",
        identifiant=f"piece-{rank}", vignette=ContentFile(mot.encode(), f"{mot}.png"), **fields,
    )  # fmt: skip


def _add_versions(monde, page):
    """Of two documents: one opened at its second version, one closed at its second version."""
    for nom, niveaux, mots in (
        ("document ouvert en v2", ("interne", "public"), ("zqversionavant", "zqversionouverte")),
        ("document fermé en v2", ("public", "interne"), ("zqouverteavant", "zqversionfermee")),
    ):
        first = _make_document(page, mots[0], len(monde.objets), {"niveau": niveaux[0]})
        second = Document(
            title=f"Pièce {mots[1]}", dispositif=page, niveau=niveaux[1], type=first.type,
            file=SimpleUploadedFile(f"{mots[1]}.txt", mots[1].encode()), file_size=len(mots[1]),
            collection=first.collection, date=first.date, texte_etat="extrait", anonymat="rien",
            vignette=ContentFile(mots[1].encode(), f"{mots[1]}.png"),
        )  # fmt: skip
        second = replace_document(document=first, replacement=second, by=monde.comptes["national"])
        _add_document(monde, nom, second, mots[1])
        first.refresh_from_db()
        _add_document(monde, f"{nom}, v1", first, mots[0])


def _add_document(monde, nom, document, mot):
    monde.add(
        nom,
        mot,
        **dict.fromkeys(("id", "document_id", "doc_id", "pk"), document.pk),
        uploaded_file_id=INEXISTANT,
        identifiant=document.identifiant,
        nom=document.nom,
        version=document.version,
        fichier=document.file.name,
    )


def _add_propositions(monde, pages, structures):
    """For each département: a text and a document that wait, and a text refused, its answer read."""
    for code, rang, own in (("33", "un", "operateur"), ("13", "deux", "ailleurs")):
        page = pages[f"{code} en ligne"]
        mot = f"zqpieceproposee{rang}"
        fields = {"statut": "propose", "deposant": structures[own]}
        document = _make_document(page, mot, len(monde.objets), fields)
        for nom, mots, fields in (
            ("texte", f"zqtextepropose{rang}", {}),
            ("document", mot, {"document": document}),
            ("refusée", f"zqtexterefuse{rang}", {
                "etat": "refusee", "motif": f"zqmotif{rang}", "traite_le": timezone.now(),
                "traite_par": monde.comptes["national"], "vue_le": timezone.now(),
            }),
        ):  # fmt: skip
            what = (
                {"nature": "document"}
                if nom == "document"
                else {"nature": "texte", "rubrique": "contexte", "texte": f"Texte {mots}"}
            )
            row = Proposition.objects.create(
                dispositif=page, structure=structures[own], propose_par=monde.comptes[own],
                message=f"zqmessage{rang}", **what, **fields,
            )  # fmt: skip
            monde.add(f"proposition {nom} {code}", f"{mots} zqmessage{rang}", pk=row.pk)
    monde.add("proposition inexistante", pk=INEXISTANT)


def _add_images(monde, pages):
    for nom, code, mot, shown_by in (
        ("image 33", "33", "zqimageun", None),
        ("image publiée 33", "33", "zqimagepubliee", "33 en ligne"),
        ("image 13", "13", "zqimagedeux", None),
    ):
        image = Image.objects.create(
            title=f"Image {mot}",
            file=get_test_image_file(f"{nom.replace(' ', '-').replace('é', 'e')}.png"),
            collection=collection_of(Departement.objects.get(pk=code)),
        )
        image._set_image_file_metadata()
        image.file.close()
        image.save()
        if shown_by:
            page = pages[shown_by]
            page.visuel = image
            page.save_revision().publish()
        rendition = image.get_rendition("width-20")
        monde.add(
            nom, mot, pk=image.pk, image_id=image.pk, uploaded_file_id=INEXISTANT,
            filter_spec="width-20", path=rendition.file.name, fichier=image.file.name,
        )  # fmt: skip
    monde.add(
        "image inexistante",
        **dict.fromkeys(("pk", "image_id", "uploaded_file_id"), INEXISTANT),
        filter_spec="width-20", path="images/inexistante.png", fichier="images/inexistante.png",
    )  # fmt: skip


# --- rows of the administration ------------------------------------------------------------------
def _add_rows(monde, structures):
    for nom, structure in structures.items():
        monde.add(f"structure {nom}", structure.nom.split()[1], pk=structure.pk)
    redirect = Redirect.add_redirect("/ancienne/", "/dispositifs/")
    rows = {
        "redirection": redirect,
        "site": Site.objects.get(),
        "compte c33": monde.comptes["c33"],
        "compte c13": monde.comptes["c13"],
        "compte de l’administrateur": monde.comptes["administrateur"],
        "groupe": monde.comptes["c33"].groups.get(),
        "collection 33": collection_of(Departement.objects.get(pk="33")),
        "collection racine": Collection.get_first_root_node(),
        "thématique": Thematique.objects.create(name="Logement", slug="logement"),
        "forme": Forme.objects.create(slug="mous", libelle="MOUS"),
        "public": Public.objects.create(slug="tous", libelle="Tous"),
        "type de document": TypeDocument.objects.first(),
        "rôle": RoleParticipation.objects.create(slug="operateur", libelle="Opérateur"),
    }
    for nom, row in rows.items():
        role = Role.objects.filter(user=row.pk).first() if nom.startswith("compte") else None
        monde.add(
            nom, pk=row.pk, redirect_id=row.pk, collection_id=row.pk,
            role_pk=role.pk if role else INEXISTANT,
        )  # fmt: skip
    monde.add(
        "ligne inexistante",
        **dict.fromkeys(("pk", "redirect_id", "collection_id", "role_pk"), INEXISTANT),
    )
    for acteur in ("c33", "c13"):
        for model in (Document, Image):
            upload = UploadedFile.objects.create(
                for_content_type=ContentType.objects.get_for_model(model),
                file=SimpleUploadedFile("depot.txt", b"zqdepot"),
                uploaded_by_user=monde.comptes[acteur],
            )
            kind = "document" if model is Document else "image"
            monde.add(f"dépôt {kind} {acteur}", uploaded_file_id=upload.pk)


def _add_pairs(monde):
    """Addresses that name two things: one of the 33, one of the 13, in each position."""
    own, foreign = monde.objets["33 brouillon"], monde.objets["13 brouillon"]
    here = monde.objets["département 33"].valeurs["page_id"]
    there = monde.objets["département 13"].valeurs["page_id"]
    pairs = {
        "33 vers le 13": (own, {"destination_id": there}),
        "13 vers le 33": (foreign, {"destination_id": here}),
        "33 et révision du 13": (own, _only(foreign, "revision_id", "revision")),
        "13 et révision du 33": (foreign, _only(own, "revision_id", "revision")),
        "33 et mandat du 13": (own, _only(foreign, "mandat_pk")),
        "13 et mandat du 33": (foreign, _only(own, "mandat_pk")),
    }
    for nom, (objet, others) in pairs.items():
        monde.objets[nom] = Objet({**objet.valeurs, **others}, foreign.mots)
    for nom, page, document in (
        ("33 et son document", "33 en ligne", "document interne 33"),
        ("13 et son document", "13 en ligne", "document interne 13"),
        ("33 et document d’une autre fiche", "33 brouillon", "document interne 33"),
        ("33 et document du 13", "33 en ligne", "document interne 13"),
        ("13 et document du 33", "13 en ligne", "document interne 33"),
        ("33 et version remplacée", "33 en ligne", "document ouvert en v2, v1"),
    ):
        host, piece = monde.objets[page], monde.objets[document]
        monde.objets[nom] = Objet(
            {**host.valeurs, "document_pk": piece.valeurs["document_id"]}, piece.mots
        )
    c33, c13 = monde.objets["compte c33"].valeurs, monde.objets["compte c13"].valeurs
    monde.add("compte c33 et rôle de c13", **{**c33, "role_pk": c13["role_pk"]})


def _only(objet, *names):
    return {name: objet.valeurs[name] for name in names}
