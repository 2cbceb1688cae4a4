"""What is asked of the directory: one description for pages, API, exports and feeds."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from annuaire.acteurs.models import Commune
from dispositifs.choices import NaturePublique
from search.facettes import FILTRES, TITRES_FILTRES, labels

CHEMINS = {
    NaturePublique.DISPOSITIF: "/dispositifs/",
    NaturePublique.BONNE_PRATIQUE: "/bonnes-pratiques/",
    NaturePublique.DOCUMENT: "/documents/",
}
TRIS = {
    "pertinence": "Pertinence",
    "maj": "Mise à jour récente",
    "debut": "Début récent",
    "titre": "Titre",
}
VUES = ("liste", "carte")
# Names of the contract that this reading does not use: pages and API each have theirs.
AUTRES_PARAMETRES = frozenset(
    ("au", "connue_le", "limit", "curseur", "facets", "updated_since", "format")
)
PARAMETRES = frozenset(("q", "tri", "vue", "page", *FILTRES)) | AUTRES_PARAMETRES

PAGE_SIZE = 20
MAX_TEXT = 400
MAX_VALUE = 60
MAX_VALUES = 50
MAX_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Problem:
    """Something asked that is not understood: a notice in a page, a 422 in the API."""

    parametre: str
    message: str


@dataclass(frozen=True, slots=True)
class Filtre:
    """One value chosen for one filter, with its label."""

    facette: str
    valeur: str
    libelle: str

    @property
    def titre(self) -> str:
        return TITRES_FILTRES[self.facette]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    nature: str = NaturePublique.DISPOSITIF
    q: str = ""
    filtres: tuple[Filtre, ...] = ()
    # One of these tokens must be covered: how a commune is found in what contains it.
    jetons: frozenset[str] = frozenset()
    tri: str = "maj"
    vue: str = "liste"
    page: int = 1
    limit: int = PAGE_SIZE
    with_facets: bool = True
    updated_since: date | None = None
    # Identifiants ticked to be compared: they follow the reader from a page to another.
    choisis: tuple[str, ...] = field(default=(), compare=False)
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.limit

    @property
    def values(self) -> dict[str, list[str]]:
        """{facet: [values]}, without the communes, which are tokens."""
        found: dict[str, list[str]] = {}
        for filtre in self.filtres:
            if filtre.facette != "commune":
                found.setdefault(filtre.facette, []).append(filtre.valeur)
        return found

    @property
    def with_epci(self) -> bool:
        """EPCI are counted only inside a territory: the country has over a thousand of them."""
        return any(f.facette in ("region", "departement", "epci") for f in self.filtres)

    @property
    def tri_par_defaut(self) -> str:
        return "pertinence" if self.q else "maj"

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The canonical query string, without the page, sort and view that say nothing."""
        pairs = [("q", self.q)] if self.q else []
        chosen = sorted(self.filtres, key=lambda f: (FILTRES.index(f.facette), f.valeur))
        pairs += [(filtre.facette, filtre.valeur) for filtre in chosen]
        if self.tri != self.tri_par_defaut:
            pairs.append(("tri", self.tri))
        if self.vue != "liste":
            pairs.append(("vue", self.vue))
        pairs += [("f", identifiant) for identifiant in self.choisis]
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return pairs

    def url(self, **changes: Any) -> str:
        """The address of this search with some fields changed; any change goes back to page 1."""
        changed = replace(self, **{"page": 1, **changes}) if changes else self
        if changed.tri == "pertinence" and not changed.q:
            changed = replace(changed, tri="maj")
        query = urlencode(changed.parameters)
        return CHEMINS[NaturePublique(self.nature)] + (f"?{query}" if query else "")

    def url_without(self, filtre: Filtre) -> str:
        return self.url(filtres=tuple(other for other in self.filtres if other != filtre))

    def url_with(self, filtre: Filtre) -> str:
        return self.url(filtres=(*self.filtres, filtre))

    def url_of_tab(self, nature: str) -> str:
        """The same words in another tab; filters belong to a tab."""
        query = urlencode([("q", self.q)]) if self.q else ""
        return CHEMINS[NaturePublique(nature)] + (f"?{query}" if query else "")


def parse(params: QueryDict, *, nature: str = NaturePublique.DISPOSITIF) -> SearchQuery:
    """Read a query string; what is not understood is left out and told in `problems`."""
    problems = [
        Problem(_shown(name), f"Paramètre inconnu : « {_shown(name)} ».")
        for name in params
        if name not in PARAMETRES
    ]
    q = _text(params, problems)
    filtres = _filters(params, problems)
    tri = _choice(params, "tri", TRIS, problems) or ("pertinence" if q else "maj")
    if tri == "pertinence" and not q:
        tri = "maj"
    return SearchQuery(
        nature=nature,
        q=q,
        filtres=filtres,
        jetons=commune_tokens([f.valeur for f in filtres if f.facette == "commune"]),
        tri=tri,
        vue=_choice(params, "vue", VUES, problems) or "liste",
        page=_page(params, problems),
        problems=tuple(problems),
    )


def commune_tokens(codes: list[str]) -> frozenset[str]:
    """What a fiche may cover to concern these communes: themselves and all that contains them."""
    if not codes:
        return frozenset()
    tokens = {"france"}
    rows = Commune.objects.filter(pk__in=codes).values_list("code", "epci_id", "departement_id")
    for code, epci, departement in rows:
        tokens |= {f"commune:{code}", f"departement:{departement}"}
        if epci:
            tokens.add(f"epci:{epci}")
    return frozenset(tokens)


def _text(params: QueryDict, problems: list[Problem]) -> str:
    q = " ".join(params.get("q", "").replace("\0", " ").split())
    if len(q) > MAX_TEXT:
        message = f"Recherche trop longue : seuls ses {MAX_TEXT} premiers caractères sont lus."
        problems.append(Problem("q", message))
        q = q[:MAX_TEXT].rstrip()
    return q


def _filters(params: QueryDict, problems: list[Problem]) -> tuple[Filtre, ...]:
    asked: dict[str, list[str]] = {}
    for facette in FILTRES:
        values = [value.strip() for value in dict.fromkeys(params.getlist(facette))]
        values = [value for value in values if value]
        if len(values) > MAX_VALUES:
            message = f"Trop de valeurs pour « {facette} » : {MAX_VALUES} au plus."
            problems.append(Problem(facette, message))
        asked[facette] = values[:MAX_VALUES]
    readable = {
        facette: [v for v in values if len(v) <= MAX_VALUE and "\0" not in v]
        for facette, values in asked.items()
    }
    known = labels(readable)
    filtres: dict[Filtre, None] = {}
    for facette, values in asked.items():
        for value in values:
            if found := known.get((facette, value)):
                filtres[Filtre(facette, found.valeur, found.libelle)] = None
            else:
                message = f"Valeur inconnue pour « {facette} » : « {_shown(value)} »."
                problems.append(Problem(facette, message))
    return tuple(filtres)


def _choice(
    params: QueryDict,
    name: str,
    choices: Mapping[str, str] | tuple[str, ...],
    problems: list[Problem],
) -> str:
    value = params.get(name, "")
    if value and value not in choices:
        problems.append(Problem(name, f"Valeur inconnue pour « {name} » : « {_shown(value)} »."))
        return ""
    return value


def _page(params: QueryDict, problems: list[Problem]) -> int:
    value = params.get("page", "1") or "1"
    if value.isascii() and value.isdecimal() and len(value) < 7 and 0 < int(value) <= MAX_PAGE:
        return int(value)
    problems.append(Problem("page", f"La page « {_shown(value)} » n’existe pas."))
    return 1


def _shown(value: str) -> str:
    """A value as a message may repeat it: short, without control characters."""
    readable = "".join(char for char in value if char.isprintable())
    return readable if len(readable) <= MAX_VALUE else readable[:MAX_VALUE] + "…"
