"""Errors of the API: `application/problem+json` (RFC 9457), in French, naming the parameter."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from search.query import Problem

TITRES = {
    404: "Introuvable",
    405: "Méthode refusée",
    410: "La liste a changé",
    422: "Paramètre refusé",
    500: "Erreur du serveur",
}


class ApiProblem(Exception):
    """An answer other than the one asked for."""

    def __init__(self, status: int, detail: str, errors: Sequence[Problem] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors


def refused(*problems: Problem) -> ApiProblem:
    """422, one error for each wrong parameter."""
    return ApiProblem(422, " ".join(problem.message for problem in problems), problems)


def problem_response(request: HttpRequest, problem: ApiProblem) -> HttpResponse:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITRES[problem.status],
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.path,
    }
    if problem.errors:
        body["errors"] = [
            {"parametre": error.parametre, "message": error.message} for error in problem.errors
        ]
    return HttpResponse(
        json.dumps(body, ensure_ascii=False),
        status=problem.status,
        content_type="application/problem+json",
        headers={"Access-Control-Allow-Origin": "*"},
    )
