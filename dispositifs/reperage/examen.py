"""What the searches have found in a document, and what it makes of the document."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple, TypedDict

from dispositifs.choices import EtatAnonymat

from .courriels import COURRIEL, find_courriels
from .identifiants import IBAN, NIR, NIR_PROBABLE, find_ibans, find_nirs
from .listes import NOMS, find_noms
from .naissances import NAISSANCE, find_naissances
from .personnes import WORDS, find_personnes, masked_name
from .telephones import TELEPHONE, find_telephones
from .trouvaille import Trouvaille, plain

MAXIMUM = 50  # places kept of a document
MOST = 5000  # data of one nature told of one page: nobody reads more
CONTEXT = 40  # characters shown on each side
METADONNEES = 0  # the page of what is written in the properties of the file
# From what is certain to what is only likely: where two overlap, the first is told.
SEARCHES: tuple[Callable[[str], Iterator[Trouvaille]], ...] = (
    find_nirs,
    find_ibans,
    find_courriels,
    find_telephones,
    find_naissances,
)
CERTAINES = frozenset({NIR, IBAN})
LIBELLES = {
    NIR: "Numéro de sécurité sociale",
    IBAN: "IBAN",
    NIR_PROBABLE: "Numéro de sécurité sociale probable",
    TELEPHONE: "Téléphone",
    COURRIEL: "Adresse électronique",
    NAISSANCE: "Date de naissance",
    NOMS: "Liste de noms",
}


class Reperage(TypedDict):
    """As kept in `Document.reperages`: page 0 is the properties of the file."""

    nature: str
    page: int
    extrait: str


class Examen(NamedTuple):
    """`reperages` holds MAXIMUM places at most, what blocks first; `total` counts them all."""

    etat: EtatAnonymat
    reperages: list[Reperage]
    total: int


def examine(pages: Sequence[str], metadonnees: Mapping[str, str]) -> Examen:
    """Search each page, numbered from 1, and the properties of the file, numbered 0.

    A datum that comes back is told at its first place only.
    """
    texts = [(METADONNEES, value) for value in metadonnees.values()]
    texts += list(enumerate(pages, start=1))
    seen: set[tuple[str, str]] = set()
    places: list[Place] = []
    for page, raw in texts:
        text = plain(raw)
        around = search(text)
        for one in around:
            if (one.nature, one.cle) not in seen:
                seen.add((one.nature, one.cle))
                places.append(Place(page, one, text, around))
    places.sort(key=lambda place: (place.trouvaille.nature not in CERTAINES, place.page))
    natures = {nature for nature, _ in seen}
    etat = _etat(natures, any(page.strip() for page in pages))
    return Examen(etat, [_reperage(place) for place in places[:MAXIMUM]], len(places))


def examine_text(text: str) -> Examen:
    """`examine` of a text that somebody types: one page, no properties."""
    return examine([text], {})


def search(text: str) -> list[Trouvaille]:
    """What a text made `plain` holds, in its order; of two that overlap, the more certain."""
    kept: list[Trouvaille] = []
    ranked = [(one, rank) for rank, find in enumerate(SEARCHES) for one in islice(find(text), MOST)]
    last_rank = 0
    for one, rank in sorted(ranked, key=lambda pair: (pair[0].start, pair[1])):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif rank < last_rank:
            kept[-1] = one
        else:
            continue
        last_rank = rank
    # A list of names is wide and holds other data: all are told.
    return sorted([*kept, *find_noms(text)], key=lambda one: one.start)


class Place(NamedTuple):
    """A finding, and the text that tells it: what else is found `around` is masked too."""

    page: int
    trouvaille: Trouvaille
    text: str
    around: list[Trouvaille]


def _reperage(place: Place) -> Reperage:
    one, text = place.trouvaille, place.text
    first = max(0, one.start - CONTEXT)
    last = one.end if one.nature == NOMS else min(len(text), one.end + CONTEXT)
    # Words are shown whole.
    while 0 < first < one.start and not text[first - 1].isspace():
        first += 1
    while one.end < last < len(text) and not text[last].isspace():
        last -= 1
    hidden = [*_hidden(place, first, last), (one.start, one.end, one.masque)]
    shown, position = "", first
    for start, end, masque in sorted(hidden, key=lambda span: (span[0], -span[1])):
        if start >= position:
            shown += text[position:start] + masque
        position = max(position, end)
    shown += text[position:last]
    extrait = re.sub(r"\s+", " ", shown).strip()
    return Reperage(nature=one.nature, page=place.page, extrait=extrait)


def _hidden(place: Place, first: int, last: int) -> Iterator[tuple[int, int, str]]:
    """What else is masked in this part of a text: other data, names, every name of a list."""
    one, text = place.trouvaille, place.text
    parts = ((first, one.start), (one.end, last))
    low, high = max(0, first - CONTEXT), last + CONTEXT
    names = [(low + row.start, low + row.end) for row in find_personnes(text[low:high])]
    for other in place.around:
        if other.nature == NOMS:
            span = (max(first, other.start), min(last, other.end))
            names += [word.span() for word in WORDS.finditer(text, *span)]
        elif other is not one:
            names.append((other.start, other.end))
    masques = {(other.start, other.end): other.masque for other in place.around}
    for start, end in names:
        if any(start < stop and end > begin for begin, stop in parts) and not (
            start < one.end and end > one.start
        ):
            yield start, end, masques.get((start, end)) or masked_name(text[start:end])


def _etat(natures: set[str], has_text: bool) -> EtatAnonymat:
    if natures & CERTAINES:
        return EtatAnonymat.BLOQUE
    if natures:
        return EtatAnonymat.A_CONFIRMER
    return EtatAnonymat.RIEN if has_text else EtatAnonymat.NON_VERIFIABLE
