"""The fingerprint of what makes a page besides its data: code, templates, texts and settings."""

import hashlib
from functools import lru_cache

from django.conf import settings

FOLDERS = ("annuaire", "dispositifs", "search", "templates", "docs")
FILES = ("CHANGELOG.md", "requirements.txt")
SUFFIXES = {".py", ".html", ".css", ".js", ".svg", ".md", ".csv"}


@lru_cache(maxsize=1)
def code_fingerprint() -> str:
    """Twelve characters, the same on every machine that runs the same release and settings."""
    found = hashlib.blake2b(digest_size=6)
    for folder in FOLDERS:
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in SUFFIXES:
                found.update(path.read_bytes())
    for name in FILES:
        found.update((settings.BASE_DIR / name).read_bytes())
    shown = (settings.PUBLIC_URL, settings.MARQUE_ETAT, settings.INDEXABLE, settings.DEVELOPMENT)
    found.update(repr(shown).encode())
    return found.hexdigest()
