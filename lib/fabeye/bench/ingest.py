"""What it costs to take files in: pages a second, peak memory at N and at 10 N pages, the price of twice the input.

Notable:
- The files are made here: PDFs of 25 pages of A7 with twelve lines of Helvetica each, no two pages alike; they are
  rendered at 72 dots per inch, so that ten thousand of them take minutes.
- Each run has a process of its own, so that its peak memory is its own.
- N and 2 N pages are taken in turn, and the median of the ratios of each pair is given: of the clock, and of the
  processor's own seconds, which hold when other work shares the machine.
"""

import random
import resource
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf

from fabeye.intake.find import find_files
from fabeye.intake.ingest import ingest
from fabeye.settings import Settings

PAGES = 1000  # N
ROUNDS = 3
PAGES_PER_FILE = 25
PAPER = (210, 298)  # points: A7
LINES, LINE_POINTS, LETTERS = 12, 13, 30
DPI = 72
KIB_PER_MIB = 1024


@dataclass(frozen=True, slots=True)
class IngestRun:
    """One run; memory is the highest of the parent, and of the largest worker, in MiB. cpu_seconds: of both."""

    pages: int
    seconds: float
    cpu_seconds: float
    pages_per_s: float
    parent_mib: float
    worker_mib: float


def measure_ingest(settings: Settings, pages: int = PAGES, rounds: int = ROUNDS) -> dict[str, Any]:
    """Runs of N and 2 N pages in turn, then one of 10 N; ratios of time and of memory."""
    once, twice = [], []
    for _ in range(rounds):
        once.append(run_ingest(settings, pages))
        twice.append(run_ingest(settings, 2 * pages))
    tenfold = run_ingest(settings, 10 * pages)
    return {
        "runs": [asdict(run) for run in (once[-1], twice[-1], tenfold)],
        "time_of_twice_the_pages": statistics.median(b.seconds / a.seconds for a, b in zip(once, twice, strict=True)),
        "work_of_twice_the_pages": statistics.median(
            b.cpu_seconds / a.cpu_seconds for a, b in zip(once, twice, strict=True)
        ),
        "memory_of_ten_times_the_pages": tenfold.parent_mib / once[-1].parent_mib,
    }


def run_ingest(settings: Settings, pages: int) -> IngestRun:
    """Take `pages` made pages in, in a process of its own."""
    with TemporaryDirectory(prefix="fabeye-") as name:
        make_files(Path(name) / "raw", pages)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
            return fresh.submit(_timed, Path(name), settings).result()


def make_files(raw: Path, pages: int) -> None:
    """PDF files of `pages` pages in all below `raw`, the same at every call."""
    folder = raw / "domain" / "bench"
    folder.mkdir(parents=True)
    rng = random.Random(pages)
    for first in range(0, pages, PAGES_PER_FILE):
        _written(folder / f"{first:06d}.pdf", min(PAGES_PER_FILE, pages - first), rng)


def _written(path: Path, pages: int, rng: random.Random) -> None:
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=PAPER)
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        lines = ("".join(rng.choices("abcdefghij 0123456789", k=LETTERS)) for _ in range(LINES))
        shown = "".join(f"({line}) Tj 0 -{LINE_POINTS} Td " for line in lines)
        page.Contents = pdf.make_stream(f"BT /F 9 Tf 20 {PAPER[1] - 2 * LINE_POINTS} Td {shown}ET".encode())
    pdf.save(path)


def _timed(folder: Path, settings: Settings) -> IngestRun:
    started = time.perf_counter()
    files = find_files(folder / "raw", folder)
    corpus = settings.corpus.model_copy(update={"dpi": DPI})
    taken = ingest(files, folder / "corpus", folder / "work", corpus, settings.engine)
    spent = time.perf_counter() - started
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    parent, worker = (one.ru_maxrss / KIB_PER_MIB for one in used)
    work = sum(one.ru_utime + one.ru_stime for one in used)
    return IngestRun(taken.pages, spent, work, taken.pages / spent, parent, worker)
