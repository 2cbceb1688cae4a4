"""E-mail addresses of persons. The mailbox of a service (contact@, ddets-…@) is nobody's."""

import re
from collections.abc import Iterator

from .mots import PRENOMS, SERVICES
from .trouvaille import Trouvaille, folded

COURRIEL = "courriel"
# As it is, in brackets, or in full letters.
AT = re.compile(
    r"@|[(\[{<][ ]?(?:at|a|à|arobase|chez|@)[ ]?[)\]}>]|a(?<=[ ].)(?:t|robase)(?=[ ])",
    re.IGNORECASE,
)
LOCAL = re.compile(r"[\w.+%'\-]{1,64}\Z")
DOT = r"(?:\.|[ ]?[(\[][ ]?(?:point|dot)[ ]?[)\]][ ]?|[ ](?:point|dot)[ ])"
DOMAIN = re.compile(
    rf"[A-Za-z0-9\-]{{1,63}}(?:{DOT}[A-Za-z0-9\-]{{1,63}}){{0,5}}?{DOT}[A-Za-z]{{2,24}}"
    r"(?![\w\-])(?!\.\w)",
    re.IGNORECASE,
)
SPLIT = re.compile(r"[.\-_+%']|\d+")


def find_courriels(text: str) -> Iterator[Trouvaille]:
    for at in AT.finditer(text):
        start = at.start() - (text[at.start() - 1 : at.start()] in (" ", "\n"))
        end = at.end() + (text[at.end() : at.end() + 1] in (" ", "\n"))
        domain = DOMAIN.match(text, end, end + 260)
        local = LOCAL.search(text, max(0, start - 64), start) if domain else None
        if domain is None or local is None or not _is_written_so(at[0], local[0]):
            continue
        name = local[0].strip(".'-+%")
        if name and not is_service(name):
            cle = f"{name}@{domain[0]}".lower()
            masque = f"{name[0]}•••@{domain[0]}"
            yield Trouvaille(COURRIEL, local.start(), domain.end(), cle, masque)


def is_service(local: str) -> bool:
    """Whether the mailbox bears the name of a service: first, or anywhere without a first name."""
    words = [folded(word) for word in SPLIT.split(local) if word]
    if not words:
        return False
    named = any(word in PRENOMS for word in words)
    return words[0] in SERVICES or (not named and any(word in SERVICES for word in words))


def _is_written_so(at: str, local: str) -> bool:
    """A bare word between the two is too common: the left side must look like an address."""
    return not at.isalpha() or bool(re.search(r"[._\d]", local))
