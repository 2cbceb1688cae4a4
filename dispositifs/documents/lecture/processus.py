"""Run apart, by path: reads files that may be hostile, writes one line of JSON for each.

It is given the seconds of processor that a file may take, then `[[path, format, fast], …]` on its
standard input. Memory, processor and writing are limited here, before any library is loaded: what
breaks a limit kills this process, never the site.
`null` is the answer for a file that cannot be read; no answer, for one that killed the process.
"""

import base64
import ctypes
import json
import math
import resource
import signal
import sys
from pathlib import Path

MEMORY = 640 << 20  # bytes
PR_SET_PDEATHSIG = 1  # of <sys/prctl.h>

resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

# Under the limits.
from dispositifs.documents.lecture import bureautique, pdf, tableur, vignettes  # noqa: E402
from dispositifs.documents.lecture.contenu import Contenu, of_text  # noqa: E402

OFFICE = bureautique.READERS | tableur.READERS


def read(path: Path, format: str, *, fast: bool) -> Contenu | None:
    """What the file holds; None if it cannot be read."""
    try:
        if format == "pdf":
            return pdf.read(path, fast=fast)
        if format in OFFICE:
            return bureautique.read(path, OFFICE[format])
        if format in ("txt", "csv"):
            return of_text(path.read_bytes())
        return Contenu(vignette=vignettes.of_image(path))
    except Exception:  # a damaged file may raise anything
        return None


def limit_processor(allowed: int) -> None:
    """The limit of a process moves: each file has its own."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = math.ceil(used.ru_utime + used.ru_stime) + allowed
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def die_with_parent() -> None:
    """Where the system can: elsewhere the limits end it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main() -> None:
    die_with_parent()
    allowed = int(sys.argv[1])
    for path, format, fast in json.load(sys.stdin):
        limit_processor(allowed)
        contenu = read(Path(path), format, fast=fast)
        answer = None
        if contenu is not None:
            vignette = base64.b64encode(contenu.vignette).decode()
            answer = {**vars(contenu), "vignette": vignette}
        sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
