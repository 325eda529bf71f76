"""Progress of long work, one line a tick, the same in a terminal, a notebook and a log file.

Notable:
- No cursor movement: a line that is right in a terminal is right in an executed notebook too.
- At most one line every `every_s` seconds, plus the last one, so a log is never flooded.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

TICK_S = 5.0


class Progress:
    """Counts finished items and prints `parse: 12/64 (19 %), 0.4/s, 2 min 10 s left`."""

    def __init__(self, what: str, total: int, every_s: float = TICK_S, clock: Callable[[], float] = time.monotonic):
        self.what, self.total, self.every_s, self.clock = what, total, every_s, clock
        self.done = 0
        self.started = self.printed = clock()

    def advance(self, count: int = 1, note: str = "") -> None:
        """Count `count` more items as finished; prints when a tick is due or all is done."""
        self.done += count
        now = self.clock()
        if now - self.printed >= self.every_s or self.done >= self.total:
            self.printed = now
            print(self._line(now, note), flush=True)

    def _line(self, now: float, note: str) -> str:
        spent = max(now - self.started, 1e-9)
        rate = self.done / spent
        finished = self.done >= self.total
        tail = f"{duration(spent)} in all" if finished else f"{duration((self.total - self.done) / rate)} left"
        share = 100 * self.done / max(self.total, 1)
        line = f"{self.what}: {self.done}/{self.total} ({share:.0f} %), {rate:.3g}/s, {tail}"
        return f"{line}, {note}" if note else line


def track(items: Iterable[Item], what: str, total: int) -> Iterator[Item]:
    """Yield the items, telling how far we are after each."""
    progress = Progress(what, total)
    for item in items:
        yield item
        progress.advance()


def duration(seconds: float) -> str:
    """Seconds as a person says them: `8 s`, `2 min 10 s`, `3 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
