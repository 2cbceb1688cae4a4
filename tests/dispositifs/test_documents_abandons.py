"""Files put aside and never described leave the disk after a week."""

import os
import time

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from wagtail.models import UploadedFile

from dispositifs.documents.abandons import forget_abandoned
from dispositifs.models import Document
from tests.factories import make_user

DAY = 86_400


@pytest.fixture
def aside(db):
    """Puts a file aside, so many days ago."""
    user = make_user("national")

    def put(name, days):
        upload = UploadedFile.objects.create(
            for_content_type=ContentType.objects.get_for_model(Document),
            file=ContentFile(b"x", name),
            uploaded_by_user=user,
        )
        moment = time.time() - days * DAY
        os.utime(upload.file.path, (moment, moment))
        return upload

    return put


def test_only_what_was_put_aside_a_week_ago_is_forgotten(aside):
    old, recent, lost = aside("ancien.pdf", 8), aside("recent.pdf", 6), aside("perdu.pdf", 1)
    os.remove(lost.file.path)

    count = forget_abandoned()

    assert (count, list(UploadedFile.objects.all())) == (2, [recent])
    assert [os.path.exists(row.file.path) for row in (old, recent)] == [False, True]


def test_nothing_aside_costs_one_query(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert forget_abandoned() == 0
