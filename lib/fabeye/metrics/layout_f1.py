"""F1 of layout boxes: what a parser that gives each box once, without a confidence, is measured by.

Notable:
- A box is found when a predicted box of its class overlaps it enough; each predicted box finds one.
- At one overlap, or as the mean over 0.50, 0.55, ... 0.95, as average precision is given.

Shapes: boxes are (x0, y0, x1, y1) in pixels; G gold boxes, P predicted ones.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from fabeye.metrics.tally import Tally, f1_tally

Box = tuple[float, float, float, float]
Labelled = tuple[str, Box]  # class, box

LOOSE = 0.5  # intersection over union at which a box counts as found
OVERLAPS = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))


def layout_tally(gold: Sequence[Labelled], read: Sequence[Labelled], overlap: float = LOOSE) -> Tally:
    """F1 of one page's boxes over all classes; symmetric."""
    return sum(layout_tallies(gold, read, overlap).values(), Tally())


def layout_tallies(gold: Sequence[Labelled], read: Sequence[Labelled], overlap: float = LOOSE) -> dict[str, Tally]:
    """The same by class, for every class that stands on either side."""
    classes = sorted({label for label, _ in (*gold, *read)})
    return {label: _class_tally(_of(label, gold), _of(label, read), overlap) for label in classes}


def mean_layout_tallies(gold: Sequence[Labelled], read: Sequence[Labelled]) -> dict[str, Tally]:
    """F1 by class as the mean over the overlaps 0.50 to 0.95."""
    totals: dict[str, Tally] = {}
    for overlap in OVERLAPS:
        for label, tally in layout_tallies(gold, read, overlap).items():
            totals[label] = totals.get(label, Tally()) + tally
    return {label: Tally(total.got / len(OVERLAPS), total.of / len(OVERLAPS)) for label, total in totals.items()}


def overlaps(gold: Sequence[Box], read: Sequence[Box]) -> NDArray[np.float64]:
    """Intersection over union of each pair, (G, P); 0 where a box has no area."""
    one = np.array(gold, np.float64).reshape(-1, 1, 4)
    other = np.array(read, np.float64).reshape(1, -1, 4)
    sides = np.minimum(one[..., 2:], other[..., 2:]) - np.maximum(one[..., :2], other[..., :2])
    shared = np.clip(sides, 0, None).prod(axis=-1)
    union = _areas(one) + _areas(other) - shared
    return np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)


def _areas(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.clip(boxes[..., 2:] - boxes[..., :2], 0, None).prod(axis=-1)


def _of(label: str, boxes: Sequence[Labelled]) -> list[Box]:
    return [box for name, box in boxes if name == label]


def _class_tally(gold: list[Box], read: list[Box], overlap: float) -> Tally:
    found = overlaps(gold, read) >= overlap
    rows, columns = linear_sum_assignment(found, maximize=True)
    return f1_tally(int(found[rows, columns].sum()), len(gold), len(read))
