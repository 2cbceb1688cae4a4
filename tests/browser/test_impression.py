"""What comes out of the printer: pages of A4 paper, whole, with their source."""

import io
import unicodedata

import pytest
from pypdf import PdfReader

pytestmark = pytest.mark.browser

A4 = (595, 842)  # points
FICHE = "/dispositifs/33-gironde/mous-de-resorption-des-bidonvilles-de-la-metropole-bordelaise/"


def printed(page):
    """(sizes of the pages, letters printed without spaces nor line ends)."""
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    sizes = [(round(sheet.mediabox.width), round(sheet.mediabox.height)) for sheet in paper.pages]
    return sizes, letters(" ".join(sheet.extract_text() for sheet in paper.pages))


def letters(text):
    return "".join(unicodedata.normalize("NFKC", text).split())


def test_a_fiche_is_one_page_with_its_source(visit, site):
    page = visit(color_scheme="dark").open(FICHE)
    page.emulate_media(media="print")
    titles = page.locator("h1, .rubrique > h2:visible").all_inner_texts()

    sizes, text = printed(page)

    assert sizes == [A4]
    assert len(titles) > 5
    assert [title for title in titles if letters(title.rstrip(" 0123456789")) not in text] == []
    assert letters(f"{site}{FICHE}") in text
    assert letters("Du 1er janvier 2024 au 31 décembre 2027") in text
    assert letters("Définitions : MOUS : maîtrise d’œuvre urbaine et sociale") in text
    assert [word for word in ("Seconnecter", "Plandusite", "Surcettepage") if word in text] == []


def test_a_list_of_documents_prints_what_it_names_and_where_from(visit):
    page = visit().open("/documents/?q=convention")
    origins = page.locator("main .piece__origine a").all_inner_texts()

    sizes, text = printed(page)

    assert set(sizes) == {A4}
    assert len(sizes) < 3
    assert len(origins) > 5
    assert [origin for origin in origins if letters(origin) not in text] == []
    assert "Télécharger" not in text


def test_a_departement_prints_its_map(visit):
    page = visit().open("/dispositifs/33-gironde/")

    sizes, text = printed(page)

    assert sizes == [A4]
    assert letters("Sur la carte") in text
    assert letters("Bordeaux") in text


def test_a_search_prints_every_title_its_total_and_its_filters(visit, site):
    path = "/dispositifs/?q=mous&thematique=logement"
    page = visit().open(path)
    total = page.locator("main [role=status]").first.inner_text()
    titles = page.locator("main .carte__titre").all_inner_texts()
    places = page.locator("main .carte__lieu").all_inner_texts()

    sizes, text = printed(page)

    assert set(sizes) == {A4}
    assert len(titles) > 5
    expected = [total, "Thématique : Logement", *titles, *places, f"{site}{path}"]
    assert [said for said in expected if letters(said) not in text] == []
    assert [
        word for word in ("Appliquerlesfiltres", "Trierpar", "Seconnecter") if word in text
    ] == []
