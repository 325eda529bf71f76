"""The plan of a stage: which samples each step holds, from the first to the last.

Notable:
- A step is a function of the settings and of the state before it: how far the stage is, how much of each source was
  drawn, what is owed, which drawn samples still wait for a step with room. The state is a small dict that goes into
  the checkpoint; nothing else has to be remembered, and no process has to be asked.
- The plan is global. Every process makes the same one from the sizes alone and takes its hand of each step, so a run
  that goes on with another number of processes goes on in the same order.
- A stage ends with the step in which it reaches its samples, its tokens or its FLOPs, so no step is smaller than the
  others.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fabeye.schema import Split

from .budget import Counts, Frame, count_filling, count_patches, deal, frame_of
from .index import ShardsError, Sizes, read_index, read_shard_sizes, read_sizes
from .mixture import Floats, Mixture, Points
from .order import SourceOrder

BLOCK = 1024  # samples drawn at once, at most


@dataclass(frozen=True, slots=True)
class Source:
    """A source as the plan sees it."""

    name: str
    sizes: Sizes
    order: SourceOrder


@dataclass(frozen=True, slots=True)
class Filling:
    """What fills a step, and when a stage is over.

    pictures, side, patch: as frame_of() takes them. batch, tokens: samples and tokens of a step at most, of all
    processes together. microbatch: tokens that one process takes at once. samples, most_tokens, most_flops: what makes
    the stage, whichever is reached first. flops: of samples, from their patches and tokens, (N,) each.
    """

    pictures: str
    side: int
    patch: int
    batch: int
    tokens: int
    samples: int
    microbatch: int
    most_tokens: float = math.inf
    most_flops: float = math.inf
    flops: Callable[[Counts, Counts], Floats] | None = None

    def progress(self, samples: int, tokens: int, flops: float) -> float:
        """How far a stage is that has seen so much, from 0 to 1."""
        return min(1.0, max(samples / self.samples, tokens / self.most_tokens, flops / self.most_flops))

    def count_flops(self, patches: Counts, tokens: Counts) -> float:
        """FLOPs of samples together; 0 where nobody asks."""
        return float(self.flops(patches, tokens).sum()) if self.flops else 0.0


@dataclass(frozen=True, slots=True)
class PlanState:
    """Where a plan stands between two steps.

    step, samples, tokens, flops: done so far. cursors: samples drawn of each source. owed: what each should have had
    more. waiting: drawn and not yet in a step, as (source, cursor), in their order.
    """

    step: int
    samples: int
    cursors: tuple[int, ...]
    owed: tuple[float, ...]
    waiting: tuple[tuple[int, int], ...]
    tokens: int = 0
    flops: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """For a checkpoint, or JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, said: dict[str, Any]) -> "PlanState":
        """What as_dict() gave."""
        waiting = tuple((int(source), int(cursor)) for source, cursor in said["waiting"])
        cursors, owed = tuple(said["cursors"]), tuple(said["owed"])
        return cls(said["step"], said["samples"], cursors, owed, waiting, said["tokens"], said["flops"])


@dataclass(frozen=True, slots=True)
class Step:
    """One step of all processes: N samples in their order.

    source, index, epoch: which samples, (N,); source counts in the order of the plan's names. draw: their numbers in
    the stage, (N,). patches, tokens: what they take, text included in the tokens, (N,). progress: of the stage, 0 to 1,
    after this step. after: where the plan then stands.
    """

    number: int
    frame: Frame
    source: Counts
    index: Counts
    epoch: Counts
    draw: Counts
    patches: Counts
    tokens: Counts
    progress: float
    after: PlanState

    def __len__(self) -> int:
        return len(self.source)


def read_plan(shards: Path, weights: Mapping[str, Points], filling: Filling, seed: int, window: int) -> "Plan":
    """The plan of a stage on these shards' training pairs.

    weights: of the mixture. window: shards of a source among which samples are shuffled. Raises ShardsError when there
    is nothing to train on, or for weights that do not fit the sources.
    """
    counts = read_index(shards).filled(Split.TRAIN)
    sources = []
    for name in sorted(counts):
        folder = shards / name / Split.TRAIN
        sources.append(Source(name, read_sizes(folder), SourceOrder(name, read_shard_sizes(folder), seed, window)))
    return Plan(sources, Mixture(counts, weights), filling, seed)


class Plan:
    """The steps of a stage."""

    def __init__(self, sources: Sequence[Source], mixture: Mixture, filling: Filling, seed: int):
        assert tuple(source.name for source in sources) == mixture.names, "sources stand in the mixture's order"
        self.sources, self.mixture, self.filling, self.seed = sources, mixture, filling, seed
        self._block = min(BLOCK, filling.batch)
        self._longest_text = max(int(source.sizes.tokens.max()) for source in sources)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the sources, in the order in which a step counts them."""
        return self.mixture.names

    def start(self) -> PlanState:
        """Where a plan stands before its first step."""
        none = len(self.sources)
        return PlanState(0, 0, (0,) * none, (0.0,) * none, ())

    def steps(self, state: PlanState | None = None) -> Iterator[Step]:
        """The steps after `state`, until the stage is over."""
        state = state or self.start()
        while self.progress(state) < 1:
            step = self.step_after(state)
            yield step
            state = step.after

    def progress(self, state: PlanState) -> float:
        """How far the stage is, from 0 to 1."""
        return self.filling.progress(state.samples, state.tokens, state.flops)

    def step_after(self, state: PlanState) -> Step:
        """The step that follows a state."""
        filling = self.filling
        frame = frame_of(filling.pictures, filling.side, filling.patch, self.seed, state.step)
        drawn = self._look_up(np.array(state.waiting, np.int64).reshape(-1, 2), frame)
        cursors, owed = np.array(state.cursors, np.int64), np.array(state.owed)
        while not (count := count_filling(drawn[-1], filling.batch, filling.tokens)):
            blocks = []
            for _ in range(self._surely_needed(drawn[-1], frame)):
                block, cursors, owed = self._draw(cursors, owed, self.progress(state))
                blocks.append(block)
            drawn = np.concatenate([drawn, self._look_up(np.concatenate(blocks), frame)], axis=1)
        source, _, index, epoch, patches, tokens = drawn[:, :count]
        samples = state.samples + count
        waiting = tuple((int(of), int(at)) for of, at in drawn[:2, count:].T)
        seen, spent = state.tokens + int(tokens.sum()), state.flops + filling.count_flops(patches, tokens)
        after = PlanState(state.step + 1, samples, tuple(cursors.tolist()), tuple(owed.tolist()), waiting, seen, spent)
        draw = np.arange(state.samples, samples)
        return Step(state.step, frame, source, index, epoch, draw, patches, tokens, self.progress(after), after)

    def hands(self, step: Step, ranks: int) -> list[Counts]:
        """Places of a step's samples that each process gets. Raises ShardsError where some would get none."""
        if len(step) < ranks:
            raise ShardsError(
                f"step {step.number} holds {len(step)} samples for {ranks} processes; raise the stage's batch or tokens"
            )
        return deal(step.tokens, step.patches, ranks)

    def parts(self, step: Step, hands: Sequence[Counts]) -> int:
        """Microbatches in which every process takes its hand: as many for all, since some wait for each other."""
        most = max(int(step.tokens[hand].sum()) for hand in hands)
        return min(math.ceil(most / self.filling.microbatch), *(len(hand) for hand in hands))

    def _surely_needed(self, tokens: Counts, frame: Frame) -> int:
        """Blocks without which the step cannot be filled, however large their samples are; at least one."""
        samples = (self.filling.tokens - int(tokens.sum())) // (frame.patches + self._longest_text)
        return max(1, min(samples, self.filling.batch - len(tokens)) // self._block)

    def _draw(self, cursors: Counts, owed: Floats, reached: float) -> tuple[Counts, Counts, Floats]:
        """The next block as (source, cursor) rows, and cursors and debts after it. reached: progress of the stage.

        Each source's samples are spread over the block, each to a random place in a stretch of its own: so a part of
        a block is mixed as the whole of it.
        """
        drawn = int(cursors.sum())
        middle = min(1.0, (drawn + self._block / 2) / self.filling.samples)  # of the block
        progress = max(middle, reached)  # where tokens or FLOPs end the stage it goes faster than its samples
        counts, owed = self.mixture.counts(progress, owed, self._block)
        source = np.repeat(np.arange(len(counts)), counts)
        cursor = np.concatenate([np.arange(start, start + n) for start, n in zip(cursors, counts, strict=True)])
        rank = cursor - cursors[source]  # of a sample among its source's in this block
        place = (rank + np.random.default_rng((self.seed, BLOCK, drawn)).random(len(rank))) / counts[source]
        block = np.stack([source, cursor], axis=1)[np.argsort(place, kind="stable")]
        return block, cursors + counts, owed

    def _look_up(self, rows: Counts, frame: Frame) -> Counts:
        """Rows (source, cursor) as columns: source, cursor, index, epoch, patches and tokens of each."""
        columns = np.zeros((6, len(rows)), np.int64)
        columns[:2] = rows.T
        for number, source in enumerate(self.sources):
            mine = np.flatnonzero(rows[:, 0] == number)
            if len(mine):
                columns[2:, mine] = self._of_source(source, rows[mine, 1], frame)
        return columns

    def _of_source(self, source: Source, cursors: Counts, frame: Frame) -> Counts:
        """Index, epoch, patches and tokens of a source's draws; the cursors lie close together."""
        first = int(cursors.min())
        index, epoch = source.order.take(first, int(cursors.max()) - first + 1)
        index, epoch = index[cursors - first], epoch[cursors - first]
        sizes = source.sizes
        patches = count_patches(sizes.width[index], sizes.height[index], self.filling.patch, frame)
        return np.stack([index, epoch, patches, patches + sizes.tokens[index]])
