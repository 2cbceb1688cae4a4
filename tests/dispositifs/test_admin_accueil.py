import pytest

from tests.factories import make_dispositif, make_tree, make_user

pytestmark = pytest.mark.django_db


def test_landing_is_the_list_of_dispositifs(client):
    make_tree()
    make_dispositif("MOUS de Bordeaux")
    client.force_login(make_user("correspondant", "33"))

    response = client.get("/admin/")

    assert (response.status_code, response["Location"]) == (302, "/admin/dispositifs/")


def test_list_page(client):
    make_tree()
    page = make_dispositif("MOUS de Bordeaux")
    make_dispositif("Village", "13")
    client.force_login(make_user("correspondant", "33"))

    for url in ["/admin/dispositifs/", "/admin/dispositifs/?export=csv", "/admin/dispositifs/?export=xlsx", "/admin/dispositifs/declarer/", f"/admin/pages/{page.pk}/edit/", f"/admin/dispositifs/{page.pk}/mandats/", "/admin/structures/", "/admin/structures/new/", "/admin/choix-structure/", "/admin/documents/", f"/admin/pages/{page.parent_id if hasattr(page,'parent_id') else page.get_parent().pk}/edit/"]:
        response = client.get(url)
        print(url, response.status_code)
        body = b"".join(response) if response.streaming else response.content
        assert response.status_code == 200, url
        assert "Village" not in body.decode("utf-8", "replace")
