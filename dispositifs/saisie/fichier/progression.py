"""How far a long command is, on one line of a terminal or one line a step in a log."""

import time

from django.core.management.base import OutputWrapper

INTERVAL = 0.5  # seconds


def shown(number: int) -> str:
    """A whole number as people read it: « 10 000 »."""
    return f"{number:,}".replace(",", "\u202f")


class Progression:
    """Called with a step, what is done and the total (0: unknown); says nothing too often."""

    def __init__(self, stream: OutputWrapper) -> None:
        self.stream = stream
        self.last = 0.0
        self.step = ""
        self.is_live = stream.isatty()

    def __call__(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        is_over = bool(total) and done >= total
        interval = INTERVAL if self.is_live else 10 * INTERVAL
        if step == self.step and not is_over and now - self.last < interval:
            return
        self.last, self.step = now, step
        count = (
            f"{shown(done)} / {shown(total)} ({100 * done // total} %)" if total else shown(done)
        )
        ending = "\n" if is_over or not self.is_live else ""
        # Progress is no error: without the colour that Django gives to stderr.
        self.stream.write(f"{self.start}{step} : {count}", str, ending)
        self.stream.flush()

    @property
    def start(self) -> str:
        return "\r\x1b[K" if self.is_live else ""
