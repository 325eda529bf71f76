"""Read formulas paired with gold ones in reading order, neighbours joined where that is nearer, as by v16.

Notable:
- The cheapest way from both beginnings to both ends: leave a gold formula out (1), leave a read one out (1), or pair a
  gold formula with some neighbours (their distance). Equal ways: fewer wrong characters, then fewer inline formulas.

Shapes: G gold formulas, P read ones.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from fabeye.evaluation.official.pieces import FORMULA, INLINE

SAME = 1e-12
MOST_JOINED, MOST_WHERE_COUNTS_DIFFER = 10, 12
MANY = 4  # read formulas from which on one may be passed over between two that are joined


@dataclass(frozen=True, slots=True)
class _State:
    """Costs of a way so far, and its last step: where it came from and what it paired."""

    cost: float
    wrong: int
    length: int
    inline: int
    gold: int = -1
    read: int = -1
    joined: tuple[int, ...] | None = None

    def beats(self, other: "_State | None") -> bool:
        if other is None or abs(self.cost - other.cost) > SAME:
            return other is None or self.cost < other.cost
        if self.length and other.length:
            mine, theirs = self.wrong * other.length, other.wrong * self.length
            if mine != theirs:
                return mine < theirs
        elif self.length or other.length:
            return self.length > 0
        return self.inline < other.inline


def ordered_pairs(
    gold: Sequence[str], read: Sequence[str], categories: Sequence[str], sources: Sequence[Hashable], gaps: bool
) -> list[tuple[int, ...] | None] | None:
    """For each gold formula the read ones, None where there is none; None where either side is empty.

    gaps: neighbours may have others between them.
    """
    if not gold or not read:
        return None
    runs = [list(_runs(start, len(gold), read, categories, sources, gaps)) for start in range(len(read))]
    table: list[list[_State | None]] = [[None] * (len(read) + 1) for _ in range(len(gold) + 1)]
    table[0][0] = _State(0.0, 0, 0, 0)
    for row in range(len(gold) + 1):
        for column in range(len(read) + 1):
            _spread(table, row, column, gold, read, categories, runs)
    return _walked(table)


def _spread(
    table: list[list[_State | None]],
    row: int,
    column: int,
    gold: Sequence[str],
    read: Sequence[str],
    categories: Sequence[str],
    runs: Sequence[Sequence[tuple[int, ...]]],
) -> None:
    """Every step from one place of the table."""
    state = table[row][column]
    if state is None:
        return
    left_out = _State(state.cost + 1.0, state.wrong, state.length, state.inline, row, column)
    if column < len(read) and left_out.beats(table[row][column + 1]):
        table[row][column + 1] = left_out
    if row < len(gold) and left_out.beats(table[row + 1][column]):
        table[row + 1][column] = left_out
    for run in runs[column] if row < len(gold) and column < len(read) else ():
        text = " ".join(read[one] for one in run).strip()
        if not text:
            continue
        length = max(len(gold[row]), len(text))
        wrong = Levenshtein.distance(gold[row], text)
        inline = state.inline + (len(run) == 1 and categories[run[0]] == INLINE)
        paired = _State(
            state.cost + wrong / length, state.wrong + wrong, state.length + length, inline, row, column, run
        )
        if paired.beats(table[row + 1][run[-1] + 1]):
            table[row + 1][run[-1] + 1] = paired


def _walked(table: list[list[_State | None]]) -> list[tuple[int, ...] | None] | None:
    row, column = len(table) - 1, len(table[0]) - 1
    pairs: list[tuple[int, ...] | None] = []
    while row or column:
        state = table[row][column]
        if state is None:
            return None
        if state.gold < row:
            pairs.append(state.joined)
        row, column = state.gold, state.read
    return pairs[::-1]


def _runs(
    start: int, gold: int, read: Sequence[str], categories: Sequence[str], sources: Sequence[Hashable], gaps: bool
) -> Iterator[tuple[int, ...]]:
    """What may be joined from a read formula on: lines of one formula, or neighbours that are all set apart."""
    most = min(len(read), MOST_WHERE_COUNTS_DIFFER if gold > 1 and abs(gold - len(read)) >= 2 else MOST_JOINED)
    skips = _most_skips(gold, len(read)) if gaps else 0
    end = min(len(read), start + (min(len(read), most + 2) if gaps else most))
    waiting: list[tuple[tuple[int, ...], int]] = [((start,), skips)]
    while waiting:
        run, left = waiting.pop()
        if len(run) == 1 or _may_join(run, categories, sources):
            yield run
        if len(run) < most:
            ahead = range(run[-1] + 1, min(end, run[-1] + 2 + left))
            waiting += [((*run, one), left - (one - run[-1] - 1)) for one in reversed(ahead)]


def _most_skips(gold: int, read: int) -> int:
    if abs(gold - read) >= 3:
        return 2
    return 1 if abs(gold - read) >= 1 or read >= MANY else 0


def _may_join(run: tuple[int, ...], categories: Sequence[str], sources: Sequence[Hashable]) -> bool:
    if len({sources[one] for one in run}) == 1:
        return True
    return run[-1] - run[0] + 1 == len(run) and all(categories[one] == FORMULA for one in run)
