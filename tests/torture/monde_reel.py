"""Run with a database of its own: makes the small world that receives, says how to reach it."""

import json
import sys

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402

from dispositifs.models import TypeDocument  # noqa: E402
from tests.factories import make_dispositif, make_tree, make_user  # noqa: E402

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    make_tree("33")
    page = make_dispositif()
    kind = TypeDocument.objects.create(
        slug="convention", libelle="Convention", article="la", visibilite_par_defaut="public"
    )
    account = make_user("correspondant", "33")
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    told = {"session": session.session_key, "page": page.pk, "type": kind.pk}
    sys.stdout.write(json.dumps(told) + "\n")
