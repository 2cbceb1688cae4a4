"""The demonstration: the shipped fiches load whole; the generated ones are varied, and the same."""

import io
import json
import re
import zipfile
from collections import Counter

import docx
import odfdo
import pytest
from django.core.management import call_command
from pypdf import PdfReader

from annuaire.acteurs.models import Commune, Departement, Role, TypeStructure, User
from annuaire.demonstration import COMPTES, MOT_DE_PASSE
from annuaire.demonstration.chargement import load_generated
from annuaire.demonstration.generation import Generateur
from annuaire.demonstration.vocabulaire import DONNEES, Vocabulaire
from dispositifs.models import (
    BonnePratiquePage,
    ContenuPage,
    DispositifPage,
    Document,
    FichePublique,
    GroupeMenages,
    Mandat,
    Proposition,
)
from dispositifs.publication.projection import verify

from .lignes import fiche, load, make_world, plain

pytestmark = pytest.mark.django_db


def demonstration(*arguments):
    out = io.StringIO()
    call_command("demonstration", *arguments, stdout=out, stderr=io.StringIO())
    return plain(out.getvalue()).splitlines()


def opened(document):
    """The title of a file, as its own library reads it."""
    with document.file.open("rb") as stream:
        content = io.BytesIO(stream.read())
    if document.format == "pdf":
        return PdfReader(content).metadata.title
    if document.format == "odt":
        return odfdo.Document(content).meta.title
    if document.format == "docx":
        return docx.Document(content).core_properties.title
    if document.format == "xlsx":
        return "<dc:title>" in zipfile.ZipFile(content).read("docProps/core.xml").decode()
    return content.read().decode()[:20]


def test_the_whole_demonstration_loads_twice(db, settings):
    """One test for all that a full load costs: territories, lists, 60 fiches, 164 files."""
    settings.DEVELOPMENT = False
    closed = demonstration()
    version = FichePublique.objects.order_by("-version").first().version
    accounts = User.objects.count()
    settings.DEVELOPMENT = True

    again = demonstration()

    counts = {
        model.__name__: model.objects.count()
        for model in (DispositifPage, BonnePratiquePage, ContenuPage, Document, GroupeMenages)
    }
    formats = Counter(document.format for document in Document.objects.all())
    titles = {document.pk: opened(document) for document in Document.objects.all()}
    pdfs = Document.objects.filter(file__endswith=".pdf")
    mandats = Mandat.objects.running().values_list("structure__nom", "nature")
    assert counts == {
        "DispositifPage": 60,
        "BonnePratiquePage": 12,
        "ContenuPage": 7,
        "Document": 165,
        "GroupeMenages": 66,
    }
    assert formats == {"pdf": 109, "odt": 41, "docx": 7, "xlsx": 7, "txt": 1}
    assert all(titles.values())
    assert (min(pdfs.values_list("pages", flat=True)), pdfs.filter(pages=None).count()) == (1, 0)
    assert sorted(User.objects.values_list("email", flat=True)) == sorted(COMPTES)
    assert all(user.check_password(MOT_DE_PASSE) for user in User.objects.all())
    assert Role.objects.running().count() == 5
    assert Counter(mandats) == {
        ("Rive et Seuil", "operateur"): 2,
        ("Bordeaux Métropole", "partenaire"): 1,
    }
    assert Counter(Proposition.objects.values_list("nature", "etat")) == {
        ("texte", "proposee"): 2,
        ("document", "proposee"): 1,
        ("texte", "refusee"): 1,
    }
    assert not verify()
    # Their password is public: they exist only on a laptop.
    assert accounts == 0
    assert "Comptes de démonstration : non créés, car DEBUG est éteint." in closed
    assert again[0] == "Aucun changement : 60 fiches identiques."
    assert FichePublique.objects.order_by("-version").first().version == version


@pytest.fixture
def world(db):
    make_world()
    Departement.objects.update(population=1000)
    TypeStructure.objects.create(slug="autre-service-de-l-etat", libelle="Service de l’État")


def test_generated_fiches_are_made_once(world):
    made = [load_generated(12, 1), load_generated(12, 2), load_generated(14, 1)]

    names = DispositifPage.objects.order_by("identifiant").values_list("identifiant", flat=True)
    assert made == [12, 0, 2]
    assert list(names) == [f"genere-{rank:06}" for rank in range(1, 15)]
    assert Document.objects.count() == 28
    assert not verify()


def test_the_same_seed_makes_the_same_fiches(world):
    first, again, other = Generateur(1), Generateur(1), Generateur(2)

    assert first.fiche(7)[0] == again.fiche(7)[0]
    assert first.fiche(7)[0] != other.fiche(7)[0]
    assert first.fiche(7)[0] != first.fiche(8)[0]


def test_generated_fiches_are_varied(world):
    generateur = Generateur(3)

    fiches = [generateur.fiche(number)[0] for number in range(200)]

    values = {
        key: len({json.dumps(row.get(key)) for row in fiches})
        for key in ("departement", "statut", "formes", "thematiques", "date_debut", "titre")
    }
    assert (values["departement"], values["statut"]) == (3, 4)
    assert values["formes"] >= 3
    assert values["date_debut"] > 150
    assert values["titre"] > 50


def test_generated_words_follow_a_natural_distribution(world):
    generateur = Generateur(4)
    texts = [generateur.fiche(number)[0]["documents"][0]["texte"] for number in range(60)]

    counts = Counter(" ".join(texts).lower().split()).most_common()

    total = sum(count for _, count in counts)
    frequent = sum(count for _, count in counts[:50]) / total
    once = sum(count == 1 for _, count in counts) / len(counts)
    assert all(1900 < len(text) < 3000 for text in texts)
    assert 0.25 < frequent < 0.6
    assert once > 0.2


def test_generated_texts_learn_from_public_texts_only():
    words = {word for words in Vocabulaire().suites.values() for word in words}
    public, restricted = set(), set()
    with (DONNEES / "dispositifs.jsonl").open(encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            public |= words_of(row.get("resume", ""), *row.get("corps", {}).values())
            for document in row.get("documents", ()):
                into = public if document["niveau"] == "public" else restricted
                into |= words_of(document["texte"])

    assert words - public == set()
    assert len(restricted - public) > 1000
    assert not any(sign.isdigit() for word in words for sign in word)


def words_of(*texts):
    return set(re.split("[ \n]", " ".join(texts))) | {""}


def test_generated_fiches_leave_the_others_alone(world, tmp_path):
    load(tmp_path, fiche())

    load_generated(3)

    assert DispositifPage.objects.get(identifiant="mous-bordeaux").title == "MOUS de Bordeaux"
    assert Commune.objects.count() == 4
