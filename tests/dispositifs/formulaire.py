"""What a browser posts from the form of a dispositif, with what the test changes."""

from wagtail.test.utils.form_data import inline_formset, nested_form_data

RICH = (
    *("contexte", "objectifs", "actions", "resultats", "limites", "conditions"),
    *("enseignements_reussi", "enseignements_echoue", "enseignements_a_refaire"),
)
EMPTY = '{"entityMap": {}, "blocks": []}'


def fiche_data(page, participations=(), lieux=(), **fields):
    """The page as it is, an unchanged save; `fields` replace, lines are given whole."""
    several = {name: value for name, value in fields.items() if isinstance(value, list)}
    data = {
        "title": page.title,
        "slug": page.slug,
        "selection": "unknown",
        "participations": inline_formset(list(participations)),
        "lieux": inline_formset(list(lieux)),
        **dict.fromkeys(RICH, EMPTY),
        **{name: value for name, value in fields.items() if name not in several},
    }
    return {**nested_form_data(data), **several}
