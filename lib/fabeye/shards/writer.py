"""Pairs as MDS shards, one folder a source and split.

Notable:
- Pairs are shuffled through a bounded buffer while they are written, so that neighbours on a page are not neighbours
  in a shard, and memory stays flat however large the corpus is.
- Every shard file carries its sha256; index.json has no path but file names, so folders can move.
- Streaming never reads what it decompressed back into this folder: dataset.py gives it a folder of its own.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from streaming import MDSWriter

from fabeye.schema import Pair

COLUMNS = {
    "pair_id": "str",
    "document_id": "str",
    "kind": "str",
    "category": "str",
    "width": "int",
    "height": "int",
    "image": "bytes",
    "text": "str",
}
HASHES = ["sha256"]
SHARD_BYTES = 1 << 26  # 64 MiB before compression
BUFFER = 4096  # pairs among which the next one written is drawn


class PairWriter:
    """Writes the pairs of one source and split in shuffled order; a context manager."""

    def __init__(self, folder: Path, compression: str, seed: str):
        self.count = 0
        self._random = random.Random(seed)
        self._buffer: list[Pair] = []
        self._writer = MDSWriter(
            out=str(folder), columns=COLUMNS, compression=compression or None, hashes=HASHES, size_limit=SHARD_BYTES
        )

    def __enter__(self) -> "PairWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            for pair in self._drain():
                self._writer.write(_record(pair))
        self._writer.__exit__(kind, error, trace)

    def write(self, pair: Pair) -> None:
        """Take one more pair; it reaches the disk later, in random order."""
        self.count += 1
        self._buffer.append(pair)
        if len(self._buffer) > BUFFER:
            self._writer.write(_record(self._draw()))

    def _drain(self) -> Iterator[Pair]:
        while self._buffer:
            yield self._draw()

    def _draw(self) -> Pair:
        last = len(self._buffer) - 1
        at = self._random.randint(0, last)
        self._buffer[at], self._buffer[last] = self._buffer[last], self._buffer[at]
        return self._buffer.pop()


def _record(pair: Pair) -> dict[str, Any]:
    return {name: getattr(pair, name) for name in COLUMNS}
