"""A linear probe: how much of an element's category can be read off a frozen encoder's mean token.

Notable:
- Trained on regions of train documents, tested on regions of gold documents: nothing of the gold set is learned.
- Beside it stand the same encoder untrained and chance, without which an accuracy says nothing.

Shapes: R regions, E width of the encoder.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import RidgeClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor

from fabeye.model import VisionEncoder

BATCH = 8  # regions encoded at the same time; one of them may have thousands of patches


@dataclass(frozen=True, slots=True)
class LabelledCrops:
    """Prepared pictures of regions (CHW) and the category of each."""

    images: list[Tensor]
    categories: list[str]


def probe_accuracy(encoder: VisionEncoder, train: LabelledCrops, test: LabelledCrops, l2: float) -> float:
    """Share of test regions whose category a ridge classifier on frozen features gets right.

    l2: strength of the ridge penalty on standardised features.
    """
    classifier = make_pipeline(StandardScaler(), RidgeClassifier(alpha=l2, solver="svd"))
    classifier.fit(mean_tokens(encoder, train.images), train.categories)
    return float(classifier.score(mean_tokens(encoder, test.images), test.categories))


def chance_accuracy(train: LabelledCrops, test: LabelledCrops) -> float:
    """Share of test regions that have the commonest category of the training regions."""
    commonest = min(Counter(train.categories).items(), key=lambda item: (-item[1], item[0]))[0]
    return test.categories.count(commonest) / len(test.categories)


@torch.no_grad()
def mean_tokens(encoder: VisionEncoder, images: Sequence[Tensor]) -> NDArray[np.float64]:
    """Mean over each picture's tokens, (R, E)."""
    rows = []
    for start in range(0, len(images), BATCH):
        output = encoder(images[start : start + BATCH])
        rows += [tokens.double().mean(dim=0) for tokens in output.per_image()]
    return torch.stack(rows).cpu().numpy()
