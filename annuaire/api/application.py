"""The API, version 1: its frame, its errors, its addresses."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from annuaire import __version__
from search.query import Problem

from .dispositifs import router as dispositifs
from .documents import router as documents
from .problemes import ApiProblem, problem_response, refused

api = NinjaAPI(
    title="Annuaire des dispositifs",
    version=__version__,
    description=(
        "Lecture seule, sans jeton. Les mots du domaine sont en français, le cadre en anglais. "
        "Une erreur répond `application/problem+json` et nomme le paramètre."
    ),
    urls_namespace="api-1",
    docs_url=None,  # Swagger needs inline styles that our policy refuses: see documentation.py
    openapi_url="/openapi.json",
)
api.add_router("/dispositifs/", dispositifs)
api.add_router("/documents/", documents)


@api.exception_handler(ApiProblem)
def _problem(request: HttpRequest, error: ApiProblem) -> HttpResponse:
    return problem_response(request, error)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    problems = [
        Problem(str(found["loc"][-1]), "Cette valeur n’est pas de la forme attendue.")
        for found in error.errors
    ]
    return problem_response(request, refused(*problems))
