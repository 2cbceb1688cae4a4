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


class EtatTexte(TextChoices):
    """Where the reading of a document's text stands."""

    A_EXTRAIRE = "a-extraire", "Lecture en attente"
    EXTRAIT = "extrait", "Texte lu"
    SANS_TEXTE = "sans-texte", "Sans texte"
    ECHEC = "echec", "Lecture impossible"


class EtatAntivirus(TextChoices):
    NON_DEMANDE = "non-demande", "Sans antivirus"
    A_ANALYSER = "a-analyser", "Analyse en attente"
    SAIN = "sain", "Sain"
    INFECTE = "infecte", "Infecté"


class EtatAnonymat(TextChoices):
    """What the search for personal data in a document's text and metadata has given."""

    A_VERIFIER = "a-verifier", "Vérification en attente"
    RIEN = "rien", "Rien de nominatif repéré"
    NON_VERIFIABLE = "non-verifiable", "Non vérifiable : sans texte"
    A_CONFIRMER = "a-confirmer", "À confirmer : données peut-être nominatives"
    CONFIRME = "confirme", "Confirmé après relecture"
    BLOQUE = "bloque", "Bloqué : NIR ou IBAN"


class Licence(TextChoices):
    OUVERTE = "etalab-2.0", "Licence Ouverte 2.0"
    CC_BY = "cc-by-4.0", "Creative Commons Attribution 4.0"
    CC_BY_SA = "cc-by-sa-4.0", "Creative Commons Attribution, partage à l’identique 4.0"
    RESERVES = "tous-droits", "Tous droits réservés"


class NatureProposition(TextChoices):
    TEXTE = "texte", "Nouveau texte d’une rubrique"
    DOCUMENT = "document", "Document"


class EtatProposition(TextChoices):
    PROPOSEE = "proposee", "À traiter"
    ACCEPTEE = "acceptee", "Acceptée"
    REFUSEE = "refusee", "Refusée"
    RETIREE = "retiree", "Retirée"


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

ANTIVIRUS_PASSE = (EtatAntivirus.NON_DEMANDE, EtatAntivirus.SAIN)
ANONYMAT_PASSE = (EtatAnonymat.RIEN, EtatAnonymat.NON_VERIFIABLE, EtatAnonymat.CONFIRME)

ROLE_CHEF_DE_FILE = "operateur-chef-de-file"
ROLES_OPERATEURS = (ROLE_CHEF_DE_FILE, "operateur")
ROLE_PILOTE = "pilote"
ROLE_FINANCEUR = "financeur"
