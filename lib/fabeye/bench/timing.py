"""Seconds of a piece of work, as every benchmark here takes them."""

import statistics
import time
from collections.abc import Callable, Mapping

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


def in_turn(works: Mapping[str, Callable[[], object]], runs: int = RUNS) -> dict[str, list[float]]:
    """Seconds of each piece of work, A B C A B C ..., after one round that is not counted.

    On a busy machine the ratios of one round hold when the seconds do not; see ratio().
    """
    for work in works.values():
        work()
    spent: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            started = time.perf_counter()
            work()
            spent[name].append(time.perf_counter() - started)
    return spent


def ratio(slow: list[float], fast: list[float]) -> float:
    """How many times faster `fast` is: the median over rounds of in_turn()."""
    return statistics.median(one / other for one, other in zip(slow, fast, strict=True))
