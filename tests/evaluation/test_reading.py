"""Greedy reading: what a trained decoder writes, and that a batch changes nothing."""

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor

from fabeye.evaluation.reading import read_greedily
from fabeye.model import DecoderConfig, EncoderConfig, PretrainConfig, PretrainModel, pack, pack_text
from fabeye.objectives.aimv2 import aimv2_losses

PATCH = 4
TEXTS = [[3, 4, 5, 2], [6, 2], [2], [7, 7, 7, 7, 7, 2]]


class Letters:
    """A vocabulary of single letters behind <pad>, <bos>, <eos>."""

    bos, eos = 1, 2

    def decode(self, ids: Sequence[int]) -> str:
        return "".join(chr(ord("a") + token) for token in ids)


@pytest.fixture(scope="module")
def images() -> list[Tensor]:
    generator = torch.Generator().manual_seed(1)
    return [torch.randn(3, PATCH, PATCH * columns, generator=generator) for columns in (2, 3, 4, 5)]


@pytest.fixture(scope="module")
def model(images: list[Tensor]) -> PretrainModel:
    """Has learned TEXTS by heart, seeing each image whole."""
    torch.manual_seed(0)
    encoder = EncoderConfig(patch=PATCH, dim=32, depth=1, heads=2)
    decoder = DecoderConfig(dim=32, depth=1, heads=2, patch=PATCH, vocabulary=10, max_text=8)
    model = PretrainModel(PretrainConfig(encoder=encoder, decoder=decoder))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    packed, text = pack(images, PATCH), pack_text(TEXTS, bos=1)
    for _ in range(60):
        optimizer.zero_grad()
        aimv2_losses(model, packed, text, packed.lengths, 0.01).text.backward()
        optimizer.step()
    return model.eval()


def test_what_was_learned_is_read_back(model: PretrainModel, images: list[Tensor]) -> None:
    assert read_greedily(model, images, Letters(), 8) == [ids[:-1] for ids in TEXTS]


def test_a_region_is_read_the_same_alone(model: PretrainModel, images: list[Tensor]) -> None:
    together = read_greedily(model, images[::-1], Letters(), 8)[::-1]
    assert [read_greedily(model, [image], Letters(), 8)[0] for image in images] == together


@pytest.mark.parametrize(("limit", "length"), [(0, 0), (3, 3), (100, 8)])
def test_reading_stops_at_the_limit_and_at_the_last_position(
    model: PretrainModel, images: list[Tensor], limit: int, length: int
) -> None:
    never = Letters()
    never.eos = -1
    assert [len(ids) for ids in read_greedily(model, images, never, limit)] == [length] * len(images)
