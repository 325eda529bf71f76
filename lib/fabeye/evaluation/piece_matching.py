"""Which pieces of a reading stand for which pieces of the truth, wherever a reader put its line ends.

Notable:
- First the assignment of least total distance, pairs that share less than half their letters let go. Then each piece
  that is left over joins the pair of its neighbour if that brings the two sides nearer: a sentence that was cut in two,
  or two lines that were read as one, heal.
- The answer depends on the texts alone; the order of pieces counts only for who is whose neighbour.

Shapes: G gold pieces, P predicted pieces.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist
from scipy.optimize import linear_sum_assignment

FAR = 0.5  # share of the longer text; a pair that differs in more is no pair
TIE = 1e-6  # what a rank's difference adds to a distance, so that equal texts pair in their order


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring gold pieces and neighbouring predicted pieces that stand for each other; one side may be empty."""

    gold: tuple[int, ...]
    read: tuple[int, ...]


def match_pieces(gold: Sequence[str], read: Sequence[str]) -> list[Run]:
    """Every piece in exactly one run: the matched runs, then gold pieces alone, then predicted ones alone."""
    runs = [Run((row,), (column,)) for row, column in _assigned(gold, read)]
    free_gold = set(range(len(gold))) - {row for run in runs for row in run.gold}
    free_read = set(range(len(read))) - {column for run in runs for column in run.read}
    healed = [_healed(run, gold, read, free_gold, free_read) for run in runs]
    alone = [Run((row,), ()) for row in sorted(free_gold)] + [Run((), (column,)) for column in sorted(free_read)]
    return healed + alone


def joined(texts: Sequence[str], chosen: Sequence[int]) -> str:
    """The chosen pieces as one text."""
    return " ".join(texts[one] for one in chosen)


def _assigned(gold: Sequence[str], read: Sequence[str]) -> list[tuple[int, int]]:
    if not gold or not read:
        return []
    far = cdist(gold, read, scorer=Levenshtein.normalized_distance, dtype=np.float32).astype(np.float64)
    places = np.abs(np.linspace(0, 1, len(gold))[:, None] - np.linspace(0, 1, len(read))[None, :])
    rows, columns = linear_sum_assignment(np.where(far > FAR, 1.0, far) + TIE * places)
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if far[row, column] <= FAR]


def _healed(run: Run, gold: Sequence[str], read: Sequence[str], free_gold: set[int], free_read: set[int]) -> Run:
    """The run with every free neighbour that brings its two sides nearer; takes them out of the free ones."""
    errors = _errors(run, gold, read)
    while errors:
        best = min(_grown(run, free_gold, free_read), key=lambda one: _errors(one, gold, read), default=run)
        if (fewer := _errors(best, gold, read)) >= errors:
            break
        run, errors = best, fewer
        free_gold.difference_update(run.gold)
        free_read.difference_update(run.read)
    return run


def _grown(run: Run, free_gold: set[int], free_read: set[int]) -> list[Run]:
    """The run with one free neighbour more, on each side and end where there is one."""
    before, after = run.gold[0] - 1, run.gold[-1] + 1
    first, last = run.read[0] - 1, run.read[-1] + 1
    return [
        *([Run((before, *run.gold), run.read)] if before in free_gold else []),
        *([Run((*run.gold, after), run.read)] if after in free_gold else []),
        *([Run(run.gold, (first, *run.read))] if first in free_read else []),
        *([Run(run.gold, (*run.read, last))] if last in free_read else []),
    ]


def _errors(run: Run, gold: Sequence[str], read: Sequence[str]) -> int:
    return Levenshtein.distance(joined(gold, run.gold), joined(read, run.read))
