"""The closed lists of the domain. Their values are the words of files, addresses and API."""

from django.db.models import TextChoices


class Statut(TextChoices):
    EN_PREPARATION = "en-preparation", "En préparation"
    EN_COURS = "en-cours", "En cours"
    TERMINE = "termine", "Terminé"
    ABANDONNE = "abandonne", "Abandonné"


class NatureLieu(TextChoices):
    TERRAIN_INSERTION = "terrain-insertion", "Terrain d’insertion"
    SITE = "site", "Site (repère)"
    PERMANENCE = "permanence", "Permanence"
    DIFFUS = "diffus", "Diffus"


class NatureMandat(TextChoices):
    OPERATEUR = "operateur", "Opérateur"
    PILOTE = "pilote", "Pilote"
    PARTENAIRE = "partenaire", "Partenaire"


class Niveau(TextChoices):
    PUBLIC = "public", "Public"
    PARTENAIRES = "partenaires", "Partenaires"
    INTERNE = "interne", "Interne"


class StatutDocument(TextChoices):
    PROPOSE = "propose", "Proposé"
    VALIDE = "valide", "Validé"
    REFUSE = "refuse", "Refusé"
    RETIRE = "retire", "Retiré"


class NaturePublique(TextChoices):
    DISPOSITIF = "dispositif", "Dispositif"
    BONNE_PRATIQUE = "bonne-pratique", "Bonne pratique"
    DOCUMENT = "document", "Document"


class Langue(TextChoices):
    FRANCAIS = "fr", "français"
    ANGLAIS = "en", "anglais"
    ROUMAIN = "ro", "roumain"
    BULGARE = "bg", "bulgare"
    ROMANI = "rom", "romani"
    ARABE = "ar", "arabe"
    ESPAGNOL = "es", "espagnol"
    UKRAINIEN = "uk", "ukrainien"


RUBRIQUES = {
    "contexte": "Contexte",
    "objectifs": "Objectifs",
    "actions": "Actions",
    "resultats": "Résultats",
    "limites": "Difficultés et limites",
    "conditions": "Conditions de réussite",
}

ENSEIGNEMENTS = {
    "reussi": "Ce qui a réussi",
    "echoue": "Ce qui a échoué",
    "a_refaire": "Ce qui serait à refaire",
}

PARTIES_BONNE_PRATIQUE = {
    "probleme": "Le problème",
    "methode": "La méthode",
    "resultats": "Les résultats",
    "conditions": "Les conditions de réussite",
    "limites": "Les limites",
    "pour_aller_plus_loin": "Pour aller plus loin",
}

ROLE_CHEF_DE_FILE = "operateur-chef-de-file"
ROLES_OPERATEURS = (ROLE_CHEF_DE_FILE, "operateur")
ROLE_PILOTE = "pilote"
ROLE_FINANCEUR = "financeur"
