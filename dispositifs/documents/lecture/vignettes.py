"""The small image of a first page."""

import io
from pathlib import Path

from PIL import Image, ImageOps

LARGEST = (240, 360)  # pixels


def encode(image: Image.Image) -> bytes:
    """A WebP without any metadata, at most as large as `LARGEST`."""
    image.thumbnail(LARGEST)
    if image.mode != "RGB":
        drawn = image.convert("RGBA")
        image = Image.new("RGB", image.size, "white")
        image.paste(drawn, mask=drawn)
    stream = io.BytesIO()
    image.save(stream, "WEBP", quality=60, method=2, exif=b"", icc_profile=None)
    return stream.getvalue()


def of_image(path: Path) -> bytes:
    """Of a photograph, turned as its author saw it."""
    with Image.open(path, formats=["JPEG", "PNG"]) as image:
        # A JPEG is decoded at about the size asked, and never whole.
        image.draft("RGB", (LARGEST[0] * 2, LARGEST[1] * 2))
        image.thumbnail((LARGEST[0] * 2, LARGEST[1] * 2))
        return encode(ImageOps.exif_transpose(image))
