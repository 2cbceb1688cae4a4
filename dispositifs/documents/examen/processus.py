"""Run apart, by path: reads `[path, label]` in JSON on each line, answers one line of JSON.

`{"refus": [code, sentence]}`, or `{"pages": number or null, "auteurs": [names]}`. A file may hold a
bomb. Memory is limited here before any library is loaded, and each file has its own delays; what
breaks these limits kills this process, never the site.
"""

import importlib
import json
import resource
import signal
import sys
from pathlib import Path

MEMORY = 512 << 20  # bytes
PROCESSOR = 20  # seconds, for one file
DELAY = 40  # seconds, for one file: other processes share the machine

resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from dispositifs.documents.refus import Refus  # noqa: E402  # under the limits


def answer(path: str, label: str) -> dict[str, object]:
    """What is known of one file; the default action of both alarms ends the process."""
    signal.setitimer(signal.ITIMER_PROF, PROCESSOR)
    signal.setitimer(signal.ITIMER_REAL, DELAY)
    # Loaded when it is needed: pypdf costs more than most office files.
    module = "pdf" if label == "PDF" else "archives"
    examen = importlib.import_module(f"dispositifs.documents.examen.{module}")
    try:
        return examen.examine(Path(path), label)
    except Refus as refusal:
        return {"refus": [refusal.code, str(refusal)]}
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(*json.loads(line))) + "\n")
        sys.stdout.flush()
