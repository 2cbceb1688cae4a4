"""Files given to the limited process, and what comes back."""

import base64
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .contenu import Contenu

SCRIPT = Path(__file__).with_name("processus.py")
PROCESSOR = 20  # seconds for one file
DELAY = 60.0  # seconds of wall time for one file, the start of the process included


@dataclass(frozen=True)
class Fichier:
    """`descripteur`: what the process must inherit to open `chemin`, if anything."""

    chemin: str
    format: str
    descripteur: int | None = None


def read_files(
    fichiers: Sequence[Fichier], *, delay: float = DELAY, retry: bool = True
) -> Iterator[Contenu | None]:
    """What each file holds, in their order, as it comes; None: it cannot be read.

    A file that kills the process, or makes it wait more than `delay` seconds, costs the others
    nothing. With `retry`, a PDF of that kind is tried again by the slower library.
    """
    remaining = list(fichiers)
    while remaining:
        answered = 0
        for contenu in _run(remaining, delay=delay, fast=True):
            yield contenu
            answered += 1
        del remaining[:answered]
        if remaining:
            culprit = remaining.pop(0)
            yield _read_slowly(culprit, delay) if retry else None


def _read_slowly(fichier: Fichier, delay: float) -> Contenu | None:
    if fichier.format != "pdf":
        return None
    return next(_run([fichier], delay=delay, fast=False), None)


def _run(fichiers: list[Fichier], *, delay: float, fast: bool) -> Iterator[Contenu | None]:
    """The answers of one process: fewer than the files if one of them has killed it."""
    request = json.dumps([[fichier.chemin, fichier.format, fast] for fichier in fichiers])
    # -I and an empty environment: nothing of ours but the files, and no secret.
    process = subprocess.Popen(  # noqa: S603  # our own interpreter and script
        [sys.executable, "-I", str(SCRIPT), str(PROCESSOR)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=[row.descripteur for row in fichiers if row.descripteur is not None],
        env={},
        cwd="/",
    )
    with process:
        assert process.stdin
        assert process.stdout
        try:
            with suppress(BrokenPipeError), process.stdin as stdin:
                stdin.write(request.encode())
            for line in _lines(process.stdout.fileno(), delay):
                yield _contenu(line)
        finally:
            process.kill()


def _lines(output: int, delay: float) -> Iterator[bytes]:
    """Whole lines, until the end or a line that takes too long."""
    kept = bytearray()
    deadline = time.monotonic() + delay
    while select.select([output], [], [], max(0, deadline - time.monotonic()))[0]:
        block = os.read(output, 1 << 20)
        if not block:
            return
        *lines, rest = (kept + block).split(b"\n")
        yield from (bytes(line) for line in lines)
        kept = rest
        if lines:
            deadline = time.monotonic() + delay


def _contenu(line: bytes) -> Contenu | None:
    answer = json.loads(line)
    if answer is None:
        return None
    return Contenu(**{**answer, "vignette": base64.b64decode(answer["vignette"])})
