"""The probe finds what an encoder sees and finds nothing in noise."""

import pytest
import torch

from fabeye.evaluation.probe import LabelledCrops, chance_accuracy, mean_tokens, probe_accuracy
from fabeye.model import EncoderConfig, VisionEncoder

PATCH = 4


@pytest.fixture
def encoder() -> VisionEncoder:
    torch.manual_seed(0)
    return VisionEncoder(EncoderConfig(patch=PATCH, dim=16, depth=1, heads=2)).eval()


def crops(count: int, seed: int, told: float) -> LabelledCrops:
    """Crops of two categories, a third of them titles; titles are brighter by `told`."""
    generator = torch.Generator().manual_seed(seed)
    categories = ["title" if at % 3 == 0 else "text_block" for at in range(count)]
    images = [
        torch.randn(3, PATCH, PATCH * (1 + at % 4), generator=generator) + told * (category == "title")
        for at, category in enumerate(categories)
    ]
    return LabelledCrops(images, categories)


def test_a_visible_difference_is_found(encoder: VisionEncoder) -> None:
    assert probe_accuracy(encoder, crops(120, 1, 3.0), crops(60, 2, 3.0), 1.0) > 0.9


def test_noise_stays_near_chance(encoder: VisionEncoder) -> None:
    train, test = crops(120, 1, 0.0), crops(60, 2, 0.0)
    assert chance_accuracy(train, test) == pytest.approx(2 / 3)
    assert abs(probe_accuracy(encoder, train, test, 1.0) - 2 / 3) < 0.2


def test_features_do_not_depend_on_the_batch(encoder: VisionEncoder) -> None:
    images = crops(11, 3, 0.0).images
    together = mean_tokens(encoder, images)
    assert together.shape == (11, 16)
    for image, row in zip(images, together, strict=True):
        assert mean_tokens(encoder, [image])[0] == pytest.approx(row, abs=1e-6)
