"""Every file to documents, pages and quarantine, whatever the files are.

Notable:
- Each file is read in a worker process that may be killed: one that hangs, eats memory or crashes the decoder costs
  that file alone.
- Workers spill their pages to disk and the parent takes them up in order of name, so memory stays bounded and the
  tables do not depend on which worker was fastest.
- The same bytes are the same document: a second copy goes to quarantine, naming the first.
"""

import errno
import os
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from fabeye.errors import FabeyeError
from fabeye.intake.find import LAYERS, refusal
from fabeye.intake.readers import GoodPage, ReadError
from fabeye.intake.worker import Taken, limit_memory, spilled, take_in
from fabeye.progress import Progress
from fabeye.schema import Document, Incoming, Page, Quarantined, Split, page_id
from fabeye.settings import CorpusSettings
from fabeye.tables import write_table

STAGE = "corpus"
WHOLE_FILE = -1
ID_DIGITS = 16  # hex digits of the sha256 that name a document
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


class IntakeError(FabeyeError):
    """There is nothing to work with; the text says where to put files."""


@dataclass(frozen=True, slots=True)
class IntakeSummary:
    """How many documents and pages came in, and how many files or pages did not."""

    documents: int
    pages: int
    quarantined: int


@dataclass(slots=True)
class _Books:
    """What has been written down so far; the pages themselves are on disk."""

    documents: list[Document] = field(default_factory=list)
    quarantine: list[Quarantined] = field(default_factory=list)
    first_names: dict[str, str] = field(default_factory=dict)

    def refuse(self, incoming: Incoming, reason: str, page: int = WHOLE_FILE) -> None:
        self.quarantine.append(Quarantined(path=incoming.name, page=page, stage=STAGE, reason=reason))


def ingest(incoming: Sequence[Incoming], out: Path, settings: CorpusSettings) -> IntakeSummary:
    """Write the tables documents, pages and quarantine below `out`, ordered by file name.

    Raises IntakeError when not a single page could be read; the quarantine is written nevertheless.
    """
    spill = out / "intake.draft"
    shutil.rmtree(spill, ignore_errors=True)
    spill.mkdir(parents=True)
    books = _Books()
    try:
        pages = write_table(out / "pages", Page, _pages(sorted(incoming, key=_name), spill, settings, books))
    finally:
        shutil.rmtree(spill, ignore_errors=True)
    write_table(out / "documents", Document, books.documents)
    write_table(out / "quarantine", Quarantined, books.quarantine)
    if pages == 0:
        raise IntakeError(_nothing_to_read(books.quarantine))
    return IntakeSummary(len(books.documents), pages, len(books.quarantine))


def validation_or_train(document_id: str, validation_share: float) -> Split:
    """Split of a brought document: its identifier is a hash, so it is as good as a draw, and never changes."""
    draw = int(document_id, 16) / 16 ** len(document_id)
    return Split.VALIDATION if draw < validation_share else Split.TRAIN


def _pages(incoming: Sequence[Incoming], spill: Path, settings: CorpusSettings, books: _Books) -> Iterator[Page]:
    """Pages of all files in the given order; the books are kept on the way."""
    welcome = []
    for one in incoming:
        if reason := refusal(one):
            books.refuse(one, reason)
        else:
            welcome.append(one)
    progress = Progress("intake", len(welcome))
    for one, pages, future in _taken_in(welcome, spill, settings):
        yield from _settle(one, pages, future, settings, books)
        shutil.rmtree(pages, ignore_errors=True)
        progress.advance()
    books.quarantine.sort(key=lambda row: (row.path, row.page))


def _taken_in(
    incoming: Sequence[Incoming], spill: Path, settings: CorpusSettings
) -> Iterator[tuple[Incoming, Path, "ProcessFuture[Taken]"]]:
    """Each file with the folder of its spilled pages and its worker's answer to come, in the given order."""
    workers = max(1, min(len(incoming), len(os.sched_getaffinity(0))))
    limit = partial(limit_memory, settings.file_mib)
    with ProcessPool(max_workers=workers, initializer=limit, context=get_context("spawn")) as pool:
        try:
            asked = []
            for index, one in enumerate(incoming):
                pages = spill / f"{index:06d}"
                work = [one.path, pages, settings.dpi, settings.max_side]
                asked.append((one, pages, pool.schedule(take_in, args=work, timeout=settings.file_seconds)))
            yield from asked
        except BaseException:
            pool.stop()  # or leaving the pool would wait for every file still in it
            raise


def _settle(
    incoming: Incoming, pages: Path, future: "ProcessFuture[Taken]", settings: CorpusSettings, books: _Books
) -> Iterator[Page]:
    """Wait for one file; yield its pages, or write into the books why there are none."""
    try:
        taken = future.result()
    except Exception as error:  # a decoder may raise anything; only our own full disk ends the stage
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            raise
        books.refuse(incoming, _why_lost(error, settings))
        return
    if first := books.first_names.get(taken.sha256):
        books.refuse(incoming, f"the file is a duplicate of {first}")
        return
    books.first_names[taken.sha256] = incoming.name
    for bad in taken.bad_pages:
        books.refuse(incoming, bad.reason, page=bad.number)
    if not taken.numbers:
        return
    document = _document(incoming, taken.sha256, len(taken.numbers), settings)
    books.documents.append(document)
    for good in spilled(pages, taken.numbers):
        yield _page(document.document_id, good)


def _document(incoming: Incoming, sha256: str, pages: int, settings: CorpusSettings) -> Document:
    document_id = sha256[:ID_DIGITS]
    return Document(
        document_id=document_id,
        layer=incoming.layer,
        family=incoming.family,
        language=incoming.language,
        path=incoming.name,
        sha256=sha256,
        pages=pages,
        split=incoming.split or validation_or_train(document_id, settings.validation_share).value,
        generated=incoming.generated,
    )


def _page(document_id: str, good: GoodPage) -> Page:
    return Page(
        page_id=page_id(document_id, good.number),
        document_id=document_id,
        number=good.number,
        width=good.width,
        height=good.height,
        dpi=good.dpi,
        image=good.image,
        text_layer=good.text_layer,
    )


def _why_lost(error: BaseException, settings: CorpusSettings) -> str:
    if isinstance(error, FutureTimeoutError):
        return f"reading the file took more than {settings.file_seconds:g} s (corpus.file_seconds)"
    if isinstance(error, MemoryError):
        return f"reading the file took more than {settings.file_mib} MiB of memory (corpus.file_mib)"
    if isinstance(error, ProcessExpired):
        return "the worker that read the file died; the file is damaged, or too large for corpus.file_mib"
    if isinstance(error, ReadError):
        return str(error)
    return f"the file cannot be read ({type(error).__name__}); check it with another program"


def _nothing_to_read(quarantine: list[Quarantined]) -> str:
    where = " or ".join(f"data/raw/{layer}/<family>/" for layer in LAYERS)
    if not quarantine:
        return f"there is no page to read; put PDF, PNG, JPEG or TIFF files into {where}"
    first = quarantine[0]
    return (
        f"there is no page to read: {len(quarantine)} files or pages were refused, the first is {first.path} "
        f"({first.reason}); put readable PDF, PNG, JPEG or TIFF files into {where}"
    )


def _name(incoming: Incoming) -> str:
    return incoming.name
