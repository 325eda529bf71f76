"""Image-text Parquet: a row is a picture's bytes, its caption and where it was found.

Notable:
- Column names are those of the public sets (COYO, DFN, LAION after their download), and Hugging Face's for a picture.
- A row group is streamed, never read whole; a worker keeps its place in the last one.
- A file of addresses alone is refused: the pictures must have been fetched before.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from fabeye.intake.file_pages import ReadError
from fabeye.intake.raw_pairs import BATCH, Index, RawPair, Refused, text_in

PICTURES = ("jpg", "jpeg", "png", "webp", "image", "image_bytes", "bytes")
CAPTIONS = ("caption", "text", "txt", "TEXT")
SOURCES = ("url", "URL", "source")
LICENCES = ("license", "licence")
KEYS = ("key", "id", "uid", "__key__")
ALL_ROWS = -1


@dataclass(frozen=True, slots=True)
class ParquetBatch:
    """BATCH rows of a row group from row `start` on, or one of them; first: place of row `start` in the file."""

    path: Path
    first: int
    group: int
    start: int
    count: int
    only: int = ALL_ROWS

    def singles(self) -> "list[ParquetBatch]":
        """The same rows, each in a batch of its own."""
        return [replace(self, only=row) for row in range(self.count)]

    def begins(self) -> tuple[int, str]:
        """Place of the first row, and a name for it."""
        place = self.first + max(self.only, 0)
        return place, f"row {place}"

    def read(self) -> Iterator[RawPair | Refused]:
        """The rows' content, undecoded. Raises ArrowException or OSError where the file is damaged."""
        try:
            rows = _walk(self.path, self.group).rows(self.start)
        except BaseException:
            _walk.cache_clear()  # it no longer knows where it is
            raise
        for row in range(self.count) if self.only == ALL_ROWS else [self.only]:
            yield _raw_pair(self.first + row, rows.slice(row, 1).to_pylist()[0])


def index_parquet(path: Path) -> Index:
    """The file's batches. Raises ReadError when it is damaged, or has no column of picture bytes or of captions."""
    try:
        with pq.ParquetFile(path) as file:
            _wanted(file)
            sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
    except (pa.ArrowException, OSError) as error:
        raise ReadError(f"the Parquet file is damaged or cut short ({type(error).__name__}); copy it again") from error
    batches, first = [], 0
    for group, rows in enumerate(sizes):
        for start in range(0, rows, BATCH):
            batches.append(ParquetBatch(path, first + start, group, start, min(BATCH, rows - start)))
        first += rows
    return Index(batches, "")


def _wanted(file: pq.ParquetFile) -> list[str]:
    """Columns worth reading. Raises ReadError where there is no picture or no caption among them."""
    names = file.schema_arrow.names
    pictures = [name for name in PICTURES if name in names and _holds_bytes(file.schema_arrow.field(name).type)]
    captions = [name for name in CAPTIONS if name in names]
    if not pictures:
        raise ReadError("the Parquet file has no column of picture bytes; fetch the pictures first, with img2dataset")
    if not captions:
        raise ReadError(
            f"the Parquet file has no column of captions ({', '.join(CAPTIONS)}); rename it to one of these"
        )
    return [*pictures, *captions, *(name for name in (*SOURCES, *LICENCES, *KEYS) if name in names)]


def _holds_bytes(kind: pa.DataType) -> bool:
    if pa.types.is_struct(kind):
        return kind.get_field_index("bytes") >= 0
    return pa.types.is_binary(kind) or pa.types.is_large_binary(kind)


class _Walk:
    """A place in one row group, from which the next rows are read without going back to its start."""

    def __init__(self, path: Path, group: int) -> None:
        self._file = pq.ParquetFile(path)
        self._group = group
        self._begin()

    def rows(self, start: int) -> pa.RecordBatch:
        """The BATCH rows that begin at row `start`."""
        if start < self._next:
            self._begin()
        rows = next(self._batches)
        while self._next < start:
            self._next += rows.num_rows
            rows = next(self._batches)
        if self._next != start:
            raise ReadError("the Parquet file's rows do not come in even batches; write it again with other software")
        self._next += rows.num_rows
        return rows

    def _begin(self) -> None:
        self._next = 0  # row at which the next batch begins
        self._batches = self._file.iter_batches(BATCH, row_groups=[self._group], columns=_wanted(self._file))


@lru_cache(maxsize=1)
def _walk(path: Path, group: int) -> _Walk:
    return _Walk(path, group)


def _raw_pair(place: int, row: dict[str, Any]) -> RawPair:
    key = text_in(row, *KEYS) or f"{place:08d}"
    picture = next((row[name] for name in PICTURES if row.get(name)), b"")
    content = (picture.get("bytes") or b"") if isinstance(picture, dict) else picture
    return RawPair(place, key, content, text_in(row, *CAPTIONS), text_in(row, *SOURCES), text_in(row, *LICENCES))
