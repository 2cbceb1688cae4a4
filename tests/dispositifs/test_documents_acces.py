"""Who reads which document by which way. Expectations are written, not computed.

One letter for each actor who may read; every other cell is a 404 that says nothing.
    P public, without account              S account without role
    D disabled correspondant of the 33     A partenaire with a running mandat
    O operateur with a running mandat      X operateur whose mandat has ended
    Y operateur of another dispositif      C correspondant of the pilot département (33)
    V correspondant of a secondary one (47)    B correspondant elsewhere (13)    N national
"""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.models import PageViewRestriction

from dispositifs.actions.documents import replace_document
from dispositifs.models import Document
from tests.factories import (
    make_departement,
    make_dispositif,
    make_document,
    make_mandat,
    make_structure,
    make_tree,
    make_user,
)
from tests.factories.dispositifs import PDF

pytestmark = [pytest.mark.django_db, pytest.mark.matrix]
ACTORS = "PSDAOXYCVBN"
TITLE = "Zibeline confidentielle"

# Page → (niveau, statut, deposited by the structure of O) → who reads
CELLS = {
    "publiee": {
        ("public", "valide", False): "PSDAOXYCVBN",
        ("partenaires", "valide", False): "AOCVBN",
        ("interne", "valide", False): "CVN",
        ("interne", "valide", True): "OCVN",
        ("public", "propose", False): "CVN",
        ("public", "propose", True): "OCVN",
        ("public", "refuse", False): "CVN",
        ("public", "refuse", True): "OCVN",
        ("public", "retire", False): "CVN",
        ("partenaires", "retire", False): "CVN",
    },
    "restreinte": {
        ("public", "valide", False): "AOCVBN",
        ("partenaires", "valide", False): "AOCVBN",
    },
    "sous une restriction": {
        ("public", "valide", False): "AOCVBN",
    },
    "brouillon": {
        ("public", "valide", False): "CVN",
        ("partenaires", "valide", False): "CVN",
        ("interne", "valide", False): "CVN",
        ("interne", "valide", True): "OCVN",
    },
    "depubliee": {
        ("public", "valide", False): "CVN",
        ("partenaires", "valide", False): "CVN",
        ("interne", "propose", False): "CVN",
    },
    "expiree": {
        ("public", "valide", False): "CVN",
    },
    "aucune": {
        ("public", "valide", False): "PSDAOXYCVBN",
        ("partenaires", "valide", False): "CVBN",
        ("interne", "valide", False): "N",
        ("public", "propose", False): "N",
        ("public", "retire", False): "N",
    },
}
# Way → (what it answers to a reader, the request). /media/ never gives a document, to nobody.
WAYS = {
    "address": (200, "get", "{address}", {}),
    "wagtail": (200, "get", "{wagtail}", {}),
    "head": (200, "head", "{address}", {}),
    "range": (206, "get", "{address}", {"Range": "bytes=0-3"}),
    "etag": (304, "get", "{address}", {"If-None-Match": "{etag}"}),
    "version": (200, "get", "{address}?version=1", {}),
    "media": (404, "get", "{media}", {}),
}
# Rarer ways, tried on cells of a live page where the public, a structure, then nobody outside is left out.
RARE_WAYS = {
    "old name": (301, "get", "{old_name}", {}),
    "wagtail range": (206, "get", "{wagtail}", {"Range": "bytes=0-3"}),
    "wagtail version": (200, "get", "{wagtail}?version=1", {}),
    "beyond": (416, "get", "{address}", {"Range": "bytes=9999999-"}),
    "any etag": (304, "head", "{address}", {"If-None-Match": "*"}),
    "since": (304, "get", "{address}", {"If-Modified-Since": "Sun, 01 Jan 2090 00:00:00 GMT"}),
    "if match": (412, "get", "{address}", {"If-Match": '"autre"'}),
}
RARE_CELLS = (
    ("public", "valide", False),
    ("partenaires", "valide", False),
    ("interne", "valide", True),
    ("public", "retire", False),
)
# (earlier version, current version) → who reads (the current one, the earlier one)
VERSIONS = {
    (("public", "valide"), ("public", "valide")): ("PSDAOXYCVBN", "PSDAOXYCVBN"),
    (("public", "valide"), ("partenaires", "valide")): ("AOCVBN", "AOCVBN"),
    (("public", "valide"), ("interne", "valide")): ("CVN", "CVN"),
    (("public", "valide"), ("public", "retire")): ("CVN", "CVN"),
    (("public", "valide"), ("public", "propose")): ("CVN", "CVN"),
    (("partenaires", "valide"), ("public", "valide")): ("PSDAOXYCVBN", "AOCVBN"),
    (("interne", "valide"), ("public", "valide")): ("PSDAOXYCVBN", "CVN"),
    (("public", "retire"), ("public", "valide")): ("PSDAOXYCVBN", "CVN"),
    (("interne", "valide"), ("partenaires", "valide")): ("AOCVBN", "CVN"),
}


# (niveau, what the search for personal data says, deposited by the structure of O) → who reads
ANONYMAT = {
    ("public", "a-verifier", False): "AOCVBN",
    ("public", "a-confirmer", False): "AOCVBN",
    ("public", "confirme", False): "PSDAOXYCVBN",
    ("public", "non-verifiable", False): "PSDAOXYCVBN",
    ("public", "bloque", False): "CN",
    ("public", "bloque", True): "OCN",
    ("partenaires", "a-confirmer", False): "AOCVBN",
    ("partenaires", "bloque", False): "CN",
    ("interne", "a-confirmer", False): "CVN",
    ("interne", "bloque", False): "CN",
    ("interne", "bloque", True): "OCN",
}


@pytest.fixture
def users(db):
    """One account for each letter but P, who has none."""
    make_tree("13", "33", "47")
    structure, other = make_structure("Rive et Seuil"), make_structure("Autre rive")
    make_mandat(make_dispositif("Autre dispositif"), other)
    return {
        "S": make_user(None),
        "D": make_user("correspondant", "33"),
        "A": make_user("partenaire", structure=make_structure("Métropole", "collectivite")),
        "O": make_user("operateur", structure=structure),
        "X": make_user("operateur", structure=make_structure("Ancienne rive")),
        "Y": make_user("operateur", structure=other),
        "C": make_user("correspondant", "33"),
        "V": make_user("correspondant", "47"),
        "B": make_user("correspondant", "13"),
        "N": make_user("national"),
    }


@pytest.fixture
def clients(users):
    """One browser for each letter; D was signed in when the account was closed."""
    clients = {letter: Client() for letter in ACTORS}
    for letter, user in users.items():
        clients[letter].force_login(user)
    users["D"].is_active = False
    users["D"].save()
    return clients


def make_page(state, users):
    """The dispositif in this state, with its mandats; None for a national guide."""
    if state == "aucune":
        return None
    page = make_dispositif("Terrain discret", live=state != "brouillon")
    page.departements_secondaires.set([make_departement("47")])
    page.save()
    make_mandat(page, users["O"].structure)
    make_mandat(page, users["A"].structure, nature="partenaire")
    make_mandat(page, users["X"].structure, au=datetime.date(2021, 1, 1))
    if state == "depubliee":
        page.unpublish()
    if state == "expiree":
        page.unpublish(set_expired=True)
    if state == "restreinte":
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    if state == "sous une restriction":
        PageViewRestriction.objects.create(page=page.get_parent(), restriction_type="password")
    return page


def make_cell(page, users, niveau, statut, deposited):
    return make_document(
        page,
        titre=TITLE,
        niveau=niveau,
        statut=statut,
        deposant=users["O"].structure if deposited else None,
    )


def ask(client, way, document):
    """Status of the answer, read to its end; a refusal must say nothing of the document."""
    _, method, url, headers = (WAYS | RARE_WAYS)[way]
    values = {
        "address": document.url,
        "old_name": reverse("document", args=[document.identifiant, "ancien.pdf"]),
        "wagtail": reverse("wagtaildocs_serve", args=[document.pk, document.filename]),
        "media": f"/media/{document.file.name}",
        "etag": f'"{document.sha256}"',
    }
    asked = {name: value.format(**values) for name, value in headers.items()}
    response = getattr(client, method)(url.format(**values), headers=asked)
    content = b"".join(response) if response.streaming else response.content
    if response.status_code == 404:
        assert TITLE.encode() not in content
        assert {"ETag", "Last-Modified", "Content-Disposition"} & set(response.headers) == set()
    return response.status_code


def readers(clients, document, way):
    """Letters of those to whom this way answers as to a reader."""
    expected = (WAYS | RARE_WAYS)[way][0]
    statuses = {letter: ask(client, way, document) for letter, client in clients.items()}
    assert set(statuses.values()) <= {expected, 404}, statuses
    return "".join(letter for letter, status in statuses.items() if status != 404)


@pytest.mark.parametrize("state", CELLS)
def test_only_those_named_read_by_every_way(users, clients, state):
    page = make_page(state, users)
    documents = {cell: make_cell(page, users, *cell) for cell in CELLS[state]}

    found = {
        (cell, way): readers(clients, document, way)
        for cell, document in documents.items()
        for way in WAYS
    }

    assert found == {
        (cell, way): "" if way == "media" else letters
        for cell, letters in CELLS[state].items()
        for way in WAYS
    }


def test_only_those_named_read_what_may_name_somebody(users, clients):
    page = make_page("publiee", users)
    documents = {cell: make_cell(page, users, cell[0], "valide", cell[2]) for cell in ANONYMAT}
    for (_, anonymat, _), document in documents.items():
        document.anonymat = anonymat
        document.save()

    found = {
        (cell, way): readers(clients, document, way)
        for cell, document in documents.items()
        for way in WAYS
    }

    assert found == {
        (cell, way): "" if way == "media" else letters
        for cell, letters in ANONYMAT.items()
        for way in WAYS
    }


def test_only_those_named_read_by_rarer_ways(users, clients):
    page = make_page("publiee", users)
    documents = {cell: make_cell(page, users, *cell) for cell in RARE_CELLS}

    found = {
        (cell, way): readers(clients, document, way)
        for cell, document in documents.items()
        for way in RARE_WAYS
    }

    assert found == {
        (cell, way): CELLS["publiee"][cell] for cell in RARE_CELLS for way in RARE_WAYS
    }


@pytest.mark.parametrize("cell", VERSIONS, ids=[f"{old} {new}" for old, new in VERSIONS])
def test_earlier_version_is_read_by_those_who_may_read_both(users, clients, cell):
    (old_niveau, old_statut), (niveau, statut) = cell
    first = make_document(
        make_page("publiee", users), titre=TITLE, niveau=old_niveau, statut=old_statut
    )
    replacement = Document.objects.get(pk=first.pk)
    replacement.file = ContentFile(PDF, "deux.pdf")
    replacement.niveau, replacement.statut = niveau, statut
    replace_document(document=first, replacement=replacement, by=users["N"])

    found = (readers(clients, first, "address"), readers(clients, first, "version"))

    assert found == VERSIONS[cell]
    assert readers(clients, first, "wagtail") == VERSIONS[cell][0]


def test_matrix_is_large_enough():
    tried = (
        sum(map(len, CELLS.values())) * len(WAYS)
        + len(RARE_CELLS) * len(RARE_WAYS)
        + len(VERSIONS) * 3
    )

    assert tried * len(ACTORS) >= 500
