"""The addresses asked, drawn from the data with a seed: frequent words and values more often."""

import random
from urllib.parse import urlencode

from annuaire.acteurs.models import Departement
from dispositifs.choices import NaturePublique
from dispositifs.models import FichePublique, FicheValeur
from search.analysis import STOP_WORDS
from search.models import Terme

COUNT = 40  # addresses of a workload: enough to vary, few enough to come back in each round
FILTRES = ("thematique", "region", "departement", "forme", "statut", "public", "annee")


def draw(graine):
    """{name of a list: [query strings or paths]}; the same for the same data and seed."""
    rng = random.Random(graine)
    words = _words(rng)
    textes = [urlencode({"q": " ".join(pick)}) for pick in words]
    filtres = [urlencode(pairs) for pairs in _filters(rng)]
    rows = FichePublique.objects.dispositifs().order_by("identifiant")
    fiches = rng.sample(list(rows.values_list("url", "identifiant")), COUNT)
    covered = FicheValeur.objects.filter(facette="departement").values("valeur")
    departements = list(Departement.objects.filter(pk__in=covered).order_by("pk"))
    return {
        "rien": [urlencode({"page": rng.randint(1, 20)}) for _ in range(COUNT)],
        "textes": textes,
        "filtres": filtres,
        "mixtes": [f"{texte}&{filtre}" for texte, filtre in zip(textes, filtres, strict=True)],
        "fiches": [url for url, _ in fiches],
        "identifiants": [identifiant for _, identifiant in fiches],
        "departements": [row.slug for row in rng.sample(departements, COUNT)],
    }


def _words(rng):
    """One to three words, as often as fiches use them."""
    rows = Terme.objects.filter(df__gt=1).order_by("-df", "forme").values_list("forme", "df")
    known = [(forme, df) for forme, df in rows if len(forme) > 3 and forme not in STOP_WORDS]
    formes, weights = zip(*known, strict=True)
    return [rng.choices(formes, weights, k=1 + rank % 3) for rank in range(COUNT)]


def _filters(rng):
    """One value of one facet, or of two."""
    rows = FicheValeur.objects.filter(
        fiche__nature=NaturePublique.DISPOSITIF, facette__in=FILTRES
    ).order_by("fiche", "facette", "valeur")
    values = {}
    for facette, valeur in rows.values_list("facette", "valeur"):
        values.setdefault(facette, []).append(valeur)
    facettes = sorted(values)
    return [
        [(facette, rng.choice(values[facette])) for facette in rng.sample(facettes, 1 + rank % 2)]
        for rank in range(COUNT)
    ]
