"""What the commands answer to whoever runs them."""

import io

import pytest
from django.core.management import CommandError, call_command

from dispositifs.models import BonnePratiquePage, ContenuPage, FichePublique

from .lignes import fiche, make_world, plain, whole_fiche, write_lines

pytestmark = pytest.mark.django_db
IBAN = "IBAN FR14 2004 1010 0505 0001 3M02 606"
CERTAIN = (
    "Un numéro de sécurité sociale ou un IBAN est dans ce texte : retirez-le, il ne peut pas être"
    " diffusé."
)


@pytest.fixture
def world(db):
    make_world()


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command(*map(str, arguments), stdout=out, stderr=err)
    return plain(out.getvalue()).splitlines(), plain(err.getvalue()).splitlines()


def refusal(*arguments):
    with pytest.raises(CommandError) as error:
        run(*arguments)
    return plain(str(error.value)).splitlines()


# --- fiches --------------------------------------------------------------------------------------
def test_an_import_says_what_it_did_then_that_nothing_changes(tmp_path, world):
    path = write_lines(tmp_path, whole_fiche(), fiche("deux"))

    first, progress = run("fiches", "importer", path)
    second, _ = run("fiches", "importer", path)

    assert first == [
        "2 fiches : 2 créées, 0 mise à jour, 0 identique.",
        "1 document ajouté, 0 document modifié, 2 structures créées.",
        "Non chargés dans cette version : effectifs des groupes (1).",
    ]
    assert progress == ["Contrôle : 2", "Écriture : 2 / 2 (100 %)", "Publication : 2 / 2 (100 %)"]
    assert second == [
        "Aucun changement : 2 fiches identiques.",
        "Non chargés dans cette version : effectifs des groupes (1).",
    ]


def test_a_trial_says_that_it_wrote_nothing(tmp_path, world):
    path = write_lines(tmp_path, fiche())

    assert run("fiches", "importer", path, "--essai")[0] == [
        "1 fiche : 1 créée, 0 mise à jour, 0 identique.",
        "0 document ajouté, 0 document modifié, 0 structure créée.",
        "Essai : rien n’a été écrit.",
    ]
    assert not FichePublique.objects.exists()


def test_texts_that_may_name_somebody_are_told_once_with_their_place(tmp_path, world):
    corps = {"contexte": "Appeler le 06 12 34 56 78.", "limites": "Écrire à a.martin@exemple.fr."}
    path = write_lines(tmp_path, fiche(), fiche("deux", corps=corps))

    trial, _ = run("fiches", "importer", path, "--essai")
    first, _ = run("fiches", "importer", path)
    second, _ = run("fiches", "importer", path)

    told = [
        "2 textes contiennent des données peut-être nominatives, à retirer ou à relire sur la"
        " fiche :",
        "ligne 2, fiche « deux », champ corps.contexte : téléphone",
        "ligne 2, fiche « deux », champ corps.limites : adresse électronique",
    ]
    assert (trial[2:-1], first[2:]) == (told, told)
    assert second == ["Aucun changement : 2 fiches identiques."]


def test_a_number_that_is_certain_refuses_the_file(tmp_path, world):
    corps = {"actions": IBAN}

    lines = refusal("fiches", "importer", write_lines(tmp_path, fiche("une"), fiche(corps=corps)))

    assert lines[1:] == [f"ligne 2, champ corps.actions : {CERTAIN}"]
    assert not FichePublique.objects.exists()


def test_a_refusal_lists_every_error(tmp_path, world):
    path = write_lines(tmp_path, fiche("un"), fiche("un"), fiche("deux", inconnue=1))

    assert refusal("fiches", "importer", path) == [
        "2 erreurs : rien n’a été écrit. Corrigez le fichier, puis recommencez.",
        "ligne 2, champ identifiant : « un » est déjà à la ligne 1.",
        "ligne 3, champ inconnue : cette clé est inconnue.",
    ]


def test_a_missing_file_is_told(tmp_path, world):
    path = tmp_path / "absent.jsonl"

    assert refusal("fiches", "importer", path) == [f"Le fichier « {path} » n’existe pas."]


def test_territories_are_asked_for_first(tmp_path, db):
    path = write_lines(tmp_path, fiche())

    assert refusal("fiches", "importer", path)[1] == (
        "les territoires manquent : lancez d’abord « manage.py territoires »."
    )


def test_the_projection_is_verified_and_rebuilt(tmp_path, world):
    run("fiches", "importer", write_lines(tmp_path, fiche("un"), fiche("deux", titre="Autre")))
    sound = run("fiches", "publier", "--verifier")[0]
    FichePublique.objects.filter(identifiant="un").update(titre="Faux")
    FichePublique.objects.filter(identifiant="deux").delete()

    different = refusal("fiches", "publier", "--verifier")
    run("fiches", "publier")

    assert sound == ["La partie publique est conforme à la base."]
    assert different == [
        "La partie publique diffère de la base.",
        "Manquantes (1) : dispositif:deux",
        "Périmées (1) : dispositif:un",
        "Les nombres de fiches par thématique et par territoire sont faux.",
    ]
    assert run("fiches", "publier", "--verifier")[0] == sound


# --- bonnes pratiques ----------------------------------------------------------------------------
def pratique(identifiant="visiter", **keys):
    return {
        "identifiant": identifiant,
        "titre": "Visiter avant de choisir",
        "resume": "Une journée.",
        "corps": {"probleme": "Un.\n\nDeux."},
        "thematiques": ["logement"],
        "dispositifs": ["mous-bordeaux"],
        "date": "2024-05-14",
        **keys,
    }


def test_bonnes_pratiques_are_created_then_left_alone(tmp_path, world):
    run("fiches", "importer", write_lines(tmp_path, fiche()))
    path = write_lines(tmp_path, pratique(), name="pratiques.jsonl")

    first = run("bonnes-pratiques", "importer", path)[0]
    second = run("bonnes-pratiques", "importer", path)[0]

    page = BonnePratiquePage.objects.get()
    assert first == ["1 bonne pratique : 1 créée, 0 mise à jour, 0 identique."]
    assert second == ["1 bonne pratique : 0 créée, 0 mise à jour, 1 identique."]
    assert (page.slug, page.live, page.probleme) == (
        "visiter-avant-de-choisir",
        True,
        "<p>Un.</p><p>Deux.</p>",
    )
    assert [row.identifiant for row in page.dispositifs.all()] == ["mous-bordeaux"]
    assert list(page.thematiques.slugs()) == ["logement"]
    assert sorted(FichePublique.objects.values_list("nature", flat=True)) == [
        "bonne-pratique",
        "dispositif",
    ]


def test_a_bonne_pratique_changes_where_its_line_does(tmp_path, world):
    run("fiches", "importer", write_lines(tmp_path, fiche()))
    run("bonnes-pratiques", "importer", write_lines(tmp_path, pratique(), name="a.jsonl"))
    line = {"identifiant": "visiter", "titre": "Visiter d’abord", "thematiques": ["sante"]}

    said = run("bonnes-pratiques", "importer", write_lines(tmp_path, line, name="b.jsonl"))[0]

    page = BonnePratiquePage.objects.get()
    assert said == ["1 bonne pratique : 0 créée, 1 mise à jour, 0 identique."]
    assert (page.title, page.slug, page.resume) == (
        "Visiter d’abord",
        "visiter-avant-de-choisir",
        "Une journée.",
    )
    assert list(page.thematiques.slugs()) == ["sante"]
    assert page.dispositifs.count() == 1


def test_errors_of_bonnes_pratiques_name_line_and_field(tmp_path, world):
    path = write_lines(
        tmp_path,
        pratique("un", dispositifs=["nulle-part"], thematiques=["x"]),
        pratique("un", dispositifs=[]),
        pratique("deux", corps={"autre": ""}, date=None),
        pratique("trois", dispositifs=[], corps={"methode": IBAN}),
    )

    assert refusal("bonnes-pratiques", "importer", path)[1:] == [
        "ligne 1, champ thematiques[0] : « x » : cette thématique est inconnue.",
        "ligne 1, champ dispositifs[0] : « nulle-part » : aucun dispositif n’a cet identifiant.",
        "ligne 2, champ identifiant : « un » est déjà à la ligne 1.",
        "ligne 3, champ corps.autre : cette clé est inconnue.",
        "ligne 3, champ date : attendu : une date « 2024-01-31 » ; reçu : null.",
        f"ligne 4, champ corps.methode : {CERTAIN}",
    ]
    assert not BonnePratiquePage.objects.exists()


# --- pages of the site ---------------------------------------------------------------------------
def test_pages_are_created_at_their_address_then_left_alone(tmp_path, world):
    path = tmp_path / "pages.json"
    path.write_text(
        '{"aide": {"titre": "Aide", "resume": "R.", "sections":'
        ' [{"titre": "Chercher", "texte": "Un.\\n\\nDeux."}]}}'
    )

    first = run("pages", "importer", path)[0]
    second = run("pages", "importer", path)[0]

    page = ContenuPage.objects.get()
    assert first == ["1 page : 1 créée, 0 mise à jour, 0 identique."]
    assert second == ["1 page : 0 créée, 0 mise à jour, 1 identique."]
    assert (page.get_url(), page.live) == ("/aide/", True)
    assert page.corps == "<h2>Chercher</h2><p>Un.</p><p>Deux.</p>"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("{", "ligne 1 : ce n’est pas du JSON valide, en UTF-8."),
        ("[]", "un objet est attendu : une page par clé."),
        ('{"aide": {"titre": "A"}}', "champ aide.sections : cette clé est obligatoire."),
        (
            '{"aide": {"titre": "A", "sections": [{"titre": "B", "texte": 3}]}}',
            "champ aide.sections[0].texte : attendu : un texte ; reçu : un nombre.",
        ),
        (
            '{"dispositifs": {"titre": "A", "sections": []}}',
            "champ dispositifs : cette adresse est celle d’une autre page du site.",
        ),
    ],
)
def test_errors_of_pages_name_the_field(tmp_path, world, content, error):
    path = tmp_path / "pages.json"
    path.write_text(content)

    assert refusal("pages", "importer", path)[1:] == [error]
    assert not ContenuPage.objects.exists()
