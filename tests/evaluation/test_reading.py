"""Reading regions: what a trained decoder writes, under whose name and in which order."""

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor

from fabeye.evaluation.reading import read_regions
from fabeye.evaluation.regions import Region
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


def region(name: str) -> Region:
    box = (0.0, 0.0, 8.0, 4.0)
    return Region(region_id=name, page_id="p", family="jedec", language="en", category="title", box=box, text="def")


def test_what_was_learned_is_read_back_in_order(model: PretrainModel, images: list[Tensor]) -> None:
    crops = [(region(str(at)), image) for at, image in enumerate(images)]
    readings = read_regions("v1.0", model, Letters(), crops, 8)
    assert [(one.region_id, one.reader, one.truth) for one in readings] == [(str(at), "v1.0", "def") for at in range(4)]
    assert [one.text for one in readings] == [Letters().decode(ids[:-1]) for ids in TEXTS]
