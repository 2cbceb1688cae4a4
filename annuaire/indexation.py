"""Whether search engines may index this site: the production site alone."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class IndexationMiddleware:
    """Ask search engines to forget every answer of a site that is not the production one.

    robots.txt keeps them from crawling; only this header keeps out what others link to.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not settings.INDEXABLE:
            response["X-Robots-Tag"] = "noindex"
        return response
