"""How many pages a PDF has, asked of a limited process."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

COUNTER = Path(__file__).with_name("comptage.py")
START = 10  # seconds to start the process
DELAY = 6  # seconds for one file, a little more than its own limit


def count_pages(paths: list[Path]) -> list[int | None]:
    """Number of pages of each PDF, in the order of `paths`, by one limited process for all.

    None: not a PDF by its name, damaged, protected, or too costly to read.
    """
    pdfs = [path for path in paths if path.suffix.lower() == ".pdf"]
    counted = dict(zip(pdfs, _run(pdfs), strict=False)) if pdfs else {}
    return [counted.get(path) for path in paths]


def _run(pdfs: list[Path]) -> list[int | None]:
    """The counts given before the process ended, which may be fewer than asked."""
    request = json.dumps([str(path) for path in pdfs])
    # -I: nothing of the environment nor of the current folder is imported.
    with subprocess.Popen(  # noqa: S603  # our own interpreter and script
        [sys.executable, "-I", str(COUNTER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            output, _ = process.communicate(request, timeout=START + DELAY * len(pdfs))
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
    lines = itertools.takewhile(lambda line: line.endswith("\n"), output.splitlines(keepends=True))
    return [json.loads(line) for line in lines]
