"""Answers are compressed on their way out, except files: read by parts, or compressed already."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressionMiddleware(GZipMiddleware):
    """Django's, but for answers that accept ranges: compressed, a part would fit in no whole."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if "Accept-Ranges" in response or "Content-Range" in response or _is_archive(response):
            return response
        return super().process_response(request, response)


def _is_archive(response: HttpResponseBase) -> bool:
    return response.get("Content-Type") == "application/zip"
