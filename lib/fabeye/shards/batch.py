"""Pairs as the model takes them: pictures cut into patches, texts as token ids, both packed.

Notable:
- A batch is typed, knows its own counts, and names its samples, so that whatever goes wrong with it can be traced.
- It is never changed, only replaced; so nobody has to copy it.

Shapes: T patches of all images, P numbers of a patch; S text tokens of all samples; B samples.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from fabeye.model import PackedImages, PackedText, pack, pack_text
from fabeye.model.preprocess import WHITE, prepare_within
from fabeye.settings import AugmentSettings

from .augment import augment, sample_generator
from .budget import Frame, cut_evenly
from .plan import PlanState
from .store import Damage
from .tokenizer import TextTokenizer


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of a whole step over all microbatches and processes: what its losses are divided by.

    patches: the foretold ones, each with its weight.
    """

    samples: int
    tokens: int
    patches: float


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a batch comes from and what it leads to.

    ids: pair_id of each sample (B). draws: their numbers in the stage (B), the keys of whatever is drawn for a sample.
    step, parts, progress, after: of the plan; None and neutral where nothing was planned. damage: samples that others
    stand in for.
    """

    ids: tuple[str, ...]
    draws: tuple[int, ...]
    step: int = 0
    parts: int = 1
    progress: float = 0.0
    after: PlanState | None = None
    damage: tuple[Damage, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Some pairs.

    prefixes, totals: patches shown of each image and the step's counts; set by the training step, None before.
    """

    images: PackedImages
    text: PackedText
    origin: Origin
    prefixes: tuple[int, ...] | None = None
    totals: Totals | None = None

    def __len__(self) -> int:
        return len(self.images.grids)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Batch":
        return self  # Composer copies every microbatch before it reads it

    @property
    def lengths(self) -> tuple[int, ...]:
        """Tokens of each sample, patches and text."""
        return tuple(sum(pair) for pair in zip(self.images.lengths, self.text.lengths, strict=True))

    def to(self, device: torch.device) -> "Batch":
        """The same batch on another device."""
        return replace(self, images=self.images.to(device), text=self.text.to(device))

    def pin_memory(self) -> "Batch":
        """The same batch in memory that a GPU can fetch from by itself."""
        images, text = self.images, self.text
        return replace(
            self,
            images=PackedImages(images.patches_TP.pin_memory(), images.grids),
            text=PackedText(text.inputs_S.pin_memory(), text.targets_S.pin_memory(), text.lengths),
        )

    def split(self, parts: int) -> list["Batch"]:
        """`parts` microbatches of about as many tokens each; the totals stay those of the whole."""
        cuts = cut_evenly(self.lengths, min(parts, len(self)))
        return [self._part(start, end) for start, end in pairwise(cuts)]

    def _part(self, start: int, end: int) -> "Batch":
        patches = _slice(self.images.lengths, start, end)
        tokens = _slice(self.text.lengths, start, end)
        origin = replace(self.origin, ids=self.origin.ids[start:end], draws=self.origin.draws[start:end])
        return Batch(
            PackedImages(self.images.patches_TP[patches], self.images.grids[start:end]),
            PackedText(self.text.inputs_S[tokens], self.text.targets_S[tokens], self.text.lengths[start:end]),
            origin,
            self.prefixes and self.prefixes[start:end],
            self.totals,
        )


@dataclass(frozen=True, slots=True)
class Collator:
    """Turns stored pairs into tensors and these into a Batch.

    patch: pixels. max_text: tokens. augmentation: None where pictures are to stay as they are. seed: of its draws.
    """

    tokenizer: TextTokenizer
    patch: int
    max_text: int
    augmentation: AugmentSettings | None = None
    seed: int = 0

    def picture(self, record: Mapping[str, Any], frame: Frame, source: str, index: int, epoch: int) -> Tensor:
        """A record's picture, CHW, damaged and scaled. Raises what PIL raises for a picture that it cannot decode."""
        picture: Image.Image = Image.open(io.BytesIO(record["image"]))
        if self.augmentation:
            rng = sample_generator(self.seed, source, index, epoch)
            picture = augment(picture, record["kind"], record["category"], self.augmentation, rng)
        if frame.side:
            picture = _squared(picture, frame.side)
        return prepare_within(picture, self.patch, frame.patches)

    def batch(self, pictures: Sequence[Tensor], texts: Sequence[str], origin: Origin) -> Batch:
        """Pictures and texts, packed."""
        targets = [self.tokenizer.targets(text, self.max_text) for text in texts]
        return Batch(pack(pictures, self.patch), pack_text(targets, self.tokenizer.bos), origin)


def _squared(picture: Image.Image, side: int) -> Image.Image:
    """Scaled down until it fits a square, on white; never up."""
    picture = picture.convert("RGB")
    if max(picture.size) > side:
        scale = side / max(picture.size)
        width, height = (max(1, int(length * scale)) for length in picture.size)
        picture = picture.resize((width, height), Image.Resampling.BICUBIC)
    square = Image.new("RGB", (side, side), WHITE)
    square.paste(picture)
    return square


def _slice(lengths: Sequence[int], start: int, end: int) -> slice:
    return slice(sum(lengths[:start]), sum(lengths[:end]))
