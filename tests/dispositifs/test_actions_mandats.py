import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from wagtail.models import PageLogEntry

from dispositifs.actions.mandats import close_mandat, open_mandat
from dispositifs.models import DispositifPage, Mandat
from tests.factories import make_dispositif, make_mandat, make_structure, make_tree, make_user

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def page():
    make_tree()
    return make_dispositif()


def opened(page, by, **fields):
    fields = {"nature": "operateur", "du": timezone.localdate(), **fields}
    fields.setdefault("structure", None)
    structure = fields.pop("structure") or make_structure()
    return open_mandat(dispositif=page, structure=structure, by=by, **fields)


def test_open_mandat_gives_the_space_at_once_and_leaves_a_trace(page):
    structure = make_structure("CLAP")
    operator = make_user("operateur", structure=structure)
    by = make_user("correspondant", "33")

    mandat = opened(page, by, structure=structure)

    (entry,) = PageLogEntry.objects.filter(action="dispositifs.mandat.ouvrir")
    assert (list(DispositifPage.objects.entrusted_to(operator)), mandat.donne_par) == ([page], by)
    assert (entry.page_id, entry.user, entry.data["structure"]) == (page.pk, by, "CLAP")


def test_only_the_pilot_departement_and_national_open_and_close(page):
    mandat = make_mandat(page)
    users = {
        "ici": make_user("correspondant", "33"),
        "ailleurs": make_user("correspondant", "13"),
        "opérateur": make_user("operateur", structure=mandat.structure),
        "national": make_user("national"),
    }

    allowed = set()
    for who, user in users.items():
        try:
            close_mandat(mandat=opened(page, user), by=user)
        except PermissionDenied:
            continue
        allowed.add(who)

    assert allowed == {"ici", "national"}


@pytest.mark.parametrize(
    ("known", "asked", "refused"),
    [
        ((-10, None), (0, None), True),
        ((-10, 5), (5, None), True),
        ((-10, 5), (6, None), False),
        ((10, None), (0, 9), False),
        ((10, None), (0, 10), True),
        ((10, None), (0, None), True),
    ],
)
def test_two_mandats_of_one_nature_never_run_together(page, known, asked, refused):
    by, structure = make_user("national"), make_structure()
    today = timezone.localdate()
    du, au = (None if days is None else today + days * DAY for days in known)
    make_mandat(page, structure, du=du, au=au)
    du, au = (None if days is None else today + days * DAY for days in asked)

    try:
        opened(page, by, structure=structure, du=du, au=au)
        outcome = False
    except ValidationError:
        outcome = True

    assert outcome is refused


def test_open_mandat_refuses_a_merged_structure_and_dates_in_disorder(page):
    by = make_user("national")
    merged = make_structure("Ancienne", fusionne_dans=make_structure("Nouvelle"))
    today = timezone.localdate()

    with pytest.raises(ValidationError, match="a été fusionnée"):
        opened(page, by, structure=merged)
    with pytest.raises(ValidationError, match="précède le premier"):
        opened(page, by, du=today, au=today - DAY)

    assert Mandat.objects.count() == 0


def test_close_mandat_closes_at_once_or_on_its_day(page):
    by, today = make_user("national"), timezone.localdate()
    now, later = make_mandat(page), make_mandat(page, make_structure("B"))

    close_mandat(mandat=now, by=by)
    close_mandat(mandat=later, au=today + DAY, by=by)

    assert [(mandat.au, mandat.is_running) for mandat in (now, later)] == [
        (today - DAY, False),
        (today + DAY, True),
    ]


def test_mandat_opened_today_and_closed_today_leaves_only_its_trace(page):
    by = make_user("national")
    mandat = opened(page, by)

    close_mandat(mandat=mandat, by=by)

    actions = PageLogEntry.objects.filter(action__startswith="dispositifs.mandat")
    assert (Mandat.objects.count(), actions.count()) == (0, 2)


def test_close_mandat_refuses_what_makes_no_sense(page):
    by, today = make_user("national"), timezone.localdate()
    ended = make_mandat(page, au=today - DAY)
    planned = make_mandat(page, make_structure("B"), au=today + DAY)

    with pytest.raises(ValidationError, match="déjà terminé"):
        close_mandat(mandat=ended, by=by)
    with pytest.raises(ValidationError, match="finit déjà"):
        close_mandat(mandat=planned, au=today + 9 * DAY, by=by)
    with pytest.raises(ValidationError, match="précède"):
        close_mandat(mandat=planned, au=datetime.date(2000, 1, 1), by=by)

    assert [mandat.au for mandat in (ended, planned)] == [today - DAY, today + DAY]
