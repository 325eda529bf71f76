"""What the stages cost on this machine: `make bench`.

Notable:
- One file a subject; each has one function from settings to figures that JSON can hold, their keys ending in the unit.
- Each figure is the median of several runs; where there is a peer, both are timed in turn and the ratio is given.
"""

import platform
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any

from fabeye.errors import FabeyeError
from fabeye.settings import Settings

# subject -> the module here that measures it by its function measure_<subject>
SUBJECTS = ("documents", "synthesis", "imagery", "ingest", "redact", "tables", "model", "gpu", "loader", "checkpoint")


class BenchError(FabeyeError):
    """There is no such subject; the text lists those there are."""


def measure(settings: Settings, subjects: Iterable[str] = SUBJECTS) -> Iterator[dict[str, Any]]:
    """All figures so far, after each of the named subjects. Raises BenchError for a subject that there is not."""
    import torch

    torch.set_num_threads(settings.pretrain.threads)
    figures: dict[str, Any] = {
        "machine": f"{platform.machine()}, {torch.get_num_threads()} threads, torch {torch.__version__}"
    }
    for subject, measurer in [(subject, _measurer(subject)) for subject in subjects]:
        figures[subject] = measurer(settings)
        print(f"bench: {subject} measured", flush=True)
        yield figures


def _measurer(subject: str) -> Callable[[Settings], dict[str, Any]]:
    if subject not in SUBJECTS:
        raise BenchError(f"there is nothing called {subject!r} to measure; there are {', '.join(SUBJECTS)}")
    return getattr(import_module(f"fabeye.bench.{subject}"), f"measure_{subject}")
