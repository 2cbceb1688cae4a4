"""What the public does: look around, search, filter, read, download. No account, no cookie."""

import re

import pytest

pytestmark = pytest.mark.browser


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
