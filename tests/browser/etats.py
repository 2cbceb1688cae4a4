"""The states in which each template is checked: an address, or how to get there."""

import json
import re
import uuid

OPERATEUR = "operateur@demo.invalid"

# What is shown → where. Addresses of fiches are found on the site itself (`addresses`).
ADRESSES = {
    "accueil": "/",
    "annuaire": "/dispositifs/",
    "annuaire, recherche": "/dispositifs/?q=logement",
    "annuaire, sans résultat": "/dispositifs/?q=zzzzzz",
    "annuaire, sans résultat et filtré": "/dispositifs/?q=zzzzzz&thematique=sante",
    "annuaire, filtre inconnu": "/dispositifs/?thematique=sante&thematique=n-existe-pas&page=99",
    "annuaire, résultats partiels": "/dispositifs/?q=mous+bordeaux+emploi+zzzz",
    "annuaire, carte": "/dispositifs/?vue=carte",
    "annuaire, dernière page": "/dispositifs/?page=3",
    "département": "/dispositifs/33-gironde/",
    "département vide": "/dispositifs/2a-corse-du-sud/",
    "bonnes pratiques": "/bonnes-pratiques/",
    "annuaire, mots dans un document": "/dispositifs/?q=conduit+de+fumee",
    "documents": "/documents/?q=convention",
    "documents, sans résultat": "/documents/?q=zzzzzz",
    "plan du site": "/plan-du-site/",
    "accessibilité": "/accessibilite/",
    "mentions légales": "/mentions-legales/",
    "données personnelles": "/donnees-personnelles/",
    "contact": "/contact/",
    "contact, au sujet d’une fiche": "/contact/?fiche=mous-bordeaux-2024",
    "aide": "/aide/",
    "guide": "/aide/correspondant/",
    "nouveautés": "/nouveautes/",
    "région": "/territoires/75/",
    "comparaison": "/dispositifs/comparer/?f=mous-bordeaux-2024&f=mous-lyon-2015",
    "comparaison vide": "/dispositifs/comparer/",
    "thématiques et formes": "/dispositifs/matrice/",
    "connexion": "/connexion/",
    "connexion par code": "/connexion/code/",
    "mot de passe oublié": "/connexion/mot-de-passe-oublie/",
    "mot de passe, lien périmé": "/connexion/mot-de-passe/1-abc-def/",
    "documentation de l’API": "/api/v1/docs",
    "page introuvable": "/n-existe-pas/",
}
FICHES = {
    "fiche longue": "mous-bordeaux-2024",
    "fiche close": "mous-lyon-2015",
    "fiche réduite au titre": "mous-poitiers",
}


def addresses(read):
    """{state: path} of all that anybody opens by its address; `read` gives the text of a path."""
    found = dict(ADRESSES)
    for state, identifiant in FICHES.items():
        found[state] = json.loads(read(f"/api/v1/dispositifs/{identifiant}"))["url"]
    listing = read("/bonnes-pratiques/")
    found["bonne pratique"] = re.search(r'href="(/bonnes-pratiques/[^"?]+/)"', listing)[1]
    return found


def sign_in_empty(visitor):
    page = visitor.open("/connexion/")
    page.locator("main form button").first.click()
    page.wait_for_selector(".fr-message--error")


def sign_in_refused(visitor):
    page = visitor.open("/connexion/")
    page.get_by_label("Adresse électronique").fill(f"{uuid.uuid4().hex}@demo.invalid")
    page.get_by_label("Mot de passe", exact=True).fill("ce-n-est-pas-le-bon")
    page.locator("main form button").first.click()
    page.wait_for_selector("[role=alert]")


def code_asked(visitor):
    page = visitor.open("/connexion/code/")
    page.locator("main input[type=email]").fill(f"{uuid.uuid4().hex}@demo.invalid")
    page.locator("main form button").first.click()
    page.wait_for_url("**/confirmer/")


def password_asked(visitor):
    page = visitor.open("/connexion/mot-de-passe-oublie/")
    page.locator("main input[type=email]").fill(f"{uuid.uuid4().hex}@demo.invalid")
    page.locator("main form button").first.click()
    page.wait_for_url("**/envoye/")


def filters_open(visitor):
    page = visitor.open("/dispositifs/?q=logement&thematique=sante")
    if page.locator(".annuaire__montrer").is_visible():
        page.locator(".annuaire__montrer").click()


def espace(visitor):
    visitor.sign_in(OPERATEUR).wait_for_url("**/espace/")


PROPOSER = "/espace/dispositifs/mous-bordeaux-2024"


def my_propositions(visitor):
    visitor.open("/espace/propositions/")


def propose_document(visitor):
    visitor.open(f"{PROPOSER}/proposer-document/").locator("details > summary").last.click()


def propose_document_refused(visitor):
    page = visitor.open(f"{PROPOSER}/proposer-document/")
    page.get_by_role("button", name="Envoyer la proposition").click()
    page.wait_for_selector(".fr-alert--error")


def choose_rubrique(visitor):
    visitor.open(f"{PROPOSER}/proposer-texte/")


def propose_text_refused(visitor):
    page = visitor.open(f"{PROPOSER}/proposer-texte/resultats/")
    page.get_by_role("button", name="Envoyer la proposition").click()
    page.wait_for_selector(".fr-alert--error")


def fiche_with_account(visitor):
    visitor.open("/espace/").locator("main h2 a").first.click()
    visitor.page.wait_for_selector("h1.bandeau__titre")
    visitor.page.locator(".menu-compte > summary").click()


def sign_out(visitor):
    visitor.open("/deconnexion/")


# In this order: the last ones need the account that « espace » signs in.
PARCOURS = {
    "connexion, champs vides": sign_in_empty,
    "connexion refusée": sign_in_refused,
    "code demandé": code_asked,
    "mot de passe demandé": password_asked,
    "filtres ouverts": filters_open,
    "espace": espace,
    "mes propositions": my_propositions,
    "proposer un document": propose_document,
    "proposer un document, refusé": propose_document_refused,
    "choisir une rubrique": choose_rubrique,
    "proposer un texte, refusé": propose_text_refused,
    "fiche avec un compte, menu ouvert": fiche_with_account,
    "déconnexion": sign_out,
}
TOTAL = len(ADRESSES) + len(FICHES) + 1 + len(PARCOURS)
