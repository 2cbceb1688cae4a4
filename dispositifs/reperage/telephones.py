"""Telephone numbers that may be somebody's: French in all usual writings, and foreign with their +.

Numbers in 08 and short numbers are services: they are nobody's.
"""

import itertools
import re
from collections.abc import Iterator

from .trouvaille import Trouvaille, digits

TELEPHONE = "telephone"
# Look-behinds come after the first figure: the engine then jumps from 0 to 0.
SEP = r"[ .\-/_]{0,3}+(?:\n[ ]?)?"
NATIONAL = re.compile(rf"0(?<![\d+].)(?<!\d[,.].)([1-79])\)?((?:{SEP}\d){{8}})(?!\d)(?!,\d)")
FRANCE = "33|262|508|590|594|596|681|687|689"
ABROAD = (
    "1|7|20|212|213|216|218|220|221|223|224|225|237|243|30|31|32|34|351|353|355|359|36|370|371|372"
    "|373|374|375|380|381|382|383|385|386|387|389|39|40|41|420|421|43|44|45|46|47|48|49|90|93|963"
    "|964|98|995"
)
PLUS = r"(?:\+|0(?<!\d.)(?<!\d[ .].)0)[ ]?"
GAP = r"[ .\-/_()]{0,3}"
FRENCH = re.compile(
    rf"{PLUS}(?:{FRANCE})\)?[ .\-]{{0,2}}(?:\([ ]?0[ ]?\)|0)?((?:{GAP}\d){{9}})(?!\d)"
)
FOREIGN = re.compile(
    rf"{PLUS}(?:{ABROAD})\)?(?:{GAP}\d){{7,11}}+(?!\d)(?![ ]?(?:€|%|k€|M€|euros?\b))"
)
# A spreadsheet drops the first zero of a number: nine digits are one when something says so.
LABELLED = re.compile(
    r"\b(?:t[ée]l(?:[ée]phone|\.)?|portable|mobile|gsm)(?:[ ]?n°)?[ .:]{1,4}"
    rf"([1-79](?:{SEP}\d){{8}})(?!\d)",
    re.IGNORECASE,
)
# Nine digits alone in their cell, under a heading that says what they are.
HEADING = re.compile(r"\b(?:t[ée]l(?:[ée]phones?|s?\.?)?|portables?|mobiles?|gsm)\b", re.IGNORECASE)
NINE = re.compile(
    r"(?:(?<=[\t|;\n])|(?<=[\t|;\n] )|(?<=[a-zà-ÿA-Z] ))([67]\d{8})(?=[ ]?(?:[\t|;\n]|$))"
)
CODE = re.compile(
    r"(?:\bcode|\br[ée]f(?:[ée]rence)?|dossier|siret|siren|finess|chorus|factures?|march[ée]|compte"
    r"|\buai|engagement|parcelle|guichet|banque|insee)\b[ .:]{0,3}(?:n°[ ]?)?$",
    re.IGNORECASE,
)
PAIRS = [2] * 5


def find_telephones(text: str) -> Iterator[Trouvaille]:
    yield from _written_with_prefix(text)
    for match in NATIONAL.finditer(text):
        if _is_number(match[0]) and not (_is_code(text, match) or _is_series(text, match)):
            yield _telephone(match, digits(match[0]))
    for match in LABELLED.finditer(text):
        yield _telephone(match, f"0{digits(match[1])}")
    if HEADING.search(text):
        for match in NINE.finditer(text):
            yield _telephone(match, f"0{match[1]}")


def _written_with_prefix(text: str) -> Iterator[Trouvaille]:
    for match in FRENCH.finditer(text):
        if not digits(match[1]).startswith("8"):
            yield _telephone(match, f"0{digits(match[1])}")
    for match in FOREIGN.finditer(text):
        yield _telephone(match, digits(match[0]))


def _telephone(match: re.Match[str], number: str) -> Trouvaille:
    masque = f"{number[:2]} •• •• •• {number[-2:]}"
    return Trouvaille(TELEPHONE, *match.span(), number, masque)


def _is_number(written: str) -> bool:
    """Whether groups and separators are those of a telephone, not of dates, hours or amounts."""
    groups = re.findall(r"\d+", written)
    seps = re.findall(r"(?<=\d)\D+(?=\d)", written)
    kinds = {sep.strip(" )") or " " for sep in seps} - {"\n"}
    if min(map(len, groups)) == 1 or written.count("\n") > 1:
        return False
    if "/" in kinds and len(kinds) > 1:
        return False
    regular = len(kinds) <= 1 and [*map(len, groups)] == PAIRS
    return regular or not _is_dated(groups)


def _is_dated(groups: list[str]) -> bool:
    """« 01.02.24 10.30 », « 05 12 2024 10 »: a day and what follows it."""
    if len(groups) < 3 or int(groups[0]) > 31 or int(groups[1]) > 12:
        return False
    if len(groups[2]) == 4:
        return groups[2][:2] in ("19", "20")
    return len(groups) == 5 and int(groups[3]) < 24 and int(groups[4]) < 60


def _is_code(text: str, match: re.Match[str]) -> bool:
    """A reference of ten figures; what begins as a mobile is a mobile."""
    before = text[max(0, match.start() - 30) : match.start()]
    return match[1] not in "67" and bool(CODE.search(before))


def _is_series(text: str, match: re.Match[str]) -> bool:
    """« 01 03 07 15 26 38 »: the codes of départements, which only go up, and go on."""
    values = [int(pair) for pair in re.findall(r"\d\d", match[0])]
    if any(after <= before for before, after in itertools.pairwise(values)):
        return False
    after = re.match(r"[ .\-](\d\d)(?!\d)", text[match.end() : match.end() + 4])
    before = re.search(r"(?<!\d)(\d\d)[ .\-]$", text[max(0, match.start() - 4) : match.start()])
    goes_on = after is not None and int(after[1]) > values[-1]
    came_from = before is not None and int(before[1]) < values[0]
    return goes_on or came_from or values == list(range(values[0], values[0] + 5))
