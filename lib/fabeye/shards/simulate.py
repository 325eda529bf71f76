"""The data side of a large run, played through on one machine: plan, dealing and resuming, without a single picture.

Notable:
- The same plan that a training uses, on sizes that are drawn at random, for as many samples and processes as one likes.
- What is promised is counted, not assumed: every sample of an epoch once, the mixture's shares, equal work for all
  processes, and the same order after going on with another number of them.

Shapes: R processes; N samples.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from .index import Sizes
from .mixture import Mixture, Points
from .order import SourceOrder
from .plan import Filling, Plan, PlanState, Source, Step

SHARD = 8192  # samples of a made-up shard
STRETCH = 100_000  # samples over which the mixture is held against its weights
MOST_MIXTURE_ERROR = 0.001
MOST_IMBALANCE = 0.02
RESUMED = 8  # steps that are compared after going on with fewer processes


@dataclass(frozen=True, slots=True)
class Simulated:
    """What came of it.

    lost, doubled: samples that an epoch misses or holds twice, and samples of a step dealt to nobody or to two.
    mixture_error: largest difference between a source's share of a stretch of samples and its weight there.
    imbalance_mean, imbalance_p99: over the steps, tokens of the process that has most over the mean, less one.
    same_order: whether the run goes on in the same order on `ranks_after` processes.
    """

    samples: int
    steps: int
    ranks: int
    ranks_after: int
    lost: int
    doubled: int
    epochs: dict[str, float]
    mixture_error: float
    imbalance_mean: float
    imbalance_p99: float
    same_order: bool

    @property
    def holds(self) -> bool:
        """Whether everything came out as promised."""
        exact = self.lost == self.doubled == 0 and self.same_order
        return exact and self.mixture_error <= MOST_MIXTURE_ERROR and self.imbalance_mean <= MOST_IMBALANCE

    def as_text(self) -> str:
        """For people, one line."""
        epochs = ", ".join(f"{name} {count:.2f}" for name, count in self.epochs.items())
        return (
            f"{self.samples:,} samples in {self.steps:,} steps of {self.ranks} processes: {self.lost} lost, "
            f"{self.doubled} doubled; mixture off by {self.mixture_error:.3%} at most; tokens of the busiest process "
            f"{self.imbalance_mean:.2%} over the mean (99th percentile {self.imbalance_p99:.2%}); "
            f"{'the same order' if self.same_order else 'ANOTHER ORDER'} on {self.ranks_after} processes; "
            f"epochs: {epochs}"
        )

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def simulate(plan: Plan, ranks: int, ranks_after: int) -> Simulated:
    """Play a plan through on `ranks` processes, and its middle once more on `ranks_after`."""
    counted = _Counted(plan)
    middle: PlanState | None = None
    for step in plan.steps():
        counted.add(step, plan.hands(step, ranks))
        end = step.after
        if middle is None and step.progress >= 0.5:
            middle = step.after
    assert middle is not None, "a stage passes its middle"
    imbalance = np.array(counted.imbalance)
    lost, doubled = counted.lost_and_doubled(end)
    return Simulated(
        samples=sum(counted.steps),
        steps=len(counted.steps),
        ranks=ranks,
        ranks_after=ranks_after,
        lost=lost,
        doubled=doubled,
        epochs={source.name: counted.drawn(at) / len(source.sizes) for at, source in enumerate(plan.sources)},
        mixture_error=counted.mixture_error(),
        imbalance_mean=float(imbalance.mean()),
        imbalance_p99=float(np.quantile(imbalance, 0.99)),
        same_order=_same_order(plan, middle, ranks, ranks_after),
    )


def made_up_plan(
    counts: Mapping[str, int], weights: Mapping[str, Points], filling: Filling, max_text: int, seed: int, window: int
) -> Plan:
    """A plan over sources of these many samples, whose sizes are drawn as those of lines, figures and pages scatter."""
    rng = np.random.default_rng(seed)
    sources = [
        Source(
            name, _made_up_sizes(rng, counts[name], max_text), SourceOrder(name, _shards(counts[name]), seed, window)
        )
        for name in sorted(counts)
    ]
    return Plan(sources, Mixture(counts, weights), filling, seed)


class _Counted:
    """All draws of a plan, in their order."""

    def __init__(self, plan: Plan):
        self.plan = plan
        self.steps: list[int] = []
        self.imbalance: list[float] = []
        self.misdealt = 0
        self._source: list[NDArray[np.int64]] = []
        self._index: list[NDArray[np.int64]] = []
        self._epoch: list[NDArray[np.int64]] = []

    def add(self, step: Step, hands: Iterable[NDArray[np.int64]]) -> None:
        """Count a step and how it was dealt."""
        hands = list(hands)
        dealt = np.bincount(np.concatenate(hands), minlength=len(step))
        self.misdealt += int((dealt != 1).sum())
        tokens = np.array([step.tokens[hand].sum() for hand in hands])
        self.imbalance.append(float(tokens.max() / tokens.mean() - 1))
        self.steps.append(len(step))
        self._source.append(step.source)
        self._index.append(step.index)
        self._epoch.append(step.epoch)

    def drawn(self, source: int) -> int:
        """Samples of a source that came in steps."""
        return int((np.concatenate(self._source) == source).sum())

    def lost_and_doubled(self, end: PlanState) -> tuple[int, int]:
        """Over the epochs of all sources, what still waits for a step at the end included."""
        lost, doubled = self.misdealt, 0
        source, index, epoch = (np.concatenate(part) for part in (self._source, self._index, self._epoch))
        for at, one in enumerate(self.plan.sources):
            mine, total = source == at, len(one.sizes)
            waits = [one.order.take(cursor, 1) for of, cursor in end.waiting if of == at]
            places = np.concatenate([epoch[mine] * total + index[mine], *(e * total + i for i, e in waits)])
            seen = np.bincount(places, minlength=end.cursors[at])
            doubled += int((seen > 1).sum())
            lost += int((seen[: end.cursors[at] // total * total] == 0).sum())  # of whole epochs
        return lost, doubled

    def mixture_error(self) -> float:
        """Largest difference of a share over STRETCH samples, or over all of them where there are fewer."""
        source, names = np.concatenate(self._source), self.plan.names
        total, stretch = self.plan.filling.samples, min(STRETCH, len(source))
        worst = 0.0
        for start in range(0, len(source) - stretch + 1, stretch):
            shares = np.bincount(source[start : start + stretch], minlength=len(names)) / stretch
            places = (start + np.arange(0, stretch, stretch / 1000)) / total
            wanted = np.mean([self.plan.mixture.weights(min(1.0, float(place))) for place in places], axis=0)
            worst = max(worst, float(np.abs(shares - wanted).max()))
        return worst


def _same_order(plan: Plan, middle: PlanState, ranks: int, ranks_after: int) -> bool:
    """Whether what `ranks_after` processes work on from a saved state is what `ranks` would have worked on."""
    resumed = PlanState.from_dict(json.loads(json.dumps(middle.as_dict())))
    undisturbed, gone_on = (islice(plan.steps(state), RESUMED) for state in (middle, resumed))
    return all(
        _dealt(plan, one, ranks) == _dealt(plan, other, ranks_after)
        for one, other in zip(undisturbed, gone_on, strict=True)
    )


def _dealt(plan: Plan, step: Step, ranks: int) -> list[tuple[int, ...]]:
    """Draw, source, index and epoch of all that the processes hold of a step, by draw."""
    held = (place for hand in plan.hands(step, ranks) for place in hand.tolist())
    return sorted(_sample(step, place) for place in held)


def _sample(step: Step, place: int) -> tuple[int, ...]:
    return int(step.draw[place]), int(step.source[place]), int(step.index[place]), int(step.epoch[place])


def _made_up_sizes(rng: np.random.Generator, count: int, max_text: int) -> Sizes:
    width = rng.lognormal(6.0, 0.7, count).clip(16, 3000)
    height = np.where(rng.random(count) < 0.85, rng.lognormal(3.3, 0.4, count), rng.lognormal(6.0, 0.6, count))
    tokens = rng.integers(2, max_text + 1, count)
    return Sizes(width.astype(np.int32), height.clip(10, 3000).astype(np.int32), tokens.astype(np.int32))


def _shards(count: int) -> list[int]:
    return [min(SHARD, count - start) for start in range(0, count, SHARD)]
