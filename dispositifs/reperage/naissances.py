"""Dates of birth: a date that something names as one. A date alone is an ordinary date."""

import re
from collections.abc import Iterator

from .trouvaille import DATE, YEAR, Trouvaille, digits

NAISSANCE = "naissance"
# « né(e) à Bucarest le 12/03/1987 », « née le : … », « nés respectivement le … ».
BORN = re.compile(
    r"\bn[ée](?:\(?[eé]\)?|[·./\-]e)?s?[ ]{1,2}"
    r"(?:(?:[àa]|en|aux?)[ ][^\n.;:]{1,40}?[ ,(]{1,2})?"
    r"(?:le|respectivement le|en date du)?[ ]?[:\n]?[ ]?"
    rf"({DATE})",
    re.IGNORECASE,
)
NAMED = (
    r"\bdates?(?:[ ]+et[ ]+lieux?)?[ ]+(?:de[ ]+)?naiss(?:ances?|\.)?|\bnaissance(?=[ ]?[:=(])"
    r"|\bD\.?[ ]?D\.?[ ]?N\b\.?|\bdate[ ]of[ ]birth|\bborn[ ](?:on|the)?"
    r"|\bn[ăa]scut[ăa]?[ ]la(?:[ ]data[ ]de)?|\bdata[ ]na[șşs]terii|\bнарожд[а-я]*|\bроден[а]?"
)
LABELLED = re.compile(
    rf"(?:{NAMED})(?:[^\w\n]{{0,12}}\n)?[^\w\n]{{0,12}}(?:le|на)?[ ]{{0,2}}({DATE})", re.IGNORECASE
)
# What is born without being a person.
THING = re.compile(
    r"\b(?:association|dispositif|projet|programme|mous|partenariat|collectif|structure|id[ée]e"
    r"|mission|plate-?forme|action|loi|fondation|d[ée]marche|comit[ée]|initiative|f[ée]d[ée]ration"
    r"|r[ée]seau|exp[ée]rimentation|convention|espace|site|service|commune|m[ée]tropole"
    r"|groupement|coop[ée]rative|coordination)\b[^.\n]{0,40}$",
    re.IGNORECASE,
)
HEADING = re.compile(
    r"\b(?:naiss(?:ances?|\.)?(?!\w)|n[ée]{1,2}\(?e?\)?s?[ ]le\b(?![ ]?\d)|D\.?D\.?N\b)",
    re.IGNORECASE,
)
SENTENCE = re.compile(
    r"(?<!naiss)(?<!\b[Nn])[.!?](?=\s|$)|:[ ]*\w"
    r"|\b(?:actes?|extraits?|copies?|attestations?|certificats?"
    r"|est|sont|doit|ont|une?|leur|cette)\b",
    re.IGNORECASE,
)
DATE_ALONE = re.compile(rf"(?<![\d/.\-]){DATE}", re.IGNORECASE)
HEADING_LENGTH = 250  # characters: a longer line is a sentence, not the head of a table
GAP = 3  # lines without a date after which the table is over
CENTURY = 26  # two figures above it are of the last century


def find_naissances(text: str) -> Iterator[Trouvaille]:
    for match in BORN.finditer(text):
        if not THING.search(text[max(0, match.start() - 60) : match.start()]):
            yield _naissance(match.start(1), match[1])
    for match in LABELLED.finditer(text):
        yield _naissance(match.start(1), match[1])
    over = 0
    for heading in HEADING.finditer(text):
        if heading.start() >= over:
            for dates, end in _column(text, heading):
                over = end
                yield _earliest(dates)


def _column(text: str, heading: re.Match[str]) -> Iterator[tuple[list[re.Match[str]], int]]:
    """The dates of each line under a heading « naissance », and where the line ends."""
    first = text.rfind("\n", max(0, heading.start() - HEADING_LENGTH), heading.start()) + 1
    end = text.find("\n", heading.end(), heading.end() + HEADING_LENGTH)
    if end < 0 or end - first > 2 * HEADING_LENGTH or not _is_heading(text[first:end]):
        return
    missed = 0
    while missed < GAP and end < len(text):
        start = end + 1
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        dates = list(DATE_ALONE.finditer(text, start, end))
        missed = 0 if dates else missed + 1
        if dates:
            yield dates, end


def _is_heading(line: str) -> bool:
    """The head of a table holds no date and no sentence, and is not the label of a form."""
    return not (DATE_ALONE.search(line) or SENTENCE.search(line))


def _earliest(dates: list[re.Match[str]]) -> Trouvaille:
    """A row holds other dates: one is born before all of them."""
    born = min(dates, key=lambda match: _year(match[0]))
    return _naissance(born.start(), born[0])


def _year(date: str) -> int:
    if found := re.search(YEAR, date):
        return int(found[0])
    short = int(date[-2:])
    return short + (1900 if short > CENTURY else 2000)


def _naissance(start: int, date: str) -> Trouvaille:
    year = re.search(YEAR, date)
    masque = f"••/••/{year[0]}" if year else "••/••/••"
    return Trouvaille(NAISSANCE, start, start + len(date), digits(date) + date[-4:], masque)
