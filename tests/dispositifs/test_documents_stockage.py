"""The same documents on S3: a real server of its protocol, the same permission check."""

import logging

import boto3
import pytest
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured
from moto.server import ThreadedMotoServer

from annuaire.stockage import SENTENCE, storage_of
from dispositifs.models import Document
from tests.dispositifs.fichiers import pdf
from tests.factories import make_dispositif, make_document, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
BUCKET = "annuaire"


@pytest.fixture(scope="module")
def s3():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server.start()
    host, port = server.get_host_and_port()
    yield f"{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3, settings):
    """An empty bucket that the site writes to."""
    client = boto3.client(
        "s3", endpoint_url=f"http://{s3}", aws_access_key_id="cle",
        aws_secret_access_key="secret", region_name="us-east-1",
    )  # fmt: skip
    client.create_bucket(Bucket=BUCKET)
    settings.STORAGES = site.STORAGES | {
        "default": storage_of(f"s3+http://cle:secret@{s3}/{BUCKET}")
    }
    yield client
    stored = client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    for item in stored:
        client.delete_object(Bucket=BUCKET, Key=item["Key"])
    client.delete_bucket(Bucket=BUCKET)


def read(response):
    return b"".join(response) if response.streaming else response.content


def test_file_goes_to_the_bucket_and_is_served_by_the_site(bucket, client):
    document = make_document(make_dispositif(), contenu=pdf(), nom="a.pdf")

    response = client.get(document.url)

    stored = bucket.get_object(Bucket=BUCKET, Key=document.file.name)["Body"].read()
    assert (response.status_code, read(response), stored) == (200, pdf(), pdf())
    assert response.headers["Content-Type"] == "application/pdf"


def test_part_of_a_file_on_s3(bucket, client):
    document = make_document(make_dispositif(), contenu=b"0123456789", nom="a.txt")

    response = client.get(document.url, headers={"Range": "bytes=2-4"})

    assert (response.status_code, read(response)) == (206, b"234")
    assert response.headers["Content-Range"] == "bytes 2-4/10"


@pytest.mark.parametrize(("niveau", "status"), [("public", 304), ("interne", 404)])
def test_not_modified_is_said_to_readers_alone(bucket, client, niveau, status):
    document = make_document(make_dispositif(), contenu=pdf(), nom="a.pdf", niveau=niveau)

    response = client.get(document.url, headers={"If-None-Match": f'"{document.sha256}"'})

    assert response.status_code == status


def test_head_says_the_size_of_a_file_on_s3(bucket, client):
    document = make_document(make_dispositif(), contenu=pdf(), nom="a.pdf")

    response = client.head(document.url)

    assert (response.status_code, response.headers["Content-Length"]) == (200, str(len(pdf())))


def test_internal_document_on_s3_is_read_at_home_alone(bucket, client):
    document = make_document(make_dispositif(), contenu=pdf(), nom="a.pdf", niveau="interne")
    found = {"public": client.get(document.url).status_code}

    for code in ("33", "13"):
        client.force_login(make_user("correspondant", code))
        response = client.get(document.url)
        found[code] = response.status_code
        read(response)  # to its end: closing it would close the connection of the test too

    assert found == {"public": 404, "33": 200, "13": 404}


def test_file_lost_by_the_bucket_is_404(bucket, client):
    document = make_document(make_dispositif(), contenu=pdf(), nom="a.pdf")
    bucket.delete_object(Bucket=BUCKET, Key=document.file.name)

    response = client.get(document.url)

    assert response.status_code == 404


def test_two_files_of_one_name_never_cover_each_other(bucket):
    page = make_dispositif()

    for content in (b"un", b"deux"):
        make_document(page, contenu=content, nom="a.txt")

    names = Document.objects.values_list("file", flat=True)
    assert {bucket.get_object(Bucket=BUCKET, Key=n)["Body"].read() for n in names} == {
        b"un",
        b"deux",
    }


@pytest.mark.parametrize(
    "url", ["http://a/b", "s3://hote/seau", "s3://cle:secret@hote", "s3://cle:secret@hote/a/b"]
)
def test_odd_address_of_a_store_is_refused_with_a_sentence(url):
    with pytest.raises(ImproperlyConfigured) as error:
        storage_of(url)

    assert str(error.value) == SENTENCE
