"""Pages of one fiche: all the projection's JSON, nothing of the rest, more for who may read it."""

import datetime
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from annuaire.acteurs.models import Commune, Epci
from dispositifs.models import (
    FichePublique,
    Forme,
    Lieu,
    MotCle,
    Participation,
    Public,
    RoleParticipation,
    Thematique,
)
from tests.dispositifs.pages import headings_of, links_of, main_of, text_of
from tests.factories import (
    make_bonne_pratique,
    make_departement,
    make_dispositif,
    make_document,
    make_mandat,
    make_structure,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates", "empty_cache")]

URL = "/dispositifs/33-gironde/mous-de-bordeaux/"
RUBRIQUES = ("contexte", "objectifs", "actions", "resultats", "limites", "conditions")


def make_complete():
    """A dispositif, closed, with every public field."""
    page = make_dispositif(
        sigle="MOUSB",
        resume="Un résumé & ses signes.",
        statut="termine",
        date_debut=datetime.date(2020, 1, 1),
        date_fin=datetime.date(2023, 6, 30),
        selection=True,
        criteres_selection="Familles du site <A>.",
        capacite_menages=45,
        places_libres=3,
        places_libres_au=datetime.date(2023, 5, 31),
        duree_contrat_mois=6,
        renouvellements=2,
        chef_de_file=make_structure("Rive & Seuil"),
        france_entiere=True,
        **{name: f"<p>Texte de <b>{name}</b></p>" for name in RUBRIQUES},
        **{f"enseignements_{name}": f"<p>Leçon {name}.</p>" for name in ("reussi", "echoue")},
    )
    epci = Epci.objects.create(siren="243300316", nom="Bordeaux Métropole", type="METRO")
    commune = Commune.objects.create(
        code="33063", nom="Bordeaux", departement=page.departement, epci=epci
    )
    page.thematiques.add(Thematique.objects.create(slug="logement", name="Logement"))
    page.mots_cles.add(MotCle.objects.create(slug="baux", name="baux glissants"))
    page.formes.add(Forme.objects.create(slug="mous", libelle="Maîtrise d’œuvre", sigle="MOUS"))
    page.publics.add(Public.objects.create(slug="femmes", libelle="Femmes"))
    page.communes.add(commune)
    page.epci.add(epci)
    page.departements_secondaires.add(make_departement("47"))
    role = RoleParticipation.objects.create(slug="pilote", libelle="Pilote", ordre=30)
    page.participations.add(
        Participation(
            structure=make_structure("DDETS de la Gironde", "ddets"),
            role=role,
            du=datetime.date(2020, 1, 1),
            au=datetime.date(2021, 12, 31),
        )
    )
    page.lieux.add(Lieu(nature="terrain-insertion", nom="L’Estey", commune=commune, public=True))
    make_document(page, "Convention pluriannuelle", pages=3)
    make_document(page, "Livret", type="livret", langue="ro", date=None)
    page.save_revision().publish()
    make_bonne_pratique(dispositifs=[page])
    return page


def strings_of(value):
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings_of(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings_of(item)]
    return [value] if isinstance(value, str) and value else []


def test_a_dispositif_shows_every_text_of_its_fiche(client):
    page = make_complete()
    fiche = json.loads(FichePublique.objects.get(page=page).fiche)
    links = {row["url"] for row in fiche["documents"] + fiche["bonnes_pratiques"]}
    said = [fiche[key] for key in ("titre", "sigle", "resume", "criteres_selection", "mots_cles")]
    said += [fiche["corps"], fiche["enseignements"]]
    labels = {key: value for key, value in fiche["libelles"].items() if key != "region"}
    shown = {text for text in strings_of([said, labels]) if not text.startswith("/")}
    coded = {"2020-01-01", "2021-12-31", "logement", "mous", "femmes", "33063", "243300316"}

    response = client.get(URL)

    text = text_of(response)
    assert [found for found in shown - coded if " ".join(found.split()) not in text] == []
    assert links <= set(links_of(response))


def test_a_dispositif_says_its_dates_places_and_contract_in_words(client):
    make_complete()

    text = text_of(client.get(URL))

    for words in (
        "Du 1er janvier 2020 au 30 juin 2023",
        "3 places le 31 mai 2023",
        "6 mois, renouvelable 2 fois, soit 1 an et 6 mois au plus",
        "45 ménages",
        "Les ménages sont choisis",
        "France entière",
        "DDETS de la Gironde Ddets, du 1er janvier 2020 au 31 décembre 2021",
        "Terrain d’insertion « L’Estey », Bordeaux",
    ):
        assert words in text


def test_sections_come_in_order_and_the_summary_leads_to_each(client):
    make_complete()

    response = client.get(URL)

    assert headings_of(response) == [
        "En bref",
        "Sur cette page",
        "Contexte",
        "Objectifs",
        "Actions",
        "Résultats",
        "Difficultés et limites",
        "Conditions de réussite",
        "Enseignements",
        "Ce qui a réussi",
        "Ce qui a échoué",
        "Chronologie",
        "Qui participe",
        "Lieux",
        "Documents 2",
        "Télécharger la convention pluriannuelle PDF – 303 octets – 3 mars 2025 – 3 pages",
        "Télécharger la convention « Livret » PDF – 303 octets – en roumain",
        "Bonnes pratiques",
    ]
    anchors = [url[1:] for url in links_of(response, "#")]
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in main_of(response)] == []


def test_a_download_is_announced_to_browsers(client):
    page = make_dispositif()
    document = make_document(page, "Livret", langue="ro")
    page.save_revision().publish()

    html = main_of(client.get(URL))

    assert f'<a href="{document.url}" download hreflang="ro">' in html


def test_empty_parts_are_hidden(client):
    make_dispositif()

    response = client.get(URL)

    assert headings_of(response) == ["En bref"]
    assert "La description de ce dispositif n’est pas encore rédigée" in text_of(response)
    assert "Sélection" not in text_of(response)


def test_a_page_costs_the_public_few_queries_whatever_it_holds(client):
    make_complete()
    bare_url = f"/dispositifs/33-gironde/{make_dispositif('Autre').slug}/"

    costs = []
    for url in (URL, bare_url):
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        costs.append(len(queries))

    # The fiche, the version of the directory (twice); what is close, where it can be.
    assert costs == [5, 3]


# --- what is not public --------------------------------------------------------------------------
def test_nothing_of_a_draft_or_of_a_private_document_is_shown(client):
    page = make_dispositif(resume="Publié.")
    make_document(page, "CANARI-PARTENAIRES", niveau="partenaires")
    make_document(page, "CANARI-INTERNE", niveau="interne")
    make_document(page, "CANARI-PROPOSE", statut="propose")
    make_mandat(page, make_structure("CANARI-MANDAT"))
    page.title = page.resume = "CANARI-BROUILLON"
    page.save_revision()

    response = client.get(URL)

    assert response.status_code == 200
    assert "CANARI" not in response.content.decode()
    assert "Non public" not in text_of(response)


def test_each_reader_sees_what_the_table_of_rights_gives(client):
    page = make_dispositif(departements_secondaires=[make_departement("47")])
    page.save_revision().publish()
    ours, theirs = make_structure("Ici"), make_structure("Ailleurs")
    make_mandat(page, ours)
    make_document(page, "Compte rendu", niveau="partenaires")
    make_document(page, "Diagnostic", niveau="interne")
    make_document(page, "Bilan", statut="propose")
    readers = {
        "public": None,
        "opérateur ici": make_user("operateur", structure=ours),
        "opérateur ailleurs": make_user("operateur", structure=theirs),
        "correspondant ici": make_user("correspondant", "33"),
        "secondaire": make_user("correspondant", "47"),
        "correspondant ailleurs": make_user("correspondant", "13"),
        "national": make_user("national"),
    }

    seen = {who: seen_by(client, user) for who, user in readers.items()}

    everything = {"Compte rendu", "Diagnostic", "Bilan", "mandats"}
    assert seen == {
        "public": set(),
        "opérateur ici": {"Compte rendu"},
        "opérateur ailleurs": set(),
        "correspondant ici": everything | {"modifier"},
        "secondaire": everything,
        "correspondant ailleurs": {"Compte rendu"},
        "national": everything | {"modifier"},
    }


def seen_by(client, user):
    client.logout()
    if user:
        client.force_login(user)
    text = main_of(client.get(URL))
    words = {
        "Compte rendu": "Compte rendu",
        "Diagnostic": "Diagnostic",
        "Bilan": "Bilan",
        "Mandats en cours": "mandats",
        "Modifier la fiche": "modifier",
    }
    return {name for word, name in words.items() if word in text}


def test_what_is_not_public_is_marked(client):
    page = make_dispositif()
    make_document(page, "Compte rendu", niveau="partenaires")
    client.force_login(make_user("correspondant", "33"))

    text = text_of(client.get(URL))

    assert "Non public Visible avec votre compte" in text
    assert "Non public Partenaires" in text


@pytest.mark.parametrize("state", ["inconnu", "brouillon", "depublie", "restreint"])
def test_what_is_not_published_is_a_404_without_its_title(client, state):
    page = make_dispositif("Titre-CANARI", live=state != "brouillon")
    if state == "depublie":
        page.unpublish()
    if state == "restreint":
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    slug = "inconnu" if state == "inconnu" else page.slug

    response = client.get(f"/dispositifs/33-gironde/{slug}/")

    assert response.status_code == 404
    assert "Titre-CANARI" not in response.content.decode()
    assert "Cette page est introuvable" in text_of(response)


@pytest.mark.parametrize(
    "path",
    [
        "/dispositifs/33-gironde/%00/",
        "/dispositifs/33-gironde/%ff%fe/",
        "/dispositifs/33-gironde/" + "a" * 10_000 + "/",
        "/dispositifs/99-nulle-part/mous-de-bordeaux/",
        "/dispositifs/13-bouches-du-rhone/mous-de-bordeaux/",
        "/bonnes-pratiques/%00/",
        "/bonnes-pratiques/inconnue/",
    ],
)
def test_strange_addresses_are_404(client, path):
    make_dispositif()

    assert client.get(path).status_code == 404


def test_an_old_address_leads_to_the_new_one(client, django_capture_on_commit_callbacks):
    page = make_dispositif()
    with django_capture_on_commit_callbacks(execute=True):
        page.slug = "mous-de-la-metropole"
        page.save_revision().publish()

    response = client.get(URL, follow=True)

    assert response.redirect_chain == [("/dispositifs/33-gironde/mous-de-la-metropole/", 301)]
    assert response.status_code == 200


# --- drafts and bonnes pratiques -----------------------------------------------------------------
def test_the_preview_is_what_publishing_would_show(rf):
    page = make_dispositif(contexte="<p>Ancien contexte.</p>")
    page.contexte = "<p>Nouveau contexte.</p>"
    page.title = "Nouveau titre"

    response = page.make_preview_request()

    text = text_of(response)
    assert "Aperçu du brouillon" in text
    assert "Nouveau titre" in text
    assert "Nouveau contexte." in text
    assert "Ancien contexte." not in text


def test_a_bonne_pratique_shows_its_parts_and_its_dispositifs(client):
    page = make_dispositif()
    make_bonne_pratique(
        resume="Un résumé.",
        probleme="<p>Trop loin.</p>",
        pour_aller_plus_loin="<p>Un guide.</p>",
        dispositifs=[page],
    )

    response = client.get("/bonnes-pratiques/visiter-avant-de-choisir/")

    text = text_of(response)
    assert headings_of(response) == ["En bref", "Le problème", "Pour aller plus loin"]
    assert [words for words in ("Un résumé.", "Trop loin.", "Un guide.") if words not in text] == []
    assert URL in links_of(response)


def test_the_preview_of_a_bonne_pratique_is_the_draft():
    page = make_bonne_pratique(methode="<p>Ancienne.</p>")
    page.methode = "<p>Nouvelle.</p>"

    text = text_of(page.make_preview_request())

    assert "Nouvelle." in text
    assert "Ancienne." not in text


def test_only_national_is_offered_to_edit_a_bonne_pratique(client):
    make_bonne_pratique()
    users = {"national": make_user("national"), "correspondant": make_user("correspondant", "33")}

    offered = set()
    for who, user in users.items():
        client.force_login(user)
        if "Modifier la page" in main_of(client.get("/bonnes-pratiques/visiter-avant-de-choisir/")):
            offered.add(who)

    assert offered == {"national"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"places_libres": 3}, "3 places le 31 mai 2023"),
        ({"places_libres": 0}, "Aucune place le 31 mai 2023"),
        ({}, "Non renseigné : demandez à l’opérateur"),
        ({"statut": "termine"}, None),
    ],
)
def test_a_running_dispositif_always_says_its_free_places(client, fields, said):
    if "places_libres" in fields:
        fields = {**fields, "places_libres_au": datetime.date(2023, 5, 31)}
    make_dispositif(**{"statut": "en-cours", "capacite_menages": 40, **fields})

    body = text_of(client.get(URL)).replace("\N{NO-BREAK SPACE}", " ")

    found = re.search(r"Places libres (.*?) (?:Mise à jour|Contrat)", body)
    assert (found and found[1]) == said
