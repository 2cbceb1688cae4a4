"""Secret words, then every public place where one could come out: none does, for nobody it is not for."""

import json

import pytest

from search import indexing
from search.models import Terme

from . import matrice

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each new rendition to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
LECTEURS = (
    "public",
    "ferme",
    "partenaire",
    "operateur",
    "ailleurs",
    "c13",
    "c33",
    "administrateur",
)
LISTES = {
    "dispositifs": "Aucun dispositif",
    "bonnes-pratiques": "Aucune bonne pratique",
    "documents": "Aucun document",
}
PLACES = (
    *("/", "/plan-du-site/", "/contact/", "/contact/?fiche=id-33-2", "/aide/", "/robots.txt"),
    *("/accessibilite/", "/mentions-legales/", "/donnees-personnelles/", "/espace/", "/sante/"),
    *("/espace/propositions/", "/espace/dispositifs/id-33-0/proposer-texte/"),
    *("/sitemap-1.xml", "/dispositifs/matrice/", "/territoires/75/", "/territoires/93/"),
    *(f"/dispositifs/comparer/?f=id-33-0&f=id-{code}-{n}" for code in (33, 13) for n in range(1, 7)),
    *("/sitemap.xml", "/connexion/", "/page-inexistante/", "/documents/piece-inexistante/a.pdf"),
    *(f"/{liste}/{suite}" for liste in LISTES for suite in ("", "?page=2", "?tri=titre", "?q=fiche")),
    *(f"/dispositifs/?{filtre}" for filtre in ("departement=33", "departement=13", "region=75")),
    *("/dispositifs/33-gironde/", "/dispositifs/13-bouches-du-rhone/", "/dispositifs/47-lot-et-garonne/"),
    *(f"/dispositifs/33-gironde/fiche-{rank}/" for rank in range(7)),
    *(f"/dispositifs/13-bouches-du-rhone/fiche-{rank}/" for rank in range(7)),
    *(f"/bonnes-pratiques/pratique-{rank}/" for rank in range(3)),
    *("/contenu/", "/contenu-brouillon/", "/contenu-restreint/"),
    *("/api/v1/docs", "/api/v1/openapi.json", "/api/v1/dispositifs/?facets=1&limit=100"),
    *("/api/v1/dispositifs/?tri=titre&facets=1&limit=100", "/api/v1/dispositifs/inexistant"),
    *("/api/v1/documents/?facets=1&limit=100", "/api/v1/documents/?tri=titre&facets=1&limit=100"),
    *(f"/api/v1/dispositifs/id-{code}-{rank}" for code in ("33", "13") for rank in range(7)),
)  # fmt: skip


def secrets(acteur):
    return matrice.all_words() - matrice.readable_words()[acteur]


def public_secrets():
    """Words that no public address may find: those that not everybody reads."""
    return sorted(secrets("public"))


def test_there_are_enough_canaries(monde):
    assert len(public_secrets()) >= 40


@pytest.mark.parametrize("acteur", LECTEURS)
def test_no_page_shows_a_canary(monde, acteur):
    client = monde.clients[acteur]

    shown = {}
    for place in PLACES:
        text = matrice.text_of(client.get(place)).lower()
        if leaked := set(matrice.WORD.findall(text)) & secrets(acteur):
            shown[place] = sorted(leaked)

    assert shown == {}


def test_the_crawl_sees_what_is_public(monde):
    """Without it the test above would pass on empty pages."""
    client = monde.clients["public"]

    seen = set()
    for place in PLACES:
        seen |= set(matrice.WORD.findall(matrice.text_of(client.get(place)).lower()))

    # The document of a page, the image of a fiche and the page of text are read at their own address.
    assert matrice.readable_words()["public"] - seen == {"zqimagepubliee"}


def test_what_an_account_may_read_beyond_is_on_its_pages(monde):
    """An operator reads its documents, a correspondant those of his département: no refusal too many."""
    fiche = "/dispositifs/33-gironde/fiche-0/"

    seen = {
        acteur: {word for word in matrice.WORD.findall(monde.clients[acteur].get(fiche).content.decode()) if word.startswith("zqdoc")}
        for acteur in ("public", "partenaire", "operateur", "ailleurs", "c13", "c33", "administrateur")
    }  # fmt: skip

    public = {"zqdocpublicun"}
    mandat = public | {"zqdocpartun", "zqdocaconfirmer"}
    depose = mandat | {"zqdocdepose", "zqdocpropose"}
    assert seen == {
        "public": public,
        "administrateur": public,
        "ailleurs": public,
        "partenaire": mandat,
        "c13": mandat,
        "operateur": depose,
        "c33": depose | {"zqdocinterneun", "zqdocretire", "zqdocbloque"},
    }


@pytest.mark.parametrize("acteur", ["public", "operateur", "c13", "c33", "national"])
def test_no_search_finds_a_canary(monde, acteur):
    """Search reads the public projection alone, whoever asks: even readers of a draft find nothing."""
    client = monde.clients[acteur]
    # The header names the account.
    own = set(matrice.WORD.findall(str(monde.comptes.get(acteur, ""))))

    found = {}
    for word in public_secrets():
        for place in ("dispositifs", "documents"):
            answer = json.loads(client.get(f"/api/v1/{place}/", {"q": word, "facets": 1}).content)
            if answer["total"] or answer["total_partiel"] or answer["results"]:
                found[f"API {place} {word}"] = answer
        for liste, nothing in LISTES.items():
            page = client.get(f"/{liste}/", {"q": word}).content.decode()
            others = set(matrice.WORD.findall(page)) & matrice.all_words() - own - {word}
            if others or nothing not in page:
                found[f"{liste} {word}"] = sorted(others)

    assert found == {}


def test_the_text_of_a_document_is_found_only_where_anybody_may_read_it(monde):
    """Every document of this world says « recto » inside, its earlier versions too."""
    client = monde.clients["public"]

    tab = set(matrice.WORD.findall(client.get("/documents/?q=recto").content.decode()))
    api = json.loads(client.get("/api/v1/dispositifs/?q=recto&facets=1").content)

    documents = {"zqdocpublicun", "zqdocpublicdeux", "zqguidepublic", "zqversionouverte"}
    assert tab == documents | {"zqligneun", "zqlignedeux", "zqoperatrice"}
    assert {row["identifiant"] for row in api["results"]} == {"id-33-0", "id-13-0"}
    assert [(row["value"], row["count"]) for row in api["facets"]["type_document"]] == [
        ("convention", 2)
    ]
    assert secrets("public").isdisjoint(matrice.WORD.findall(json.dumps(api)))


def test_the_index_holds_no_canary(monde):
    searcher = indexing.engine()._read().searcher
    words = [*public_secrets(), "zqdocpublicun"]

    fields = ("titre", "fort", "corps", "tout", "page", "exact", "id", "parent")
    held = {
        word: found
        for word in words
        if (found := [field for field in fields if searcher.doc_freq(field, word)])
    }

    assert held == {"zqdocpublicun": ["titre", "corps", "tout", "page"]}
    assert not Terme.objects.filter(forme__in=public_secrets()).exists()


def test_search_finds_public_words(monde):
    """Otherwise the test above would pass on an empty index."""
    client = monde.clients["public"]

    totals = {
        word: json.loads(client.get("/api/v1/dispositifs/", {"q": word}).content)["total"]
        for word in ("zqligneun", "zqlignedeux", "zqoperatrice", "zqavantun")
    }

    assert totals == {"zqligneun": 1, "zqlignedeux": 1, "zqoperatrice": 1, "zqavantun": 1}
