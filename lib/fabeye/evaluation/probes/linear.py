"""The linear probe: a ridge classifier in closed form on the mean token of each picture, or on single patches.

Notable:
- No step size, no seed, no early stop: the same features give the same score, so it can run during training.
- The penalty is the one of PENALTIES that leaves out one example best, also in closed form: one penalty for all would
  favour encoders of the width that it suits.
- Trained on train documents and tested on gold documents: nothing of the gold set is learned.
- A score without chance and an untrained encoder beside it says nothing; callers ask for all three.

Shapes: R rows (pictures or patches), D numbers each.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import RidgeClassifierCV
from sklearn.metrics import recall_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor

from .features import Features, Seen

PENALTIES = tuple(10.0**power for power in range(-1, 6))  # on standardised features
MOST_PATCHES = 4000  # of a part; of more, every so manieth is taken
BACKGROUND = "background"  # a patch on which no element lies


@dataclass(frozen=True, slots=True)
class Labelled:
    """Prepared pictures (CHW) and the class of each."""

    images: list[Tensor]
    labels: list[str]


@dataclass(frozen=True, slots=True)
class LabelledPatches:
    """Prepared pictures (CHW) and, for each, a function's worth of classes: boxes (x0, y0, x1, y1) as shares of it."""

    images: list[Tensor]
    boxes: list[list[tuple[str, tuple[float, float, float, float]]]]


def picture_accuracy(features: Features, train: Labelled, test: Labelled) -> float:
    """Balanced accuracy (mean recall over the classes of `test`) of a ridge classifier on mean tokens."""
    rows = [_stacked([one.mean for one in features(part.images)]) for part in (train, test)]
    return _ridge_accuracy(rows[0], train.labels, rows[1], test.labels)


def patch_accuracy(features: Features, train: LabelledPatches, test: LabelledPatches) -> float:
    """Balanced accuracy over single patches: which layout class lies under a patch's centre."""
    (rows, labels), (test_rows, test_labels) = (_patches(features, part) for part in (train, test))
    return _ridge_accuracy(rows, labels, test_rows, test_labels)


def balanced_accuracy(truth: Sequence[str], said: Sequence[str]) -> float:
    """Mean over the classes that occur of the share of each that is told right; what else is said is just wrong."""
    return float(recall_score(truth, said, labels=sorted(set(truth)), average="macro", zero_division=0))


def chance(labels: Sequence[str]) -> float:
    """Balanced accuracy of always saying the same class."""
    return 1 / len(Counter(labels))


def patch_labels(grid: tuple[int, int], boxes: Sequence[tuple[str, tuple[float, float, float, float]]]) -> list[str]:
    """The class under the centre of each patch, row by row; where boxes overlap, the later one."""
    rows, columns = grid
    labels = [BACKGROUND] * (rows * columns)
    for label, (x0, y0, x1, y1) in boxes:
        for row in range(rows):
            if not y0 <= (row + 0.5) / rows < y1:
                continue
            for column in range(columns):
                if x0 <= (column + 0.5) / columns < x1:
                    labels[row * columns + column] = label
    return labels


def _patches(features: Features, part: LabelledPatches) -> tuple[NDArray[np.float64], list[str]]:
    seen = features(part.images)
    labels = [label for one, boxes in zip(seen, part.boxes, strict=True) for label in patch_labels(one.grid, boxes)]
    step = -(-len(labels) // MOST_PATCHES)
    return torch.cat([one.tokens_ND.double() for one in seen])[::step].cpu().numpy(), labels[::step]


def _ridge_accuracy(
    rows_RD: NDArray[np.float64], labels: Sequence[str], test_RD: NDArray[np.float64], truth: Sequence[str]
) -> float:
    classifier = make_pipeline(StandardScaler(), RidgeClassifierCV(alphas=PENALTIES))
    classifier.fit(rows_RD, labels)
    said = classifier.predict(test_RD)
    known = set(labels)
    kept = [at for at, label in enumerate(truth) if label in known]  # a class never shown cannot be known
    return balanced_accuracy([truth[at] for at in kept], [said[at] for at in kept])


def _stacked(rows: Sequence[Tensor]) -> NDArray[np.float64]:
    return torch.stack(list(rows)).cpu().numpy()


def mean_rows(seen: Sequence[Seen]) -> NDArray[np.float64]:
    """Mean tokens of pictures, (R, D)."""
    return _stacked([one.mean for one in seen])
