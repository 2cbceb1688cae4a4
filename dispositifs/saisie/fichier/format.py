"""The form of one line of a file of fiches: which keys, which values. No database here.

An absent key is left as it is, null is unknown, "" is emptied.
"""

import datetime
from typing import Any

from dispositifs.choices import (
    ENSEIGNEMENTS,
    ROLE_CHEF_DE_FILE,
    RUBRIQUES,
    Langue,
    NatureLieu,
    Niveau,
    Statut,
)
from dispositifs.models.dispositif import RESERVED_IDENTIFIANTS

from .controles import (
    INVALIDE,
    Booleen,
    Choix,
    Controle,
    Entier,
    Jour,
    Liste,
    Motif,
    Nombre,
    Objet,
    Texte,
)
from .erreurs import Ligne

FORMATS_DE_TEXTE = ("pdf", "odt", "docx", "xlsx", "txt")
GRANULARITES = ("mois", "trimestre", "semestre", "annee", "scolaire")
ETATS_RELEVE = ("renseigne", "non-renseigne", "non-concerne")
ETATS_OBJECTIF = ("propose", "accepte", "refuse", "revise", "abandonne")
EUROS = Nombre(-1e12, 1e12)
VALEUR = Nombre(-1e15, 1e15)

IDENTIFIANT = Motif(
    r"[a-z0-9][a-z0-9_-]{0,79}",
    "lettres minuscules sans accent, chiffres et tirets, 80 au plus",
)
IDENTIFIANT_DOCUMENT = Motif(
    r"(?=.*[a-z])[a-z0-9][a-z0-9_-]{0,119}",
    "lettres minuscules sans accent (une au moins), chiffres et tirets, 120 au plus",
)
SLUG = Motif(r"[a-z0-9_-]{1,60}", "un identifiant de la liste de référence est attendu")
DEPARTEMENT = Motif(r"\d\d|2[AB]|97\d", "un code de département est attendu (« 33 », « 2A »)")
COMMUNE = Motif(r"(?:\d\d|2[AB])\d{3}", "un code INSEE de commune est attendu (« 33063 »)")
EPCI = Motif(r"\d{9}", "un SIREN d’intercommunalité est attendu, neuf chiffres")
SIREN = Motif(r"\d{9}", "un SIREN est attendu, neuf chiffres sans espace", nullable=True)
INDICATEUR = Motif(r"[A-Z]{3}-\d\d", "un code d’indicateur est attendu (« PUB-01 »)")
PERIODE = Motif(
    r"\d{4}(?:-(?:0[1-9]|1[0-2]|T[1-4]|S[12]|\d{4}))?", "une période est attendue (« 2024-01 »)"
)


def _cellule(value: Any, champ: str, ligne: Ligne) -> Any:
    """A cell of a table: a number stays one, so that a spreadsheet can compute with it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return VALEUR(value, champ, ligne) if isinstance(value, float) else value
    return Texte(32_000)(value, champ, ligne)


STRUCTURE = Objet(
    {
        "nom": Texte(200, obligatoire=True),
        "siren": SIREN,
        "type": Motif(SLUG.expression, SLUG.attendu, nullable=True),
        "role": SLUG,
        "du": Jour(),
        "au": Jour(),
    },
    obligatoires=("nom", "role"),
)
LIEU = Objet(
    {
        "nature": Choix(NatureLieu.values),
        "nom": Texte(120),
        "commune": COMMUNE,
        "public": Booleen(),
        "longitude": Nombre(-180, 180),
        "latitude": Nombre(-90, 90),
        "exact_public": Booleen(),
    },
    obligatoires=("nature", "commune"),
)
GROUPE = Objet(
    {
        "nom": Texte(120, obligatoire=True),
        "menages": Entier(),
        "personnes": Entier(),
        "du": Jour(),
        "au": Jour(),
        "effectif_au": Jour(),
    },
    obligatoires=("nom",),
)
FINANCEMENT = Objet(
    {
        "annee": Entier(1900, 2200, nullable=False),
        "type": SLUG,
        "financeur": Texte(200),
        "prevu": EUROS,
        "execute": EUROS,
        "commentaire": Texte(),
    },
    obligatoires=("annee", "type", "financeur"),
)
DOCUMENT = Objet(
    {
        "identifiant": IDENTIFIANT_DOCUMENT,
        "titre": Texte(255, obligatoire=True),
        "type": Motif(SLUG.expression, SLUG.attendu, nullable=True),
        "date": Jour(),
        "periode_du": Jour(),
        "periode_au": Jour(),
        "langue": Choix(Langue.values, nullable=True),
        "niveau": Choix(Niveau.values, nullable=True),
        "fichier": Texte(400, obligatoire=True),
        "texte": Texte(1_000_000, obligatoire=True),
        "format": Choix(FORMATS_DE_TEXTE, nullable=True),
        "tableau": Liste(Liste(_cellule)),
    },
    obligatoires=("titre", "type"),
)
SUIVI = Objet(
    {"indicateur": INDICATEUR, "granularite": Choix(GRANULARITES), "responsable": Texte(200)},
    obligatoires=("indicateur",),
)
RELEVE = Objet(
    {
        "indicateur": INDICATEUR,
        "periode": PERIODE,
        "valeur": VALEUR,
        "etat": Choix(ETATS_RELEVE),
        "groupe": Texte(120),
        "note": Texte(),
    },
    obligatoires=("indicateur", "periode"),
)
OBJECTIF = Objet(
    {
        "indicateur": INDICATEUR,
        "cible": VALEUR,
        "depart": VALEUR,
        "echeance": Jour(),
        "etat": Choix(ETATS_OBJECTIF),
        "groupe": Texte(120),
    },
    obligatoires=("indicateur", "cible"),
)

CLES: dict[str, Controle] = {
    "identifiant": IDENTIFIANT,
    "titre": Texte(255, obligatoire=True),
    "sigle": Texte(30),
    "resume": Texte(300),
    "corps": Objet(dict.fromkeys(RUBRIQUES, Texte()), nullable=True),
    "departement": DEPARTEMENT,
    "departements_secondaires": Liste(DEPARTEMENT, sans_doublon=True),
    "communes": Liste(COMMUNE, sans_doublon=True),
    "epci": Liste(EPCI, sans_doublon=True),
    "france_entiere": Booleen(),
    "thematiques": Liste(SLUG, sans_doublon=True),
    "formes": Liste(SLUG, sans_doublon=True),
    "mots_cles": Liste(Texte(100, obligatoire=True), sans_doublon=True),
    "publics": Liste(SLUG, sans_doublon=True),
    "statut": Choix(Statut.values, nullable=True),
    "date_debut": Jour(),
    "date_fin_prevue": Jour(),
    "date_fin": Jour(),
    "selection": Booleen(),
    "criteres_selection": Texte(),
    "capacite_menages": Entier(),
    "duree_contrat_mois": Entier(1, 120),
    "renouvellements": Entier(0, 20),
    "places_libres": Entier(),
    "places_libres_au": Jour(),
    "enseignements": Objet(dict.fromkeys(ENSEIGNEMENTS, Texte()), nullable=True),
    "structures": Liste(STRUCTURE),
    "lieux": Liste(LIEU),
    "groupes": Liste(GROUPE),
    "documents": Liste(DOCUMENT),
    "financements": Liste(FINANCEMENT),
    "suivis": Liste(SUIVI),
    "releves": Liste(RELEVE),
    "objectifs": Liste(OBJECTIF),
}
FICHE = Objet(CLES)
# Their models come with a later version: checked for form, counted, not written.
NON_CHARGEES = ("financements", "suivis", "releves", "objectifs")
EFFECTIFS = ("menages", "personnes")

Champs = dict[str, Any]


def read_fiche(value: Any, ligne: Ligne) -> Champs | None:
    """The keys given by one line, with values of their Python kind; None once errors are told."""
    read = FICHE(value, "", ligne)
    if read is INVALIDE:
        return None
    before = len(ligne.erreurs.liste)
    if read.get("identifiant") in RESERVED_IDENTIFIANTS:
        ligne.refuse("identifiant", "cet identifiant est réservé : choisissez-en un autre.")
    for rank, document in enumerate(read.get("documents", ())):
        _check_document(document, f"documents[{rank}]", ligne)
    _check_structures(read.get("structures", ()), ligne)
    _check_lieux(read.get("lieux", ()), ligne)
    _check_groupes(read.get("groupes", ()), ligne)
    return None if len(ligne.erreurs.liste) > before else read


def _check_document(document: Champs, champ: str, ligne: Ligne) -> None:
    if "fichier" in document and "texte" in document:
        ligne.refuse(f"{champ}.texte", "donnez « fichier » ou « texte », pas les deux.")
    for key in ("format", "tableau"):
        if document.get(key) and "texte" not in document:
            ligne.refuse(f"{champ}.{key}", f"« {key} » ne va qu’avec « texte ».")
    table = document.get("tableau") or []
    for rank, row in enumerate(table):
        if len(row) != len(table[0]):
            ligne.refuse(
                f"{champ}.tableau[{rank}]",
                f"nombre de cellules : {len(row)}, et {len(table[0])} dans l’en-tête.",
            )
    if table and document.get("format") in (None, "txt"):
        ligne.refuse(f"{champ}.tableau", "un document de texte seul ne porte pas de tableau.")
    _check_order(document, "periode_du", "periode_au", f"{champ}.", ligne)


def _check_structures(structures: list[Champs], ligne: Ligne) -> None:
    for rank, row in enumerate(structures):
        dated = row.get("du") or row.get("au")
        if dated and row["role"] == ROLE_CHEF_DE_FILE:
            ligne.refuse(f"structures[{rank}]", "le rôle de chef de file ne porte pas de dates.")
        _check_order(row, "du", "au", f"structures[{rank}].", ligne)


def _check_lieux(lieux: list[Champs], ligne: Ligne) -> None:
    shown = (NatureLieu.TERRAIN_INSERTION, NatureLieu.PERMANENCE)
    for rank, lieu in enumerate(lieux):
        if lieu.get("public") and lieu["nature"] not in shown:
            ligne.refuse(
                f"lieux[{rank}].public", "un site ou un lieu diffus ne se montre jamais au public."
            )


def _check_groupes(groupes: list[Champs], ligne: Ligne) -> None:
    seen = set()
    for rank, groupe in enumerate(groupes):
        if groupe["nom"] in seen:
            ligne.refuse(f"groupes[{rank}].nom", f"« {groupe['nom']} » est donné deux fois.")
        seen.add(groupe["nom"])
        _check_order(groupe, "du", "au", f"groupes[{rank}].", ligne)


def _check_order(row: Champs, first: str, last: str, prefix: str, ligne: Ligne) -> None:
    start: datetime.date | None = row.get(first)
    end: datetime.date | None = row.get(last)
    if start and end and end < start:
        ligne.refuse(f"{prefix}{last}", "cette date précède la date de début.")
