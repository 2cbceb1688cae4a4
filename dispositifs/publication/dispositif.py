"""The public fiche of a dispositif: a whitelist. What is not named here is not public."""

import datetime
from typing import Any

from django.utils import timezone

from annuaire.acteurs.models import Commune, Epci, Structure
from dispositifs.choices import (
    ENSEIGNEMENTS,
    ROLE_CHEF_DE_FILE,
    ROLE_PILOTE,
    ROLES_OPERATEURS,
    RUBRIQUES,
    NatureLieu,
    Statut,
)
from dispositifs.models import BonnePratiquePage, DispositifPage, Document, Lieu
from dispositifs.models.texte_riche import html_to_text
from dispositifs.models.vocabulaires import thematiques_of

from .documents import document_entry
from .territoires import Cog, Couverture
from .textes import public_html

Json = dict[str, Any]
PREFETCH = (
    "liens_thematiques__tag__remplacee_par",
    "liens_mots_cles__tag",
    "formes",
    "publics",
    "communes",
    "epci",
    "departements_secondaires",
    "participations__structure__type",
    "participations__structure__alias",
    "participations__structure__fusionne_dans__type",
    "participations__structure__fusionne_dans__alias",
    "participations__role",
    "lieux__commune",
    "chef_de_file__type",
    "chef_de_file__alias",
    "chef_de_file__fusionne_dans__type",
    "chef_de_file__fusionne_dans__alias",
    "visuel",
)
PUBLIC_LIEUX = {NatureLieu.TERRAIN_INSERTION, NatureLieu.PERMANENCE}


class FicheDispositif:
    """One dispositif read once, and said in the shapes that lists, pages and index need."""

    def __init__(
        self,
        page: DispositifPage,
        *,
        documents: list[Document],
        bonnes_pratiques: list[BonnePratiquePage],
        cog: Cog,
    ) -> None:
        self.page = page
        self.cog = cog
        self.documents = documents
        self.bonnes_pratiques = sorted(bonnes_pratiques, key=lambda row: row.title)
        self.departement = cog.departements[page.departement_id or ""]
        self.thematiques = thematiques_of(page.liens_thematiques.all())
        self.formes = sorted(page.formes.all(), key=lambda row: (row.ordre, row.libelle))
        self.publics = sorted(page.publics.all(), key=lambda row: (row.ordre, row.libelle))
        self.mots_cles = sorted(link.tag.name for link in page.liens_mots_cles.all())
        self.secondaires = sorted(page.departements_secondaires.all(), key=lambda row: row.code)
        self.lieux = [lieu for lieu in page.lieux.all() if is_public_lieu(lieu)]
        self.communes = self._communes()
        self.epci: list[Epci] = sorted(page.epci.all(), key=lambda row: row.nom)
        self.structures = self._structures()
        self.textes = {name: getattr(page, name) for name in RUBRIQUES}
        self.enseignements = {
            name: getattr(page, f"enseignements_{name}") if page.is_closed else ""
            for name in ENSEIGNEMENTS
        }

    def _communes(self) -> list[Commune]:
        named = {row.code: row for row in self.page.communes.all()}
        named |= {lieu.commune_id: lieu.commune for lieu in self.lieux}
        return sorted(named.values(), key=lambda row: (row.nom, row.code))

    def _structures(self) -> list[Json]:
        rows = []
        if self.page.chef_de_file:
            rows.append(_structure(self.page.chef_de_file, ROLE_CHEF_DE_FILE))
            rows[0]["role_libelle"] = "Opérateur chef de file"
        participations = sorted(
            self.page.participations.all(), key=lambda row: (row.role.ordre, row.sort_order or 0)
        )
        for participation in participations:
            row = _structure(participation.structure, participation.role.slug)
            row["role_libelle"] = participation.role.libelle
            row["du"], row["au"] = _day(participation.du), _day(participation.au)
            rows.append(row)
        return rows

    # --- territory -------------------------------------------------------------------------------
    def coverage(self) -> Couverture:
        declared = {self.departement.code, *(row.code for row in self.secondaires)}
        return self.cog.coverage(declared, self.communes, self.epci, self.page.france_entiere)

    # --- dates -----------------------------------------------------------------------------------
    @property
    def maj(self) -> datetime.date:
        """Day of the last change that the public can see: publication or document."""
        moments = [document.maj for document in self.documents]
        if self.page.last_published_at:
            moments.append(self.page.last_published_at)
        return timezone.localdate(max(moments)) if moments else timezone.localdate()

    # --- shapes ----------------------------------------------------------------------------------
    def carte(self) -> Json:
        page = self.page
        return {
            "identifiant": page.identifiant,
            "url": self.url,
            "titre": page.title,
            "sigle": page.sigle,
            "resume": page.resume,
            "departement": {"code": self.departement.code, "nom": self.departement.nom},
            "region": {"code": self.departement.region_id, "nom": self.departement.region.nom},
            "communes": [row.code for row in self.communes],
            "thematiques": [row.slug for row in self.thematiques],
            "formes": [row.slug for row in self.formes],
            "statut": page.statut,
            "date_debut": _day(page.date_debut),
            "date_fin": _day(page.date_fin),
            "structures": [
                {"nom": row["nom"], "role": row["role"]}
                for row in self.structures
                if row["role"] in (*ROLES_OPERATEURS, ROLE_PILOTE)
            ],
            "capacite": page.capacite_menages,
            "places_libres": page.places_libres,
            "places_libres_au": _day(page.places_libres_au),
            "documents": len(self.documents),
            "maj": self.maj.isoformat(),
            "libelles": {
                "statut": Statut(page.statut).label,
                "thematiques": [row.name for row in self.thematiques],
                "formes": [row.sigle or row.libelle for row in self.formes],
                "communes": [row.nom for row in self.communes],
            },
        }

    def fiche(self) -> Json:
        page = self.page
        return {
            "identifiant": page.identifiant,
            "url": self.url,
            "titre": page.title,
            "sigle": page.sigle,
            "resume": page.resume,
            "corps": {name: html_to_text(text) for name, text in self.textes.items()},
            "corps_html": {name: public_html(text) for name, text in self.textes.items()},
            "departement": self.departement.code,
            "region": self.departement.region_id,
            "departements_secondaires": [row.code for row in self.secondaires],
            "communes": [row.code for row in self.communes],
            "epci": [row.siren for row in self.epci],
            "france_entiere": page.france_entiere,
            "thematiques": [row.slug for row in self.thematiques],
            "formes": [row.slug for row in self.formes],
            "mots_cles": self.mots_cles,
            "publics": [row.slug for row in self.publics],
            "statut": page.statut,
            "date_debut": _day(page.date_debut),
            "date_fin_prevue": _day(page.date_fin_prevue),
            "date_fin": _day(page.date_fin),
            "selection": page.selection,
            "criteres_selection": page.criteres_selection,
            "capacite_menages": page.capacite_menages,
            "duree_contrat_mois": page.duree_contrat_mois,
            "renouvellements": page.renouvellements,
            "duree_totale_mois": page.duree_totale_mois,
            "places_libres": page.places_libres,
            "places_libres_au": _day(page.places_libres_au),
            "enseignements": {
                name: html_to_text(text) for name, text in self.enseignements.items()
            },
            "enseignements_html": {
                name: public_html(text) for name, text in self.enseignements.items()
            },
            "structures": [
                {key: row[key] for key in ("nom", "siren", "type", "role")}
                for row in self.structures
            ],
            "lieux": [_lieu(lieu) for lieu in self.lieux],
            "documents": [document_entry(document) for document in self.documents],
            "bonnes_pratiques": [_bonne_pratique(row) for row in self.bonnes_pratiques],
            "visuel": self._visuel(),
            "maj": self.maj.isoformat(),
            "libelles": self._libelles(),
        }

    @property
    def url(self) -> str:
        return f"/dispositifs/{self.departement.slug}/{self.page.slug}/"

    def _visuel(self) -> Json | None:
        if self.page.visuel is None:
            return None
        rendition = self.page.visuel.get_rendition("fill-1200x500|format-webp")
        return {"url": rendition.url, "alt": self.page.visuel.description}

    def _libelles(self) -> Json:
        return {
            "departement": departement_entry(self.departement),
            "departements_secondaires": [departement_entry(row) for row in self.secondaires],
            "region": {"code": self.departement.region_id, "nom": self.departement.region.nom},
            "statut": Statut(self.page.statut).label,
            "thematiques": [{"slug": row.slug, "libelle": row.name} for row in self.thematiques],
            "formes": [
                {"slug": row.slug, "libelle": row.libelle, "sigle": row.sigle}
                for row in self.formes
            ],
            "publics": [{"slug": row.slug, "libelle": row.libelle} for row in self.publics],
            "communes": [{"code": row.code, "nom": row.nom} for row in self.communes],
            "epci": [{"code": row.siren, "nom": row.nom} for row in self.epci],
            "structures": [
                {
                    "nom": row["nom"],
                    "type": row["type_libelle"],
                    "role": row["role_libelle"],
                    "du": row["du"],
                    "au": row["au"],
                }
                for row in self.structures
            ],
            "lieux": [
                {
                    "nature": NatureLieu(lieu.nature).label,
                    "nom": lieu.nom,
                    "commune": lieu.commune.nom,
                }
                for lieu in self.lieux
            ],
        }


def is_public_lieu(lieu: Lieu) -> bool:
    """Only a terrain d’insertion or a permanence that is flagged public."""
    return lieu.public and lieu.nature in PUBLIC_LIEUX


def departement_entry(departement: Any) -> Json:
    return {
        "code": departement.code,
        "nom": departement.nom,
        "url": f"/dispositifs/{departement.slug}/",
    }


def _structure(structure: Structure, role: str) -> Json:
    """The structure that readers must see: a merged one is read as its successor."""
    shown = structure.actuelle
    aliases = {alias.nom for row in {structure, shown} for alias in row.alias.all()}
    return {
        "id": str(shown.pk),
        "nom": shown.nom,
        "siren": shown.siren or None,
        "type": shown.type_id,
        "type_libelle": shown.type.libelle,
        "role": role,
        "du": None,
        "au": None,
        "noms": " ".join([shown.nom, *sorted(aliases)]),
    }


def _bonne_pratique(page: BonnePratiquePage) -> Json:
    return {
        "identifiant": page.identifiant,
        "titre": page.title,
        "url": f"/bonnes-pratiques/{page.slug}/",
    }


def _lieu(lieu: Lieu) -> Json:
    """A public lieu, at the precision of its commune unless the exact place is flagged public."""
    return {
        "nature": lieu.nature,
        "nom": lieu.nom,
        "commune": lieu.commune_id,
        "public": True,
        "longitude": lieu.longitude if lieu.exact_public else None,
        "latitude": lieu.latitude if lieu.exact_public else None,
    }


def _day(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None
