"""What the search is given of a public dispositif: words, by weight, and values of facets."""

from typing import Any

from dispositifs.choices import ROLE_FINANCEUR, ROLES_OPERATEURS
from dispositifs.models.texte_riche import html_to_text

from .dispositif import FicheDispositif
from .territoires import Couverture


def textes_a_indexer(fiche: FicheDispositif) -> dict[str, str]:
    territory: list[Any] = [fiche.departement, fiche.departement.region, *fiche.secondaires]
    strong = [
        fiche.page.resume,
        *(row.name for row in fiche.thematiques),
        *(f"{row.libelle} {row.sigle}" for row in fiche.formes),
        *fiche.mots_cles,
        *(f"{row.nom} {row.code}" for row in territory),
        *(row.nom for row in fiche.communes),
        *(row.nom for row in fiche.epci),
        *(row["noms"] for row in fiche.structures if row["role"] in ROLES_OPERATEURS),
    ]
    body = [
        *(html_to_text(text) for text in [*fiche.textes.values(), *fiche.enseignements.values()]),
        fiche.page.criteres_selection,
        *(row.libelle for row in fiche.publics),
        *(row["noms"] for row in fiche.structures if row["role"] not in ROLES_OPERATEURS),
        *(lieu.nom for lieu in fiche.lieux),
    ]
    return {
        "titre": fiche.page.title,
        "sigle": fiche.page.sigle,
        "fort": "\n".join(filter(None, strong)),
        "corps": "\n".join(filter(None, body)),
        "documents": "\n".join(document.title for document in fiche.documents),
    }


def facettes(fiche: FicheDispositif, coverage: Couverture) -> dict[str, list[str]]:
    page = fiche.page
    operators = {row["id"] for row in fiche.structures if row["role"] in ROLES_OPERATEURS}
    financeurs = {row["id"] for row in fiche.structures if row["role"] == ROLE_FINANCEUR}
    found = {
        "thematique": [row.slug for row in fiche.thematiques],
        "forme": [row.slug for row in fiche.formes],
        "statut": [page.statut],
        "departement": sorted(coverage.departements),
        "region": sorted(coverage.regions),
        "epci": sorted(coverage.epci),
        "structure": sorted(operators),
        "financeur": sorted(financeurs),
        "public": [row.slug for row in fiche.publics],
        # Natures of its public lieux: how the map finds them.
        "lieu": sorted({row.nature for row in fiche.lieux}),
        "annee": [str(page.date_debut.year)] if page.date_debut else [],
        "selection": ["sans"] if page.selection is False else [],
        "places": ["libres"] if page.places_libres else [],
        "bonne_pratique": ["oui"] if fiche.bonnes_pratiques else [],
        "type_document": sorted({row.type.slug for row in fiche.documents if row.type}),
        "langue": sorted({row.langue for row in fiche.documents}),
    }
    return {name: values for name, values in found.items() if values}
