"""What a shards folder holds, without opening a shard: index.json at its top, sizes.parquet in each split.

Notable:
- Batches are planned from the sizes alone; a shard is opened for its pictures only.
- Row `i` of a split's sizes is its sample `i`, counted over the split's shards in their order.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from fabeye.errors import FabeyeError
from fabeye.schema import Split
from fabeye.tables import write_json

INDEX = "index.json"
SIZES = "sizes.parquet"
SIZES_SCHEMA = pa.schema(
    [("pair_id", pa.string()), ("width", pa.int32()), ("height", pa.int32()), ("tokens", pa.int32())]
)


class ShardsError(FabeyeError):
    """No shards can be made or read; the text says what is missing and what to do."""


@dataclass(frozen=True, slots=True)
class ShardsIndex:
    """Pairs by source and split, and the length in tokens beyond which texts are cut."""

    sources: dict[str, dict[str, int]]
    max_text: int

    def filled(self, split: Split) -> dict[str, int]:
        """Sources that have pairs of this split, and how many.

        Raises ShardsError when there is none at all.
        """
        counts = {name: count[split] for name, count in sorted(self.sources.items()) if count[split] > 0}
        if not counts:
            raise ShardsError(
                f"the shards have no {split} pairs; add documents to data/raw or raise corpus.documents "
                f"(and corpus.validation_share, if it is the validation that is empty), then run `dvc repro`"
            )
        return counts


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large each sample of a split is: width and height of the picture in pixels, tokens of the text, all (N,)."""

    width: NDArray[np.int32]
    height: NDArray[np.int32]
    tokens: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.width)


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One row of sizes.parquet; tokens: of the text as it is trained on, cut and with its <eos>."""

    pair_id: str
    width: int
    height: int
    tokens: int


def write_index(folder: Path, index: ShardsIndex) -> None:
    """Write index.json."""
    write_json(folder / INDEX, asdict(index))


def read_index(folder: Path) -> ShardsIndex:
    """Read index.json. Raises ShardsError when it is missing or damaged."""
    path = folder / INDEX
    try:
        return ShardsIndex(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise ShardsError(f"there are no shards at {folder}; run `dvc repro shards`") from error
    except (ValueError, TypeError) as error:
        raise ShardsError(f"{path} cannot be read ({error}); run `dvc repro shards`") from error


def write_sizes(folder: Path, rows: Sequence[SizeRow]) -> None:
    """Write the sizes of the samples of a folder of shards, in their order."""
    table = pa.Table.from_pylist([asdict(row) for row in rows], schema=SIZES_SCHEMA)
    pq.write_table(table, folder / SIZES, compression="zstd")


def merge_sizes(folders: Sequence[Path], into: Path) -> None:
    """Write the sizes of several folders, one after the other, as those of the folder `into`."""
    tables = [pq.read_table(folder / SIZES, schema=SIZES_SCHEMA) for folder in folders]
    pq.write_table(pa.concat_tables(tables), into / SIZES, compression="zstd")


def read_sizes(folder: Path) -> Sizes:
    """Sizes of all samples of a split's folder. Raises ShardsError when they are missing or damaged."""
    path = folder / SIZES
    try:
        table = pq.read_table(path, columns=["width", "height", "tokens"])
    except (OSError, pa.ArrowInvalid) as error:
        raise ShardsError(f"{path} cannot be read ({error}); run `dvc repro -f shards`") from error
    return Sizes(*(table[name].to_numpy() for name in ("width", "height", "tokens")))


def read_shard_sizes(folder: Path) -> list[int]:
    """Samples in each shard of a split's folder. Raises ShardsError when its index is missing or damaged."""
    return [int(shard["samples"]) for shard in read_shard_entries(folder)]


def read_shard_entries(folder: Path) -> list[dict[str, Any]]:
    """What a split's own index.json says of each shard, as Streaming wrote it. Raises ShardsError."""
    path = folder / INDEX
    try:
        shards: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["shards"]
    except (OSError, ValueError, KeyError) as error:
        raise ShardsError(f"{path} cannot be read ({error}); run `dvc repro -f shards`") from error
    return shards


def pair_id_at(folder: Path, at: int) -> str:
    """Name of sample `at` of a split's folder, for whoever cannot read it from the sample itself."""
    return str(pq.read_table(folder / SIZES, columns=["pair_id"])["pair_id"][at])
