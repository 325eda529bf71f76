"""What runs in a worker process of the intake: a look at one file, one page of it, or what stands beside its pages.

Notable:
- One page is one piece of work, so time and memory are bounded page by page, a hostile page costs itself alone, and a
  long PDF is read by all workers at once.
- A worker keeps its last file open: neighbouring pages do not open it again.
- Settings, tables and the process pool are not imported here: a worker starts in a fraction of a second.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fabeye.intake.file_pages import BadPage, GoodPage, OpenFile, ReadError
from fabeye.intake.readers import PAIR_KINDS, kind_of, open_file
from fabeye.paths import file_sha256

METADATA = -1  # number of the part that stands beside the pages


@dataclass(frozen=True, slots=True)
class Looked:
    """What a first look at a file tells.

    stamp: size and time of change in ns, by which a file is known that changes while it is being read.
    pages: 0 for a shard of pairs.
    """

    path: Path
    sha256: str
    kind: str
    pages: int
    stamp: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """One page to read, or a file's metadata where number is METADATA."""

    file: Looked
    number: int
    dpi: int
    max_side: int


@dataclass(frozen=True, slots=True)
class Metadata:
    """What stands beside a file's pages, as JSON (see schema.Document)."""

    text: str


def look(path: Path, max_pages: int) -> Looked:
    """Fingerprint, kind and number of pages of a file. Raises ReadError."""
    kind = kind_of(path)
    stamp = stamp_of(path)
    pages = 0 if kind in PAIR_KINDS else open_file(path, kind).pages
    if pages > max_pages:
        raise ReadError(f"the file says that it has {pages} pages, it may have {max_pages} at most (corpus.max_pages)")
    return Looked(path, file_sha256(path), kind, pages, stamp)


def read_part(part: Part) -> GoodPage | BadPage | Metadata:
    """One page, or the metadata. Raises ReadError when the file is no longer the one that was looked at."""
    file = _kept_open(part.file)
    if part.number == METADATA:
        return Metadata(json.dumps(file.metadata(), ensure_ascii=False, sort_keys=True))
    return file.page(part.number, part.dpi, part.max_side)


def stamp_of(path: Path) -> tuple[int, int]:
    """Size in bytes and time of change in ns. Raises ReadError."""
    try:
        status = path.stat()
    except OSError as error:
        raise ReadError(f"the file cannot be opened: {error.strerror}") from error
    return status.st_size, status.st_mtime_ns


@lru_cache(maxsize=1)
def _kept_open(file: Looked) -> OpenFile:
    if stamp_of(file.path) != file.stamp:
        raise ReadError("the file changed while it was being read; run again when it is complete")
    return open_file(file.path, file.kind)
