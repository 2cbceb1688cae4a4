import re

import pytest

from dispositifs.models import Thematique
from tests.factories import make_departement
from tests.search.fiches import make_fiche
from tests.search.test_moteurs import NASTY

pytestmark = pytest.mark.django_db

PATHS = ["/dispositifs/", "/bonnes-pratiques/", "/documents/"]


def text_of(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def status_of(response):
    return re.search(r'id="total" role="status">(.*?)</p>', response.content.decode())[1]


def links_of(response, pattern):
    return [
        url.replace("&amp;", "&")
        for url in re.findall(r'href="([^"]*)"', response.content.decode())
        if re.search(pattern, url.replace("&amp;", "&"))
    ]


@pytest.mark.parametrize(
    ("path", "nature", "one", "none"),
    [
        ("/dispositifs/", "dispositif", "1\xa0dispositif", "Aucun dispositif"),
        ("/bonnes-pratiques/", "bonne-pratique", "1\xa0bonne pratique", "Aucune bonne pratique"),
        ("/documents/", "document", "1\xa0document", "Aucun document"),
    ],
)
def test_each_tab_lists_its_own(client, index, path, nature, one, none):
    make_fiche("Titre à lire", nature=nature)
    index()

    found, nothing = client.get(path), client.get(path + "?q=introuvable")

    assert status_of(found) == one
    assert "itre à lire" in text_of(found.content.decode())
    assert status_of(nothing) == f"{none} pour « introuvable »"
    assert "Rien ne répond à cette recherche." in text_of(nothing.content.decode())


def test_a_ticked_facet_is_checked_and_can_be_removed_by_a_link(client, index):
    Thematique.objects.create(slug="logement", name="Logement & toit")
    make_fiche("A", facettes={"thematique": ["logement"], "statut": ["en-cours"]})
    index()

    response = client.get("/dispositifs/?thematique=logement&statut=en-cours&tri=titre")

    html = response.content.decode()
    assert re.search(r'name="thematique" value="logement"\s+id="f-thematique-0" checked>', html)
    assert "Logement &amp; toit" in html
    assert links_of(response, r"^/dispositifs/\?(thematique|statut|tri)=[^&]*&tri=titre$") == [
        "/dispositifs/?statut=en-cours&tri=titre",
        "/dispositifs/?thematique=logement&tri=titre",
    ]


def test_changing_the_sort_keeps_text_and_filters(client, index):
    make_fiche("Eau", facettes={"statut": ["en-cours"]})
    index()

    response = client.get("/dispositifs/?q=eau&statut=en-cours")

    assert links_of(response, r"q=eau&statut=en-cours&tri=") == [
        f"/dispositifs/?q=eau&statut=en-cours&tri={tri}" for tri in ("maj", "debut", "titre")
    ]


def test_tabs_keep_the_text(client, index):
    index()

    response = client.get("/dispositifs/?q=eau&statut=en-cours")

    for path in PATHS:
        assert f"{path}?q=eau" in links_of(response, "q=eau$")


@pytest.mark.parametrize("path", ["/", "/aide/", "/connexion/", *PATHS])
def test_the_header_holds_the_same_search_everywhere(client, index, path):
    index()

    html = client.get(path).content.decode()

    header = html[html.index("<header") : html.index("</header>")]
    action = path if path in PATHS else "/dispositifs/"
    assert re.findall(r'<form [^>]*action="([^"]*)"[^>]*role="search" id="([^"]*)"', html) == [
        (action, "recherche")
    ]
    assert re.findall(r'<label[^>]*for="recherche-[^>]*>([^<]*)<', header) == [
        "Rechercher dans l’annuaire"
    ]
    assert set(re.findall(r'<label[^>]*for="recherche-[^>]*>([^<]*)<', html)) == {
        "Rechercher dans l’annuaire"
    }


def test_a_new_search_keeps_sort_view_and_ticked_dispositifs(client, index):
    make_fiche("Eau", identifiant="eau-1")
    index()

    html = client.get("/dispositifs/?q=eau&tri=titre&vue=carte&f=eau-1").content.decode()

    header = html[html.index("<header") : html.index("</header>")]
    assert re.findall(r'name="([a-z]+)"(?: value="([^"]*)")', header) == [
        ("q", "eau"),
        ("tri", "titre"),
        ("vue", "carte"),
        ("f", "eau-1"),
    ]


def titles_of_facets(response):
    return re.findall(r'facette__titre">([^<]*)<', response.content.decode())


def test_each_tab_puts_ahead_the_facets_people_look_for(client, index):
    Thematique.objects.create(slug="logement", name="Logement")
    facettes = {"thematique": ["logement"], "statut": ["en-cours"], "places": ["libres"]}
    make_fiche("A", facettes={**facettes, "annee": ["2024"]})
    make_fiche("B", nature="bonne-pratique", facettes={"thematique": ["logement"]})
    index()

    assert titles_of_facets(client.get("/dispositifs/")) == [
        "Thématique",
        "Places libres",
        "Statut",
        "Année de début",
    ]
    assert titles_of_facets(client.get("/bonnes-pratiques/")) == ["Thématique"]


def test_results_without_any_free_place_say_so(client, index):
    Thematique.objects.create(slug="logement", name="Logement")
    some = {"thematique": ["logement"], "statut": ["en-cours"]}
    make_fiche("A", facettes={**some, "annee": ["2024"]})
    make_fiche("B", facettes={**some, "annee": ["2025"], "places": ["libres"]})
    index()

    with_places = text_of(client.get("/dispositifs/").content.decode())
    without = text_of(client.get("/dispositifs/?annee=2024").content.decode())

    assert ("aucune n’est annoncée" in with_places, "aucune n’est annoncée" in without) == (
        False,
        True,
    )


def test_a_search_without_result_offers_to_remove_each_filter(client, index):
    Thematique.objects.create(slug="logement", name="Logement")
    make_fiche("A", facettes={"thematique": ["logement"]})
    index()

    html = client.get("/dispositifs/?q=zzz&thematique=logement&statut=en-cours").content.decode()

    ways = re.findall(r'<li><a href="([^"]*)">([^<]*)</a></li>', html[html.index("vide__pistes") :])
    assert [(url.replace("&amp;", "&"), text.replace("\xa0", " ")) for url, text in ways][:5] == [
        ("/dispositifs/?q=zzz&statut=en-cours", "Sans le filtre « Thématique : Logement »"),
        ("/dispositifs/?q=zzz&thematique=logement", "Sans le filtre « Statut : En cours »"),
        ("/dispositifs/?q=zzz", "Chercher sans filtre"),
        ("/bonnes-pratiques/?q=zzz", "Chercher « zzz » dans : Bonnes pratiques"),
        ("/documents/?q=zzz", "Chercher « zzz » dans : Documents"),
    ]


def test_epci_are_shown_only_within_a_territory(client, index):
    make_departement("33")
    make_fiche("A", facettes={"departement": ["33"], "epci": ["243300316"]})
    index()

    everywhere = client.get("/dispositifs/").content.decode()
    within = client.get("/dispositifs/?departement=33").content.decode()

    assert ('name="epci"' in everywhere, 'name="epci"' in within) == (False, True)


def test_partial_results_are_marked_apart(client, index):
    make_fiche("Eau et santé")
    make_fiche("Eau")
    index()

    response = client.get("/dispositifs/?q=eau+sante")

    assert status_of(response) == "1\xa0dispositif pour « eau sante »"
    assert "Résultats partiels" in text_of(response.content.decode())


def test_the_degraded_answer_says_so(client):
    make_fiche("Eau")

    html = client.get("/dispositifs/?q=eau").content.decode()

    assert "La recherche fonctionne en mode simplifié" in text_of(html)


def test_a_territory_typed_is_offered_as_a_link(client, index):
    make_departement("33")
    make_fiche("Logement", facettes={"departement": ["33"]})
    index()

    response = client.get("/dispositifs/?q=logement+gironde")

    assert links_of(response, "departement=33") == [
        "/dispositifs/?q=logement+gironde&departement=33"
    ]


def test_pages_are_links_that_keep_everything(client, index):
    for number in range(41):
        make_fiche(f"Eau {number:02}", facettes={"statut": ["en-cours"]})
    index()

    response = client.get("/dispositifs/?q=eau&statut=en-cours&page=2")

    assert sorted(set(links_of(response, "^/dispositifs/.*page="))) == [
        "/dispositifs/?q=eau&statut=en-cours&page=3"
    ]
    assert 'aria-current="page" title="Page 2"' in response.content.decode()


def test_a_text_is_never_markup(client, index):
    make_fiche("Eau <script>alert(1)</script>", corps="<script>alert(2)</script> eau")
    index()

    html = client.get('/dispositifs/?q="><script>alert(3)</script> eau').content.decode()

    assert "<script>alert" not in html


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=100000000000000000000",
        "page=99",
        "q=%00",
        "q=%",
        "q=%E9%FF",
        "thematique=%00",
        "q=" + "a" * 10_000,
        "q=a&q=b&tri=maj&tri=titre&page=1&page=2",
        "couleur=bleu",
        "vue=carte",
        "&".join(f"x{number}=1" for number in range(200)),
        "&".join(f"departement={number}" for number in range(500)),
        "structure=" + "9" * 30,
    ],
)
def test_bad_input_is_a_normal_page(client, index, path, query):
    make_fiche("Eau")
    index()

    assert client.get(f"{path}?{query}").status_code == 200


@pytest.mark.parametrize("text", NASTY)
def test_nasty_texts_are_a_normal_page(client, index, text):
    make_fiche("Eau")
    index()

    assert client.get("/dispositifs/", {"q": text}).status_code == 200


def test_what_is_ignored_is_told(client, index):
    make_fiche("Eau")
    index()

    html = client.get("/dispositifs/?couleur=%3Cb%3E&thematique=licorne&page=7").content.decode()

    for sentence in (
        "Paramètre inconnu : « &lt;b&gt; »",
        "Valeur inconnue pour « thematique » : « licorne ».",
        "La page 7 n’existe pas : voici la dernière.",
    ):
        assert sentence.replace("&lt;b&gt;", "couleur") in html


@pytest.mark.parametrize("engine_ready", [True, False])
def test_the_page_costs_ten_queries_at_most_whatever_it_lists(
    client, index, engine_ready, django_assert_max_num_queries
):
    Thematique.objects.create(slug="logement", name="Logement")

    def queries():
        if engine_ready:
            index()
        with django_assert_max_num_queries(10) as context:
            client.get("/dispositifs/?q=eau&thematique=logement&statut=en-cours")
        return len(context)

    facettes = {"thematique": ["logement"], "statut": ["en-cours"]}
    make_fiche("Eau", facettes=facettes)
    one = queries()
    for number in range(2):
        make_fiche(f"Eau {number}", facettes=facettes)

    assert queries() == one
