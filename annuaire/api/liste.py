"""What a list of the API is asked: the parameters of the directory, then limit, cursor, facets."""

import base64
import binascii
import datetime
import json
from dataclasses import dataclass, replace

from django.http import QueryDict

from search.query import Problem, SearchQuery, parse

from .problemes import ApiProblem, refused

LIMIT_DEFAULT = 20
LIMIT_MAX = 100


@dataclass(frozen=True)
class Demande:
    """One list asked for: `after` is what the cursor said, None at the start."""

    query: SearchQuery
    with_facets: bool
    ranked: bool
    after: dict[str, int] | None


def read(params: QueryDict, nature: str) -> Demande:
    """Raises ApiProblem (422), which names every parameter that is not understood."""
    query = parse(params, nature=nature)
    problems = [*query.problems]
    if "page" in params:
        problems.append(Problem("page", "L’API se parcourt avec « curseur », pas « page »."))
    if params.get("format", "json") != "json":
        problems.append(Problem("format", "Seul le format « json » est servi ici."))
    query = replace(
        query,
        page=1,
        limit=_limit(params, problems),
        updated_since=_since(params, problems),
        with_facets=params.get("facets", "") == "1",
    )
    if params.get("facets", "0") not in ("0", "1"):
        problems.append(Problem("facets", "« facets » vaut 0 ou 1."))
    after = _cursor(params, problems)
    if problems:
        raise refused(*problems)
    ranked = bool(query.q) or bool(params.get("tri"))
    return Demande(query=query, with_facets=query.with_facets, ranked=ranked, after=after)


def _limit(params: QueryDict, problems: list[Problem]) -> int:
    value = params.get("limit", "") or str(LIMIT_DEFAULT)
    if value.isascii() and value.isdecimal() and len(value) < 4 and 1 <= int(value) <= LIMIT_MAX:
        return int(value)
    problems.append(Problem("limit", f"« limit » est un nombre de 1 à {LIMIT_MAX}."))
    return LIMIT_DEFAULT


def _since(params: QueryDict, problems: list[Problem]) -> datetime.date | None:
    value = params.get("updated_since", "")
    try:
        return datetime.date.fromisoformat(value) if value else None
    except ValueError:
        message = "« updated_since » est une date de la forme 2026-01-31."
        problems.append(Problem("updated_since", message))
        return None


def _cursor(params: QueryDict, problems: list[Problem]) -> dict[str, int] | None:
    value = params.get("curseur", "")
    if not value:
        return None
    try:
        read = json.loads(base64.urlsafe_b64decode(value.encode("ascii")))
        if not isinstance(read, dict) or not all(_is_number(number) for number in read.values()):
            raise ValueError(read)
    except (binascii.Error, ValueError, RecursionError):
        message = "Ce curseur n’est pas lisible : reprenez la liste au début."
        problems.append(Problem("curseur", message))
        return None
    return read


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**53


def cursor(**numbers: int) -> str:
    """An opaque cursor that carries these numbers."""
    return base64.urlsafe_b64encode(json.dumps(numbers).encode("ascii")).decode("ascii")


def expect(after: dict[str, int], *names: str) -> tuple[int, ...]:
    """The numbers of a cursor that must hold exactly these names; 422 otherwise."""
    if after.keys() != set(names):
        message = "Ce curseur vient d’une autre liste : reprenez au début."
        raise refused(Problem("curseur", message))
    return tuple(after[name] for name in names)


def changed() -> ApiProblem:
    return ApiProblem(
        410, "L’annuaire a changé depuis le début de cette liste : reprenez sans « curseur »."
    )
