"""The folder of the index: one pointer, one lock, one sub-folder for each rebuild.

INDEX_DIR/courant   the name of the sub-folder that readers use, replaced at once
INDEX_DIR/verrou    held by the one writer; the system frees it when its process dies
INDEX_DIR/v1-…      a tantivy index; `v1` is the version of the schema
"""

import fcntl
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tantivy

from search.engines.base import EngineBusy, EngineUnavailable
from search.engines.embedded.schema import SCHEMA_VERSION

PREFIX = f"v{SCHEMA_VERSION}-"
POLL = 0.02  # seconds


class IndexFolder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._pointer = path / "courant"

    def current(self) -> Path:
        """The index to read. Raises EngineUnavailable when there is none of this version."""
        try:
            name = self._pointer.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise EngineUnavailable("L’index n’existe pas encore.") from error
        folder = self.path / name
        if not name.startswith(PREFIX) or "/" in name or not (folder / "meta.json").is_file():
            raise EngineUnavailable("L’index est perdu ou d’une autre version.")
        return folder

    def stamp(self) -> tuple[str, int, int]:
        """Changes at every commit and at every rebuild, by whichever process."""
        folder = self.current()
        try:
            meta = (folder / "meta.json").stat()
        except OSError as error:
            raise EngineUnavailable("L’index vient de disparaître.") from error
        return folder.name, meta.st_ino, meta.st_mtime_ns

    def new(self) -> Path:
        folder = self.path / f"{PREFIX}{uuid.uuid4().hex[:12]}"
        folder.mkdir(parents=True)
        return folder

    def publish(self, folder: Path) -> None:
        """Point at a finished index, then remove the others; open readers keep their files."""
        waiting = self.path / "courant.nouveau"
        waiting.write_text(folder.name, encoding="utf-8")
        os.replace(waiting, self._pointer)
        for other in self.path.glob("v*-*"):
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)

    @contextmanager
    def lock(self, wait: float) -> Iterator[None]:
        """Be the one writer. Raises EngineBusy when another still is after `wait` seconds."""
        self.path.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + wait
        with (self.path / "verrou").open("a") as file:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError as error:
                    if time.monotonic() >= deadline:
                        raise EngineBusy("Un autre processus écrit l’index.") from error
                    time.sleep(POLL)
            yield


def open_index(folder: Path) -> tantivy.Index:
    """Raises EngineUnavailable when tantivy cannot read the folder."""
    try:
        index = tantivy.Index.open(str(folder))
        # We reload when the stamp changes: no watcher thread in each web process.
        index.config_reader("manual")
        index.reload()
    except (ValueError, OSError) as error:
        raise EngineUnavailable("L’index est illisible.") from error
    return index
