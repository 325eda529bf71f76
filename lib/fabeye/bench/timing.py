"""Seconds of a piece of work, as every benchmark here takes them."""

import statistics
import time
from collections.abc import Callable

RUNS = 5


def seconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """Median seconds of `work` after one run that is not counted."""
    work()
    spent = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        spent.append(time.perf_counter() - started)
    return statistics.median(spent)
