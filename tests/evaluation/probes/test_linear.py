"""The linear probe finds what an encoder sees and finds nothing in noise."""

import pytest
import torch

from fabeye.evaluation.probes.features import Features
from fabeye.evaluation.probes.linear import (
    BACKGROUND,
    LabelledPatches,
    chance,
    patch_accuracy,
    patch_labels,
    picture_accuracy,
)
from tests.evaluation.probes.conftest import PATCH, pictures


def test_a_visible_difference_is_found(features: Features) -> None:
    assert picture_accuracy(features, pictures(120, 1, 3.0), pictures(60, 2, 3.0)) > 0.9


def test_noise_stays_near_chance(features: Features) -> None:
    train, test = pictures(120, 1, 0.0), pictures(60, 2, 0.0)
    assert chance(test.labels) == 0.5
    assert abs(picture_accuracy(features, train, test) - 0.5) < 0.2


def test_the_class_under_a_patch_is_that_of_its_centre() -> None:
    boxes = [("table", (0.0, 0.0, 0.5, 1.0)), ("title", (0.0, 0.0, 1.0, 0.4))]
    assert patch_labels((2, 4), boxes) == [*["title"] * 4, "table", "table", BACKGROUND, BACKGROUND]


def bright_halves(count: int, seed: int) -> LabelledPatches:
    generator = torch.Generator().manual_seed(seed)
    images = [torch.randn(3, PATCH * 2, PATCH * 4, generator=generator) for _ in range(count)]
    for image in images:
        image[:, :, : PATCH * 2] += 3
    return LabelledPatches(images, [[("figure", (0.0, 0.0, 0.5, 1.0))]] * count)


def test_single_patches_are_told_apart(features: Features) -> None:
    assert patch_accuracy(features, bright_halves(20, 1), bright_halves(10, 2)) > 0.9


def test_a_class_that_was_never_shown_is_left_out(features: Features) -> None:
    train, test = pictures(60, 1, 3.0), pictures(30, 2, 3.0)
    test.labels[0] = "formula"
    assert picture_accuracy(features, train, test) == pytest.approx(1.0, abs=0.1)
