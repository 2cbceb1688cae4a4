"""Text enlarged, spaced, without style sheets: nothing is cut and nothing is lost."""

import pytest

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/dispositifs/?q=logement&thematique=logement",
    "/dispositifs/?vue=carte",
    "/dispositifs/33-gironde/",
    "/dispositifs/33-gironde/mous-de-resorption-des-bidonvilles-de-la-metropole-bordelaise/",
    "/documents/",
    "/connexion/",
    "/aide/correspondant/",
    "/plan-du-site/",
)
# WCAG 1.4.12: a reader's own style sheet may impose all this.
SPACING = """* { letter-spacing: 0.12em !important; line-height: 1.5 !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }"""
# Boxes that hide what overflows them, and do. Words for screen readers alone are meant to be
# hidden, those of the search button and of the pagination included: they show an icon.
CUT = """() => [...document.querySelectorAll('body *')].filter(node => {
  const style = getComputedStyle(node);
  const hides = [style.overflowX, style.overflowY].some(value => ['hidden', 'clip'].includes(value));
  if (!hides || !node.checkVisibility() || node.closest('svg, .fr-sr-only, .fr-skiplinks, .fr-search-bar button, .fr-pagination__link')) return false;
  return node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1;
}).map(node => `${node.tagName} ${node.className} : ${node.innerText.slice(0, 60)}`)"""


def cut_or_too_wide(visitor, before=lambda page: None):
    faults = {}
    for path in PAGES:
        before(visitor.open(path))
        found = visitor.page.evaluate(CUT)
        if not visitor.fits():
            found.append("plus large que la fenêtre")
        if found:
            faults[path] = found
    return faults


def test_nothing_is_cut_at_200_per_cent(visit):
    visitor = visit(640, device_scale_factor=2)

    assert cut_or_too_wide(visitor) == {}


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_cut_when_text_is_spaced(visit, width):
    # The policy of the site refuses inline styles; a reader's own are not the site's.
    visitor = visit(width, bypass_csp=True)

    faults = cut_or_too_wide(visitor, lambda page: page.add_style_tag(content=SPACING))

    assert faults == {}


def test_a_word_longer_than_a_phone_is_cut_rather_than_the_page(visit):
    visitor = visit(320)
    too_wide = []
    for path in (*PAGES, "/dispositifs/comparer/?f=mous-bordeaux-2024&f=mous-lyon-2015"):
        page = visitor.open(path)
        page.evaluate(
            """() => document.querySelectorAll('h1, h3 a, main td, main dd, #total').forEach(
              node => { node.textContent = 'anticonstitutionnellement'.repeat(3); })"""
        )
        if not visitor.fits():
            too_wide.append(path)

    assert too_wide == []


def test_nothing_is_lost_without_style_sheets(visit):
    plain, styled = visit(), visit()
    plain.context.route("**/*.css", lambda route: route.abort())
    lost = {}
    for path in PAGES:
        words = set(styled.open(path).locator("main").inner_text().lower().split())
        without = set(plain.open(path).locator("main").inner_text().lower().split())
        if words - without:
            lost[path] = words - without
    plain.problems.clear()

    assert lost == {}


def test_forced_colours_keep_every_statut_and_focus_apart(visit):
    visitor = visit(forced_colors="active")
    page = visitor.open("/dispositifs/")
    borders = page.locator(".statut").evaluate_all(
        "nodes => nodes.map(node => getComputedStyle(node).borderTopStyle)"
    )

    assert set(borders) == {"solid"}
    assert visitor.accessibility_faults(ignored=["color-contrast"]) == []
