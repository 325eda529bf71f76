"""Pictures whose class can be seen, or not at all."""

import pytest
import torch

from fabeye.evaluation.probes.features import Features, encoder_features
from fabeye.evaluation.probes.linear import Labelled
from fabeye.model import EncoderConfig, VisionEncoder

PATCH = 4
CONFIG = EncoderConfig(patch=PATCH, dim=16, depth=1, heads=2)


@pytest.fixture
def features() -> Features:
    torch.manual_seed(0)
    return encoder_features(VisionEncoder(CONFIG).eval())


def pictures(count: int, seed: int, told: float) -> Labelled:
    """Pictures of two classes, a third of them titles; titles are brighter by `told`."""
    generator = torch.Generator().manual_seed(seed)
    labels = ["title" if at % 3 == 0 else "text_block" for at in range(count)]
    images = [
        torch.randn(3, PATCH, PATCH * (1 + at % 4), generator=generator) + told * (label == "title")
        for at, label in enumerate(labels)
    ]
    return Labelled(images, labels)
