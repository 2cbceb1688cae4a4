import multiprocessing
import os
import signal

import pytest
import tantivy
from django.db import connection

from dispositifs.models import VersionAnnuaire
from search import indexing
from search.engines.base import EngineBusy, EngineUnavailable
from search.engines.embedded import folder
from search.engines.fallback import FallbackEngine
from tests.factories import make_departement
from tests.search.fiches import generate, make_fiche, retire

pytestmark = pytest.mark.django_db


def ids(answer):
    return [(hit.id.partition(":")[2], hit.partiel) for hit in answer.hits]


def test_partial_results_follow_marked_and_by_the_weight_that_they_cover(index, ask):
    make_fiche("Logement et scolarisation", identifiant="both")
    make_fiche("Scolarisation", identifiant="rare")
    for number in range(5):
        make_fiche("Logement", identifiant=f"common-{number}")

    answer = ask(index(), "q=logement+scolarisation")

    assert (answer.total, answer.total_partiel) == (1, 6)
    assert ids(answer)[:2] == [("both", False), ("rare", True)]
    assert {partiel for _id, partiel in ids(answer)[1:]} == {True}


def test_partial_results_are_fifty_at_most_and_stand_alone_when_nothing_is_complete(index, ask):
    for number in range(60):
        make_fiche(f"Logement {number}")

    answer = ask(index(), "q=logement+inexistant")

    assert (answer.total, answer.total_partiel, len(answer.hits)) == (0, 50, 20)


def test_no_partial_result_when_the_complete_answer_is_long_enough(index, ask):
    for number in range(20):
        make_fiche(f"Logement et santé {number}")
    make_fiche("Logement")

    answer = ask(index(), "q=logement+sante")

    assert (answer.total, answer.total_partiel) == (20, 0)


def test_exact_sigle_and_exact_title_come_first(index, ask):
    make_fiche("Tout sur la MOUS", fort="MOUS", corps="MOUS " * 50, identifiant="much")
    make_fiche("Maîtrise d’œuvre", sigle="MOUS", identifiant="sigle")
    make_fiche("La santé des femmes et la santé des enfants", identifiant="long")
    make_fiche("Santé des femmes", identifiant="title")
    engine = index()

    assert ids(ask(engine, "q=mous"))[0] == ("sigle", False)
    assert ids(ask(engine, "q=sante+des+femmes"))[0] == ("title", False)


def test_the_place_of_a_word_ranks(index, ask):
    make_fiche("Documents", documents="médiation", identifiant="documents")
    make_fiche("Corps", corps="médiation", identifiant="corps")
    make_fiche("Fort", fort="médiation", identifiant="fort")
    make_fiche("Médiation", identifiant="titre")
    make_fiche("Médiation vers l’emploi", identifiant="titre-long")

    found = ids(ask(index(), "q=mediation"))

    assert [id for id, _partiel in found][-3:] == ["fort", "corps", "documents"]


def test_a_common_word_in_a_title_does_not_beat_rare_words_in_a_body(index, ask):
    for number in range(30):
        make_fiche(f"Insertion {number}")
    make_fiche("Insertion", identifiant="common", corps="maraîchage")
    make_fiche("Autre", identifiant="rare", corps="insertion maraîchage vergers")

    found = ids(ask(index(), "q=insertion+vergers+maraichage"))

    assert found[:2] == [("rare", False), ("common", True)]


def test_a_territory_typed_ranks_first_what_covers_it(index, ask):
    make_departement("33")
    make_fiche("Logement des Landes", corps="parti de Gironde", identifiant="other")
    make_fiche("Logement", facettes={"departement": ["33"]}, fort="Gironde", identifiant="in")

    assert ids(ask(index(), "q=logement+gironde"))[0] == ("in", False)


def test_facet_counts_are_those_of_sql_on_two_thousand_fiches(index, ask):
    make_departement("33")
    generate(2_000)
    engine = index()

    for text in (
        "",
        "q=hebergement+insertion",
        "statut=en-cours&statut=termine&annee=2020&selection=sans",
        "departement=33&places=libres&q=eau",
    ):
        ours, sql = ask(engine, text), ask(FallbackEngine(), text)
        assert (ours.total, counts(ours)) == (sql.total, counts(sql)), text


def counts(answer):
    return {nom: {c.value: c.count for c in found} for nom, found in answer.facets.items()}


def test_changes_and_tombstones_are_applied_and_the_version_follows(index, ask):
    gone, changed = make_fiche("Partie"), make_fiche("Avant", identifiant="x")
    engine = index()
    retire(gone)
    changed.textes["titre"] = "Après"
    changed.version = VersionAnnuaire.raise_version()
    changed.save()
    make_fiche("Neuve")

    applied = indexing.apply_changes()

    totals = {q: ask(engine, f"q={q}").total for q in ("partie", "avant", "apres", "neuve")}
    assert applied == 3
    assert totals == {"partie": 0, "avant": 0, "apres": 1, "neuve": 1}
    assert engine.version() == VersionAnnuaire.current()
    assert not indexing.verify()


def test_nothing_to_apply_writes_nothing(index):
    make_fiche()
    engine = index()
    before = engine.folder.stamp()

    assert indexing.apply_changes() == 0
    assert engine.folder.stamp() == before


def test_one_writer_at_a_time(index):
    make_fiche()
    engine = index()
    make_fiche("Autre")

    with engine.writing(), pytest.raises(EngineBusy):
        indexing.apply_changes()

    assert indexing.apply_changes() == 1


def test_a_database_restored_behind_its_index_is_indexed_again(index, ask):
    fiche = make_fiche("Avant")
    engine = index()
    VersionAnnuaire.objects.update(version=0)
    fiche.delete()

    assert indexing.catch_up() == 0
    assert ask(engine, "").total == 0
    assert engine.version() == 0


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: (path / "courant").unlink(),
        lambda path: (path / "courant").write_text("v0-0123456789ab"),
        lambda path: (path / "courant").write_text("../../etc"),
        lambda path: (path / "courant").write_bytes(b"\xff\xfe\0"),
        lambda path: [file.unlink() for file in path.glob("v*/meta.json")],
        lambda path: [file.write_text("{") for file in path.glob("v*/meta.json")],
    ],
)
def test_a_lost_index_is_unavailable_until_it_is_rebuilt(index, ask, damage):
    make_fiche("Logement")
    engine = index()
    damage(engine.folder.path)

    with pytest.raises(EngineUnavailable):
        ask(engine, "")
    assert not engine.health().ready

    assert indexing.catch_up() == 1
    assert ask(engine, "").total == 1


def test_a_rebuild_keeps_one_folder_and_readers_never_fail(index, ask):
    make_fiche("Logement")
    engine = index()
    reader = engine._read()

    indexing.rebuild()

    old = reader.searcher.search(tantivy.Query.all_query(), 10)
    assert len(list(engine.folder.path.glob("v*-*"))) == 1
    assert len([reader.searcher.doc(address)["id"] for _score, address in old.hits]) == 2
    assert ask(engine, "").total == 1


def test_a_killed_writer_leaves_the_last_commit_and_frees_the_lock(index, ask):
    make_fiche("Logement")
    engine = index()
    context = multiprocessing.get_context("fork")
    started = context.Event()
    connection.ensure_connection()
    process = context.Process(target=write_for_ever, args=(engine.folder.path, started))
    process.start()
    started.wait(10)

    os.kill(process.pid, signal.SIGKILL)
    process.join()
    make_fiche("Autre")

    assert ask(engine, "").total == 1
    assert indexing.apply_changes() == 1
    assert ask(engine, "").total == 2


def write_for_ever(path, started):
    place = folder.IndexFolder(path)
    with place.lock(5):
        writer = folder.open_index(place.current()).writer(20_000_000, 1)
        writer.delete_all_documents()
        started.set()
        signal.pause()
