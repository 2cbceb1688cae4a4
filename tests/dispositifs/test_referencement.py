"""What search engines read: titles, canonical addresses, the plan of the site, linked data."""

import json
import re
from html import unescape
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from dispositifs.models import AccueilPage, ContenuPage, Thematique
from dispositifs.views import moteurs
from search import indexing
from tests.factories import (
    make_bonne_pratique,
    make_dispositif,
    make_document,
    make_structure,
    make_tree,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("tree", "strict_templates", "empty_cache"),
]

SITE = "https://annuaire.exemple.fr"
FICHE = "/dispositifs/33-gironde/mous-de-bordeaux/"
HOSTILE = "</script><!-- <img src=x> & « l’eau » \u2028"


@pytest.fixture(autouse=True)
def _production(settings):
    settings.PUBLIC_URL = SITE
    settings.INDEXABLE = True


def found(pattern, response):
    return [unescape(text) for text in re.findall(pattern, response.content.decode())]


def head_of(response):
    """(title, description, canonical address, robots) as a search engine reads them."""
    return (
        found("<title>(.*?)</title>", response)[0],
        found('<meta name="description" content="(.*?)">', response)[0],
        found('<link rel="canonical" href="(.*?)">', response),
        found('<meta name="robots" content="(.*?)">', response),
    )


def linked_data(response):
    blocks = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', response.content.decode(), re.DOTALL
    )
    return [json.loads(block) for block in blocks]


def of_type(response, name):
    return next(data for data in linked_data(response) if data["@type"] == name)


# --- titles, descriptions, canonical addresses -----------------------------------------------------
def test_every_page_has_its_own_title_and_description(client):
    page = make_dispositif()
    make_dispositif("Espace temporaire", "13", resume="Un autre résumé.")
    make_bonne_pratique()
    make_document(page)
    indexing.rebuild()
    paths = [*addresses(client)]
    heads = [head_of(client.get(path.removeprefix(SITE))) for path in paths]

    titles = [title for title, _, _, _ in heads]
    descriptions = [description for _, description, _, _ in heads]

    assert len(titles) > 15
    assert [title for title in titles if titles.count(title) > 1] == []
    assert [text for text in descriptions if descriptions.count(text) > 1] == []
    assert [canonical for _, _, canonical, _ in heads] == [[path] for path in paths]
    assert [robots for _, _, _, robots in heads if robots] == []


@pytest.mark.parametrize(
    ("asked", "title", "canonical", "robots"),
    [
        ("", "Dispositifs de résorption des bidonvilles", "", []),
        (
            "?thematique=logement",
            "Logement – Dispositifs de résorption des bidonvilles",
            "?thematique=logement",
            [],
        ),
        (
            "?departement=33&thematique=logement",
            "Logement, Gironde – Dispositifs de résorption des bidonvilles",
            "?thematique=logement&departement=33",
            ["noindex, follow"],
        ),
        (
            "?vue=carte&q=MOUS&inconnu=1",
            "«\xa0MOUS\xa0» – Dispositifs de résorption des bidonvilles – carte",
            "?q=MOUS&vue=carte",
            ["noindex, follow"],
        ),
        (
            "?statut=abandonne",
            "Abandonné – Dispositifs de résorption des bidonvilles",
            "?statut=abandonne",
            ["noindex, follow"],
        ),
        (
            "?tri=titre&page=9",
            "Dispositifs de résorption des bidonvilles – par titre",
            "?tri=titre",
            ["noindex, follow"],
        ),
    ],
)
def test_a_search_names_what_it_asks(client, asked, title, canonical, robots):
    page = make_dispositif()
    page.thematiques.add(Thematique.objects.create(slug="logement", name="Logement"))
    page.save_revision().publish()
    indexing.rebuild()

    head = head_of(client.get(f"/dispositifs/{asked}"))

    assert (head[0], head[2], head[3]) == (
        f"{title} – Annuaire des dispositifs",
        [f"{SITE}/dispositifs/{canonical}"],
        robots,
    )


def test_an_empty_directory_is_not_indexed(client):
    indexing.rebuild()

    assert head_of(client.get("/dispositifs/"))[3] == ["noindex, follow"]


def test_a_shared_fiche_shows_its_title_and_its_address(client):
    make_dispositif("MOUS de Bordeaux", resume="Un résumé « & » entier.")

    response = client.get(FICHE)

    assert found('<meta property="og:(.*?)" content=".*?">', response) == [
        *("site_name", "type", "locale", "title", "description", "url"),
    ]
    assert found('<meta property="og:.*?" content="(.*?)">', response)[3:] == [
        "MOUS de Bordeaux",
        "Un résumé « & » entier.",
        f"{SITE}{FICHE}",
    ]


@pytest.mark.parametrize("path", ["/absente/", "/territoires/98/"])
def test_an_error_has_no_canonical_address(client, path):
    assert head_of(client.get(path))[2] == []


# --- robots.txt and sitemap.xml --------------------------------------------------------------------
def addresses(client, path="/sitemap.xml"):
    """{address: date} of a file of the plan."""
    response = client.get(path)
    root = ElementTree.fromstring(b"".join(response.streaming_content))
    space = f"{{{moteurs.NAMESPACE}}}"
    return {row.findtext(f"{space}loc"): row.findtext(f"{space}lastmod") for row in root}


def test_the_plan_holds_every_public_page_with_its_true_date(client):
    page = make_dispositif()
    make_tree("13")
    make_dispositif("CANARI brouillon", live=False)
    restricted = make_dispositif("CANARI restreint")
    PageViewRestriction.objects.create(page=restricted, restriction_type="login")
    make_document(page, "Convention")
    make_document(page, "CANARI interne", niveau="interne")
    text = AccueilPage.objects.get().add_child(instance=ContenuPage(title="M", slug="methode"))
    text.save_revision().publish()
    fiche = page.fiche_publique
    type(fiche).objects.update(maj="2025-02-03")
    today = timezone.localdate().isoformat()

    plan = addresses(client)

    assert plan == {
        f"{SITE}/": "2025-02-03",
        f"{SITE}/dispositifs/": "2025-02-03",
        f"{SITE}/bonnes-pratiques/": None,
        f"{SITE}/documents/": "2025-02-03",
        f"{SITE}/territoires/75/": "2025-02-03",
        f"{SITE}/territoires/93/": None,
        f"{SITE}/dispositifs/13-bouches-du-rhone/": None,
        f"{SITE}/dispositifs/33-gironde/": "2025-02-03",
        f"{SITE}/dispositifs/47-lot-et-garonne/": None,
        **{f"{SITE}{path}": None for path in moteurs.PAGES},
        f"{SITE}/methode/": today,
        f"{SITE}{FICHE}": "2025-02-03",
    }


def test_every_address_of_the_plan_answers(client):
    make_dispositif()
    make_bonne_pratique()
    indexing.rebuild()
    paths = [address.removeprefix(SITE) for address in addresses(client)]

    answers = {path: client.get(path).status_code for path in paths}

    assert answers == dict.fromkeys(paths, 200)


def test_a_large_plan_is_cut_in_files(client, monkeypatch):
    for titre in ("Un", "Deux", "Trois"):
        make_dispositif(titre)
    whole = addresses(client)
    monkeypatch.setattr(moteurs, "PER_FILE", 2)

    index = addresses(client)
    parts = [addresses(client, address.removeprefix(SITE)) for address in index]

    assert index == {f"{SITE}/sitemap-1.xml": None, f"{SITE}/sitemap-2.xml": None}
    assert {**parts[0], **parts[1]} == whole
    assert [len(part) for part in parts] == [len(whole) - 1, 1]
    assert [client.get(f"/sitemap-{n}.xml").status_code for n in (0, 3)] == [404, 404]


def test_robots_name_the_plan_in_production(client):
    response = client.get("/robots.txt")

    assert response.content.decode().splitlines() == [
        *("User-agent: *", "Disallow: /admin/", "Disallow: /espace/", "Disallow: /connexion/"),
        f"Sitemap: {SITE}/sitemap.xml",
    ]
    assert "X-Robots-Tag" not in response.headers


@pytest.mark.parametrize("path", ["/", "/robots.txt", "/absente/", "/api/v1/dispositifs/"])
def test_another_site_is_not_indexed(client, settings, path):
    settings.INDEXABLE = False

    assert client.get(path)["X-Robots-Tag"] == "noindex"


def test_robots_stay_out_of_another_site(client, settings):
    settings.INDEXABLE = False

    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"


# --- linked data -----------------------------------------------------------------------------------
# What schema.org and the search engines want of each type that we write.
REQUIRED = {
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name"},
    "Project": {"@id", "url", "identifier", "name", "areaServed", "mainEntityOfPage"},
    "DigitalDocument": {"url", "identifier", "name", "encodingFormat", "inLanguage"},
    "Article": {"url", "headline", "datePublished", "dateModified", "author"},
    "WebSite": {"name", "url", "potentialAction"},
    "WebPage": {"url", "dateModified"},
    "SearchAction": {"target", "query-input"},
    "EntryPoint": {"urlTemplate"},
    "OrganizationRole": {"roleName", "member"},
    "Organization": {"name"},
    "GovernmentOrganization": {"name"},
    "City": {"name"},
    "AdministrativeArea": {"name"},
    "Country": {"name"},
}


def nodes(data):
    if isinstance(data, dict):
        yield data
        data = list(data.values())
    if isinstance(data, list):
        for value in data:
            yield from nodes(value)


def faults(data):
    """What is missing of each typed node, and what is empty or relative."""
    for node in nodes(data):
        kind = node.get("@type")
        reference = kind == "Project" and node.keys() == {"@type", "@id", "name"}
        if not reference and (missing := REQUIRED[kind] - node.keys()):
            yield kind, missing
        for name, value in node.items():
            if value in (None, "", []):
                yield kind, name, "vide"
            if name in ("url", "item", "@id", "urlTemplate") and not value.startswith(f"{SITE}/"):
                yield kind, name, value


def make_world():
    page = make_dispositif(
        "MOUS de Bordeaux", sigle="MOUS", resume="Un résumé.", chef_de_file=make_structure("Seuil")
    )
    make_document(page, "Convention")
    make_bonne_pratique(dispositifs=[page])
    indexing.rebuild()
    return page


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("/", ["WebSite"]),
        ("/dispositifs/", ["BreadcrumbList"]),
        ("/dispositifs/?q=MOUS", ["BreadcrumbList"]),
        ("/bonnes-pratiques/", ["BreadcrumbList"]),
        ("/documents/", ["BreadcrumbList"]),
        ("/territoires/75/", ["BreadcrumbList"]),
        ("/dispositifs/33-gironde/", ["BreadcrumbList"]),
        ("/plan-du-site/", ["BreadcrumbList"]),
        ("/contact/", ["BreadcrumbList"]),
        ("/mentions-legales/", ["BreadcrumbList"]),
        (FICHE, ["Project", "BreadcrumbList"]),
        ("/bonnes-pratiques/visiter-avant-de-choisir/", ["Article", "BreadcrumbList"]),
    ],
)
def test_linked_data_are_valid(client, path, kinds):
    make_world()

    data = linked_data(client.get(path))

    assert [block["@type"] for block in data] == kinds
    assert {block["@context"] for block in data} == {"https://schema.org"}
    assert list(faults(data)) == []


def test_the_breadcrumb_is_that_of_the_page(client):
    make_world()

    steps = of_type(client.get(FICHE), "BreadcrumbList")["itemListElement"]

    assert [(row["position"], row["name"], row.get("item")) for row in steps] == [
        (1, "Accueil", f"{SITE}/"),
        (2, "Dispositifs", f"{SITE}/dispositifs/"),
        (3, "Nouvelle-Aquitaine", f"{SITE}/territoires/75/"),
        (4, "Gironde (33)", f"{SITE}/dispositifs/33-gironde/"),
        (5, "MOUS de Bordeaux", None),
    ]


def test_a_dispositif_is_a_project_with_its_documents(client):
    page = make_world()
    document = page.documents.get()

    project = of_type(client.get(FICHE), "Project")

    assert project["areaServed"] == [{"@type": "AdministrativeArea", "name": "Gironde"}]
    assert project["subjectOf"] == [
        {
            "@type": "DigitalDocument",
            "url": f"{SITE}{document.url}",
            "identifier": document.identifiant,
            "name": "Convention",
            "genre": "Convention",
            "dateCreated": "2025-03-03",
            "inLanguage": "fr",
            "encodingFormat": "application/pdf",
            "isAccessibleForFree": True,
        }
    ]


def test_a_fiche_reduced_to_its_title_says_nothing_more(client):
    make_dispositif()

    project = of_type(client.get(FICHE), "Project")

    assert project.keys() == {
        "@context",
        "@type",
        *REQUIRED["Project"],
    }


def test_a_hostile_title_stays_inside_its_block(client):
    page = make_dispositif(HOSTILE, resume=HOSTILE)
    url = page.fiche_publique.url

    response = client.get(url)

    blocks = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', response.content.decode(), re.DOTALL
    )
    project = of_type(response, "Project")
    assert (project["name"], project["description"]) == (HOSTILE, HOSTILE)
    assert [char for block in blocks for char in "<>&\u2028" if char in block] == []
    assert "<img src=x>" not in response.content.decode()


def test_a_page_of_the_editors_has_its_own_breadcrumb(client):
    make_tree("33")
    AccueilPage.objects.get().add_child(instance=ContenuPage(title="Méthode", slug="methode"))

    steps = of_type(client.get("/methode/"), "BreadcrumbList")["itemListElement"]

    assert [row["name"] for row in steps] == ["Accueil", "Méthode"]
