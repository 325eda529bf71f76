"""In which order the samples of a source are drawn: a keyed permutation, anew in every epoch.

Notable:
- The order is a function of (seed, source, epoch) alone. All that a run has to remember is a cursor: how many samples
  of the source were drawn so far.
- Shards are put in random order, and samples are shuffled among the shards of a window only: at any time no more than
  two windows of a source's shards are in use, however large it is, so a bounded cache does.
- Every epoch holds every sample exactly once.
"""

import zlib

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]


class SourceOrder:
    """The endless sequence in which one source's samples come."""

    def __init__(self, name: str, shard_sizes: list[int], seed: int, window: int):
        """shard_sizes: samples of each shard. window: shards among which samples are shuffled."""
        self.name, self.total = name, sum(shard_sizes)
        self._sizes = np.asarray(shard_sizes, np.int64)
        self._starts = np.concatenate([[0], self._sizes.cumsum()])
        self._key, self._window = (seed, zlib.crc32(name.encode())), window
        self._epoch = -1
        self._windows: list[Indices] = []  # of the epoch: shards of each window
        self._ends = np.zeros(0, np.int64)  # of the epoch: draws until the end of each window
        self._shuffled: dict[tuple[int, int], Indices] = {}  # samples of the last windows, by epoch and window

    def take(self, cursor: int, count: int) -> tuple[Indices, Indices]:
        """Index and epoch of each of the `count` draws after the first `cursor`, both (count,)."""
        found: list[Indices] = []
        at = cursor
        while at < cursor + count:
            samples, offset = self._samples_at(at)
            some = samples[offset : offset + cursor + count - at]
            found.append(some)
            at += len(some)
        indices = np.concatenate(found) if found else np.zeros(0, np.int64)
        return indices, np.arange(cursor, cursor + count) // self.total

    def _samples_at(self, cursor: int) -> tuple[Indices, int]:
        """Samples of the window that draw `cursor` falls into, in their order, and its place among them."""
        epoch, place = divmod(cursor, self.total)
        self._go_to(epoch)
        window = int(np.searchsorted(self._ends, place, side="right"))
        samples = self._shuffled.get((epoch, window))
        if samples is None:
            samples = self._shuffle(epoch, window)
        return samples, place - int(self._ends[window]) + len(samples)

    def _shuffle(self, epoch: int, window: int) -> Indices:
        samples = np.concatenate([np.arange(self._starts[i], self._starts[i + 1]) for i in self._windows[window]])
        self._rng(epoch, 1 + window).shuffle(samples)
        while len(self._shuffled) > 1:  # draws that wait may lie in the window before; in no other
            del self._shuffled[next(iter(self._shuffled))]
        self._shuffled[epoch, window] = samples
        return samples

    def _go_to(self, epoch: int) -> None:
        if epoch == self._epoch:
            return
        shards = self._rng(epoch, 0).permutation(len(self._sizes))
        self._windows = [shards[at : at + self._window] for at in range(0, len(shards), self._window)]
        self._ends = np.cumsum([self._sizes[window].sum() for window in self._windows])
        self._epoch = epoch

    def _rng(self, epoch: int, what: int) -> np.random.Generator:
        return np.random.default_rng((*self._key, epoch, what))
