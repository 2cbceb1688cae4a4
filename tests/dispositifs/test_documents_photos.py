"""A photograph keeps its pixels and its orientation, and forgets where it was taken."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.models import UploadedFile

from dispositifs.documents.photos import Unreadable, without_position
from dispositifs.documents.reception import receive
from dispositifs.models import Document
from dispositifs.models.documents import Image as SiteImage
from tests.dispositifs.lignes import fiche, load, make_world
from tests.factories import make_tree, make_user
from tests.torture.autres import chunk, photo

FORMATS = ["jpg", "png", "webp"]
GPS = 0x8825
XMP = b'<x:xmpmeta><rdf:Description exif:GPSLatitude="44,50.27N" dc:creator="J"/></x:xmpmeta>'
XMP_HEADER = b"http://ns.adobe.com/xap/1.0/\0"


def opened(content):
    return Image.open(io.BytesIO(content))


def told(content):
    """What the photograph says: its position, its orientation and the maker of the camera."""
    with opened(content) as image:
        exif = image.getexif()
        return dict(exif.get_ifd(GPS)), exif.get(0x0112), exif.get(0x010F)


def pixels(content):
    with opened(content) as image:
        return image.size, image.tobytes()


def segment(marker, body):
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body


def after_start(jpeg, added):
    return jpeg[:2] + added + jpeg[2:]


def upload(content, nom="terrain.jpg"):
    return SimpleUploadedFile(nom, content)


# --- the photograph itself -----------------------------------------------------------------------
@pytest.mark.parametrize("extension", FORMATS)
def test_position_goes_and_the_rest_stays(extension):
    content = photo(extension)
    assert told(content)[0] != {}

    cleaned = without_position(content)

    assert told(cleaned) == ({}, 6, "Fabricant")
    assert pixels(cleaned) == pixels(content)
    assert struct.pack(">II", 44, 1) not in cleaned
    assert struct.pack("<II", 44, 1) not in cleaned


@pytest.mark.parametrize("extension", FORMATS)
def test_photograph_without_position_is_the_same_file(extension):
    content = photo(extension, gps=False)

    assert without_position(content) is content


def test_progressive_photograph_keeps_every_scan():
    content = photo(size=(300, 200), progressive=True)

    cleaned = without_position(content)

    assert (told(cleaned)[0], pixels(cleaned)) == ({}, pixels(content))


def test_position_written_again_in_xmp_goes():
    content = after_start(photo(gps=False), segment(0xE1, XMP_HEADER + XMP))

    cleaned = without_position(content)

    assert cleaned == photo_like(content, XMP)
    assert pixels(cleaned) == pixels(content)


def photo_like(content, without):
    start = content.find(segment(0xE1, XMP_HEADER + without))
    return content[:start] + content[start + len(segment(0xE1, XMP_HEADER + without)) :]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
        (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(XMP)),
        (b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(b"exif 4 deadbeef")),
        (b"tEXt", b"Comment\0GPSLatitude 44"),
    ],
    ids=["xmp", "xmp tassé", "exif en hexadécimal", "commentaire"],
)
def test_texts_of_a_png_that_tell_a_position_go(kind, body):
    made = photo("png", gps=False)
    content = made[:33] + chunk(kind, body) + made[33:]

    assert without_position(content) == made


def test_what_follows_the_image_goes_with_its_own_position():
    content = photo(gps=False)

    assert without_position(content + b"\0\0\0\x18ftypmp42 GPS 44.8378") == content


def test_unreadable_exif_is_blanked_whole():
    content = photo().replace(b"MM\0*", b"MM\0+").replace(b"II*\0", b"II+\0")

    cleaned = without_position(content)

    assert (len(cleaned), told(cleaned)) == (len(content), ({}, None, None))
    assert b"Fabricant" not in cleaned


@pytest.mark.parametrize("cut", [30, 400])
def test_truncated_photograph_is_unreadable(cut):
    with pytest.raises(Unreadable):
        without_position(photo()[:cut])


def test_truncated_photograph_is_refused_with_what_to_do():
    with pytest.raises(ValidationError) as refusal:
        receive(ContentFile(photo(size=(300, 300))[:-900], name="terrain.jpg"))

    assert refusal.value.messages == [
        "Ce fichier (JPEG) est incomplet ou abîmé. Vérifiez qu’il s’ouvre sur votre poste,"
        " enregistrez-le de nouveau, puis déposez-le."
    ]


# --- by each channel -----------------------------------------------------------------------------
@pytest.fixture
def national(client, db):
    make_tree("33")
    client.force_login(make_user("national"))
    return client


def test_deposited_photograph_is_kept_without_position(national):
    national.post(
        reverse("wagtaildocs:add"),
        {"title": "Terrain", "niveau": "public", "statut": "valide", "langue": "fr"}
        | {"file": upload(photo())},
    )

    document = Document.objects.get()
    kept = document.file.read()
    document.file.close()
    assert told(kept) == ({}, 6, "Fabricant")
    assert (document.sha256, document.file_size) == (document.fingerprint(), len(kept))


def test_photograph_put_aside_has_no_position_either(client, db):
    make_tree("33")
    client.force_login(make_user("correspondant", "33"))

    client.post(reverse("wagtaildocs:add_multiple"), {"title": "", "files[]": upload(photo())})

    with UploadedFile.objects.get().file.open() as aside:
        assert told(aside.read())[0] == {}


@pytest.mark.parametrize("extension", FORMATS)
def test_image_of_the_site_is_kept_without_position(national, extension):
    data = {"title": "Terrain", "description": "Le terrain", "collection": 1}
    file = upload(photo(extension), f"terrain.{extension}")

    national.post(reverse("wagtailimages:add"), {**data, "file": file})

    with SiteImage.objects.get().file.open() as kept:
        assert told(kept.read()) == ({}, 6, "Fabricant")


def test_name_too_long_for_a_disk_is_cut(national):
    file = upload(photo(), "é" * 150 + ".jpg")

    answer = national.post(reverse("wagtailimages:add_multiple"), {"title": "T", "files[]": file})

    kept = UploadedFile.objects.get()
    assert answer.json()["success"]
    assert (len(kept.file.name.encode()) < 255, kept.file.name[-4:]) == (True, ".jpg")


def test_image_of_the_site_that_hides_a_page_is_refused(national):
    hidden = after_start(photo(), segment(0xFE, b"<html><script>alert(1)</script>"))

    answer = national.post(
        reverse("wagtailimages:add_multiple"), {"title": "T", "files[]": upload(hidden)}
    )

    assert answer.json()["error_message"] == (
        "Ce fichier (JPEG) en cache un autre. Ouvrez-le et enregistrez-le sous un nouveau nom,"
        " puis déposez cette copie."
    )


def test_imported_photograph_has_no_position_and_is_imported_once(tmp_path, db):
    make_world()
    (tmp_path / "terrain.jpg").write_bytes(photo())
    row = fiche(documents=[{"titre": "Terrain", "type": "convention", "fichier": "terrain.jpg"}])

    first, second = load(tmp_path, row), load(tmp_path, row)

    document = Document.objects.get()
    with document.file.open() as kept:
        assert told(kept.read())[0] == {}
    assert (first.documents, second.changes) == (1, 0)
    assert document.sha256 == document.fingerprint()
