"""What search engines are told: where they may go, and every public address with its true date."""

import datetime
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.html import escape
from django.views.decorators.http import require_safe

from annuaire.acteurs.models import Departement, Region
from dispositifs import permissions
from dispositifs.choices import NaturePublique
from dispositifs.models import ContenuPage, DepartementPage, FichePublique, FicheValeur

from . import chiffres

OPEN = """\
User-agent: *
Disallow: /admin/
Disallow: /espace/
Disallow: /connexion/
Sitemap: {sitemap}
"""
CLOSED = """\
User-agent: *
Disallow: /
"""
# The protocol allows 50,000 addresses and 50 MB; ours of 450 characters at most stay under 10 MB.
PER_FILE = 20_000
BEGIN = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
LISTS = {
    NaturePublique.DISPOSITIF: "/dispositifs/",
    NaturePublique.BONNE_PRATIQUE: "/bonnes-pratiques/",
    NaturePublique.DOCUMENT: "/documents/",
}
# They answer even when no editor has written them, and have no date of their own then.
PAGES = (
    "/dispositifs/matrice/",
    "/aide/",
    "/aide/public/",
    "/aide/correspondant/",
    "/aide/operateur/",
    "/aide/national/",
    "/nouveautes/",
    "/plan-du-site/",
    "/contact/",
    "/accessibilite/",
    "/mentions-legales/",
    "/donnees-personnelles/",
)
Dated = tuple[str, datetime.date | None]


def robots(request: HttpRequest) -> HttpResponse:
    text = OPEN if settings.INDEXABLE else CLOSED
    body = text.format(sitemap=f"{settings.PUBLIC_URL}{reverse('sitemap')}")
    return HttpResponse(body, content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> StreamingHttpResponse:
    """Every public address; beyond one file, the list of the files."""
    files = _files()
    return _xml(_part(1) if files == 1 else _index(files))


@require_safe
def sitemap_part(request: HttpRequest, numero: int) -> StreamingHttpResponse:
    if not 1 <= numero <= _files():
        raise Http404("Ce plan n’existe pas.")
    return _xml(_part(numero))


def _xml(lines: Iterator[str]) -> StreamingHttpResponse:
    return StreamingHttpResponse(lines, content_type="application/xml; charset=utf-8")


def _files() -> int:
    return max(-(-_fiches().count() // PER_FILE), 1)


def _fiches() -> QuerySet[FichePublique]:
    return FichePublique.objects.exclude(nature=NaturePublique.DOCUMENT).order_by("pk")


def _index(files: int) -> Iterator[str]:
    yield f'{BEGIN}<sitemapindex xmlns="{NAMESPACE}">\n'
    for numero in range(1, files + 1):
        yield _line("sitemap", reverse("sitemap_part", args=[numero]), None)
    yield "</sitemapindex>\n"


def _part(numero: int) -> Iterator[str]:
    yield f'{BEGIN}<urlset xmlns="{NAMESPACE}">\n'
    if numero == 1:
        for url, day in _pages():
            yield _line("url", url, day)
    start = (numero - 1) * PER_FILE
    rows = _fiches().values_list("url", "maj")[start : start + PER_FILE]
    for url, day in rows.iterator():
        yield _line("url", url, day)
    yield "</urlset>\n"


def _line(tag: str, url: str, day: datetime.date | None) -> str:
    address = escape(f"{settings.PUBLIC_URL}{iri_to_uri(url)}")
    dated = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
    return f"<{tag}><loc>{address}</loc>{dated}</{tag}>\n"


def _pages() -> Iterator[Dated]:
    """What is not a fiche: its date is that of the last fiche it shows, or of its own text."""
    rows = FichePublique.objects.order_by().values_list("nature").annotate(Max("maj"))
    days: dict[str, datetime.date] = dict(rows)
    yield "/", max(days.values(), default=None)
    for nature, url in LISTS.items():
        yield url, days.get(nature)
    yield from _territoires()
    texts = {
        f"/{slug}/": _day(moment)
        for slug, moment in ContenuPage.objects.filter(permissions.q_public_page()).values_list(
            "slug", "last_published_at"
        )
    }
    yield from {**dict.fromkeys(PAGES), **texts}.items()


def _territoires() -> Iterator[Dated]:
    shown = FicheValeur.objects.filter(facette__in=("departement", "region"))
    shown = shown.exclude(fiche__nature=NaturePublique.BONNE_PRATIQUE)
    rows = shown.order_by().values_list("facette", "valeur").annotate(Max("fiche__maj"))
    days = {(facette, code): day for facette, code, day in rows}
    for code in Region.objects.order_by("code").values_list("code", flat=True):
        yield chiffres.region_url(code), days.get(("region", code))
    pages = DepartementPage.objects.filter(live=True)
    texts = dict(pages.values_list("departement", "last_published_at"))
    for row in Departement.objects.order_by("code"):
        known = [days.get(("departement", row.code)), _day(texts.get(row.code))]
        yield f"/dispositifs/{row.slug}/", max(filter(None, known), default=None)


def _day(moment: datetime.datetime | None) -> datetime.date | None:
    return timezone.localdate(moment) if moment else None
