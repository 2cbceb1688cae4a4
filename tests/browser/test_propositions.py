"""From a phone without script to the queue and back: what operators propose, what is answered."""

import re
import uuid

import pytest

pytestmark = pytest.mark.browser

OPERATEUR, CORRESPONDANT = "operateur@demo.invalid", "ddets33@demo.invalid"
DISPOSITIF = "Espace temporaire d’accompagnement de l’Estey"
BILAN = b"Bilan du semestre : la cuisine partagee est ouverte."


def new_word():
    """In letters alone: figures would pass for a telephone now and then."""
    return uuid.uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))


def propose(page, action):
    """Open one of the two actions of the dispositif, from the space."""
    page.goto("/espace/")
    page.get_by_role("link", name=f"{action} pour {DISPOSITIF}").click()


def propose_text(page, texte):
    propose(page, "Proposer un nouveau texte")
    page.get_by_role("link", name="Contexte").click()
    field = page.get_by_label("Nouveau texte")
    assert field.input_value()
    field.fill(texte)
    page.get_by_role("button", name="Envoyer la proposition").click()
    page.wait_for_url("**/espace/propositions/")


def propose_document(page, titre):
    propose(page, "Proposer un document")
    page.get_by_label("Message au correspondant").fill("Lu par notre direction")
    page.get_by_role("button", name="Envoyer la proposition").click()
    assert page.get_by_role("alert").is_visible()
    assert page.get_by_label("Message au correspondant").input_value() == "Lu par notre direction"
    page.get_by_label("Fichier").set_input_files(
        {"name": "bilan.txt", "mimeType": "text/plain", "buffer": BILAN}
    )
    page.get_by_label("Titre").fill(titre)
    page.get_by_label("Type de document").select_option(label="Bilan annuel")
    page.get_by_role("button", name="Envoyer la proposition").click()
    page.wait_for_url("**/espace/propositions/")


def card(page, words):
    return page.locator("article", has_text=words)


def test_proposals_travel_from_a_phone_to_the_queue_and_back(visit):
    texte, titre = f"Texte {new_word()}", f"Bilan {new_word()}"
    operateur, correspondant = visit(360, java_script_enabled=False), visit(1280)
    operateur.sign_in(OPERATEUR).wait_for_url("**/espace/")
    correspondant.sign_in(CORRESPONDANT).wait_for_url("**/admin/**")

    propose_text(operateur.page, texte)
    propose_document(operateur.page, titre)
    waiting = card(operateur.page, titre).inner_text()
    correspondant.page.get_by_role("link", name=re.compile(r"^Propositions \(\d+\)")).click()
    card(correspondant.page, texte).get_by_role("button", name="Accepter et publier").click()
    correspondant.page.get_by_text("le nouveau texte est en ligne.").wait_for()
    asked = card(correspondant.page, titre)
    asked.locator("summary", has_text="Refuser").click()
    asked.get_by_label("Motif du refus").fill("Il manque les annexes.")
    asked.get_by_role("button", name=re.compile("^Refuser")).click()
    correspondant.page.get_by_text("en reçoit le motif.").wait_for()
    told = operateur.open("/espace/").locator(".reponses").inner_text()
    operateur.open("/espace/propositions/")
    answers = {words: card(operateur.page, words).inner_text() for words in (titre, texte[:12])}

    assert "En attente de réponse" in waiting
    assert re.match(r"2\sréponses|2\snouvelles réponses", told)
    assert operateur.fits()
    assert "Refusée" in answers[titre]
    assert "Il manque les annexes." in answers[titre]
    assert "Nouvelle réponse" in answers[texte[:12]]
    assert "Acceptée" in answers[texte[:12]]
    public = visit().open("/dispositifs/?q=Estey")
    public.get_by_role("link", name=DISPOSITIF).first.click()
    assert public.get_by_text(texte).is_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_queue_is_accessible_and_fits(visit, width):
    visitor = visit(width)
    visitor.sign_in(CORRESPONDANT).wait_for_url("**/admin/**")
    visitor.open("/admin/propositions/")
    queue = visitor.accessibility_faults()
    visitor.page.locator("article h2 a").last.click()
    visitor.page.locator("article summary").last.click()
    one = visitor.accessibility_faults()

    assert (queue, one, visitor.fits()) == ([], [], True)
