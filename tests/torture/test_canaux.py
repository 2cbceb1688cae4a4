"""Every file of the suite by every channel: the expected verdict, never an error, nothing left."""

import html
import pathlib
import shutil
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.test import Client, TestCase
from wagtail.models import UploadedFile

from dispositifs.models import Document
from tests.dispositifs.lignes import make_world, plain
from tests.factories import make_dispositif, make_mandat, make_structure, make_user
from tests.torture import autres, bureautique, ordinaires, pdf
from tests.torture.canaux import CANAUX, Monde, kept, said

# The mark has pytest-django make its database: `monde`, made once, would write in another.
pytestmark = [pytest.mark.torture, pytest.mark.django_db]

FAMILLES = {"pdf": pdf, "bureautique": bureautique, "autres": autres, "ordinaires": ordinaires}
CAS = [
    pytest.param(cas, id=f"{famille}-{cas.refus or 'accepte'}-{rank}-{cas.nom[:30]}")
    for famille, module in FAMILLES.items()
    for rank, cas in enumerate(module.CAS)
]
# What is read when a file is refused: the beginning of the sentence, by its code.
PHRASES = {
    "abime": "est incomplet ou abîmé",
    "ancien-format": "Cet ancien format bureautique peut cacher des macros",
    "chemins": "L’intérieur de ce fichier n’est pas celui d’un document bureautique",
    "dde": "Ce fichier contient un lien dynamique (DDE)",
    "demesure": "Ce fichier deviendrait démesuré une fois ouvert",
    "double": "en cache un autre",
    "extension": "n’est pas accepté. Enregistrez la pièce en PDF",
    "incorpore": "Ce fichier en contient un autre, incorporé",
    "liaisons": "Ce fichier va chercher ailleurs une partie de son contenu",
    "macros": "macros",
    "pdf-action": "Ce PDF lance une action",
    "pdf-formulaire": "Ce PDF est un formulaire dynamique (XFA)",
    "pdf-media": "Ce PDF contient une vidéo, un son ou un objet en 3D",
    "pdf-pieces-jointes": "Ce PDF contient des fichiers joints",
    "pdf-programme": "Ce PDF contient un programme (JavaScript)",
    "pixels": "Cette image est trop grande",
    "protege": "est chiffré ou protégé par un mot de passe",
    "taille": "Ce fichier dépasse 20 Mo",
    "texte": "n’est pas du texte lisible",
    "type": "n’est pas celui que son nom annonce",
    # Django's own sentence, for its own field, before ours is asked.
    "vide": "vide",
}


@pytest.fixture(scope="module")
def monde(django_db_setup, django_db_blocker, tmp_path_factory):
    """Made once; each test leaves it as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_world()
        structure = make_structure()
        page = make_dispositif(identifiant="le-mien")
        make_mandat(page, structure)
        clients = [Client(), Client(), Client()]
        accounts = [
            make_user("correspondant", "33"),
            make_user("national"),
            make_user("operateur", structure=structure),
        ]
        for client, account in zip(clients, accounts, strict=True):
            client.force_login(account)
        kind = page.documents.model._meta.get_field("type").related_model.objects.get(
            slug="convention"
        )
        yield Monde(page, kind, clients, tmp_path_factory.mktemp("import"))
        transaction.set_rollback(True)


def files_on_disk(settings):
    folder = pathlib.Path(settings.MEDIA_ROOT)
    return {str(path) for path in folder.rglob("*") if path.is_file()}


@dataclass
class Suite:
    """What became of a file: how it is served, whether its refusal was read, what is left of it."""

    servis: list[tuple]
    phrase: bool
    de_cote: int = 0
    orphelins: set[str] = field(default_factory=set)


def sent(monde, canal, cas, settings):
    known = set(Document.objects.values_list("pk", flat=True))
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = canal(monde, cas.nom, cas.contenu())
    documents = kept(known)
    rows = Document.objects.all()
    explained = {row.file.path for row in rows} | {
        row.vignette.path for row in rows if row.vignette
    }
    return Suite(
        servis=[headers_of(monde.national.get(row.url)) for row in documents],
        phrase=bool(cas.refus) and PHRASES[cas.refus] in plain(html.unescape(said(answer))),
        de_cote=UploadedFile.objects.count(),
        orphelins=files_on_disk(settings) - explained,
    )


@pytest.mark.parametrize("cas", CAS)
def test_file_by_every_channel(monde, settings, cas):
    found, expected = {}, {}
    for canal in CANAUX:
        with transaction.atomic():
            found[canal.__name__] = sent(monde, canal, cas, settings)
            transaction.set_rollback(True)
        shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
        passes = not cas.refus
        expected[canal.__name__] = Suite(
            servis=[served_as(cas.nom)] if passes else [], phrase=not passes
        )

    assert found == expected


def headers_of(answer):
    """How a browser is told to take a file, and whether what runs in it is held."""
    answer.close()
    kind = answer["Content-Type"].partition(";")[0]
    policy = answer["Content-Security-Policy"]
    held = "sandbox" in policy or (kind == "application/pdf" and "default-src 'none'" in policy)
    return (
        answer.status_code,
        answer["Content-Disposition"].partition(";")[0],
        answer["X-Content-Type-Options"],
        held,
    )


def served_as(nom):
    shown = nom.rpartition(".")[2].lower() in {"pdf", "jpg", "jpeg", "png"}
    return (200, "inline" if shown else "attachment", "nosniff", True)
