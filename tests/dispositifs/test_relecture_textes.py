"""Texts of a fiche that may name somebody: told beside them, confirmed once, refused when certain."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from wagtail.models import PageLogEntry

from dispositifs.actions.dispositifs import confirm_texts
from dispositifs.choices import PARTIES_BONNE_PRATIQUE
from dispositifs.models.relecture import texts_to_review
from tests.dispositifs.formulaire import fiche_data
from tests.factories import make_bonne_pratique, make_dispositif, make_tree, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
NUMERO = "Joindre la famille au 06 12 34 56 78."
CERTAIN = "IBAN FR14 2004 1010 0505 0001 3M02 606"
CONFIRMED = "dispositifs.fiche.confirmer_anonymat"


@pytest.fixture
def page(db):
    make_tree("33", "13")
    return make_dispositif(resume=NUMERO, contexte="<p>Un terrain de 40 ménages.</p>")


@pytest.fixture
def editor(client, page):
    client.force_login(make_user("correspondant", "33"))
    return client


def edit(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def rich(text):
    block = {"key": "a", "text": text, "type": "unstyled", "depth": 0}
    ranges = {"inlineStyleRanges": [], "entityRanges": []}
    return json.dumps({"entityMap": {}, "blocks": [block | ranges]})


def save(client, page, **fields):
    """Post the form; what is said on the page that follows."""
    answer = client.post(edit(page), fiche_data(page, **fields), follow=True)
    return answer, [str(row).strip() for row in answer.context["messages"]]


def to_review(page):
    return {text.champ: text.natures for text in texts_to_review(page)}


def test_what_was_found_is_told_beside_its_field(editor, page):
    content = editor.get(edit(page)).content.decode()

    assert content.count("À relire : téléphone (« …Joindre la famille au 06 •• •• •• 78.… »).") == 1
    assert content.count('name="anonymat_relu"') == 1
    assert to_review(page) == {"resume": "téléphone"}


def test_nothing_is_asked_of_texts_that_name_nobody(editor, page):
    page.resume = "Quarante ménages."
    page.save_revision().publish()

    content = editor.get(edit(page)).content.decode()

    assert "anonymat_relu" not in content
    assert "À relire" not in content


def test_saving_warns_and_never_blocks(editor, page):
    _, told = save(editor, page, resume="Rien.", actions=rich("M. Popescu, Mme Ionescu, M. Marin"))

    page.refresh_from_db()
    latest = page.get_latest_revision_as_object()
    assert to_review(latest) == {"actions": "liste de noms"}
    assert [row for row in told if "nominatives" in row] == [
        "Actions : données peut-être nominatives (liste de noms). Retirez-les, ou cochez « J’ai relu"
        " ces textes » si personne n’y est désigné."
    ]


def test_ticking_the_box_is_kept_in_the_journal_and_holds_for_these_words(editor, page):
    _, told = save(editor, page, resume=NUMERO, anonymat_relu="on")
    after = to_review(page.get_latest_revision_as_object())
    _, told_again = save(editor, page, resume=NUMERO)
    _, told_other = save(editor, page, resume=f"{NUMERO} Ou au 06 98 76 54 32.")

    entry = PageLogEntry.objects.get(action=CONFIRMED)
    assert (entry.page_id, sorted(entry.data["textes"])) == (page.pk, ["resume"])
    assert NUMERO not in json.dumps(entry.data)
    assert after == {}
    assert ["nominatives" in " ".join(rows) for rows in (told, told_again, told_other)] == [
        *(False, False, True)
    ]


def test_only_at_home_is_it_confirmed(page):
    with pytest.raises(PermissionDenied):
        confirm_texts(page=page, by=make_user("correspondant", "13"))

    assert PageLogEntry.objects.filter(action=CONFIRMED).count() == 0


def test_a_number_that_is_certain_is_refused_on_its_field(editor, page):
    answer, _ = save(editor, page, resume="Rien.", limites=rich(CERTAIN))

    page.refresh_from_db()
    form = answer.context["form"]
    assert list(form.errors) == ["limites"]
    assert form.errors["limites"][0].startswith("Un numéro de sécurité sociale ou un IBAN est dans")
    assert page.get_latest_revision_as_object().limites == ""


def test_a_bonne_pratique_refuses_it_too(client, page):
    pratique = make_bonne_pratique()
    client.force_login(make_user("national"))
    data = {"title": "Visiter", "slug": "visiter", "date": "2026-01-01", "resume": CERTAIN}
    texts = dict.fromkeys(PARTIES_BONNE_PRATIQUE, rich(""))

    answer = client.post(edit(pratique), {**data, **texts})

    pratique.refresh_from_db()
    assert list(answer.context["form"].errors) == ["resume"]
    assert pratique.resume == ""
