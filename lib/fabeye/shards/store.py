"""Any sample of the shards by its place, checked before it is handed out.

Notable:
- Nothing is opened before the first read, so a store can be sent to worker processes.
- A sample that is damaged is no error of the run: it comes back as Damage, which says by name what was lost.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .cache import LostShardError, Place, ShardFiles
from .index import pair_id_at
from .writer import checksum

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Damage:
    """A sample that cannot be used: where it lies, what it is called, what is wrong with it."""

    source: str
    shard: str
    index: int
    pair_id: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}/{self.shard}, sample {self.index} ({self.pair_id}): {self.reason}"


class Store:
    """The samples of one split, by source and index."""

    def __init__(self, shards: Path, split: str, place: Place):
        self.shards, self.split, self.place = shards, split, place
        self._open: dict[str, _Source] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {"shards": self.shards, "split": self.split, "place": self.place, "_open": {}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def read(self, source: str, index: int) -> Record | Damage:
        """Sample `index` of a source, or what is wrong with it. Raises ShardsError when shards cannot be fetched."""
        if source not in self._open:
            self._open[source] = _Source(self.shards / source / self.split, f"{source}/{self.split}", self.place)
        return self._open[source].read(index)

    def damage(self, source: str, index: int, reason: str) -> Damage:
        """Name a sample that could be read and yet is of no use."""
        return self._open[source].damage(index, reason)


class _Source:
    def __init__(self, folder: Path, name: str, place: Place):
        self.folder, self.name = folder, name
        self.files = ShardFiles(folder, name, place)
        self.ends = np.cumsum(self.files.sizes)
        self.lost: dict[int, str] = {}

    def read(self, index: int) -> Record | Damage:
        shard, at = self._place(index)
        if shard in self.lost:
            return self.damage(index, self.lost[shard])
        try:
            record = self.files.record(shard, at)
            if checksum(record) != record["crc32"]:
                return self.damage(index, "its checksum is wrong")
        except LostShardError as error:
            self.lost[shard] = f"its shard cannot be unpacked ({error})"
            return self.damage(index, self.lost[shard])
        except (ValueError, KeyError, IndexError, TypeError, UnicodeError) as error:  # of decoding damaged bytes
            return self.damage(index, f"it cannot be decoded ({error})")
        return record

    def damage(self, index: int, reason: str) -> Damage:
        shard, _ = self._place(index)
        source = self.name.partition("/")[0]
        return Damage(source, self.files.shard_name(shard), index, pair_id_at(self.folder, index), reason)

    def _place(self, index: int) -> tuple[int, int]:
        shard = int(np.searchsorted(self.ends, index, side="right"))
        return shard, index - int(self.ends[shard]) + self.files.sizes[shard]
