"""The plan's steps as batches, made in worker processes.

Notable:
- What travels to a worker is a process's hand of one step: names and numbers. Reading, unpacking, damage, scaling and
  packing happen there, and the batch comes back ready, in pinned memory where a GPU waits for it.
- A batch carries the plan's state after it. Workers run ahead; the checkpoint of a step takes the state of the batch
  that was trained on, not that of the last one planned.
- A sample that turns out damaged is replaced by another of its source, the same one whoever does it, and named.
"""

import math
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from fabeye.errors import FabeyeError
from fabeye.schema import Split

from .batch import Batch, Collator, Origin
from .budget import Frame
from .cache import Place
from .index import ShardsError, read_index
from .plan import Plan, PlanState
from .store import Damage, Store

TRIES = 64  # samples of a source that may be damaged one after another before the run stops
PREFETCH = 4  # batches that each worker makes ahead

Item = tuple[str, int, int]  # source, index, epoch


@dataclass(frozen=True, slots=True)
class Hand:
    """What one process does of one step: its samples, the frame of their pictures, and where the batch comes from."""

    items: tuple[Item, ...]
    frame: Frame
    origin: Origin  # without ids, which are read with the samples


class Samples(Dataset[Batch | FabeyeError]):
    """Hands to batches; what a worker process runs. An error that has a name comes back as a value."""

    def __init__(self, store: Store, collator: Collator, counts: Mapping[str, int]):
        self.store, self.collator, self.counts = store, collator, dict(counts)

    def __getitem__(self, hand: Hand) -> Batch | FabeyeError:
        damage: list[Damage] = []
        try:
            found = [self._sample(item, hand.frame, damage) for item in hand.items]
        except FabeyeError as error:  # the loader's own way would wrap it in a traceback
            return error
        pictures, texts, ids = zip(*found, strict=True)
        origin = Origin(
            ids,
            hand.origin.draws,
            hand.origin.step,
            hand.origin.parts,
            hand.origin.progress,
            hand.origin.after,
            tuple(damage),
        )
        return self.collator.batch(pictures, texts, origin)

    def _sample(self, item: Item, frame: Frame, damage: list[Damage]) -> tuple[Tensor, str, str]:
        """Picture, text and name of a sample, or of one that stands in for it."""
        source, index, epoch = item
        for _ in range(TRIES):
            found = self._read((source, index, epoch), frame)
            if not isinstance(found, Damage):
                return found
            damage.append(found)
            index = self._stand_in(source, index)
        raise ShardsError(
            f"{TRIES} samples of {source} in a row are damaged, the first is {damage[-TRIES]}; "
            f"run `dvc repro -f shards`"
        )

    def _read(self, item: Item, frame: Frame) -> tuple[Tensor, str, str] | Damage:
        source, index, epoch = item
        record = self.store.read(source, index)
        if isinstance(record, Damage):
            return record
        try:
            return self.collator.picture(record, frame, source, index, epoch), record["text"], record["pair_id"]
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:  # all of them PIL's
            return self.store.damage(source, index, f"its picture cannot be decoded ({type(error).__name__})")

    def _stand_in(self, source: str, index: int) -> int:
        rng = np.random.default_rng((self.collator.seed, zlib.crc32(source.encode()), index))
        return int(rng.integers(self.counts[source]))


class TrainLoader:
    """Batches of one process, from the state it is set to until the stage is over."""

    def __init__(self, plan: Plan, samples: Samples, rank: int, ranks: int, workers: int, pin: bool):
        self.plan, self.samples, self.state = plan, samples, plan.start()
        self._rank, self._ranks, self._workers, self._pin = rank, ranks, workers, pin

    def resume(self, state: PlanState) -> None:
        """Go on after `state` from the next iteration on."""
        self.state = state

    def __iter__(self) -> Iterator[Batch]:
        yield from _batches(self.samples, self._hands(), self._workers, self._pin)

    def _hands(self) -> Iterator[Hand]:
        for step in self.plan.steps(self.state):
            hands = self.plan.hands(step, self._ranks)
            mine = hands[self._rank]
            names = [self.plan.names[source] for source in step.source[mine]]
            items = tuple(zip(names, step.index[mine].tolist(), step.epoch[mine].tolist(), strict=True))
            draws = tuple(step.draw[mine].tolist())
            origin = Origin((), draws, step.number, self.plan.parts(step, hands), step.progress, step.after)
            yield Hand(items, step.frame, origin)


class ValidationLoader:
    """Validation pairs in stored order, the same ones each time; each process reads its share of them."""

    def __init__(
        self,
        shards: Path,
        place: Place,
        collator: Collator,
        frame: Frame,
        batch: int,
        at_most: int | None = None,
        rank: int = 0,
        ranks: int = 1,
    ):
        """at_most: pairs to be content with; every source keeps its share of them, and at least one.

        batch: pairs at once. Raises ShardsError when there are no validation pairs, or fewer than processes.
        """
        counts = read_index(shards).filled(Split.VALIDATION)
        share = min(1.0, at_most / sum(counts.values())) if at_most else 1.0
        self._items = [
            (name, index, 0) for name, count in counts.items() for index in range(max(1, int(count * share)))
        ]
        if len(self._items) < ranks:
            raise ShardsError(
                f"{len(self._items)} validation pairs for {ranks} processes; keep more documents for them"
            )
        self._samples = Samples(Store(shards, Split.VALIDATION, place), collator, counts)
        self._frame, self._batch, self._rank, self._ranks = frame, batch, rank, ranks

    def __iter__(self) -> Iterator[Batch]:
        yield from _batches(self._samples, self._hands(), workers=0, pin=False)

    def _hands(self) -> Iterator[Hand]:
        mine = list(enumerate(self._items))[self._rank :: self._ranks]
        most = math.ceil(len(self._items) / self._ranks)  # pairs of the process that has the most
        hands = math.ceil(most / self._batch)  # as many for all, since processes may wait for each other
        for hand in range(hands):
            some = mine[hand * len(mine) // hands : (hand + 1) * len(mine) // hands]
            yield Hand(tuple(item for _, item in some), self._frame, Origin((), tuple(draw for draw, _ in some)))


def _batches(samples: Samples, hands: Iterator[Hand], workers: int, pin: bool) -> Iterator[Batch]:
    made = DataLoader(
        samples,
        batch_size=None,
        sampler=hands,  # type: ignore[arg-type]  # it takes any iterable
        num_workers=workers,
        prefetch_factor=PREFETCH if workers else None,
        pin_memory=pin,
        collate_fn=_as_it_is,
    )
    for batch in made:
        if isinstance(batch, FabeyeError):
            raise batch
        yield batch


def _as_it_is(batch: Any) -> Any:
    return batch
