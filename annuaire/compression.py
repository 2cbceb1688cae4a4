"""Answers are compressed on their way out, except files: a part of them is asked byte by byte."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressionMiddleware(GZipMiddleware):
    """Django's, but for answers that accept ranges: compressed, a part would fit in no whole."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if "Accept-Ranges" in response or "Content-Range" in response:
            return response
        return super().process_response(request, response)
