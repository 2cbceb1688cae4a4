"""What is refused in a file of fiches, and the sentence that says it."""

import pytest

from annuaire.acteurs.models import Structure
from dispositifs.models import DispositifPage
from dispositifs.saisie.fichier.erreurs import FichierRefuse
from dispositifs.saisie.fichier.importation import import_fiches
from tests.factories import make_structure

from .lignes import errors_of, fiche, load, make_world, plain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]

OPERATEUR = {"nom": "Pont", "type": "association", "role": "operateur"}
LIEU = {"nature": "site", "nom": "Le Quai", "commune": "33039"}
DOCUMENT = {"titre": "Convention", "type": "convention", "texte": "Article 1."}
DATE = "n’est pas une date : écrivez-la sous la forme 2024-01-31."
STATUTS = "en-preparation, en-cours, termine, abandonne"


@pytest.fixture(autouse=True)
def _world(db):
    make_world()


@pytest.mark.parametrize(
    ("keys", "error"),
    [
        ({"inconnue": 1}, "champ inconnue : cette clé est inconnue."),
        ({"corps": {"autre": ""}}, "champ corps.autre : cette clé est inconnue."),
        ({"titre": ""}, "champ titre : ce texte ne peut pas être vide."),
        ({"titre": None}, "champ titre : attendu : un texte ; reçu : null."),
        ({"titre": 3}, "champ titre : attendu : un texte ; reçu : un nombre."),
        (
            {"titre": "x" * 256},
            "champ titre : 256 caractères, 255 au plus : raccourcissez ce texte.",
        ),
        (
            {"resume": "x" * 301},
            "champ resume : 301 caractères, 300 au plus : raccourcissez ce texte.",
        ),
        ({"sigle": "A\0"}, "champ sigle : le signe U+0000 ne peut pas être enregistré."),
        ({"sigle": "\ud800"}, "champ sigle : le signe U+D800 ne peut pas être enregistré."),
        ({"corps": []}, "champ corps : attendu : un objet ; reçu : une liste."),
        ({"formes": "mous"}, "champ formes : attendu : une liste ; reçu : un texte."),
        ({"formes": ["x"]}, "champ formes[0] : « x » : cette forme est inconnue."),
        ({"formes": ["mous", "mous"]}, "champ formes[1] : « mous » est donné deux fois."),
        ({"publics": ["x"]}, "champ publics[0] : « x » : ce public est inconnu."),
        ({"thematiques": ["x"]}, "champ thematiques[0] : « x » : cette thématique est inconnue."),
        (
            {"departement": "3"},
            "champ departement : « 3 » n’est pas valide :"
            " un code de département est attendu (« 33 », « 2A »).",
        ),
        ({"departement": "99"}, "champ departement : « 99 » : ce département est inconnu."),
        (
            {"departements_secondaires": ["13", "99"]},
            "champ departements_secondaires[1] : « 99 » : ce département est inconnu.",
        ),
        (
            {"communes": ["33063", 33039]},
            "champ communes[1] : attendu : un texte ; reçu : un nombre.",
        ),
        ({"communes": ["33999"]}, "champ communes[0] : « 33999 » : cette commune est inconnue."),
        (
            {"epci": ["200000000"]},
            "champ epci[0] : « 200000000 » : cette intercommunalité est inconnue.",
        ),
        (
            {"statut": "fini"},
            f"champ statut : « fini » est inconnu ; valeurs admises : {STATUTS}.",
        ),
        ({"date_debut": "31/01/2024"}, f"champ date_debut : « 31/01/2024 » {DATE}"),
        ({"date_debut": "2024-02-30"}, f"champ date_debut : « 2024-02-30 » {DATE}"),
        ({"date_fin": "20240101"}, f"champ date_fin : « 20240101 » {DATE}"),
        (
            {"date_debut": "2024-01-02", "date_fin": "2024-01-01"},
            "champ date_fin : cette date précède la date de début (2024-01-02).",
        ),
        (
            {"selection": "non"},
            "champ selection : attendu : vrai ou faux (true, false) ; reçu : un texte.",
        ),
        (
            {"capacite_menages": -1},
            "champ capacite_menages : ce nombre doit être compris entre 0 et 1000000.",
        ),
        (
            {"capacite_menages": 4.5},
            "champ capacite_menages : attendu : un nombre entier ; reçu : un nombre.",
        ),
        (
            {"renouvellements": True},
            "champ renouvellements : attendu : un nombre entier ; reçu : vrai ou faux.",
        ),
        (
            {"places_libres": 3},
            "champ places_libres_au : indiquez à quelle date ces places étaient libres.",
        ),
        (
            {"identifiant": "MOUS Bordeaux"},
            "champ identifiant : « MOUS Bordeaux » n’est pas valide : lettres minuscules"
            " sans accent, chiffres et tirets, 80 au plus.",
        ),
        (
            {"identifiant": "export"},
            "champ identifiant : cet identifiant est réservé : choisissez-en un autre.",
        ),
        (
            {"structures": [{"nom": "Pont"}]},
            "champ structures[0].role : cette clé est obligatoire.",
        ),
        (
            {"structures": [{"nom": "Pont", "role": "operateur"}]},
            "champ structures[0].type : la structure « Pont » est inconnue :"
            " donnez son type pour la créer.",
        ),
        (
            {"structures": [{**OPERATEUR, "type": "secte"}]},
            "champ structures[0].type : le type de structure « secte » est inconnu.",
        ),
        (
            {"structures": [{**OPERATEUR, "role": "ami"}]},
            "champ structures[0].role : « ami » : ce rôle est inconnu.",
        ),
        (
            {"structures": [{**OPERATEUR, "siren": "123456789"}]},
            "champ structures[0].siren : « 123456789 » n’est pas un SIREN valide.",
        ),
        (
            {"structures": [{**OPERATEUR, "nom": "…"}]},
            "champ structures[0].nom : ce nom ne contient ni lettre ni chiffre.",
        ),
        (
            {"structures": [OPERATEUR, OPERATEUR]},
            "champ structures[1] : « Pont » a déjà ce rôle sur la fiche.",
        ),
        (
            {
                "structures": [
                    {**OPERATEUR, "role": "operateur-chef-de-file"},
                    {**OPERATEUR, "nom": "Rive", "role": "operateur-chef-de-file"},
                ]
            },
            "champ structures[1].role : le rôle « operateur-chef-de-file » est permis 1 fois.",
        ),
        (
            {"structures": [{**OPERATEUR, "du": "2024-01-02", "au": "2024-01-01"}]},
            "champ structures[0].au : cette date précède la date de début.",
        ),
        (
            {"lieux": [{**LIEU, "nature": "camp"}]},
            "champ lieux[0].nature : « camp » est inconnu ; valeurs admises :"
            " terrain-insertion, site, permanence, diffus.",
        ),
        (
            {"lieux": [{**LIEU, "public": True}]},
            "champ lieux[0].public : un site ou un lieu diffus ne se montre jamais au public.",
        ),
        (
            {"lieux": [{**LIEU, "longitude": 200}]},
            "champ lieux[0].longitude : ce nombre doit être compris entre -180 et 180.",
        ),
        (
            {"groupes": [{"nom": "Un"}, {"nom": "Un"}]},
            "champ groupes[1].nom : « Un » est donné deux fois.",
        ),
        (
            {"suivis": [{"indicateur": "pub1"}]},
            "champ suivis[0].indicateur : « pub1 » n’est pas valide :"
            " un code d’indicateur est attendu (« PUB-01 »).",
        ),
        (
            {"releves": [{"indicateur": "PUB-01", "periode": "janvier"}]},
            "champ releves[0].periode : « janvier » n’est pas valide :"
            " une période est attendue (« 2024-01 »).",
        ),
        (
            {"documents": [{**DOCUMENT, "date": "hier"}]},
            f"champ documents[0].date : « hier » {DATE}",
        ),
        (
            {"documents": [{**DOCUMENT, "type": "x"}]},
            "champ documents[0].type : « x » : ce type de document est inconnu.",
        ),
        (
            {"documents": [{**DOCUMENT, "niveau": "secret"}]},
            "champ documents[0].niveau : « secret » est inconnu ; valeurs admises :"
            " public, partenaires, interne.",
        ),
        (
            {"documents": [DOCUMENT, {"titre": "Avenant", "type": "convention"}]},
            "champ documents[1] : donnez « fichier » ou « texte » pour ce nouveau document.",
        ),
        (
            {"documents": [{**DOCUMENT, "fichier": "a.pdf"}]},
            "champ documents[0].texte : donnez « fichier » ou « texte », pas les deux.",
        ),
        (
            {"documents": [{"titre": "A", "type": "convention", "format": "pdf"}]},
            "champ documents[0].format : « format » ne va qu’avec « texte ».",
        ),
        (
            {"documents": [{**DOCUMENT, "format": "pdf", "tableau": [["a", "b"], [1]]}]},
            "champ documents[0].tableau[1] : nombre de cellules : 1, et 2 dans l’en-tête.",
        ),
        (
            {"documents": [{**DOCUMENT, "identifiant": "a"}, {**DOCUMENT, "identifiant": "a"}]},
            "champ documents[1].identifiant : « a » est donné deux fois.",
        ),
        (
            {"documents": [{**DOCUMENT, "identifiant": "123"}]},
            "champ documents[0].identifiant : « 123 » n’est pas valide : lettres minuscules"
            " sans accent (une au moins), chiffres et tirets, 120 au plus.",
        ),
    ],
)
def test_an_error_names_its_line_and_its_field(tmp_path, keys, error):
    line = {**fiche("deux"), **keys}

    assert errors_of(tmp_path, fiche("un"), line) == [f"ligne 2, {error}"]
    assert DispositifPage.objects.count() == 0


def test_a_new_fiche_needs_a_title_and_a_departement(tmp_path):
    assert errors_of(tmp_path, {"identifiant": "un"}) == [
        "ligne 1, champ titre : cette clé est obligatoire pour une nouvelle fiche.",
        "ligne 1, champ departement : cette clé est obligatoire pour une nouvelle fiche.",
    ]


def test_dates_are_compared_with_those_already_known(tmp_path):
    load(tmp_path, fiche(date_debut="2024-01-01"))

    assert errors_of(tmp_path, {"identifiant": "mous-bordeaux", "date_fin": "2023-01-01"}) == [
        "ligne 1, champ date_fin : cette date précède la date de début (2024-01-01)."
    ]


def test_an_identifiant_given_twice_names_both_lines(tmp_path):
    assert errors_of(tmp_path, fiche("un"), fiche("un")) == [
        "ligne 2, champ identifiant : « un » est déjà à la ligne 1."
    ]


def test_two_lines_of_the_same_title_need_identifiants(tmp_path):
    line = {"titre": "Équipe", "departement": "33"}

    assert errors_of(tmp_path, line, {**line, "titre": "EQUIPE"}) == [
        "ligne 2, champ identifiant : même titre et même département que la ligne 1 :"
        " donnez un identifiant à chacune."
    ]


def test_two_structures_of_one_name_need_a_siren(tmp_path):
    make_structure("Pont")
    make_structure("PONT")

    assert errors_of(tmp_path, fiche(structures=[OPERATEUR])) == [
        "ligne 1, champ structures[0].nom : plusieurs structures s’appellent « Pont » :"
        " donnez le SIREN de la bonne."
    ]


@pytest.mark.parametrize("other", ["already", "same file"])
def test_the_identifiant_of_a_document_stays_with_its_fiche(tmp_path, other):
    document = {**DOCUMENT, "identifiant": "convention-2024"}
    first = fiche("un", documents=[document])
    if other == "already":
        load(tmp_path, first)

    assert errors_of(tmp_path, first, fiche("deux", documents=[document])) == [
        "ligne 2, champ documents[0].identifiant : « convention-2024 » est celui d’une autre fiche."
    ]


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"{", "ligne 2 : ce n’est pas du JSON valide (caractère 2)."),
        (b"[1]", "ligne 2 : attendu : un objet ; reçu : une liste."),
        (b"\xff", "ligne 2 : ce n’est pas de l’UTF-8 : enregistrez le fichier dans ce codage."),
        (b'{"titre": "a", "titre": "b"}', "ligne 2 : la clé « titre » est donnée deux fois."),
        (b'{"capacite_menages": NaN}', "ligne 2 : NaN n’est pas un nombre."),
        (b"[" * 100_000, "ligne 2 : trop de niveaux d’imbrication."),
    ],
)
def test_a_line_that_is_no_json_is_told(tmp_path, raw, error):
    path = tmp_path / "fiches.jsonl"
    path.write_bytes(b"\n" + raw + b"\n")

    with pytest.raises(FichierRefuse) as refusal:
        import_fiches(path)

    assert [plain(str(erreur)) for erreur in refusal.value.erreurs] == [error]


def test_a_byte_order_mark_and_blank_lines_are_no_errors(tmp_path):
    path = tmp_path / "fiches.jsonl"
    line = '{"identifiant": "un", "titre": "A", "departement": "33"}'
    path.write_bytes(f"\ufeff{line}\r\n\n  \n".encode())

    assert import_fiches(path).creees == 1


def test_many_errors_are_told_at_once_but_not_too_many(tmp_path):
    lines = [fiche(f"fiche-{rank}", statut="x", sigle=1) for rank in range(40)]

    few = errors_of(tmp_path, *lines[:2])
    many = errors_of(tmp_path, *lines)

    assert [error.split(" :")[0] for error in few] == [
        "ligne 1, champ statut",
        "ligne 1, champ sigle",
        "ligne 2, champ statut",
        "ligne 2, champ sigle",
    ]
    assert len(many) == 50


def test_one_error_leaves_all_the_other_lines_unwritten(tmp_path):
    good = [fiche(f"fiche-{rank}", structures=[OPERATEUR]) for rank in range(3)]

    errors = errors_of(tmp_path, *good, fiche("mauvaise", communes=["33999"]))

    assert errors == ["ligne 4, champ communes[0] : « 33999 » : cette commune est inconnue."]
    assert (DispositifPage.objects.count(), Structure.objects.count()) == (0, 0)
