"""What an operator sees: his own space, on a phone, and never the administration."""

import pytest

pytestmark = pytest.mark.browser


def test_operator_finds_his_dispositifs_on_a_phone(visit):
    visitor = visit(360)
    page = visitor.sign_in("operateur@demo.invalid")
    page.wait_for_url("**/espace/")

    assert page.get_by_role("link", name="MOUS de résorption").first.is_visible()
    assert visitor.accessibility_faults() == []
    assert visitor.fits()


def test_operator_never_enters_the_administration(visit):
    visitor = visit(360)
    visitor.sign_in("operateur@demo.invalid").wait_for_url("**/espace/")

    answer = visitor.page.goto("/admin/")
    visitor.problems = [p for p in visitor.problems if "404" not in p]

    assert answer.status == 404
