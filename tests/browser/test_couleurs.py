"""Colours of what is not text: fields, boxes, signs of the map; and pairs of text and ground."""

import pytest

pytestmark = pytest.mark.browser

SCHEMES = ("light", "dark")
# (a component or a sign, what it lies on): 3 to 1 at least, as RGAA 3.3 and WCAG 1.4.11 ask.
PAIRS = [
    ("--border-plain-grey", "--background-default-grey"),  # a field, the line under it
    ("--border-plain-grey", "--background-contrast-grey"),
    ("--border-action-high-blue-france", "--background-default-grey"),  # boxes, buttons, search
    ("--border-action-high-blue-france", "--background-contrast-grey"),
    ("--border-plain-error", "--background-default-grey"),  # a field in error
    ("--border-active-blue-france", "--background-default-grey"),  # the current tab
    ("--accent", "--background-default-grey"),  # the current entry of the menu, the timeline
    ("--accent", "--fond-marque"),  # direct entries of the home page
    ("--text-mention-grey", "--background-default-grey"),  # icons beside a detail
    ("--plan-terrain", "--plan-lisere"),  # each sign of the map has a line around it
    ("--plan-permanence", "--plan-lisere"),
    ("--text-title-grey", "--plan-1"),  # the chief town of a département
    ("--accent", "--plan-0"),  # the outline of a département among its neighbours
]
CONTRASTS = """pairs => {
  const pen = document.createElement('canvas').getContext('2d');
  const style = getComputedStyle(document.documentElement);
  const luminance = name => {
    pen.fillStyle = style.getPropertyValue(name).trim();
    pen.fillRect(0, 0, 1, 1);
    const [red, green, blue] = [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3)
      .map(value => value / 255)
      .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  return pairs.map(pair => {
    if (pair.some(name => !style.getPropertyValue(name).trim())) return 0;
    const [dark, light] = pair.map(luminance).sort((one, other) => one - other);
    return (light + 0.05) / (dark + 0.05);
  });
}"""
# Rules that give a colour to the whole page: what every other one inherits (RGAA 10.5).
GROUND = """() => {
  const found = new Set();
  for (const sheet of document.styleSheets)
    for (const rule of sheet.cssRules)
      if (rule.selectorText && document.body.matches(rule.selectorText))
        for (const name of ['color', 'background-color'])
          if (rule.style.getPropertyValue(name)) found.add(name);
  return [...found].sort();
}"""
# Images that colour a ground under a text, without any colour in their own rule nor a parent's.
IMAGES = """() => [...document.querySelectorAll('body *')].filter(node => {
  const style = getComputedStyle(node);
  return style.backgroundImage.includes('url(') && node.innerText?.trim();
}).map(node => `${node.tagName} ${node.className}`)"""


@pytest.mark.parametrize("scheme", SCHEMES)
def test_components_and_signs_stand_out(visit, scheme):
    page = visit(color_scheme=scheme).open("/dispositifs/?vue=carte")

    contrasts = page.evaluate(CONTRASTS, PAIRS)

    faint = [
        (*pair, round(contrast, 2))
        for pair, contrast in zip(PAIRS, contrasts, strict=True)
        if contrast < 3
    ]
    assert faint == []


@pytest.mark.parametrize("path", ["/", "/dispositifs/?vue=carte", "/dispositifs/33-gironde/"])
def test_text_and_ground_have_their_colours_together(visit, path):
    page = visit().open(path)

    assert page.evaluate(GROUND) == ["background-color", "color"]
    assert page.evaluate(IMAGES) == []
