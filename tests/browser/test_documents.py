"""What a correspondant does with documents: drops several at once, describes each, replaces one."""

import base64
import re
import uuid

import pytest

from tests.dispositifs.fichiers import docx_file, pdf, with_entries, xlsx_file

pytestmark = pytest.mark.browser

DOCUMENTS = re.compile(r"^\d+ documents")
DROP = """([zone, files]) => {
  const transfer = new DataTransfer();
  for (const [name, content] of files) {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], name));
  }
  const form = document.querySelector(zone);
  for (const type of ["dragover", "drop"]) {
    form.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }
}"""


@pytest.fixture(params=[1280, 360])
def visitor(visit, request):
    visitor = visit(request.param)
    visitor.sign_in("ddets33@demo.invalid").wait_for_url("**/admin/**")
    visitor.open("/admin/dispositifs/?q=MOUS").get_by_role("link", name=DOCUMENTS).first.click()
    visitor.page.wait_for_url("**/documents/")
    return visitor


def drop(page, files):
    encoded = [(name, base64.b64encode(content).decode()) for name, content in files.items()]
    with page.expect_navigation(url="**/depot/"):
        page.evaluate(DROP, ["form[data-depot]", encoded])
    # Wagtail fades its messages in: before that they have no contrast.
    page.wait_for_function(
        "getComputedStyle(document.querySelector('.messages > ul')).opacity === '1'"
    )


def test_three_files_dropped_at_once_each_with_its_fields_one_refused(visitor):
    page, mark = visitor.page, uuid.uuid4().hex[:6]
    screen = visitor.accessibility_faults(), visitor.fits()

    drop(
        page,
        {
            f"Convention_{mark} signée.pdf": pdf(3),
            f"note {mark}.docx": docx_file(mark),
            "suivi.xlsx": with_entries(xlsx_file(), {"xl/vbaProject.bin": b"x"}),
        },
    )
    described = visitor.accessibility_faults(), visitor.fits()
    refusal = page.locator(".messages").inner_text()
    first, second = page.locator("[data-fichier]").all()
    first.locator("select[data-types]").select_option(
        label="Diagnostic social — proposé\u00a0: interne"
    )
    reason = first.locator(".type-propose").inner_text()
    proposed = first.locator("select[name$=niveau] option").first.inner_text()
    second.locator("input[name$=title]").fill("")
    page.get_by_role("button", name="Enregistrer tout").click()
    page.wait_for_load_state()
    (left,) = page.locator("[data-fichier]").all()
    error = left.locator(".w-field__errors, .error-message").first.inner_text()
    left.locator("input[name$=title]").fill(f"Note {mark}")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/documents/")

    assert (screen, described) == (([], True), ([], True))
    assert "suivi.xlsx" in refusal
    assert "macros" in refusal
    assert reason.startswith("Niveau proposé\u00a0: interne. Même agrégé")
    assert proposed == "Celui que propose le type\u00a0: interne"
    assert error.strip() == "Champ requis."
    titles = page.locator(".piece__titre").all_inner_texts()
    assert {title.split("\n")[0] for title in titles if mark in title} == {
        f"Convention {mark} signée",
        f"Note {mark}",
    }


def test_without_script_the_same_form_takes_several_files(visit):
    visitor = visit(java_script_enabled=False)
    visitor.sign_in("ddets33@demo.invalid").wait_for_url("**/admin/**")
    visitor.open("/admin/dispositifs/").get_by_role("link", name=DOCUMENTS).first.click()
    page = visitor.page

    page.locator("#id_fichiers").set_input_files(
        [
            {"name": name, "mimeType": "application/pdf", "buffer": pdf(rank)}
            for rank, name in enumerate(("a.pdf", "b.pdf"), start=4)
        ]
    )
    page.get_by_role("button", name="Déposer", exact=True).click()
    page.wait_for_url("**/depot/")

    assert page.locator("[data-fichier] legend").all_inner_texts() == ["1. a.pdf", "2. b.pdf"]
