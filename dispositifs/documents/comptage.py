"""Run apart, by path: reads a JSON list of PDF paths, writes one number or null on each line.

A PDF may hold a bomb. Memory and processor are limited here, before the library is loaded, and
each file has its own delay; what breaks these limits kills this process, never the site.
"""

import json
import resource
import signal
import sys
from types import FrameType

MEMORY = 512 << 20  # bytes
PROCESSOR = 120  # seconds, for the whole list
DELAY = 5  # seconds, for one file

resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

from pypdf import PdfReader  # noqa: E402  # under the limits


def give_up(signum: int, frame: FrameType | None) -> None:
    raise TimeoutError


def count(path: str) -> int | None:
    """Pages of one PDF; None if it cannot be read, or not without a password."""
    signal.setitimer(signal.ITIMER_REAL, DELAY)
    try:
        return len(PdfReader(path).pages) or None
    except Exception:  # a damaged file may raise anything
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, give_up)
    for path in json.load(sys.stdin):
        sys.stdout.write(f"{json.dumps(count(path))}\n")
        sys.stdout.flush()
