"""How dates, sizes, numbers and documents are said in French. Typographic spaces included."""

import datetime
import re
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from annuaire.acteurs.normalisation import fold_name
from dispositifs.choices import Langue

register = template.Library()

NBSP = "\N{NO-BREAK SPACE}"
MOIS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


def _day(value: Any) -> datetime.date | None:
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(value or "")
    except (TypeError, ValueError):
        return None


@register.filter
def date_fr(value: Any) -> str:
    """« 3 mars 2025 », « 1er mars 2025 »; empty when there is no date."""
    day = _day(value)
    if day is None:
        return ""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NBSP}{MOIS[day.month - 1]} {day.year}"


@register.filter
def mois_fr(value: Any) -> str:
    """« mars 2025 »; empty when there is no date."""
    day = _day(value)
    return f"{MOIS[day.month - 1]} {day.year}" if day else ""


@register.filter
def balise_temps(value: Any) -> SafeString | str:
    """The date in words, inside a <time> that machines read; empty when there is no date."""
    day = _day(value)
    if day is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), date_fr(day))


@register.filter
def nombre(value: Any) -> str:
    """« 12 345 », with narrow no-break spaces."""
    return f"{int(value):,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


@register.filter
def pluriel(value: Any, words: str) -> str:
    """« 0 document », « 3 documents »; `words` is « document », or « cheval,chevaux »."""
    one, _, many = words.partition(",")
    word = one if int(value) < 2 else many or " ".join(f"{part}s" for part in one.split())
    return f"{nombre(value)}{NBSP}{word}"


@register.filter
def poids(size: Any) -> str:
    """A number of bytes in decimal units: « 512 octets », « 61,9 ko », « 2 Mo »."""
    amount = float(size or 0)
    if amount < 1000:
        return f"{int(amount)}{NBSP}octets"
    for unit in ("ko", "Mo", "Go"):
        amount /= 1000
        if round(amount, 1) < 1000 or unit == "Go":
            break
    text = f"{amount:.1f}".removesuffix(".0").replace(".", ",")
    return f"{text}{NBSP}{unit}"


@register.filter
def duree(months: Any) -> str:
    """« 6 mois », « 1 an », « 2 ans », « 2 ans et 6 mois »."""
    years, rest = divmod(int(months), 12)
    said = [pluriel(years, "an")] if years else []
    said += [f"{rest}{NBSP}mois"] if rest else []
    return " et ".join(said)


@register.filter
def designation(document: dict[str, Any]) -> str:
    """« la convention de la MOUS », « le guide « Visiter » »: what « Télécharger » goes before."""
    article, kind = document["libelles"]["article"], document["libelles"]["type"]
    titre = document["titre"]
    lead = article.replace("'", "’") if article in ("l'", "l’") else f"{article} "
    if f"{fold_name(titre)} ".startswith(f"{fold_name(kind)} "):
        return f"{lead}{titre[:1].lower()}{titre[1:]}"
    return f"{lead}{kind[:1].lower()}{kind[1:]} {cite(titre)}"


def cite(titre: str) -> str:
    """A title in quotes: inside, they are the high ones, in French as elsewhere."""
    inner = re.sub(r"«\s*", "“", re.sub(r"\s*»", "”", titre))
    return f"«{NBSP}{inner}{NBSP}»"


@register.filter
def details(document: dict[str, Any]) -> str:
    """« PDF – 61,9 ko – 3 mars 2025 – 12 pages – en roumain – PDF balisé »: what is known."""
    parts = [document["format"].upper(), poids(document["taille"]), date_fr(document["date"])]
    if document["pages"]:
        parts.append(pluriel(document["pages"], "page"))
    if document["langue"] != Langue.FRANCAIS:
        parts.append(f"en {Langue(document['langue']).label}")
    if document["balise"]:
        parts.append("PDF balisé")
    return " – ".join(part for part in parts if part)


@register.filter
def poids_total(documents: list[dict[str, Any]]) -> str:
    return poids(sum(document["taille"] or 0 for document in documents))


@register.filter
def periode(document: dict[str, Any]) -> str:
    """« du 1er janvier 2024 au 31 décembre 2024 »; one bound alone is said alone."""
    first, last = date_fr(document["periode_du"]), date_fr(document["periode_au"])
    if first and last:
        return f"du {first} au {last}"
    return f"depuis le {first}" if first else f"jusqu’au {last}" if last else ""


@register.filter
def rang(items: list[Any], index: int) -> Any:
    """The item at this index: two lists of a carte run side by side."""
    return items[index]


@register.filter
def accord(words: str, total: Any) -> str:
    """The words in the plural from two on: « documents », « bonnes pratiques »."""
    return pluriel(total, words).partition(NBSP)[2]
