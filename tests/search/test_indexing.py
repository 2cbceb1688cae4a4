import io

import pytest
from django.core import checks
from django.core.management import CommandError, call_command

from dispositifs.actions.lectures import Lecture, record_readings
from dispositifs.models import VersionAnnuaire
from dispositifs.publication.changements import fiches_changed
from search import indexing
from search.models import Terme
from tests.factories import make_dispositif
from tests.search.documents import make_read_document
from tests.search.fiches import make_fiche, retire

pytestmark = pytest.mark.django_db


def search_command(*args, **options):
    out = io.StringIO()
    call_command("search", *args, stdout=out, **options)
    return out.getvalue()


def test_the_signal_of_a_publication_updates_the_index(index, ask):
    make_fiche("Avant")
    engine = index()
    fiche = make_fiche("Neuve")

    fiches_changed.send(sender=None, version=fiche.version)

    assert ask(engine, "q=neuve").total == 1


def test_a_publication_without_an_index_changes_nothing(settings):
    make_fiche("Neuve")

    fiches_changed.send(sender=None, version=1)

    assert not settings.INDEX_DIR.exists()


def test_a_publication_is_done_even_if_the_index_cannot_be_written(index, monkeypatch, caplog):
    make_fiche("Avant")
    engine = index()
    make_fiche("Neuve")
    monkeypatch.setattr(engine.folder, "lock", None)

    fiches_changed.send(sender=None, version=2)

    assert "Mise à jour de l’index remise à plus tard." in caplog.text


def test_the_worker_builds_a_lost_index_then_only_what_changed():
    make_fiche("A")
    make_fiche("B")

    first, second = indexing.catch_up(), indexing.catch_up()
    make_fiche("C")

    assert (first, second, indexing.catch_up()) == (2, 0, 1)


def test_the_worker_waits_when_somebody_else_writes(index):
    make_fiche("A")
    engine = index()
    make_fiche("B")

    with engine.writing():
        assert indexing.catch_up() == 0


def test_the_vocabulary_knows_every_stem_of_a_form_and_its_frequency(index):
    make_fiche("Hébergé", corps="CAF")
    make_fiche("Hebergé cafés")
    index()

    assert list(Terme.objects.order_by("forme").values_list("forme", "racines", "df")) == [
        ("caf", "", 1),
        ("cafes", "caf", 1),
        ("heberge", "heberg", 2),
    ]


def test_new_words_are_learnt_with_each_change(index):
    make_fiche("Caf")
    index()
    make_fiche("Café", corps="neuf")

    indexing.apply_changes()

    assert list(Terme.objects.order_by("forme").values_list("forme", "racines")) == [
        ("caf", "caf"),
        ("cafe", "caf"),
        ("neuf", "neuf"),
    ]


def test_a_file_read_anew_leaves_the_words_that_it_does_not_hold(index, ask):
    document = make_read_document(make_dispositif(), textes=("verger",))
    engine = index()

    record_readings({document.pk: Lecture("extrait", ["potager"], "rien")})
    indexing.apply_changes()

    assert (ask(engine, "q=verger").total, ask(engine, "q=potager").total) == (0, 1)
    assert not indexing.verify()


def test_a_file_that_gives_the_same_text_again_changes_no_row():
    document = make_read_document(make_dispositif(), textes=("verger", "", "serre"))
    before = VersionAnnuaire.current()

    record_readings({document.pk: Lecture("extrait", ["verger", "", "serre"], "rien")})

    assert VersionAnnuaire.current() == before


def test_rebuild_verify_and_status_tell_what_they_find():
    make_fiche("A")

    assert search_command("rebuild") == "Index reconstruit : 1 documents.\n"
    assert search_command("verify") == "L’index est égal à la base.\n"
    assert search_command("status") == (
        "Moteur : embedded, prêt\nDocuments : 1, et 0 pages de texte\nVersion appliquée : 1 sur 1\n"
    )


def test_verify_names_each_difference_and_repairs_it(index):
    make_fiche("Change", identifiant="changed")
    gone = make_fiche("Part", identifiant="gone")
    index()
    version = indexing.engine().version()
    make_fiche("Arrive", identifiant="new")
    gone.delete()
    changed = type(gone).objects.get(identifiant="changed")
    changed.textes["corps"] = "autre"
    changed.save()

    with pytest.raises(CommandError, match="L’index diffère de la base"):
        search_command("verify")
    told = search_command("verify", repair=True)

    assert told == (
        "Absents de l’index (1) : dispositif:new\n"
        "Différents (1) : dispositif:changed\n"
        "En trop dans l’index (1) : dispositif:gone\n"
        "Écarts corrigés.\n"
    )
    assert not indexing.verify()
    assert indexing.engine().version() == version


def test_commands_say_what_to_do_without_an_index():
    with pytest.raises(CommandError, match="search rebuild"):
        search_command("verify")
    assert "indisponible (L’index n’existe pas encore.)" in search_command("status")


def test_a_retired_fiche_that_came_back_stays(index, ask):
    fiche = make_fiche("Revient", identifiant="x")
    engine = index()
    retire(fiche)
    make_fiche("Revient", identifiant="x")

    indexing.apply_changes()

    assert ask(engine, "").total == 1


def test_a_search_server_is_refused_in_this_version(settings):
    settings.SEARCH_URL = "http://localhost:9200"

    assert [error.id for error in checks.run_checks() if error.id == "search.E001"] == [
        "search.E001"
    ]
