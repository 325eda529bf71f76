"""Which predicted lines belong to which gold lines, where a reader may have split or joined them.

Notable:
- The steps are those of OmniDocBench's quick match: near pairs are fixed; neighbours that together are nearer to a
  gold line are joined; an assignment of least cost; far pairs are let go; gold lines that occur inside a predicted
  line join its pair; what is left is assigned once more.
- There is no time limit: the answer depends on the lines alone. The slow step is done in compiled code.
- Costs are exact quotients of whole numbers, so that ties fall as they fall there.

Shapes: G gold lines, P predicted lines.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist
from scipy.optimize import linear_sum_assignment

from fabeye.metrics.windows import closest_window

NEAR = 0.25  # below this a pair is beyond doubt
FAR = 0.7  # above this an assigned pair is let go
PART = 0.6  # a piece of a gold line must occur in it at least this well
INSIDE = 0.4  # a gold line must occur in a predicted line better than this

Costs = NDArray[np.float64]
Joined = tuple[int, ...]  # neighbouring predicted lines that count as one


@dataclass(frozen=True, slots=True)
class LineMatch:
    """Indices of gold lines and of the predicted lines that were found for them; one side may be empty.

    cost: their distance as the evaluator reckons it; 1 for what was left over, however near it is.
    """

    gold: tuple[int, ...]
    predicted: tuple[int, ...]
    cost: float = field(default=1.0, compare=False)


@dataclass(slots=True)
class _Path:
    """Joins that do not overlap, with the distance of each."""

    joins: dict[Joined, float] = field(default_factory=dict)

    def takes(self, join: Joined, cost: float) -> bool:
        """Take a join up, or the cheaper of two that are the same; False where it overlaps another."""
        if join in self.joins:
            if cost < self.joins[join]:
                del self.joins[join]
                self.joins[join] = cost
            return True
        if any(set(join) & set(other) for other in self.joins):
            return False
        self.joins[join] = cost
        return True

    @property
    def mean(self) -> float:
        return sum(self.joins.values()) / len(self.joins)


def match_lines(gold: Sequence[str], predicted: Sequence[str], whole: Collection[int] = ()) -> list[LineMatch]:
    """Each gold line stands in one match; a predicted line that nobody wants stands in one without gold, or in none.

    The lines are normalised already and none is empty. whole: gold lines that are not sought inside predicted ones.
    """
    costs = cost_matrix(gold, predicted)
    if costs.shape == (1, 1):
        return [LineMatch((0,), (0,), float(costs[0, 0]))]
    assigned = _assigned(costs, gold, predicted)
    found = _with_contained(assigned, gold, predicted, whole)
    matched = [(join, rows, _cost(join, rows, gold, predicted)) for join, rows in found.items()]
    leftovers = [(join, rows, 1.0) for join, rows in _leftovers(found, gold, predicted)]
    return _one_each([*matched, *leftovers], len(gold))


def cost_matrix(gold: Sequence[str], predicted: Sequence[str]) -> Costs:
    """Levenshtein distance of every pair by the longer one's length; 0 for two empty lines: (G, P)."""
    if not gold or not predicted:
        return np.zeros((len(gold), len(predicted)))
    distances = cdist(gold, predicted, scorer=Levenshtein.distance, dtype=np.int32)
    longer = np.maximum.outer([len(line) for line in gold], [len(line) for line in predicted])
    return distances / np.maximum(longer, 1)


def _assigned(costs: Costs, gold: Sequence[str], predicted: Sequence[str]) -> dict[Joined, list[int]]:
    """Predicted lines -> gold lines, one to one, after neighbours were joined; far pairs are left out."""
    columns: list[Joined] = [(index,) for index in range(len(predicted))]
    joins = _joins(costs, gold, predicted)
    if joins:
        swallowed = {index for join in joins for index in join}
        columns = sorted([*joins, *(column for column in columns if column[0] not in swallowed)])
        costs = cost_matrix(gold, [" ".join(predicted[index] for index in column) for column in columns])
    rows, chosen = linear_sum_assignment(costs)
    pairs = zip(rows.tolist(), chosen.tolist(), strict=True)
    return {columns[column]: [row] for row, column in pairs if costs[row, column] <= FAR}


def _joins(costs: Costs, gold: Sequence[str], predicted: Sequence[str]) -> list[Joined]:
    """The runs of free predicted lines that are nearest to the gold lines without a near partner; none overlap."""
    settled = costs < NEAR
    open_gold = np.flatnonzero(~settled.any(axis=1)).tolist()
    free = np.flatnonzero(~settled.any(axis=0)).tolist()
    if not free:
        return []
    best, among = [], set(free)
    for row in open_gold:
        runs = [_run(gold[row], start, among, predicted) for start in free]
        lines = [" ".join(predicted[index] for index in run) for run in runs]
        distances = cost_matrix([gold[row]], lines)[0]
        nearest = int(distances.argmin())
        best.append((runs[nearest], float(distances[nearest])))
    return [join for group in _overlapping(best) for join in _cheapest(group)]


def _run(line: str, start: int, free: set[int], predicted: Sequence[str]) -> Joined:
    """From `start` on, as many free neighbours as bring the joined text nearer to `line`."""
    end = start + 1
    while end in free and _is_nearer(line, predicted[start:end], predicted[end]):
        end += 1
        if sum(map(len, predicted[start:end])) + end - start - 1 > len(line):
            break
    return tuple(range(start, end))


def _is_nearer(line: str, parts: Sequence[str], added: str) -> bool:
    without = " ".join(parts)
    before = Levenshtein.distance(line, without) / max(len(line), len(without))
    joined = f"{without} {added}"
    if Levenshtein.distance(line, joined) / max(len(line), len(joined)) > before:
        return False
    return all(_occurrence(line, part) <= PART for part in parts) and _occurrence(line, added) < PART


def _occurrence(text: str, part: str) -> float:
    """How far the best window of `text` is from `part`, by the part's length; above PART it is not exact."""
    if not part or len(text) < len(part):
        return 1.0
    return closest_window(text, part, int(PART * len(part)) + 1) / len(part)


def _overlapping(joins: list[tuple[Joined, float]]) -> list[list[tuple[Joined, float]]]:
    """Groups of joins that share predicted lines, in the order of their first lines."""
    groups: list[list[tuple[Joined, float]]] = []
    for join in sorted(joins, key=lambda one: one[0][0]):
        if groups and any(set(join[0]) & set(other) for other, _ in groups[-1]):
            groups[-1].append(join)
        else:
            groups.append([join])
    return groups


def _cheapest(group: list[tuple[Joined, float]]) -> list[Joined]:
    """Of the ways to choose joins that do not overlap, taken greedily, the one with the least mean distance."""
    paths: list[_Path] = []
    for join, cost in group:
        taken = [path.takes(join, cost) for path in paths]  # every path that can takes it, not the first alone
        if not any(taken):
            paths.append(_Path({join: cost}))
    return list(min(paths, key=lambda path: path.mean).joins)


def _cost(join: Joined, rows: Sequence[int], gold: Sequence[str], predicted: Sequence[str]) -> float:
    """The distance of a match; of several gold lines, that from the first predicted line alone."""
    if not rows:
        return 1.0
    lines = "".join(gold[row] for row in sorted(rows))
    read = predicted[join[0]] if len(rows) > 1 else " ".join(predicted[index] for index in join)
    return Levenshtein.distance(lines, read) / max(len(lines), len(read))


def _with_contained(
    assigned: dict[Joined, list[int]], gold: Sequence[str], predicted: Sequence[str], whole: Collection[int]
) -> dict[Joined, list[int]]:
    """Add each gold line without a partner to the first predicted line that it occurs in."""
    found = {join: list(rows) for join, rows in assigned.items()}
    partnered = {row for rows in found.values() for row in rows}
    alone = [row for row in range(len(gold)) if row not in partnered and row not in whole]
    for index, line in enumerate(predicted):
        inside = [row for row in alone if _is_inside(gold[row], line)]
        if inside:  # also where an earlier line has them all: this one then counts as matched, by nothing
            found.setdefault((index,), []).extend(row for row in inside if row not in partnered)
            partnered.update(inside)
    return found


def _is_inside(line: str, text: str) -> bool:
    if len(text) < len(line):
        return False
    return closest_window(text, line, int(INSIDE * len(line))) / len(line) < INSIDE


def _leftovers(
    found: dict[Joined, list[int]], gold: Sequence[str], predicted: Sequence[str]
) -> list[tuple[Joined, list[int]]]:
    """What nobody matched, assigned once more however far; predicted lines without any gold line left, as one match."""
    # Sets on purpose, not sorted lists: ties are broken by their order, which for numbers is the same on every machine.
    rows = set(range(len(gold))) - {row for rows in found.values() for row in rows}
    columns = set(range(len(predicted))) - {index for join in found for index in join}
    if not columns:
        return []
    if not rows:
        return [(tuple(columns), [])]
    lines, others = list(rows), list(columns)
    costs = cost_matrix([gold[row] for row in lines], [predicted[column] for column in others])
    pairs = zip(*linear_sum_assignment(costs), strict=True)
    return [((others[column],), [lines[row]]) for row, column in pairs]


def _one_each(matches: list[tuple[Joined, list[int], float]], gold: int) -> list[LineMatch]:
    """The matches, and each gold line that stands in none by itself."""
    known = [LineMatch(tuple(sorted(rows)), join, cost) for join, rows, cost in matches]
    seen = {row for match in known for row in match.gold}
    return known + [LineMatch((row,), ()) for row in range(gold) if row not in seen]
