"""NIR and IBAN: numbers whose key proves what they are."""

import itertools
import re
from collections.abc import Iterator

from .trouvaille import Trouvaille

NIR = "nir"
NIR_PROBABLE = "nir-probable"
IBAN = "iban"
SEP = r"[ .\-_/|]{0,3}"
# Sex, year, month, département, commune, rank, key; the look-behind comes after the first figure.
NIR_SHAPE = re.compile(
    rf"([1-478])(?<![\dA-Za-z].){SEP}(\d\d){SEP}(0[1-9]|1[0-2]|[2-9]\d){SEP}(\d\d|2[AaBb]){SEP}"
    rf"(\d{{3}}){SEP}(\d{{3}})(?:{SEP}(?:cl[ée])?[ :]{{0,2}}(\d\d))?(?![\dA-Za-z])"
)
LABEL = re.compile(
    r"(?:s[ée]cu(?:rit[ée])?|\bNI[RA]\b|\bN(?:um[ée]ro|°) ?SS\b|assur[ée])[^\n]{0,30}$",
    re.IGNORECASE,
)
# Length of an IBAN by country (registry of ISO 13616), spaces left out.
LENGTHS = {
    **{"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22},
    **{"BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28},
    **{"EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23},
    **{"GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26},
    **{"IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20, "LV": 21},
    **{"LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18},
    **{"NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24},
    **{"SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "XK": 20},
}
IBAN_START = re.compile(r"[A-Za-z](?<![A-Za-z0-9].)[A-Za-z][ ]?\d[ ]?\d")
IBAN_REST = {
    length: re.compile(rf"(?:[ .\-\n]{{0,2}}[A-Za-z0-9]){{{length - 4}}}(?![A-Za-z0-9])")
    for length in set(LENGTHS.values())
}


def find_nirs(text: str) -> Iterator[Trouvaille]:
    """With a right key: `nir`. Without a right key but written or named as one: `nir-probable`."""
    for match in NIR_SHAPE.finditer(text):
        *parts, key = match.groups()
        number = "".join(parts).upper()
        if key is not None and int(key) == nir_key(number):
            nature = NIR
        elif _looks_like_one(text, match):
            nature = NIR_PROBABLE
        else:
            continue
        yield Trouvaille(nature, *match.span(), number, f"{parts[0]} •• •• •• ••• ••• ••")


def nir_key(number: str) -> int:
    """The key of the 13 first characters; Corsica counts as 19 and 18 (decree of 1982)."""
    return 97 - int(number.replace("2A", "19").replace("2B", "18")) % 97


def _looks_like_one(text: str, match: re.Match[str]) -> bool:
    """Written in groups as on the card, or after words that name it."""
    spans = [match.span(group) for group in range(1, 7)]
    spaced = all(after[0] > before[1] for before, after in itertools.pairwise(spans))
    return spaced or bool(LABEL.search(text[max(0, match.start() - 60) : match.start()]))


def find_ibans(text: str) -> Iterator[Trouvaille]:
    """Of every country, in any grouping, with a right key; no other is reported."""
    for start in IBAN_START.finditer(text):
        head = start[0].replace(" ", "").upper()
        length = LENGTHS.get(head[:2])
        rest = IBAN_REST[length].match(text, start.end()) if length else None
        if rest is None:
            continue
        number = head + re.sub(r"[^A-Z0-9]", "", rest[0].upper())
        if iban_remainder(number) == 1:
            masque = f"{head[:2]}•• •••• ••• {number[-3:]}"
            yield Trouvaille(IBAN, start.start(), rest.end(), number, masque)


def iban_remainder(number: str) -> int:
    """ISO 13616: 1 when the key is right."""
    moved = number[4:] + number[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97
