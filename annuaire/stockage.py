"""Where deposited files are kept: a folder, or an S3 bucket named by STORAGE_URL."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SCHEMES = {"s3": "https", "s3+http": "http"}
SENTENCE = (
    "STORAGE_URL est illisible : écrivez s3://CLE:SECRET@hote/seau?region=fr-par"
    " (s3+http:// sans chiffrement)."
)
IN_MEMORY = 1 << 20  # bytes of a read object; beyond, a temporary file


def storage_of(url: str) -> dict[str, Any]:
    """The setting STORAGES["default"]; a folder, MEDIA_ROOT, when `url` is empty.

    Raises ImproperlyConfigured with a sentence when the address is not one.
    """
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    parts = urlsplit(url)
    bucket = parts.path.strip("/")
    if parts.scheme not in SCHEMES or not (parts.hostname and parts.username and parts.password):
        raise ImproperlyConfigured(SENTENCE)
    if not bucket or "/" in bucket:
        raise ImproperlyConfigured(SENTENCE)
    host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "access_key": unquote(parts.username),
            "secret_key": unquote(parts.password),
            "endpoint_url": f"{SCHEMES[parts.scheme]}://{host}",
            "region_name": parse_qs(parts.query).get("region", ["us-east-1"])[0],
            "addressing_style": "path",
            # Never over another file, never readable without passing through the site.
            "file_overwrite": False,
            "default_acl": "private",
            "max_memory_size": IN_MEMORY,
        },
    }
