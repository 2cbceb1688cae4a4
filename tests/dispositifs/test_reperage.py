"""What is a datum of a person, and what only looks like one."""

import random
import time

import pytest

from dispositifs.choices import EtatAnonymat
from dispositifs.reperage import MAXIMUM, examine, examine_text

from .nominatif import iban, nir

NIR_WRITTEN = "2 69 05 49 588 157 80"
IBAN_WRITTEN = "FR14 2004 1010 0505 0001 3M02 606"


def natures(text):
    return {row["nature"] for row in examine_text(text).reperages}


# --- what is found -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "written",
    [
        *("0612345678", "06 12 34 56 78", "06.12.34.56.78", "06-12-34-56-78", "06/12/34/56/78"),
        *(
            "06\u00a012\u00a034\u00a056\u00a078",
            "06\u202f12\u202f34\u202f56\u202f78",
            "(06) 12 34 56 78",
        ),
        *("+33612345678", "+33 6 12 34 56 78", "+33 (0)6 12 34 56 78", "0033 6 12 34 56 78"),
        *("(+33) 6.12.34.56.78", "06 123 456 78", "0612 345 678", "0612 34 56 78"),
        *(
            "0262 12 34 56",
            "+262 692 12 34 56",
            "+590690123456",
            "00594 694 12 34 56",
            "+596 696-12-34-56",
        ),
        *("+40 721 234 567", "+359 88 123 4567", "Tél. 612345678", "06 12 34\n56 78"),
    ],
)
def test_a_telephone_is_found_in_every_usual_writing(written):
    found = natures(f"Joindre : {written} le matin.")

    assert found == {"telephone"}


def test_a_telephone_without_its_first_zero_is_found_where_a_heading_says_so():
    table = "\tDate\nAdoma\t612345678\tBordeaux"

    found = {head: natures(f"{head}{table}") for head in ("Tél.", "Montant")}

    assert found == {"Tél.": {"telephone"}, "Montant": set()}


@pytest.mark.parametrize(
    "text",
    [
        *("SIREN 130 025 265", "SIRET 13002526500013", "SIRET 130 025 265 00013", "1 250 000 €"),
        *("du 01/02/2024 à 12 h 30", "01.02.24 10.30", "01/02/2024 12:30", "le 05 12 2024 10 h"),
        *(
            "départements 01 02 03 04 05 06 07",
            "33000 Bordeaux",
            "0 800 123 456",
            "le 115 ou le 3949",
        ),
        *("dossier n° 0512345678", "engagement 2101234567", "0,1234567890", "+40 000 000 000 €"),
        "FINESS 330012345",
    ],
)
def test_other_numbers_are_no_telephone(text):
    assert examine_text(text).etat == EtatAnonymat.RIEN


def test_an_address_of_a_person_is_found_and_the_mailbox_of_a_service_is_not():
    texts = {
        "jean.dupont@gironde.gouv.fr": True,
        "ion (at) gmail.com": True,
        "marie.pop [at] yahoo (point) fr": True,
        "popescu33@orange.fr": True,
        "prenom.nom @ asso.fr": True,
        "contact@habitat.asso.fr": False,
        "ddets-logement@gironde.gouv.fr": False,
        "mairie.saint-denis@ville.fr": False,
        "pref-cohesion-sociale@rhone.gouv.fr": False,
        "look at example": False,
        "@compte": False,
    }

    found = {text: natures(f"Écrire à {text}.") == {"courriel"} for text in texts}

    assert found == texts


@pytest.mark.parametrize(
    "text",
    [
        *(
            "né le 12/03/1987",
            "née le 12 mars 1987",
            "né(e) le 12.03.87",
            "née à Bacău le 1er mars 1990",
        ),
        *("Date de naissance : 12/03/1987", "DDN 12/03/1987", "Date de naissance :\n1987-03-12"),
        *(
            "Ménage\tNaissance\tCommune\n4\t12/03/1987\tBordeaux",
            "Ménage Né(e) le Entrée\n4 12/03/1987 01/02/2020",
        ),
    ],
)
def test_a_date_of_birth_is_found_when_something_names_it(text):
    assert natures(text) == {"naissance"}


@pytest.mark.parametrize(
    "text",
    [
        "Convention signée le 12/03/1987.",
        "Le dispositif est né le 1er janvier 2019 d’un partenariat.",
        "L’acte de naissance est demandé. Comité du 12/03/2020.",
        "Étape\tDate\nBilan\t12/03/2020",
    ],
)
def test_an_ordinary_date_is_no_birth(text):
    assert examine_text(text).etat == EtatAnonymat.RIEN


@pytest.mark.parametrize(
    "text",
    [
        "POPESCU Ion\nIONESCU Maria\nMARIN Elena",
        "Ion Popescu, Maria Ionescu et Elena Marin",
        "POPESCU, Ion ; IONESCU, Maria ; MARIN, Elena",
        "M. Popescu, Mme Ionescu et la famille Marin",
        "Nom\tPrénom\tCommune\nXYZU\tAbcd\tBordeaux\nDE LA CRUZ\tEfgh\tLille\nTSARA\tIjkl\tNice",
        "Nom Prénom Commune\nXYZU Abcd Bordeaux\nTSARA Efgh Lille\nVORU Ijkl Nice",
        "Nom : POPESCU\nPrénom : Ion\n\nNom : IONESCU\nPrénom : Maria\n\nNom : MARIN\nPrénom : Elena",
        "- Zorica Rostaș\n- Ion Popescu\n- Maria Ionescu\n- Timeea Covaci",
    ],
)
def test_a_list_of_persons_is_found(text):
    assert natures(text) == {"noms"}


@pytest.mark.parametrize(
    "text",
    [
        "Le préfet, Jean Martin",
        "M. Popescu et Mme Ionescu",
        "Entre l’État, représenté par M. Jean Martin, préfet, l’association représentée par Mme Claire"
        " Dubois, présidente, et la commune, représentée par M. Paul Durand, maire.",
        "Le préfet,\nJean MARTIN\n\nLa présidente,\nClaire DUBOIS\n\nLe maire,\nPaul DURAND",
        "Le préfet   La présidente   Le maire\nJean MARTIN   Claire DUBOIS   Paul DURAND",
        "Jean Martin, préfet. Claire Dubois, présidente. Paul Durand (maire). M. Martin, Mme Dubois et M. Durand signent.",
        "Écoles Jean Moulin, Pauline Kergomard et Marie Curie ; rue Victor Hugo ; place Simone Veil.",
        "La Fondation Abbé Pierre, Médecins du Monde, Emmaüs Solidarité et Habitat Humanisme.",
        "Bordeaux Métropole\nSaint-Denis Centre\nVille Nouvelle\nSaint-Jean Bosco",
        "Nom\tSIRET\tCommune\nAdoma\t788 058 030 00012\tParis\nALPIL\t788 058 030 00012\tLyon\nCCAS\t1\tNice",
    ],
)
def test_officials_places_and_structures_are_no_list(text):
    assert examine_text(text).etat == EtatAnonymat.RIEN


def test_a_nir_and_an_iban_block_when_their_key_is_right():
    texts = {
        NIR_WRITTEN: ("bloque", {"nir"}),
        "269054958815780": ("bloque", {"nir"}),
        "2 69 05 49 588 157 81": ("a-confirmer", {"nir-probable"}),
        "1 87 03 2A 063 123": ("a-confirmer", {"nir-probable"}),
        "269054958815781": ("rien", set()),
        IBAN_WRITTEN: ("bloque", {"iban"}),
        "fr1420041010050500013m02606 BIC": ("bloque", {"iban"}),
        "RO49 AAAA 1B31 0075 9384 0000": ("bloque", {"iban"}),
        "FR15 2004 1010 0505 0001 3M02 606": ("rien", set()),
    }

    found = {text: (examine_text(text).etat.value, natures(text)) for text in texts}

    assert found == texts


def test_the_key_of_corsica_is_that_of_the_decree():
    rng = random.Random(3)
    numbers = [nir(rng) for _ in range(300)]

    found = {number for number in numbers if natures(f"n° {number}.") != {"nir"}}

    assert found == set()
    assert any("2A" in number for number in numbers)


# --- what is made of it --------------------------------------------------------------------------
def test_the_extract_never_shows_what_was_found():
    text = (
        f"Mme Elena Popescu, née le 12/03/1987, 06 12 34 56 78, elena.popescu@gmail.com, {NIR_WRITTEN},"
        f" {IBAN_WRITTEN}"
    )

    shown = [row["extrait"] for row in examine_text(text).reperages]

    hidden = ("Popescu", "Elena", "elena", "12/03", "12 34 56", "157", "2004")
    assert [(word, row) for row in shown for word in hidden if word in row] == []
    assert len(shown) == 5


def test_the_neighbours_of_what_was_found_are_hidden_too():
    text = (
        "Enfant né le 12/03/2015 à Bordeaux.\nNom Prénom Commune\nXYZU Abcd Bordeaux\n"
        "TSARA Efgh Lille 06 12 34 56 78\nVORU Ijkl Nice"
    )

    shown = {row["nature"]: row["extrait"] for row in examine_text(text).reperages}

    assert shown == {
        "naissance": "Enfant né le ••/••/2015 à Bordeaux. Nom Prénom Commune X••• A••• B•••••••",
        "telephone": "X••• A••• B••••••• T•••• E••• L•••• 06 •• •• •• 78 V••• I••• N•••",
        "noms": "à Bordeaux. Nom Prénom Commune X••• A••• B•••••••, T•••• E••• L••••,"
        " V••• I••• N•••… (3 personnes)",
    }


def test_a_place_is_told_by_its_page_and_zero_is_the_properties_of_the_file():
    examen = examine(
        ["Rien.", f"Ici 06 12 34 56 78, {IBAN_WRITTEN}", "06 12 34 56 78"],
        {"auteur": "a.b@gmail.com"},
    )

    assert examen.reperages == [
        {"nature": "iban", "page": 2, "extrait": "Ici 06 •• •• •• 78, FR•• •••• ••• 606"},
        {"nature": "courriel", "page": 0, "extrait": "a•••@gmail.com"},
        {"nature": "telephone", "page": 2, "extrait": "Ici 06 •• •• •• 78, FR•• •••• ••• 606"},
    ]
    assert (examen.etat, examen.total) == (EtatAnonymat.BLOQUE, 3)


def test_the_state_follows_from_what_is_found():
    states = {
        "texte": examine(["Une convention."], {}).etat,
        "sans texte": examine(["", " \n"], {}).etat,
        "sans page": examine([], {}).etat,
        "téléphone": examine(["06 12 34 56 78"], {}).etat,
        "propriétés": examine([""], {"auteur": "jean.dupont@orange.fr"}).etat,
    }

    assert states == {
        "texte": EtatAnonymat.RIEN,
        "sans texte": EtatAnonymat.NON_VERIFIABLE,
        "sans page": EtatAnonymat.NON_VERIFIABLE,
        "téléphone": EtatAnonymat.A_CONFIRMER,
        "propriétés": EtatAnonymat.A_CONFIRMER,
    }


def test_only_the_first_places_are_kept_and_what_blocks_comes_first():
    numbers = "\n".join(f"06 12 34 {rank // 100:02} {rank % 100:02}" for rank in range(200))

    examen = examine([numbers, iban(random.Random(1))], {})

    assert (len(examen.reperages), examen.total) == (MAXIMUM, 201)
    assert examen.reperages[0]["nature"] == "iban"


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "a",
            "A",
            "0",
            " ",
            "\n",
            "@",
            ".",
            "06 ",
            "A ",
            "a@",
            "A.",
            "AB\t",
            "né à ",
            "FR76 ",
            "-",
            "M. ",
        ),
        *(
            "Nom Prénom\n",
            "POPESCU Ion\n",
            "naissance\n12/03/1987\n",
            "M. Abc ",
            "rue Jean Jaurès ",
            "1 87 03 ",
        ),
        "Le diagnostic recense 45 ménages et 125 000 €, rue Jean Jaurès, avec M. Martin, directeur. ",
    ],
)
def test_time_grows_as_the_text(pattern):
    """No writing makes a search go back over what it has read: 500,000 characters take a tenth of
    a second or two. The bound is what only a search that goes back reaches."""
    text = pattern * (500_000 // len(pattern))

    started = time.process_time()
    examine_text(text)

    assert time.process_time() - started < 20
