"""The maps of the home page and of a département: the projection's lieux, nothing else."""

import html
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from annuaire.acteurs.models import Commune
from dispositifs.carte.lieux import LieuPublic, lieux_of
from dispositifs.models import FicheLieu, FichePublique, Lieu
from tests.factories import make_departement, make_dispositif, make_tree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates", "empty_cache")]

GIRONDE = "/dispositifs/33-gironde/"
HIDDEN = [
    {"nature": "site", "nom": "CANARI-SITE", "public": True},
    {"nature": "diffus", "nom": "CANARI-DIFFUS", "public": True},
    {"nature": "terrain-insertion", "nom": "CANARI-TERRAIN", "public": False},
    {"nature": "permanence", "nom": "CANARI-PERMANENCE", "public": False},
]


def make_commune(code="33281", nom="Mérignac", **fields):
    departement = make_departement(code[:2])
    return Commune.objects.create(
        code=code,
        nom=nom,
        departement=departement,
        **{"longitude": -0.65, "latitude": 44.84, **fields},
    )


def publish_lieux(titre, *lieux):
    page = make_dispositif(titre, live=False)
    page.lieux = [
        Lieu(**{"nature": "terrain-insertion", "public": True, **fields}) for fields in lieux
    ]
    page.save_revision().publish()
    return page


def names_on_map(response):
    """Accessible names of the signs, then of the shapes."""
    svg = re.search(r"<svg class=\"plan .*?</svg>", response.content.decode(), re.DOTALL)[0]
    titles = re.findall(r'<a class="(plan__\w+).*?<title>(.*?)</title>', svg)
    signs = [html.unescape(title) for kind, title in titles if kind == "plan__lieu"]
    return signs, [html.unescape(title) for kind, title in titles if kind != "plan__lieu"]


# --- what the projection gives -------------------------------------------------------------------
def test_a_lieu_is_at_its_commune_unless_its_exact_place_is_public():
    commune = make_commune()
    exact = {"commune": commune, "longitude": -0.6123, "latitude": 44.8123}
    page = publish_lieux(
        "MOUS",
        {**exact, "nom": "Discret"},
        {**exact, "nom": "Exact", "exact_public": True},
        {"commune": make_commune("33001", "Abzac", longitude=None), "nom": "Sans point"},
    )

    found = lieux_of(FichePublique.objects.dispositifs())

    assert [(lieu.nom, lieu.point) for lieu in found] == [
        ("Sans point", None),
        ("Discret", (-0.65, 44.84)),
        ("Exact", (-0.6123, 44.8123)),
    ]
    assert found[1] == LieuPublic(
        nature="terrain-insertion",
        nom="Discret",
        commune="33281",
        commune_nom="Mérignac",
        departement="33",
        point=(-0.65, 44.84),
        titre="MOUS",
        url=f"{GIRONDE}{page.slug}/",
    )


def test_a_fiche_without_public_lieu_shows_none():
    commune = make_commune()
    publish_lieux("Montré", {"commune": commune})
    publish_lieux("Discret", *({**lieu, "commune": commune} for lieu in HIDDEN))
    make_dispositif("Sans lieu")

    found = lieux_of(FichePublique.objects.dispositifs())

    assert [lieu.titre for lieu in found] == ["Montré"]
    assert FicheLieu.objects.count() == 1


def test_no_lieu_but_terrains_and_permanences_may_enter_the_projection():
    fiche = make_dispositif("MOUS").fiche_publique

    with pytest.raises(IntegrityError), transaction.atomic():
        FicheLieu.objects.create(fiche=fiche, nature="site", commune=make_commune())


def test_lieux_cost_one_query_whatever_their_number(django_assert_num_queries):
    commune = make_commune()
    for titre in ("Un", "Deux", "Trois"):
        publish_lieux(titre, {"commune": commune}, {"commune": commune, "nature": "permanence"})

    with django_assert_num_queries(1):
        found = lieux_of(FichePublique.objects.dispositifs())

    assert len(found) == 6


# --- pages ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/", GIRONDE])
def test_a_page_shows_public_lieux_alone_on_the_map_and_in_words(client, path):
    commune = make_commune()
    shown = {"commune": commune, "nom": "Le Clos"}
    publish_lieux("MOUS", shown, *({**lieu, "commune": commune} for lieu in HIDDEN))

    response = client.get(path)

    body = response.content.decode()
    assert names_on_map(response)[0] == ["Terrain d’insertion Le Clos, Mérignac (33)\xa0: MOUS"]
    assert re.search(r"<strong>Le Clos</strong> – Terrain d’insertion, Mérignac \(33\)", body)
    assert "CANARI" not in body


def test_home_counts_each_of_the_101_départements(client):
    make_tree("33", "47")
    make_dispositif("Un")
    make_dispositif("Deux", departement="47", france_entiere=False)
    make_dispositif("Brouillon", live=False)

    _, shapes = names_on_map(client.get("/"))

    assert len(shapes) == 101
    assert [name for name in shapes if not name.endswith("aucun dispositif")] == [
        "Gironde (33)\xa0: 1\xa0dispositif",
        "Lot-et-Garonne (47)\xa0: 1\xa0dispositif",
    ]


def test_home_costs_as_many_queries_for_three_dispositifs_as_for_one(client):
    commune = make_commune()
    publish_lieux("Un", {"commune": commune})
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
            counts.append(len(queries))
        publish_lieux("Deux", {"commune": commune})
        publish_lieux("Trois", {"commune": commune})

    assert counts[0] == counts[1]
    assert counts[0] <= 10


def test_a_departement_leads_to_its_neighbours_from_the_map(client):
    make_tree("33", "47")
    make_dispositif("Voisin", departement="47")

    _, shapes = names_on_map(client.get(GIRONDE))

    assert "Lot-et-Garonne (47)\xa0: 1\xa0dispositif" in shapes
    assert not [name for name in shapes if name.startswith("Gironde")]


def test_a_departement_costs_as_many_queries_with_lieux_as_without(client):
    commune = make_commune()
    make_dispositif("Sans lieu")
    costs = []
    for number in (0, 1, 3):
        for rank in range(number):
            publish_lieux(f"Avec {number} {rank}", {"commune": commune})
        with CaptureQueriesContext(connection) as queries:
            client.get(GIRONDE)
        costs.append(len(queries))

    assert costs[0] == costs[1] == costs[2] <= 10
