"""The attentive probe finds what one token of many tells, which the mean token blurs."""

import torch

from fabeye.evaluation.probes.attentive import attentive_accuracy
from fabeye.evaluation.probes.features import Features, Seen
from fabeye.evaluation.probes.linear import Labelled, picture_accuracy
from tests.evaluation.probes.conftest import pictures

TOKENS, WIDTH = 60, 8


def needle(count: int, seed: int) -> Labelled:
    """Pictures whose first channel is noise but for one marked column, whose sign is the class."""
    generator = torch.Generator().manual_seed(seed)
    labels = ["up" if at % 2 else "down" for at in range(count)]
    images = []
    for label in labels:
        image = torch.randn(1, WIDTH, TOKENS, generator=generator)
        at = int(torch.randint(TOKENS, (1,), generator=generator))
        image[0, :2, at] = torch.tensor([12.0, 6.0 if label == "up" else -6.0])
        images.append(image)
    return Labelled(images, labels)


def columns(images: list[torch.Tensor]) -> list[Seen]:
    return [Seen(image[0].T, (1, image.shape[2])) for image in images]


def test_a_needle_is_found_where_the_mean_hides_it() -> None:
    train, test = needle(200, 1), needle(100, 2)
    attentive = attentive_accuracy(columns, train, test, seed=0)
    assert attentive > 0.9
    assert attentive > picture_accuracy(columns, train, test)


def test_the_same_seed_gives_the_same_score_and_noise_stays_near_chance(features: Features) -> None:
    train, test = pictures(60, 1, 0.0), pictures(60, 2, 0.0)
    first = attentive_accuracy(features, train, test, seed=4)
    assert first == attentive_accuracy(features, train, test, seed=4)
    assert abs(first - 0.5) < 0.25
