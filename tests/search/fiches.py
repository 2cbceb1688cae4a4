"""Public fiches as the projection leaves them, made directly: search reads nothing else."""

import datetime
import json
import random
from itertools import count

from annuaire.acteurs.normalisation import fold
from dispositifs.models import (
    FichePublique,
    FicheRetiree,
    FicheTerritoire,
    FicheValeur,
    VersionAnnuaire,
)

_numbers = count(1)


def make_fiche(titre="MOUS de Bordeaux", *, nature="dispositif", identifiant=None, **fields):
    """One public fiche, with its facet values and its territory tokens, at the next version."""
    fiche = build_fiche(titre, nature=nature, identifiant=identifiant, **fields)
    fiche.version = VersionAnnuaire.raise_version()
    fiche.save()
    save_values([fiche])
    return fiche


def save_values(fiches):
    FicheValeur.objects.bulk_create(
        [
            FicheValeur(fiche=fiche, facette=facette, valeur=valeur)
            for fiche in fiches
            for facette, valeurs in fiche.facettes.items()
            for valeur in valeurs
        ],
        batch_size=5000,
    )
    FicheTerritoire.objects.bulk_create(
        [
            FicheTerritoire(fiche=fiche, jeton=jeton)
            for fiche in fiches
            for jeton in fiche.territoires
        ],
        batch_size=5000,
    )


def build_fiche(
    titre,
    *,
    nature="dispositif",
    identifiant=None,
    sigle="",
    resume="",
    fort="",
    corps="",
    documents="",
    facettes=None,
    territoires=(),
    maj="2026-01-15",
    debut=None,
    **carte,
):
    identifiant = identifiant or f"fiche-{next(_numbers)}"
    textes = {
        "titre": titre,
        "sigle": sigle,
        "fort": f"{resume} {fort}".strip(),
        "corps": corps,
        "documents": documents,
    }
    url = f"/{nature}s/{identifiant}/"
    return FichePublique(
        nature=nature,
        identifiant=identifiant,
        version=1,
        url=url,
        titre=titre,
        titre_tri=fold(titre),
        date_debut=debut and datetime.date.fromisoformat(debut),
        maj=datetime.date.fromisoformat(maj),
        textes=textes,
        facettes=facettes or {},
        territoires=list(territoires),
        texte_plie=fold(" ".join(textes.values())),
        carte=json.dumps(make_carte(identifiant, nature, url, titre, sigle, resume, maj) | carte),
        fiche="{}",
    )


def make_carte(identifiant, nature, url, titre, sigle, resume, maj):
    common = {"identifiant": identifiant, "url": url, "titre": titre, "maj": maj}
    if nature == "document":
        return common | {
            "type": "convention",
            "date": "2025-03-03",
            "periode_du": None,
            "periode_au": None,
            "langue": "fr",
            "format": "pdf",
            "taille": 61_900,
            "pages": 3,
            "description": "",
            "licence": None,
            "version_accessible": None,
            "balise": None,
            "vignette": None,
            "dispositif": None,
            "departement": None,
            "libelles": {"type": "Convention", "article": "la", "licence": ""},
        }
    common |= {"resume": resume, "thematiques": ["logement"]}
    if nature == "bonne-pratique":
        return common | {
            "date": maj,
            "dispositifs": [],
            "libelles": {"thematiques": ["Logement"]},
        }
    return common | {
        "sigle": sigle,
        "departement": {"code": "33", "nom": "Gironde"},
        "region": {"code": "75", "nom": "Nouvelle-Aquitaine"},
        "communes": ["33063"],
        "formes": ["mous"],
        "statut": "en-cours",
        "date_debut": "2024-01-01",
        "date_fin": None,
        "structures": [{"nom": "Rive et Seuil", "role": "operateur-chef-de-file"}],
        "capacite": 45,
        "places_libres": None,
        "places_libres_au": None,
        "documents": 0,
        "a_jour_jusqu_au": None,
        "libelles": {
            "statut": "En cours",
            "thematiques": ["Logement"],
            "formes": ["MOUS"],
            "communes": ["Bordeaux"],
        },
    }


def retire(fiche):
    version = VersionAnnuaire.raise_version()
    FicheRetiree.objects.create(nature=fiche.nature, identifiant=fiche.identifiant, version=version)
    fiche.delete()


WORDS = (  # noqa: SIM905
    "hébergement logement insertion bidonville résorption diagnostic accompagnement santé "
    "scolarisation emploi médiation évacuation relogement convention baux glissants eau"
).split()


def generate(size, seed=1):
    """Varied fiches in bulk, a natural distribution of words, facets of every kind."""
    rng = random.Random(seed)
    fiches = [_generated(rng, number) for number in range(size)]
    version = VersionAnnuaire.raise_version()
    for fiche in fiches:
        fiche.version = version
    FichePublique.objects.bulk_create(fiches, batch_size=500)
    save_values(list(FichePublique.objects.all()))
    return fiches


def _generated(rng, number):
    departement = f"{rng.randrange(1, 96):02}"
    national = rng.random() < 0.02
    facettes = {
        "thematique": _some(rng, ["sante", "logement", "emploi", "droits", "ecole", "site"]),
        "forme": _some(rng, ["mous", "eti", "equipe-mobile", "plateforme"], 1),
        "statut": [rng.choice(["en-cours", "termine", "en-preparation", "abandonne"])],
        "departement": [f"{n:02}" for n in range(1, 96)] if national else [departement],
        "region": [str(n) for n in range(18)] if national else [str(int(departement) % 18)],
        "epci": [] if national else _some(rng, [f"2000{departement}{n:03}" for n in range(9)]),
        "public": _some(rng, ["tous-menages", "familles", "jeunes"], 1),
        "structure": _some(rng, [str(n) for n in range(1, 400)], 2),
        "financeur": _some(rng, [str(n) for n in range(1, 120)], 2),
        "annee": [str(rng.randrange(2012, 2027))],
        "selection": ["sans"] if rng.random() < 0.4 else [],
        "places": ["libres"] if rng.random() < 0.2 else [],
        "bonne_pratique": ["oui"] if rng.random() < 0.05 else [],
    }
    return build_fiche(
        f"{rng.choice(WORDS).title()} et {rng.choice(WORDS)} numéro {number}",
        identifiant=f"generee-{number}",
        resume=" ".join(_zipf(rng) for _ in range(30)),
        corps=" ".join(_zipf(rng) for _ in range(450)),
        facettes=facettes,
        territoires=["france"] if national else [f"departement:{departement}"],
        maj=f"2026-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
        debut=f"{facettes['annee'][0]}-01-01",
    )


def _some(rng, values, most=3):
    return sorted(rng.sample(values, rng.randint(1, most)))


def _zipf(rng):
    rank = int(rng.paretovariate(0.8))
    return WORDS[rank - 1] if rank <= len(WORDS) else f"mot{rank % 20_000}"
