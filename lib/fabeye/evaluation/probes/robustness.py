"""What a change of the picture costs: the probe learns on clean pictures and is tested on changed ones.

Notable:
- The probe is fitted once on clean features, as a user's would be; only the tested pictures change.
- A change is a function from picture to picture (CHW), given by the caller with its name, such as "half size".
"""

from collections.abc import Callable, Mapping

import torch.nn.functional as F
from torch import Tensor

from .features import Features
from .linear import Labelled, picture_accuracy

Change = Callable[[Tensor], Tensor]
WHITE = 1.0  # paper, as prepare_image() scales pixels to -1 .. 1


def accuracy_under(
    changes: Mapping[str, Change], features: Features, train: Labelled, test: Labelled
) -> dict[str, float]:
    """Balanced accuracy of the linear probe on each kind of changed test picture."""
    return {
        name: picture_accuracy(features, train, Labelled([change(one) for one in test.images], test.labels))
        for name, change in changes.items()
    }


def resized(share: float, patch: int) -> Change:
    """The picture at `share` of its sides, padded with white to whole patches of `patch` pixels."""

    def change(image_CHW: Tensor) -> Tensor:
        _, height, width = image_CHW.shape
        size = (max(1, round(height * share)), max(1, round(width * share)))
        small = F.interpolate(image_CHW[None], size=size, mode="bicubic", antialias=True)[0].clamp(-1, 1)
        return F.pad(small, (0, -size[1] % patch, 0, -size[0] % patch), value=WHITE)

    return change
