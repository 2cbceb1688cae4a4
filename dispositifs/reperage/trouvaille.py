"""What the searches give, and the text they read."""

import functools
import re
import unicodedata
from typing import NamedTuple

DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufffe"
SPACES = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
)
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
PLAIN = str.maketrans(
    {
        **dict.fromkeys(DASHES, "-"),
        **dict.fromkeys(SPACES, " "),
        **dict.fromkeys(INVISIBLE, ""),
        **dict.fromkeys("\u2018\u2019\u02bc", "'"),
        **dict.fromkeys("\v\f\x85\u2028\u2029", "\n"),
        "\uff20": "@",
    }
)
YEAR = r"(?:18|19|20)\d\d"
DAY = r"(?:0?[1-9]|[12]\d|3[01])"
MONTH = (
    r"(?:janv(?:ier|\.)?|f[ée]v(?:rier|r?\.)?|mars|avr(?:il|\.)?|mai|juin|juil(?:let|\.)?|ao[uû]t"
    r"|sept(?:embre|\.)?|oct(?:obre|\.)?|nov(?:embre|\.)?|d[ée]c(?:embre|\.)?)"
)
# Day, month and year, in figures or with the name of the month.
DATE = (
    rf"(?:{DAY}[ ]?[./\-][ ]?(?:0?[1-9]|1[0-2])[ ]?[./\-][ ]?(?:{YEAR}|\d\d)"
    rf"|{YEAR}[./\-](?:0[1-9]|1[0-2])[./\-](?:0[1-9]|[12]\d|3[01])"
    rf"|(?:1er|{DAY})[ ]+{MONTH}[ ]+(?:{YEAR}|\d\d))(?!\d)"
)


class Trouvaille(NamedTuple):
    """One datum in one text: where it stands, what tells it from another, how it may be shown."""

    nature: str
    start: int
    end: int
    cle: str
    masque: str


def plain(text: str) -> str:
    """The text with one kind of space, dash and apostrophe, so that every rule has one writing."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).translate(PLAIN)


@functools.lru_cache(maxsize=1 << 16)
def folded(word: str) -> str:
    """In lower case, without accents."""
    letters = unicodedata.normalize("NFD", word.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)
