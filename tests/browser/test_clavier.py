"""The three roles without a mouse: every step reached by Tab, with a focus that shows."""

import re
import uuid

import pytest

from .conftest import PASSWORD

pytestmark = pytest.mark.browser

# Where the focus is, and whether it shows: an outline on the element, or on the label of a box.
FOCUS = """selector => {
  const element = document.activeElement;
  const outlined = (node, pseudo) => {
    const style = getComputedStyle(node, pseudo);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
  };
  const label = element.labels?.[0];
  const near = [[element], [element, '::after'], ...(label ? [[label], [label, '::before']] : [])];
  const words = (element.innerText || element.value || element.name || '').trim().slice(0, 60);
  return {
    reached: element.matches(selector),
    outside: element === document.body,
    shown: near.some(([node, pseudo]) => outlined(node, pseudo)) || element.tagName === 'BODY',
    what: `${element.tagName} ${element.id} ${element.className} ${words}`,
  };
}"""
LONG = 250


def tab_to(page, selector):
    """Press Tab until the focus is there; each element passed must show that it has it."""
    for _ in range(LONG):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS, selector)
        assert focus["shown"], f"focus invisible : {focus['what']}"
        if focus["reached"]:
            return
    pytest.fail(f"{selector} : introuvable en {LONG} tabulations")


def sign_in(visitor, courriel):
    page = visitor.open("/connexion/")
    tab_to(page, "input[name=login]")
    page.keyboard.type(courriel)
    tab_to(page, "input[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    return page


def test_public_searches_filters_reads_and_downloads(visit):
    page = visit().open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Aller au contenu"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"

    tab_to(page, "main input[type=search]")
    page.keyboard.type("baux glissants")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dispositifs/?q=baux+glissants*")
    tab_to(page, "input[name=thematique][value=logement]")
    page.keyboard.press("Space")
    tab_to(page, ".annuaire__appliquer")
    page.keyboard.press("Enter")
    page.wait_for_url("**thematique=logement*")
    tab_to(page, "main h3 a")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1.bandeau__titre")
    tab_to(page, "a[download]")
    with page.expect_download() as downloading:
        page.keyboard.press("Enter")

    assert "." in downloading.value.suggested_filename


def test_public_opens_the_filters_on_a_phone(visit):
    page = visit(320).open("/dispositifs/?q=logement")

    tab_to(page, "#montrer-filtres")
    page.keyboard.press("Space")
    tab_to(page, "summary.facette__titre")

    assert page.locator("summary.facette__titre").first.is_visible()


def test_operator_reaches_a_document_of_his_space(visit):
    page = sign_in(visit(), "operateur@demo.invalid")
    page.wait_for_url("**/espace/")
    tab_to(page, ".menu-compte > summary")
    page.keyboard.press("Enter")
    tab_to(page, ".menu-compte a")
    assert page.evaluate("document.activeElement.innerText") == "Mon espace"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "article summary")
    page.keyboard.press("Enter")
    tab_to(page, "a[download]")
    with page.expect_download() as downloading:
        page.keyboard.press("Enter")

    assert "." in downloading.value.suggested_filename


def test_correspondant_declares_and_publishes(visit):
    page = sign_in(visit(), "ddets33@demo.invalid")
    page.wait_for_url("**/admin/**")
    titre = f"Médiation {uuid.uuid4().hex[:8]}"
    tab_to(page, "a[href$='/declarer/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/declarer/")
    tab_to(page, "input[name=titre]")
    page.keyboard.type(titre)
    tab_to(page, "button[name=publier]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/admin/pages/"))

    public = visit().open("/dispositifs/?tri=maj&departement=33")
    assert public.get_by_role("link", name=titre).first.is_visible()


@pytest.mark.parametrize("path", ["/", "/dispositifs/?vue=carte", "/dispositifs/33-gironde/"])
def test_nothing_traps_the_keyboard(visit, path):
    page = visit().open(path)
    seen = []
    for _ in range(3 * LONG):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS, "#pied a")
        if focus["outside"]:
            break
        seen.append(focus["reached"])

    assert focus["outside"]
    assert seen[-1] is True
