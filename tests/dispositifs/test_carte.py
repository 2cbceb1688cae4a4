"""The map as it is drawn: every département, true counts, names for all, little weight."""

import math
import re

import pytest

from annuaire.acteurs.models import Departement
from dispositifs.carte.contours import contours, simplified
from dispositifs.carte.departement import draw_departement, view_of
from dispositifs.carte.dessin import draw_france
from dispositifs.carte.france import HEIGHT, PETITE_COURONNE, WIDTH, departements, fond
from dispositifs.carte.lieux import MOST, LieuPublic, reperes
from dispositifs.carte.paliers import paliers, rang_of

LINK = re.compile(
    r'<a class="plan__forme plan--(\d)" href="([^"]*)"( aria-current="true")?>'
    r"<title>([^<]*)</title>.*?</a>"
)
SIGN = re.compile(r'<a class="plan__lieu plan__lieu--([a-z-]+)" href="([^"]*)"><title>([^<]*)<')


def address(forme):
    return f"/dispositifs/?q=a&departement={forme.code}"


def make_lieu(**fields):
    return LieuPublic(
        **{
            "nature": "terrain-insertion",
            "nom": "Le Clos",
            "commune": "33281",
            "commune_nom": "Mérignac",
            "departement": "33",
            "point": (-0.65, 44.84),
            "titre": "MOUS de Bordeaux",
            "url": "/dispositifs/33-gironde/mous/",
            **fields,
        }
    )


def numbers(path):
    return [int(number) for number in re.findall(r"-?\d+", path)]


def points_of(path):
    """Absolute points of a path made of M and relative l."""
    found = []
    for ring in path.split("z")[:-1]:
        start, line = ring[1:].split("l")
        x, y = numbers(start)
        found.append((x, y))
        for dx, dy in zip(*[iter(numbers(line))] * 2, strict=True):
            x, y = x + dx, y + dy
            found.append((x, y))
    return found


# --- outlines ------------------------------------------------------------------------------------
def test_the_101_départements_have_an_outline_and_a_name():
    codes = [row.code for row in departements()]

    assert len(codes) == 101
    assert codes == sorted(contours())
    assert all(row.nom for row in departements())


def test_a_shared_border_is_simplified_once_for_both_sides():
    border = [(0.0, 0.0), (0.3, 1.0), (-0.1, 2.0), (2.0, 3.0), (0.1, 4.0), (0.0, 5.0)]
    shapes = {
        "west": [[*border, (-9.0, 5.0), (-9.0, 0.0)]],
        "east": [[*border[::-1], (9.0, 0.0), (9.0, 5.0)]],
    }

    found = simplified(shapes, 0.5)

    assert set(found["west"][0]) & set(border) == set(found["east"][0]) & set(border)
    assert len(found["west"][0]) < len(shapes["west"][0])
    assert (2.0, 3.0) in found["west"][0]


def test_everything_is_drawn_inside_the_drawing():
    outside = [
        code
        for code, forme in fond().formes.items()
        if not all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points_of(forme.trace))
    ]

    assert outside == []


def test_each_shape_is_large_enough_to_be_read_and_clicked():
    sizes = {}
    for code, forme in fond().formes.items():
        across, down = zip(*points_of(forme.trace), strict=True)
        sizes[code] = min(max(across) - min(across), max(down) - min(down))

    assert {code for code, size in sizes.items() if size < 14} == set()
    assert all(sizes[code] > 24 for code in PETITE_COURONNE)


# --- France --------------------------------------------------------------------------------------
def test_each_departement_is_a_link_named_with_its_count():
    counts = {"33": 4, "2A": 1, "971": 1200}

    links = LINK.findall(draw_france(counts, url=address).svg)

    assert len(links) == 101
    named = {url.rpartition("=")[2]: name for _, url, _, name in links}
    assert set(named) == set(contours())
    assert {code: named[code] for code in ("33", "2A", "971", "974", "01")} == {
        "33": "Gironde (33)\xa0: 4\xa0dispositifs",
        "2A": "Corse-du-Sud (2A)\xa0: 1\xa0dispositif",
        "971": "Guadeloupe (971)\xa0: 1\N{NARROW NO-BREAK SPACE}200\xa0dispositifs",
        "974": "La Réunion (974)\xa0: aucun dispositif",
        "01": "Ain (01)\xa0: aucun dispositif",
    }


def test_a_count_is_a_printed_number_before_it_is_a_shade():
    svg = draw_france({"33": 4, "47": 1}, url=address).svg

    assert re.findall(r'<text x="\d+" y="\d+">([^<]*)</text>', svg) == ["4", "1"]
    shades = {name[:4]: shade for shade, _, _, name in LINK.findall(svg) if shade != "0"}
    assert shades == {"Giro": "4", "Lot-": "1"}


def test_addresses_are_escaped_and_nothing_runs_or_styles():
    svg = draw_france({"33": 4}, url=address, lieux=[make_lieu(nom="<b>&", titre='"x')]).svg

    assert 'href="/dispositifs/?q=a&amp;departement=33"' in svg
    assert "Terrain d’insertion &lt;b&gt;&amp;, Mérignac (33)\xa0: &quot;x" in svg
    assert re.findall(r"<script|<style|style=|\son\w+=|<b>", svg) == []


def test_a_chosen_departement_is_marked_otherwise_than_by_colour():
    svg = draw_france({"33": 4}, url=address, chosen={"33"}).svg

    assert [url[-2:] for _, url, current, _ in LINK.findall(svg) if current] == ["33"]
    assert svg.count('class="plan__choisi"') == 1


def test_the_whole_map_weighs_less_than_80_kb():
    counts = dict.fromkeys(contours(), 1000)
    lieux = [
        make_lieu(commune=str(n), point=(-4 + n % 20 * 0.5, 43 + n // 20 * 0.7))
        for n in range(MOST)
    ]
    asked = "/dispositifs/?q=baux+glissants&thematique=logement&departement="

    bare = draw_france(counts, url=lambda forme: f"/dispositifs/{forme.slug}/").svg
    full = draw_france(counts, url=lambda forme: asked + forme.code, lieux=lieux).svg

    assert len(bare.encode()) < 50_000
    assert len(full.encode()) < 80_000


# --- classes -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([], []),
        ([0, 0], []),
        ([1], ["1"]),
        ([1, 3], ["1", "2", "3"]),
        ([4], ["1", "2", "3", "4"]),
        ([9], ["1 ou 2", "3", "4 à 6", "7 à 9"]),
        ([500], ["1 à 5", "6 à 25", "26 à 150", "151 à 500"]),
        ([50_000], ["1 à 15", "16 à 250", "251 à 3\u202f500", "3\u202f501 à 50\u202f000"]),
    ],
)
def test_classes_say_every_count(counts, said):
    found = paliers(counts)

    assert [str(palier) for palier in found] == said
    assert [rang_of(count, found) for count in counts if count] == [
        next(p.rang for p in found if p.debut <= count <= p.fin) for count in counts if count
    ]


# --- signs ---------------------------------------------------------------------------------------
def test_a_terrain_is_a_house_and_a_permanence_a_disc_both_named():
    lieux = [
        make_lieu(),
        make_lieu(nature="permanence", nom="", commune="33063", commune_nom="Bordeaux"),
    ]

    svg = draw_france({}, url=address, lieux=lieux).svg

    assert SIGN.findall(svg) == [
        (
            "permanence",
            "/dispositifs/33-gironde/mous/",
            "Permanence, Bordeaux (33)\xa0: MOUS de Bordeaux",
        ),
        (
            "terrain-insertion",
            "/dispositifs/33-gironde/mous/",
            "Terrain d’insertion Le Clos, Mérignac (33)\xa0: MOUS de Bordeaux",
        ),
    ]
    assert (svg.count("<circle"), len(re.findall(r'<path d="M\d+ \d+l7 6h', svg))) == (1, 1)


def test_lieux_of_one_nature_in_one_place_are_one_sign():
    found = list(reperes([make_lieu(), make_lieu(nom="La Haie"), make_lieu(point=None)]))

    assert [repere.nom for repere in found] == ["2\xa0terrains d’insertion, Mérignac (33)"]


def test_signs_and_counts_do_not_hide_one_another():
    lieux = [make_lieu(), make_lieu(nature="permanence", url="/autre/")]

    svg = draw_france({"33": 4}, url=address, lieux=lieux).svg

    house = re.search(r'<path d="M(\d+) (\d+)l7 6h', svg)
    disc = re.search(r'<circle cx="(\d+)" cy="(\d+)"', svg)
    count = re.search(r'<text x="(\d+)" y="(\d+)">4<', svg)
    places = [tuple(map(int, found.groups())) for found in (house, disc, count)]
    assert min(math.dist(a, b) for a in places for b in places if a != b) > 7


# --- one département -----------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["2A", "33", "59", "75", "90", "971", "973", "976"])
def test_a_departement_fills_its_drawing(code):
    vue = view_of(code)

    across, down = zip(*points_of(vue.trace), strict=True)
    assert 0 <= min(across) < max(across) <= vue.width <= 400
    assert 0 <= min(down) < max(down) <= vue.height <= 400
    share = max((max(across) - min(across)) / vue.width, (max(down) - min(down)) / vue.height)
    assert share > 0.7


def test_the_neighbours_of_a_departement_are_links_named_with_their_count():
    gironde = Departement(code="33", nom="Gironde")

    svg = draw_departement(gironde, {"47": 2}, lieux=[make_lieu(), make_lieu(departement="47")]).svg

    links = re.findall(r'<a class="plan__voisin" href="([^"]*)"><title>([^<]*)<', svg)
    assert {"17", "24", "40", "47"} <= {url.split("/")[2][:2] for url, _ in links}
    assert ("/dispositifs/47-lot-et-garonne/", "Lot-et-Garonne (47)\xa0: 2\xa0dispositifs") in links
    assert len(SIGN.findall(svg)) == 1
    assert len(svg.encode()) < 15_000


def test_an_island_has_no_neighbour():
    assert view_of("974").voisins == ()
