"""All pages of the corpus through the teacher, to be killed and continued at any time.

Notable:
- What was read on a page is kept in the work folder under a fingerprint of its picture and of the engine, one small
  file that appears whole or not at all. A rerun reads only what is missing, also after pages were added.
- min_score and the reading order are applied when the table is written, so changing them reads nothing again.
- A page on which the teacher fails goes to quarantine and the run goes on; the next run tries it again.
"""

import json
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import astuple, dataclass
from multiprocessing import get_context
from pathlib import Path

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from fabeye.ocr import Line, TextRecogniser
from fabeye.parsing.rapid import fingerprint, read_lines, to_elements
from fabeye.progress import Progress
from fabeye.schema import Document, Element, Page, Quarantined
from fabeye.settings import ParseSettings
from fabeye.tables import count_rows, read_table, write_json, write_table

STAGE = "parse"
PAGE_SECONDS = 300.0  # a dense page takes about 10 s on one slow core
WAITING_PER_WORKER = 3  # pages held in memory for each worker, so that none waits for the parent


@dataclass(frozen=True, slots=True)
class ParseSummary:
    """Pages seen, how many of them an earlier run had read, lines written, pages on which the teacher failed."""

    pages: int
    reused: int
    lines: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class _Task:
    """One page to be read, and where its reading shall lie."""

    page_id: str
    document_id: str
    number: int
    kept: Path


def parse_corpus(corpus: Path, out: Path, work: Path, settings: ParseSettings) -> ParseSummary:
    """Write the tables elements and quarantine below `out`, in the corpus's order of pages.

    work: folder of the finished readings; may be deleted at any time. Raises TableError when the corpus is missing.
    """
    tasks: list[_Task] = []
    missing: list[_Task] = []
    failures: dict[str, str] = {}
    progress = Progress("parse", count_rows(corpus / "pages"))
    for task, failure in _finished(_unread(corpus, work, tasks, missing, progress), settings):
        if failure:
            failures[task.page_id] = failure
        progress.advance()
    lines = write_table(out / "elements", Element, _elements(tasks, failures, settings.min_score))
    paths = {document.document_id: document.path for document in read_table(corpus / "documents", Document)}
    write_table(
        out / "quarantine", Quarantined, (_lost(task, paths, failures) for task in tasks if task.page_id in failures)
    )
    return ParseSummary(len(tasks), len(tasks) - len(missing), lines, len(failures))


def _unread(
    corpus: Path, work: Path, tasks: list[_Task], missing: list[_Task], progress: Progress
) -> Iterator[tuple[_Task, bytes]]:
    """Pages that no earlier run has read, with their pictures; notes every page in `tasks`."""
    for page in read_table(corpus / "pages", Page):
        task = _Task(page.page_id, page.document_id, page.number, work / f"{fingerprint(page.image)}.json")
        tasks.append(task)
        if load_reading(task.kept) is not None:
            progress.advance()
        else:
            missing.append(task)
            yield task, page.image


def _finished(unread: Iterable[tuple[_Task, bytes]], settings: ParseSettings) -> Iterator[tuple[_Task, str]]:
    """Read pages in worker processes; yields each with "" or the reason why it could not be read."""
    waiting: deque[tuple[_Task, ProcessFuture[None]]] = deque()
    with ProcessPool(
        settings.workers, initializer=_start, initargs=[settings.threads], context=get_context("spawn")
    ) as pool:
        for task, image in unread:
            waiting.append((task, pool.schedule(_read, args=[image, task.kept], timeout=PAGE_SECONDS)))
            if len(waiting) >= WAITING_PER_WORKER * settings.workers:
                yield _outcome(*waiting.popleft())
        while waiting:
            yield _outcome(*waiting.popleft())


def _outcome(task: _Task, future: "ProcessFuture[None]") -> tuple[_Task, str]:
    try:
        future.result()
    except FutureTimeoutError:
        return task, f"the teacher took more than {PAGE_SECONDS:g} s on this page"
    except ProcessExpired:
        return task, "the teacher's process died on this page"
    except Exception as error:
        return task, f"the teacher failed on this page ({type(error).__name__}: {error})"
    return task, ""


def _elements(tasks: list[_Task], failures: dict[str, str], min_score: float) -> Iterator[Element]:
    for task in tasks:
        if task.page_id not in failures:
            yield from to_elements(task.page_id, load_reading(task.kept) or [], min_score)


def _lost(task: _Task, paths: dict[str, str], failures: dict[str, str]) -> Quarantined:
    return Quarantined(path=paths[task.document_id], page=task.number, stage=STAGE, reason=failures[task.page_id])


def save_reading(path: Path, lines: list[Line]) -> None:
    """Keep the lines of one page, atomically."""
    write_json(path, [astuple(line) for line in lines])


def load_reading(path: Path) -> list[Line] | None:
    """The lines kept for one page, or None where there are none or the file is damaged."""
    try:
        return [Line(*values) for values in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return None


# What follows runs in the worker.

_recogniser: TextRecogniser | None = None


def _start(threads: int) -> None:
    global _recogniser
    _recogniser = TextRecogniser(threads)


def _read(image: bytes, kept: Path) -> None:
    assert _recogniser is not None, "the pool calls _start first"
    save_reading(kept, read_lines(image, _recogniser))
