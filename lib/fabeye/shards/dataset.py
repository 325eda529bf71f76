"""Shards read back as batches that the model takes.

Notable:
- Pictures are decoded, scaled and packed in the loader's workers; a batch is typed and knows its own counts.
- One epoch is one training stage: `samples` says how many pairs are drawn, sources in the given proportions, so a
  resumed stage never meets the end of an epoch.
- Streaming unpacks shards into a private folder of this process, never beside the tracked files.
"""

import io
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from streaming import Stream, StreamingDataset
from torch.utils.data import DataLoader

from fabeye.model import PackedImages, PackedText, pack, pack_text, prepare_image
from fabeye.schema import Split

from .index import read_index
from .sharing import shared_memory_turn
from .tokenizer import TextTokenizer


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of a whole step over all microbatches and processes: what its losses are divided by."""

    samples: int
    tokens: int
    patches: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Some pairs as the model takes them.

    prefixes, totals: patches shown of each image and the step's counts; set by the training step, None before.
    """

    images: PackedImages
    text: PackedText
    prefixes: tuple[int, ...] | None = None
    totals: Totals | None = None

    def __len__(self) -> int:
        return len(self.images.grids)

    def to(self, device: torch.device) -> "Batch":
        """The same batch on another device."""
        return replace(self, images=self.images.to(device), text=self.text.to(device))

    def split(self, size: int) -> list["Batch"]:
        """Microbatches of at most `size` pairs; the totals stay those of the whole."""
        return [self._part(start, min(start + size, len(self))) for start in range(0, len(self), size)]

    def _part(self, start: int, end: int) -> "Batch":
        patches = _slice(self.images.lengths, start, end)
        tokens = _slice(self.text.lengths, start, end)
        return Batch(
            PackedImages(self.images.patches_TP[patches], self.images.grids[start:end]),
            PackedText(self.text.inputs_S[tokens], self.text.targets_S[tokens], self.text.lengths[start:end]),
            self.prefixes and self.prefixes[start:end],
            self.totals,
        )


@dataclass(frozen=True, slots=True)
class Collator:
    """Turns stored pairs into a Batch: `side` pixels bound the picture, `max_text` tokens the text."""

    tokenizer: TextTokenizer
    patch: int
    side: int
    max_text: int

    def __call__(self, records: Sequence[Mapping[str, Any]]) -> Batch:
        images = [prepare_image(_decoded(record["image"]), self.patch, self.side) for record in records]
        texts = [self.tokenizer.targets(record["text"], self.max_text) for record in records]
        return Batch(pack(images, self.patch), pack_text(texts, self.tokenizer.bos))


@contextmanager
def unpacking_folder(work: Path) -> Iterator[Path]:
    """A folder for unpacked shards that no other process uses; gone afterwards."""
    work.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="unpacked-", dir=work))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def train_loader(
    shards: Path,
    unpacked: Path,
    collator: Collator,
    batch: int,
    samples: int,
    seed: int,
    proportions: Mapping[str, float] | None = None,
    workers: int = 0,
) -> DataLoader:
    """Batches of `samples` training pairs in random order; sources by size or in the given proportions.

    batch: pairs a step of this process. Raises ShardsError when no source has training pairs.
    """
    counts = read_index(shards).filled(Split.TRAIN)
    weights = proportions or {name: float(count) for name, count in counts.items()}
    streams = [
        _stream(shards, name, Split.TRAIN, unpacked, proportion=weight) for name, weight in sorted(weights.items())
    ]
    dataset = _open(streams, batch, shuffle=True, seed=seed, epoch_size=samples)
    return DataLoader(dataset, batch_size=batch, collate_fn=collator, num_workers=workers)


def validation_loader(
    shards: Path, unpacked: Path, collator: Collator, batch: int, at_most: int | None = None
) -> DataLoader:
    """Every validation pair once, in stored order; the last batch may be smaller.

    at_most: pairs to be content with, the same ones each time, every source keeping its share and at least one pair.
    Raises ShardsError when no source has validation pairs.
    """
    counts = read_index(shards).filled(Split.VALIDATION)
    share = min(1.0, at_most / sum(counts.values())) if at_most else 1.0
    streams = [
        _stream(shards, name, Split.VALIDATION, unpacked, choose=max(1, int(count * share)))
        for name, count in counts.items()
    ]
    dataset = _open(streams, batch, shuffle=False, seed=0)
    return DataLoader(dataset, batch_size=batch, collate_fn=collator)


def _stream(shards: Path, name: str, split: Split, unpacked: Path, **weight: Any) -> Stream:
    folder, private = shards / name / split, unpacked / name / split
    return Stream(remote=str(folder), local=str(private), keep_zip=False, **weight)


def _open(
    streams: list[Stream], batch: int, shuffle: bool, seed: int, epoch_size: int | None = None
) -> StreamingDataset:
    with shared_memory_turn():
        return StreamingDataset(
            streams=streams,
            batch_size=batch,
            epoch_size=epoch_size,
            shuffle=shuffle,
            shuffle_seed=seed,
            sampling_method="balanced" if shuffle else "fixed",
            num_canonical_nodes=1,  # the order must not depend on how many machines share the work
        )


def _decoded(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def _slice(lengths: Sequence[int], start: int, end: int) -> slice:
    return slice(sum(lengths[:start]), sum(lengths[:end]))
