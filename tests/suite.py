"""One `SUITE …` line for each run, as docs/adr/0006 promises; its name comes from SUITE."""

import os
import time

import pytest


def pytest_configure(config):
    config.stash[STARTED] = time.monotonic()


STARTED = pytest.StashKey()


def pytest_terminal_summary(terminalreporter, config):
    name = os.environ.get("SUITE")
    if not name:
        return
    counts = {key: len(reports) for key, reports in terminalreporter.stats.items()}
    failures = counts.get("failed", 0) + counts.get("error", 0)
    seconds = time.monotonic() - config.stash[STARTED]
    seed = getattr(config.option, "randomly_seed", "")
    terminalreporter.write_line(
        f"SUITE {name} checks={counts.get('passed', 0) + failures} failures={failures}"
        f" seconds={seconds:.0f} seed={seed}"
    )
