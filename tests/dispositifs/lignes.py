"""Small files of fiches, and the small world that they name."""

import json

from annuaire.acteurs.models import Commune, Epci, TypeStructure
from dispositifs.models import Forme, Public, RoleParticipation, Thematique, TypeDocument
from dispositifs.saisie.fichier.erreurs import FichierRefuse
from dispositifs.saisie.fichier.importation import import_fiches
from tests.factories import make_departement, make_tree

COMMUNES = {"33063": "Bordeaux", "33039": "Bègles", "47157": "Marmande", "13055": "Marseille"}


def make_world():
    """Départements 33, 13 and 47, four communes, an EPCI and two words of each list."""
    make_tree("33", "13", "47")
    epci = Epci.objects.create(siren="243300316", nom="Bordeaux Métropole", type="METRO")
    for code, nom in COMMUNES.items():
        departement = make_departement(code[:2])
        Commune.objects.create(code=code, nom=nom, departement=departement, epci=epci)
    for slug in ("association", "ddets"):
        TypeStructure.objects.create(slug=slug, libelle=slug)
    for rank, slug in enumerate(("logement", "sante")):
        Thematique.objects.create(slug=slug, name=slug.title(), ordre=rank)
    for model, slugs in (
        (Forme, ("mous", "equipe-mobile")),
        (Public, ("tous-menages", "femmes")),
        (RoleParticipation, ("operateur", "pilote", "financeur")),
    ):
        for slug in slugs:
            model.objects.create(slug=slug, libelle=slug)
    RoleParticipation.objects.create(slug="operateur-chef-de-file", libelle="Chef", maximum=1)
    for slug, niveau in (("convention", "public"), ("compte-rendu", "partenaires")):
        TypeDocument.objects.create(
            slug=slug, libelle=slug, article="la", visibilite_par_defaut=niveau
        )


def fiche(identifiant="mous-bordeaux", **keys):
    return {"identifiant": identifiant, "titre": "MOUS de Bordeaux", "departement": "33", **keys}


def whole_fiche(**keys):
    """Every key that this version writes, none of them empty."""
    return fiche(
        sigle="MOUS",
        resume="Un résumé.",
        corps={"contexte": "Un.\n\nDeux :\n\n- a\n- b", "limites": "a < b & c"},
        departements_secondaires=["47"],
        communes=["33063"],
        epci=["243300316"],
        france_entiere=False,
        thematiques=["logement", "sante"],
        formes=["mous"],
        mots_cles=["baux glissants", "aller-vers"],
        publics=["tous-menages"],
        statut="en-cours",
        date_debut="2024-01-01",
        date_fin_prevue="2027-12-31",
        date_fin=None,
        selection=False,
        criteres_selection="Aucun.",
        capacite_menages=45,
        duree_contrat_mois=6,
        renouvellements=3,
        places_libres=3,
        places_libres_au="2026-10-31",
        enseignements={"reussi": "Oui."},
        structures=[
            {"nom": "Rive et Seuil", "type": "association", "role": "operateur-chef-de-file"},
            {"nom": "DDETS", "siren": None, "type": "ddets", "role": "pilote"},
            {"nom": "DDETS", "type": "ddets", "role": "financeur", "du": "2024-01-01"},
        ],
        lieux=[
            {"nature": "terrain-insertion", "nom": "Le Quai", "commune": "33039", "public": True}
        ],
        groupes=[{"nom": "Sous contrat", "menages": 36, "personnes": 119, "du": "2024-01-01"}],
        documents=[
            {
                "titre": "Convention",
                "type": "convention",
                "date": "2024-02-01",
                "texte": "Article 1.",
            }
        ],
        **keys,
    )


def write_lines(folder, *fiches, name="fiches.jsonl"):
    path = folder / name
    path.write_text("".join(f"{json.dumps(row)}\n" for row in fiches), encoding="utf-8")
    return path


def load(folder, *fiches, **options):
    return import_fiches(write_lines(folder, *fiches), **options)


def errors_of(folder, *fiches):
    """What the import of these lines is refused for, with plain spaces."""
    try:
        load(folder, *fiches)
    except FichierRefuse as refusal:
        return [plain(str(erreur)) for erreur in refusal.erreurs]
    return []


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")
