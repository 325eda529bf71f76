"""Every file to documents, pages and quarantine, whatever the files are.

Notable:
- Each file is read in a worker process that may be killed: one that hangs, eats memory or crashes the decoder costs
  that file alone.
- Workers spill their pages to disk and the parent takes them up in order of name, so memory stays bounded and the
  tables do not depend on which worker was fastest.
- The same bytes are the same document: a second copy goes to quarantine, naming the first.
"""

import errno
import hashlib
import os
import resource
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from fabeye.intake.find import LAYERS, refusal
from fabeye.intake.readers import BadPage, GoodPage, ReadError, read_pages
from fabeye.progress import Progress
from fabeye.schema import Document, Incoming, Page, Quarantined, Split, page_id
from fabeye.settings import CorpusSettings
from fabeye.tables import read_table, write_table

STAGE = "corpus"
WHOLE_FILE = -1
ID_DIGITS = 16  # hex digits of the sha256 that name a document
SPILL_ROWS = 4  # pages a worker holds in memory at once
MIB = 2**20
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


class IntakeError(Exception):
    """There is nothing to work with; the text says where to put files."""


@dataclass(frozen=True, slots=True)
class IntakeSummary:
    """How many documents and pages came in, and how many files or pages did not."""

    documents: int
    pages: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a worker says of one file; its pages lie in its spill folder."""

    sha256: str
    bad_pages: list[BadPage]


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
) -> Iterator[tuple[Incoming, Path, "ProcessFuture[_Taken]"]]:
    """Each file with the folder of its spilled pages and its worker's answer to come, in the given order."""
    workers = max(1, min(len(incoming), len(os.sched_getaffinity(0))))
    limit = partial(_limit_memory, settings.file_mib)
    with ProcessPool(max_workers=workers, initializer=limit, context=get_context("spawn")) as pool:
        futures = []
        for index, one in enumerate(incoming):
            work = [one.path, spill / f"{index:06d}", settings.dpi, settings.max_side]
            futures.append(pool.schedule(_take_in, args=work, timeout=settings.file_seconds))
        for index, one in enumerate(incoming):
            yield one, spill / f"{index:06d}", futures[index]


def _settle(
    incoming: Incoming, pages: Path, future: "ProcessFuture[_Taken]", settings: CorpusSettings, books: _Books
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
    count = 0
    for page in read_table(pages, Page):
        count += 1
        yield page
    if count:
        books.documents.append(_document(incoming, taken.sha256, count, settings))


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


# What follows runs in the worker.


def _limit_memory(mib: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (mib * MIB, mib * MIB))


def _take_in(path: Path, spill: Path, dpi: int, max_side: int) -> _Taken:
    """Read one file and spill its good pages as a table. Raises ReadError."""
    sha256 = _sha256(path)
    bad: list[BadPage] = []
    write_table(spill, Page, _good_pages(path, sha256[:ID_DIGITS], dpi, max_side, bad), SPILL_ROWS)
    return _Taken(sha256, bad)


def _good_pages(path: Path, document_id: str, dpi: int, max_side: int, bad: list[BadPage]) -> Iterator[Page]:
    for page in read_pages(path, dpi, max_side):
        if isinstance(page, BadPage):
            bad.append(page)
        else:
            yield _page(document_id, page)


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


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ReadError(f"the file cannot be opened: {error.strerror}") from error
