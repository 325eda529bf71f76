"""The nouns of schema.py as Parquet: atomic parts and a manifest.

Notable:
- A table is a folder of `part-00000.parquet` files and `manifest.json`. It appears whole or not at all: parts are
  written into a sibling folder that takes the table's name in one rename.
- The same rows give the same bytes: no time stamp, fixed part size, fixed compression.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Container, Iterable, Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fabeye.errors import FabeyeError

Row = TypeVar("Row")

ROWS_PER_PART = 256  # a page row carries its picture, about 200 kB
BYTES_PER_PART = 32 * 2**20  # of pictures and texts; a part ends with the row that reaches it, so memory is bounded
ARROW_TYPES: dict[type, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    bytes: pa.binary(),
}


class TableError(FabeyeError):
    """A table is missing, unfinished or damaged; the text says which and what to do."""


def arrow_schema(noun: type) -> pa.Schema:
    """Columns of a noun's table, in the order of its fields."""
    hints = get_type_hints(noun)
    return pa.schema([(field.name, ARROW_TYPES[hints[field.name]]) for field in fields(noun)])


def write_table(folder: Path, noun: type[Row], rows: Iterable[Row], rows_per_part: int = ROWS_PER_PART) -> int:
    """Write rows as a table, replacing the one that stood there; returns the number of rows.

    Raises OSError when the disk is full; the table that stood there is then untouched.
    """
    draft = folder.with_name(folder.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        parts = [_write_part(draft, index, noun, part) for index, part in enumerate(_batched(rows, rows_per_part))]
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    total = sum(part["rows"] for part in parts)
    write_json(draft / "manifest.json", {"noun": noun.__name__, "rows": total, "parts": parts})
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(draft, folder)
    return total


def read_table(folder: Path, noun: type[Row]) -> Iterator[Row]:
    """Rows of a table, in the order they were written, one part in memory at a time.

    Raises TableError when the table is missing or a part is not what the manifest says.
    """
    for part in _manifest(folder)["parts"]:
        table = _read_part(folder, part, columns=None)
        for record in table.to_pylist():
            yield noun(**record)


def find_rows(
    folder: Path, noun: type[Row], column: str, values: Iterable[str], parts: Container[str] | None = None
) -> Iterator[Row]:
    """Rows whose `column` is one of `values`; a part without any is never read whole. Raises as read_table does.

    parts: names of the parts to look into, of part_keys(); None for all.
    """
    wanted = sorted(set(values))
    for part in _manifest(folder)["parts"]:
        if parts is not None and part["name"] not in parts:
            continue
        keys = _read_part(folder, part, columns=[column])[column]
        chosen = pc.is_in(keys, value_set=pa.array(wanted, keys.type))
        if pc.any(chosen).as_py():
            for record in _read_part(folder, part, columns=None).filter(chosen).to_pylist():
                yield noun(**record)


def read_columns(folder: Path, *columns: str) -> pa.Table:
    """Some columns of a whole table, without the heavy ones. Raises TableError as read_table does."""
    parts = [_read_part(folder, part, columns=list(columns)) for part in _manifest(folder)["parts"]]
    if not parts:
        return pa.table({name: pa.array([], pa.null()) for name in columns})
    return pa.concat_tables(parts)


def part_keys(folder: Path, column: str) -> Iterator[tuple[str, str]]:
    """Name of the part and value of a column, for each row in order: where find_rows() will find them."""
    for part in _manifest(folder)["parts"]:
        for value in _read_part(folder, part, columns=[column])[column].to_pylist():
            yield part["name"], value


def count_rows(folder: Path) -> int:
    """Number of rows, from the manifest alone."""
    return int(_manifest(folder)["rows"])


def write_json(path: Path, content: Any) -> None:
    """Write JSON so that a reader sees the old file or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".draft")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(draft, path)


def _write_part(draft: Path, index: int, noun: type, rows: list[Any]) -> dict[str, Any]:
    path = draft / f"part-{index:05d}.parquet"
    table = pa.Table.from_pylist([asdict(row) for row in rows], schema=arrow_schema(noun))
    pq.write_table(table, path, compression="zstd")
    return {"name": path.name, "rows": len(rows), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def _read_part(folder: Path, part: dict[str, Any], columns: list[str] | None) -> pa.Table:
    path = folder / part["name"]
    try:
        table = pq.read_table(path, columns=columns)
    except (OSError, pa.ArrowInvalid) as error:
        raise TableError(f"{path} cannot be read ({error}); run `dvc repro` to make it again") from error
    if table.num_rows != part["rows"]:
        raise TableError(f"{path} holds {table.num_rows} rows where its manifest says {part['rows']}")
    return table


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    if not path.is_file():
        raise TableError(f"there is no table at {folder}; run `dvc repro` to make it")
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _batched(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Rows in batches of `size`, or fewer where their pictures are heavy."""
    batch: list[Row] = []
    weight = 0
    for row in rows:
        batch.append(row)
        weight += sum(len(value) for value in _values(row) if isinstance(value, bytes | str))
        if len(batch) >= size or weight >= BYTES_PER_PART:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def _values(row: Any) -> Iterator[Any]:
    return (getattr(row, field.name) for field in fields(row))
