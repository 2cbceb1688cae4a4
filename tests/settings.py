"""Settings of the tests: those of the product, with a fast password hasher and a folder of its own."""

import os
import tempfile

os.environ.setdefault("DEBUG", "1")
TESTS_FOLDER = tempfile.mkdtemp(prefix="annuaire-tests-")
os.environ.setdefault("MEDIA_ROOT", f"{TESTS_FOLDER}/media")
os.environ.setdefault("INDEX_DIR", f"{TESTS_FOLDER}/index")

from annuaire.settings import *  # noqa: E402, F403

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
# WhiteNoise warns of a folder that does not exist, and a warning is an error.
STATIC_ROOT = TESTS_FOLDER
