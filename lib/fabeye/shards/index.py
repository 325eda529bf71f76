"""What a shards folder holds, without opening a shard: index.json at its top."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from fabeye.errors import FabeyeError
from fabeye.schema import Split
from fabeye.tables import write_json

INDEX = "index.json"


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
