"""Which source the next samples come from: weights that change over a stage, turned into exact counts.

Notable:
- A weight is a line of straight pieces over the stage's progress from 0 to 1. It is given to a layer ("domain") or to a
  source ("domain-jedec"); a layer's is shared out among its sources by their size, those with a weight of their own
  left out.
- Samples come in blocks. What a block owes a source beyond whole samples is owed on, so over any stretch the counts
  are the weights' to within a sample or two, and nothing is left to chance.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from fabeye.schema import Layer

from .index import ShardsError

Points = Sequence[tuple[float, float]]  # (progress, weight), progress rising
Floats = NDArray[np.float64]  # one a source

LAYERS = tuple(layer.value for layer in Layer)  # may be named where a corpus has nothing of them


class Mixture:
    """w(progress) over named sources; without any weights, sources are drawn in proportion to their size."""

    def __init__(self, counts: Mapping[str, int], weights: Mapping[str, Points]):
        """counts: samples of each source. Raises ShardsError for a weight of nothing, or a source without a weight."""
        self.names = tuple(sorted(counts))
        given = weights or {name: [(0.0, float(counts[name]))] for name in self.names}
        self._lines = [np.array(points, np.float64).T for points in given.values()]
        self._shares = np.array([self._within(key, counts, given) for key in given])  # (lines, sources)
        self._check(given)

    def weights(self, progress: float) -> Floats:
        """Share of each source, in the order of `names`; they sum to 1. Raises ShardsError where all weigh nothing."""
        heights = np.array([np.interp(progress, *line) for line in self._lines])
        raw: Floats = heights @ self._shares
        if raw.sum() <= 0:
            raise ShardsError(f"the mixture weighs nothing at progress {progress:g}; raise one of its weights there")
        return raw / raw.sum()

    def counts(self, progress: float, owed: Floats, block: int) -> tuple[NDArray[np.int64], Floats]:
        """Samples of each source in the next `block` of them, and what is owed afterwards.

        owed: what each source should have had more by now; all of them sum to 0.
        """
        due = owed + block * self.weights(progress)
        counts = np.floor(due.clip(min=0)).astype(np.int64)
        missing = block - int(counts.sum())
        lacking = due - counts
        if missing < 0:
            lacking[counts == 0] = np.inf  # nothing to take from these
        order = np.argsort(-lacking if missing > 0 else lacking, kind="stable")
        counts[order[: abs(missing)]] += np.sign(missing)
        return counts, due - counts

    def _within(self, key: str, counts: Mapping[str, int], given: Mapping[str, Points]) -> list[float]:
        """Share of each source in the weight called `key`."""
        if key in counts:
            return [float(name == key) for name in self.names]
        layer = [float(counts[name]) if _layer(name) == key and name not in given else 0.0 for name in self.names]
        return [size / (sum(layer) or 1.0) for size in layer]

    def _check(self, given: Mapping[str, Points]) -> None:
        known = {*self.names, *(_layer(name) for name in self.names), *LAYERS}
        for key in given:
            if key not in known:
                raise ShardsError(f"the mixture names {key!r}, which is no source; there are {', '.join(self.names)}")
        for name in self.names:
            if name not in given and _layer(name) not in given:
                raise ShardsError(f"the mixture has no weight for {name}; give it one, 0 to leave it out")


def _layer(source: str) -> str:
    return source.partition("-")[0]
