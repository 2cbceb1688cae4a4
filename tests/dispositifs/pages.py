"""How tests of public pages read a page, as a visitor would."""

import html
import re


def text_of(response):
    """The words of the page, without its tags; an unknown template variable fails here."""
    body = response.content.decode()
    assert "VARIABLE-INCONNUE" not in body
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def main_of(response):
    body = response.content.decode()
    assert "VARIABLE-INCONNUE" not in body
    return re.search(r"<main.*</main>", body, re.DOTALL)[0]


def headings_of(response):
    """Titles of the sections, in their order."""
    found = re.findall(r"<h[23]\b[^>]*>(.*?)</h[23]>", main_of(response), re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]*>", " ", title)).split()) for title in found]


def links_of(response, start=""):
    found = re.findall(r'href="([^"]*)"', main_of(response))
    return [html.unescape(url) for url in found if url.startswith(start)]
