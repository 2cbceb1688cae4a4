import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dispositifs.models import Mandat
from tests.factories import make_dispositif, make_mandat, make_structure, make_tree, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


@pytest.fixture
def page():
    make_tree()
    return make_dispositif()


@pytest.fixture
def editor(client, page):
    client.force_login(make_user("correspondant", "33"))
    return client


def url_of(page):
    return f"/admin/dispositifs/{page.pk}/mandats/"


def test_mandat_is_opened_then_closed_on_the_dispositif(editor, page):
    structure = make_structure("CLAP")

    editor.post(
        url_of(page),
        {"structure": structure.pk, "nature": "operateur", "du": "01/03/2024", "au": ""},
    )
    mandat = Mandat.objects.get()
    response = editor.post(f"{url_of(page)}{mandat.pk}/fermer/", {"au": ""})

    mandat.refresh_from_db()
    assert (response.status_code, mandat.structure, mandat.du, mandat.au) == (
        302,
        structure,
        datetime.date(2024, 3, 1),
        timezone.localdate() - datetime.timedelta(days=1),
    )


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"structure": "", "nature": "operateur", "du": "01/03/2024"}, {"structure"}),
        ({"structure": "{merged}", "nature": "operateur", "du": "01/03/2024"}, {"structure"}),
        ({"structure": "abc", "nature": "operateur", "du": "01/03/2024"}, {"structure"}),
        ({"structure": "{kept}", "nature": "roi", "du": "01/03/2024"}, {"nature"}),
        ({"structure": "{kept}", "nature": "operateur", "du": "31/02/2024"}, {"du"}),
        (
            {"structure": "{kept}", "nature": "pilote", "du": "02/03/2024", "au": "01/03/2024"},
            {"__all__"},
        ),
        ({"structure": "{kept}", "nature": "operateur", "du": "01/03/2024"}, {"__all__"}),
    ],
)
def test_errors_are_shown_and_nothing_is_opened(editor, page, data, fields):
    kept = make_structure("Gardée")
    merged = make_structure("Ancienne", fusionne_dans=kept)
    make_mandat(page, kept)
    filled = {k: v.format(kept=kept.pk, merged=merged.pk) for k, v in data.items()}

    response = editor.post(url_of(page), filled)

    assert (response.status_code, set(response.context["form"].errors), Mandat.objects.count()) == (
        200,
        fields,
        1,
    )


def test_ended_mandats_are_listed_apart(editor, page):
    ended = make_mandat(page, au=datetime.date(2021, 1, 1))
    planned = make_mandat(page, make_structure("B"), du=datetime.date(2999, 1, 1))

    context = editor.get(url_of(page)).context

    assert (context["en_cours"], context["termines"]) == ([planned], [ended])


def test_screen_asks_the_same_number_of_queries_for_one_and_for_four(editor, page):
    def ask():
        with CaptureQueriesContext(connection) as queries:
            editor.get(url_of(page))
        return len(queries)

    make_mandat(page)
    ask()
    few = ask()
    for rank in range(3):
        make_mandat(page, make_structure(f"S{rank}"))

    assert ask() == few
