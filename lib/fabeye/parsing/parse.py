"""All pages of the corpus through the teacher, to be killed and continued at any time.

Notable:
- What was read on a page is kept in the work folder under a fingerprint of its picture and of the engine, one small
  file that appears whole or not at all. A rerun reads only what is missing, also after pages were added.
- min_score and the reading order are applied when the table is written, so changing them reads nothing again.
- A page on which the teacher fails goes to quarantine and the run goes on; the next run tries it again.
"""

import errno
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from fabeye.parsing.rapid import fingerprint, to_elements
from fabeye.parsing.worker import load_reading, read, start
from fabeye.progress import Progress
from fabeye.schema import Document, Element, Page, Quarantined
from fabeye.settings import ParseSettings
from fabeye.tables import count_rows, read_table, write_table

STAGE = "parse"
PAGE_SECONDS = 300.0  # a dense page takes about 10 s on one slow core
WAITING_PER_WORKER = 3  # pages held in memory for each worker, so that none waits for the parent
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


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

    work: folder of the finished readings; may be deleted at any time. Raises TableError when the corpus is missing,
    OSError when the disk is full.
    """
    tasks: list[_Task] = []
    progress = Progress("parse", count_rows(corpus / "pages"))
    unread = _unread(corpus, work, tasks, progress)
    failures: dict[Path, str] = {}
    read = 0
    for task, failure in _finished(unread, settings):
        read += 1
        if failure:
            failures[task.kept] = failure
        progress.advance()
    lines = write_table(out / "elements", Element, _elements(tasks, failures, settings.min_score))
    lost = write_table(out / "quarantine", Quarantined, _lost(corpus, tasks, failures))
    return ParseSummary(len(tasks), len(tasks) - read, lines, lost)


def _unread(corpus: Path, work: Path, tasks: list[_Task], progress: Progress) -> Iterator[tuple[_Task, bytes]]:
    """Pages that nobody has read yet, with their pictures; notes every page in `tasks`."""
    seen: set[Path] = set()
    for page in read_table(corpus / "pages", Page):
        task = _Task(page.page_id, page.document_id, page.number, work / f"{fingerprint(page.image)}.json")
        tasks.append(task)
        if task.kept in seen or load_reading(task.kept) is not None:
            progress.advance()
        else:
            yield task, page.image
        seen.add(task.kept)


def _finished(unread: Iterable[tuple[_Task, bytes]], settings: ParseSettings) -> Iterator[tuple[_Task, str]]:
    """Read pages in worker processes; yields each with "" or the reason why it could not be read."""
    waiting: deque[tuple[_Task, ProcessFuture[None]]] = deque()
    spawn = get_context("spawn")
    with ProcessPool(settings.workers, initializer=start, initargs=[settings.threads], context=spawn) as pool:
        try:
            for task, image in unread:
                waiting.append((task, pool.schedule(read, args=[image, task.kept], timeout=PAGE_SECONDS)))
                if len(waiting) >= WAITING_PER_WORKER * settings.workers:
                    yield _outcome(*waiting.popleft())
            while waiting:
                yield _outcome(*waiting.popleft())
        except BaseException:
            pool.stop()  # or leaving the pool would wait for every page still in it
            raise


def _outcome(task: _Task, future: "ProcessFuture[None]") -> tuple[_Task, str]:
    try:
        future.result()
    except FutureTimeoutError:
        return task, f"the teacher took more than {PAGE_SECONDS:g} s on this page"
    except ProcessExpired:
        return task, "the teacher's process died on this page"
    except Exception as error:
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            raise
        return task, f"the teacher failed on this page ({type(error).__name__})"
    return task, ""


def _elements(tasks: list[_Task], failures: dict[Path, str], min_score: float) -> Iterator[Element]:
    for task in tasks:
        if task.kept not in failures:
            yield from to_elements(task.page_id, load_reading(task.kept) or [], min_score)


def _lost(corpus: Path, tasks: list[_Task], failures: dict[Path, str]) -> Iterator[Quarantined]:
    paths = {document.document_id: document.path for document in read_table(corpus / "documents", Document)}
    for task in tasks:
        if reason := failures.get(task.kept):
            yield Quarantined(path=paths[task.document_id], page=task.number, stage=STAGE, reason=reason)
