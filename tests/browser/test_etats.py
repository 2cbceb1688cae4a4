"""Accessibility of every template in each state, width and scheme."""

import pytest

from .etats import PARCOURS, TOTAL, addresses

pytestmark = pytest.mark.browser

WIDTHS = (320, 768, 1280)
SCHEMES = ("light", "dark")
# Links that open a window, or that in one list or section say the same and lead elsewhere;
# tables without title, and headers that do not say of what.
CONTENT = """() => {
  const places = new Map();
  const faults = [];
  for (const link of document.querySelectorAll('a[href]:not(svg a)')) {
    if (!link.checkVisibility()) continue;
    if (link.target && link.target !== '_self') faults.push('nouvelle fenêtre : ' + link.href);
    const name = (link.getAttribute('aria-label') || link.innerText).replace(/\\s+/g, ' ').trim();
    const region = link.closest('ul, ol, nav, article, section, header, footer, main');
    const names = places.get(region) ?? places.set(region, {}).get(region);
    names[name] ??= link.href;
    if (names[name] !== link.href) faults.push('même nom, autre adresse : ' + name);
  }
  for (const table of document.querySelectorAll('table')) {
    if (!table.caption) faults.push('tableau sans titre : ' + table.innerText.slice(0, 40));
    if (table.querySelector('th:not([scope])')) faults.push('en-tête sans scope : ' + table.innerText.slice(0, 40));
  }
  return [...new Set(faults)];
}"""


ADDRESS = "document.querySelector('link[rel=canonical]')?.href ?? location.href"


@pytest.mark.parametrize("width", WIDTHS)
def test_every_state_is_accessible_and_fits(visit, width, record_property):
    visitor = visit(width)
    faults = {}
    titles = {}
    for state, path in addresses(lambda path: visitor.page.request.get(path).text()).items():
        visitor.open(path)
        faults[state] = faults_in_each_scheme(visitor)
        titles.setdefault(visitor.page.title(), set()).add(visitor.page.evaluate(ADDRESS))
    for state, reach in PARCOURS.items():
        reach(visitor)
        faults[state] = faults_in_each_scheme(visitor)
    visitor.problems = [p for p in visitor.problems if "404" not in p]
    record_property("etats", len(faults) * len(SCHEMES))

    assert {state: found for state, found in faults.items() if found} == {}
    assert {title: pages for title, pages in titles.items() if len(pages) > 1} == {}
    assert len(faults) == TOTAL


def faults_in_each_scheme(visitor):
    found = visitor.page.evaluate(CONTENT)
    if not visitor.fits():
        found.append("plus large que la fenêtre")
    for scheme in SCHEMES:
        visitor.page.emulate_media(color_scheme=scheme)
        found += [f"{scheme} : {fault}" for fault in visitor.accessibility_faults()]
    return found


def test_there_are_enough_states():
    assert TOTAL * len(WIDTHS) * len(SCHEMES) >= 100
