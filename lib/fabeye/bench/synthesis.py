"""What it costs to generate documents with their truth: pages a second by family, workers and length of the run.

Notable:
- Families are measured in this process, one after the other, so start-up and typesetting's font loading stay out.
- Runs of N and 2N documents are made in turn, and the ratio of their times is given: on a noisy machine the ratio holds
  when the seconds do not. Two workers are held against one in the same way.
"""

import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fabeye.settings import CorpusSettings, Settings
from fabeye.synthesis.generate import FAMILIES, generate_document
from fabeye.synthesis.writing import write_documents
from fabeye.tables import count_rows

DOCUMENTS = 4  # of a family, measured one by one
RUN = 6  # documents of a short run; a long one has twice as many
ROUNDS = 3  # of each pair of runs
FAMILY = "jedec"  # of the runs


def measure_synthesis(settings: Settings) -> dict[str, Any]:
    """Pages a second by family, clean and finished; two workers against one; twice the documents against once."""
    single, double, long = [], [], []
    for _ in range(ROUNDS):
        single.append(_run(settings, RUN, workers=1))
        double.append(_run(settings, RUN, workers=2))
        long.append(_run(settings, 2 * RUN, workers=2))
    return {
        "pages_per_s": {family: _pages_per_s(settings, family, finished=False) for family in FAMILIES},
        "finished_pages_per_s": {family: _pages_per_s(settings, family, finished=True) for family in FAMILIES},
        "run_pages_per_s": {"1": _rate(single), "2": _rate(double)},
        "two_workers_speedup": _ratio([one[1] for one in single], [two[1] for two in double]),
        "time_of_twice_the_documents": _ratio([one[1] for one in long], [one[1] for one in double]),
    }


def _pages_per_s(settings: Settings, family: str, finished: bool) -> float:
    corpus = settings.corpus
    finish = corpus.finish if finished else None
    generate_document(family, corpus.languages[0], corpus.seed, 0, finish)  # loads fonts
    started, pages = time.perf_counter(), 0
    for index in range(DOCUMENTS):
        language = corpus.languages[index % len(corpus.languages)]
        pages += len(generate_document(family, language, corpus.seed, index, finish).pages)
    return pages / (time.perf_counter() - started)


def _run(settings: Settings, documents: int, workers: int) -> tuple[int, float]:
    """Pages and seconds of a whole run, starting the workers and writing the tables included."""
    asked = settings.corpus.model_dump() | {"documents": {FAMILY: documents}}
    engine = settings.engine.model_copy(update={"workers": workers})
    with TemporaryDirectory(prefix="fabeye-") as name:
        folder = Path(name)
        started = time.perf_counter()
        write_documents(CorpusSettings.model_validate(asked), engine, folder, folder / "work", folder)
        return count_rows(folder / "origins"), time.perf_counter() - started


def _rate(runs: list[tuple[int, float]]) -> float:
    return statistics.median(pages / seconds for pages, seconds in runs)


def _ratio(over: list[float], under: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(over, under, strict=True))
