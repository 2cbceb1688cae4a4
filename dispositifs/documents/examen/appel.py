"""Asking the limited process: started at the first file, and again after one that killed it."""

import json
import selectors
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from dispositifs.documents.refus import Refus

PROCESS = Path(__file__).with_name("processus.py")
DELAY = 60  # seconds: its own limits come first, unless the machine is overloaded


@dataclass(frozen=True)
class Examen:
    """What an accepted file tells: pages of a PDF, names written in its properties."""

    pages: int | None
    auteurs: tuple[str, ...]


class Examinateur:
    """`with Examinateur() as examinateur:` — one process for all the files asked inside."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> "Examinateur":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def ask(self, path: Path, label: str) -> Examen:
        """Raises Refus, also when the file was too costly to look into."""
        told = self._answer(json.dumps([str(path), label]))
        if told is None:
            raise Refus.bomb()
        if "refus" in told:
            raise Refus(*told["refus"])
        return Examen(told["pages"], tuple(told["auteurs"]))

    def _answer(self, request: str) -> dict[str, Any] | None:
        """None if the process died of this file, or was too long."""
        process = self.process = self.process or _start()
        assert process.stdin is not None  # both are pipes
        assert process.stdout is not None
        try:
            process.stdin.write(f"{request}\n")
            process.stdin.flush()
            with selectors.DefaultSelector() as selector:
                selector.register(process.stdout, selectors.EVENT_READ)
                line = process.stdout.readline() if selector.select(DELAY) else ""
        except BrokenPipeError:
            line = ""
        if not line.endswith("\n"):
            self._stop()
            return None
        told: dict[str, Any] = json.loads(line)
        return told

    def _stop(self) -> None:
        if self.process is None:
            return
        self.process.kill()
        self.process.communicate()
        self.process = None


def _start() -> "subprocess.Popen[str]":
    # -I and an empty environment: nothing of ours but the files, and no secret.
    return subprocess.Popen(  # noqa: S603  # our own interpreter and script
        [sys.executable, "-I", str(PROCESS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={},
        cwd="/",
    )
