"""What a timing diagram says: rows of signals over clock edges, and parameters that span edges.

Notable:
- Time is counted in true clocks, in which a latency of 40 is 40. Only the windows around events are drawn; what lies
  between two windows is left out at a time break, and the edges behind it take the next letter: T0 T1, Ta0 Ta1, Tb0.
- A moment between edges is named by the edge before it and the share of a clock that has passed: "Ta3+0.5" is the
  falling edge after Ta3.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

LETTERS = "abcdefgh"  # one for each time break
TOUCHING = 1  # clocks between windows that are not worth a time break


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a signal, in clocks.

    state: valid, data, dont_care, hi_z, high, low, preamble, toggle or postamble. label: what is written in it.
    sampled: True for a word on a bus that is read at the one edge in its middle.
    """

    start: float
    end: float
    state: str
    label: str = ""
    sampled: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A signal; its segments follow each other without gap."""

    name: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A parameter between two moments in clocks; `label` is what is written, such as "n_{RCD} = 22"."""

    parameter: str
    start: float
    end: float
    label: str

    @property
    def clocks(self) -> float:
        """Its length."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class TimingChart:
    """windows: (first, last) clock of each stretch that is drawn, in order. derived: numbers the chart obeys."""

    kind: str
    rows: tuple[Row, ...]
    spans: tuple[Span, ...]
    windows: tuple[tuple[int, int], ...]
    derived: dict[str, int]
    notes: tuple[str, ...] = field(default=())

    @property
    def edges(self) -> list[int]:
        """The clocks whose rising edges are drawn."""
        return [clock for first, last in self.windows for clock in range(first, last + 1)]

    @property
    def names(self) -> list[str]:
        """The names of these edges."""
        return [name for number, window in enumerate(self.windows) for name in _names(number, window)]

    def place(self, clock: float) -> float:
        """Where a moment is drawn, in cells from the left; edge number n lies at n + 0.5.

        All moments that are left out at a time break lie at one point.
        """
        number = max(0, bisect_right([first - 0.5 for first, _ in self.windows], clock) - 1)
        before = sum(last - first + 1 for first, last in self.windows[:number])
        first, last = self.windows[number]
        return before + min(max(clock - first + 0.5, 0.0), last - first + 1)

    def clear(self, start: float, end: float) -> tuple[float, float]:
        """The longest drawn part of a stretch, where a word is not cut by a time break."""
        parts = [(max(start, first - 0.5), min(end, last + 0.5)) for first, last in self.windows]
        return max(parts, key=lambda part: part[1] - part[0])

    def moment(self, clock: float) -> str:
        """The name of a moment, such as "Ta3" or "Ta3+0.5"."""
        edges = self.edges
        number = max(0, bisect_right(edges, clock) - 1)
        rest = clock - edges[number]
        return self.names[number] if rest == 0 else f"{self.names[number]}{rest:+g}"


def merged(windows: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Windows in order, those that meet or nearly meet made one."""
    kept: list[tuple[int, int]] = []
    for first, last in sorted(windows):
        if kept and first - kept[-1][1] - 1 <= TOUCHING:
            kept[-1] = (kept[-1][0], max(kept[-1][1], last))
        else:
            kept.append((first, last))
    return tuple(kept)


def _names(number: int, window: tuple[int, int]) -> list[str]:
    letter = LETTERS[number - 1] if number else ""
    return [f"T{letter}{count}" for count in range(window[1] - window[0] + 1)]
