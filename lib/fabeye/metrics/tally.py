"""What was got of what was to be had: the one form in which every score of a page is kept.

Notable:
- A score over pages is the sum of what was got by the sum of what was to be had, never a mean of means, so any set of
  pages can be scored again from its tallies alone.
- An F1 is a tally too: two hits of the sum of both sides, as 2·TP / (gold + read).
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq


@dataclass(frozen=True, slots=True)
class Tally:
    """got of `of`; both 0 where there was nothing to score."""

    got: float = 0.0
    of: float = 0.0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.got + other.got, self.of + other.of)

    @property
    def score(self) -> float | None:
        """got / of, None where there was nothing to score."""
        return self.got / self.of if self.of else None


def f1_tally(hits: float, gold: float, read: float) -> Tally:
    """The tally whose score is F1: `hits` things agree of `gold` wanted and `read` given."""
    return Tally(2 * hits, gold + read)


def sequence_tally(gold: Sequence[Hashable], read: Sequence[Hashable]) -> Tally:
    """F1 of things that stand in the same order on both sides; symmetric."""
    return f1_tally(LCSseq.similarity(gold, read), len(gold), len(read))
