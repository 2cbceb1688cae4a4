"""`/sante/`: what a supervisor asks. JSON, no cookie, nothing that names a machine or a person."""

import logging
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage, default_storage
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from wagtail.models import Page, Revision

from dispositifs.documents import antivirus
from dispositifs.models import VersionAnnuaire
from search import indexing

logger = logging.getLogger(__name__)

Probe = dict[str, Any]
# The worker passes every few seconds: beyond this, it is stopped.
LATE = timedelta(minutes=10)
VITAL = ("database", "storage")


@never_cache
def sante(request: HttpRequest) -> JsonResponse:
    """200 while the site can be read; 503 without database or files. The rest may be degraded."""
    probes = {
        "database": _asked(_database),
        "search": _asked(_search),
        "storage": _asked(_storage),
        "queue": _asked(_queue),
    }
    if antivirus.is_asked():
        probes["antivirus"] = _asked(_antivirus)
    broken = [name for name, probe in probes.items() if not probe["ok"]]
    down = any(name in VITAL for name in broken)
    etat = "panne" if down else "degrade" if broken else "ok"
    return JsonResponse({"etat": etat, **probes}, status=503 if down else 200)


def _asked(probe: Callable[[], Probe]) -> Probe:
    """The answer of a probe, whatever happens to it: its details are for the log alone."""
    try:
        return probe()
    except Exception:
        logger.warning("Sonde en échec : %s", probe.__name__.strip("_"), exc_info=True)
        return {"ok": False}


def _database() -> Probe:
    return {"ok": True, "version": VersionAnnuaire.current()}


def _search() -> Probe:
    health = indexing.engine().health()
    return {
        "ok": health.ready,
        "moteur": health.moteur,
        "version": health.version,
        "documents": health.documents,
    }


def _storage() -> Probe:
    default_storage.exists("sante")  # a distant store that does not answer raises
    if not isinstance(default_storage, FileSystemStorage):
        return {"ok": True}
    folder = Path(default_storage.location)
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    return {"ok": os.access(existing, os.W_OK)}


def _antivirus() -> Probe:
    return {"ok": antivirus.answers()}


def _queue() -> Probe:
    """Scheduled pages whose hour has passed for long: nobody is doing the background work."""
    limit = timezone.now() - LATE
    late = Revision.objects.filter(approved_go_live_at__lt=limit).count()
    late += Page.objects.filter(live=True, expire_at__lt=limit).count()
    return {"ok": late == 0, "en_retard": late}
