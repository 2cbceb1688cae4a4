"""`/api/v1/docs`: the OpenAPI document, read by people, without a script or a third party."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .application import api


def documentation(request: HttpRequest) -> HttpResponse:
    schema = api.get_openapi_schema()
    return render(
        request,
        "api/documentation.html",
        {"info": schema["info"], "operations": list(_operations(schema))},
    )


def _operations(schema: dict[str, Any]) -> Any:
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            yield {
                "method": method.upper(),
                "path": path,
                "summary": operation["summary"],
                "description": operation.get("description", ""),
                "parameters": [
                    {
                        "name": parameter["name"],
                        "description": parameter["schema"].get("description", ""),
                        "in": parameter["in"],
                    }
                    for parameter in operation.get("parameters", ())
                ],
                "answers": sorted(operation["responses"]),
            }
