"""What a correspondant does: sign in, declare, publish, complete. Nothing of another département."""

import re
import uuid

import pytest

pytestmark = pytest.mark.browser


def test_declare_and_publish_in_two_clicks(visit):
    visitor = visit()
    page = visitor.sign_in("ddets33@demo.invalid")
    page.wait_for_url("**/admin/**")
    assert page.locator("h1, h2").first.inner_text()
    titre = f"Équipe mobile {uuid.uuid4().hex[:8]}"

    page.get_by_role("link", name=re.compile("Déclarer")).first.click()
    page.get_by_label(re.compile("[Tt]itre")).first.fill(titre)
    page.get_by_role("button", name=re.compile("Publier")).first.click()
    page.wait_for_load_state()

    public = visit().open("/dispositifs/?tri=maj&departement=33")
    public.get_by_role("link", name=titre).first.click()
    assert public.locator("h1").inner_text() == titre


def test_admin_pages_are_accessible(visit):
    visitor = visit()
    page = visitor.sign_in("ddets33@demo.invalid")
    page.wait_for_url("**/admin/**")
    landing = visitor.accessibility_faults()
    page.get_by_role("link", name=re.compile("Déclarer")).first.click()
    page.wait_for_url("**/declarer/")
    declaring = visitor.accessibility_faults()

    assert (landing, declaring) == ([], [])
