"""The one signal that leaves the projection: dispositifs never knows who indexes it."""

from django.db import transaction
from django.dispatch import Signal

fiches_changed = Signal()
"""Sent after commit, with `version`: the version of the directory that has just been written."""


def announce(version: int) -> None:
    """Send `fiches_changed` once the current transaction is committed.

    A listener that fails must not make a publication fail: it catches up later.
    """
    transaction.on_commit(
        lambda: fiches_changed.send_robust(sender=None, version=version) and None, robust=True
    )
