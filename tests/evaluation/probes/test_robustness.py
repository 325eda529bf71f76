"""Changes touch the tested pictures only, and a change that hides the class is seen in the score."""

import pytest
import torch

from fabeye.evaluation.probes.features import Features
from fabeye.evaluation.probes.robustness import accuracy_under, resized
from tests.evaluation.probes.conftest import PATCH, pictures


def test_a_change_that_hides_the_class_costs_all(features: Features) -> None:
    changes = {"as it is": lambda image: image, "blank": torch.zeros_like}
    scores = accuracy_under(changes, features, pictures(120, 1, 3.0), pictures(60, 2, 3.0))
    assert scores["as it is"] > 0.9
    assert scores["blank"] == 0.5


@pytest.mark.parametrize("share", [0.5, 0.3])
def test_a_smaller_picture_keeps_whole_patches_and_pads_with_paper(share: float) -> None:
    small = resized(share, PATCH)(torch.zeros(3, 20, 40))
    assert small.shape[1] % PATCH == small.shape[2] % PATCH == 0
    assert small.shape[1] - round(20 * share) < PATCH
    assert small[:, round(20 * share) :].eq(1).all()
