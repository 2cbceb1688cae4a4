"""What the public does: look around, search, filter, read, download. No account, no cookie."""

import re

import pytest

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/dispositifs/",
    "/dispositifs/?q=logement",
    "/dispositifs/?q=zzzzzz",
    "/dispositifs/?thematique=sante&thematique=n-existe-pas",
    "/dispositifs/33-gironde/",
    "/dispositifs/2a-corse-du-sud/",
    "/bonnes-pratiques/",
    "/documents/",
    "/documents/?q=convention",
    "/plan-du-site/",
    "/accessibilite/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/contact/",
    "/aide/",
    "/connexion/",
    "/api/v1/docs",
    "/n-existe-pas/",
]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_fits(visit, width, scheme):
    visitor = visit(width, color_scheme=scheme)
    faults = {}
    for path in [*PAGES, *_some_fiches(visitor)]:
        visitor.open(path)
        found = visitor.accessibility_faults()
        if not visitor.fits():
            found.append(f"plus large que {width} px")
        if found:
            faults[path] = found
    visitor.problems = [p for p in visitor.problems if "404" not in p]

    assert faults == {}


def _some_fiches(visitor):
    page = visitor.open("/api/v1/dispositifs/?limit=100")
    urls = re.findall(r'"url":"(/dispositifs/[^"]+)"', page.content())
    page = visitor.open("/bonnes-pratiques/")
    pratiques = page.locator("main a[href^='/bonnes-pratiques/']").all()
    links = [link.get_attribute("href") for link in pratiques]
    return [urls[0], urls[-1], next(url for url in links if "?" not in url and url.count("/") == 3)]


def test_search_filter_read_and_download(visit):
    visitor = visit()
    page = visitor.open("/")
    page.locator("main").get_by_role("searchbox").fill("baux glissants")
    page.locator("main").get_by_role("button", name="Rechercher").click()
    page.wait_for_url("**/dispositifs/?q=baux+glissants*")
    before = page.locator("main [role=status]").inner_text()

    page.locator("label[for^=f-thematique]", has_text="Logement").click()
    page.get_by_role("button", name=re.compile("Filtrer|Appliquer")).first.click()
    page.wait_for_url("**thematique=logement*")
    page.locator("main h3 a").first.click()
    title = page.locator("h1").inner_text()
    with page.expect_download() as downloading:
        page.locator("a[download]").first.click()

    assert re.search(r"\d", before)
    assert title
    assert downloading.value.suggested_filename.rpartition(".")[2] in (
        "pdf",
        "odt",
        "docx",
        "xlsx",
        "txt",
    )
    assert visitor.context.cookies() == []


def test_everything_works_without_javascript(visit):
    visitor = visit(java_script_enabled=False)
    page = visitor.open("/dispositifs/?q=scolaire")
    total = page.locator("main [role=status]").inner_text()
    page.get_by_role("link", name=re.compile("Suivante|2")).first.is_visible()
    page.locator("main h3 a").first.click()

    assert re.search(r"[1-9]", total)
    assert page.locator("h1").inner_text()


def test_unknown_page_helps(visit):
    visitor = visit()
    page = visitor.open("/dispositifs/33-gironde/inconnu/")
    visitor.problems = [p for p in visitor.problems if "404" not in p]

    assert page.locator("main").get_by_role("searchbox").is_visible()
