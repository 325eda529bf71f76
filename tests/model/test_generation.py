"""Writing with kept keys and values says what writing from scratch says; beams find what greed misses."""

import pytest
import torch
from torch import Tensor

from fabeye.model import DecoderConfig, EncoderConfig, PretrainConfig, PretrainModel, generate, pack, pack_text
from fabeye.model.generation import prefill, step
from fabeye.objectives.aimv2 import aimv2_losses

PATCH, BOS, EOS = 4, 1, 2
TEXTS = [[3, 4, 5, 2], [6, 2], [2], [7, 7, 7, 7, 7, 2]]
NEVER = -1


@pytest.fixture(scope="module")
def images() -> list[Tensor]:
    generator = torch.Generator().manual_seed(1)
    return [torch.randn(3, PATCH, PATCH * columns, generator=generator) for columns in (2, 3, 4, 5)]


def new_model(depth: int = 1) -> PretrainModel:
    torch.manual_seed(0)
    encoder = EncoderConfig(patch=PATCH, dim=32, depth=1, heads=2)
    decoder = DecoderConfig(dim=32, depth=depth, heads=2, patch=PATCH, vocabulary=10, max_text=8)
    return PretrainModel(PretrainConfig(encoder=encoder, decoder=decoder)).eval()


@pytest.fixture(scope="module")
def model(images: list[Tensor]) -> PretrainModel:
    """Has learned TEXTS by heart, seeing each image whole."""
    model = new_model().train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    packed, text = pack(images, PATCH), pack_text(TEXTS, bos=BOS)
    for _ in range(60):
        optimizer.zero_grad()
        aimv2_losses(model, packed, text, packed.lengths, 0.01).text.backward()
        optimizer.step()
    return model.eval()


def write(model: PretrainModel, images: list[Tensor], most: int = 8, eos: int = EOS, beams: int = 1) -> list[list[int]]:
    return generate(model, pack(images, PATCH), BOS, eos, most, beams)


@pytest.mark.parametrize("beams", [1, 3])
def test_what_was_learned_is_written(model: PretrainModel, images: list[Tensor], beams: int) -> None:
    assert write(model, images, beams=beams) == [ids[:-1] for ids in TEXTS]


@pytest.mark.parametrize("beams", [1, 2])
def test_a_picture_is_read_the_same_alone(model: PretrainModel, images: list[Tensor], beams: int) -> None:
    together = write(model, images[::-1], beams=beams)[::-1]
    assert [write(model, [image], beams=beams)[0] for image in images] == together


@pytest.mark.parametrize(("limit", "length"), [(0, 0), (3, 3), (100, 8)])
def test_writing_stops_at_the_limit_and_at_the_last_position(
    model: PretrainModel, images: list[Tensor], limit: int, length: int
) -> None:
    assert [len(ids) for ids in write(model, images, limit, NEVER)] == [length] * len(images)


def test_steps_with_a_cache_equal_one_pass_without(images: list[Tensor]) -> None:
    model, text = new_model(depth=3).double(), [[1, 5, 6, 7], [1, 8, 3, 4], [1, 9, 9, 9], [1, 4, 4, 4]]
    output = model.encoder([image.double() for image in images])
    image_TE = model.connector(output.tokens_TE)
    flat_S = torch.tensor(text).flatten()
    _, hidden_SE = model.decoder(image_TE, output.lengths, flat_S, [4] * 4)
    wanted = model.decoder.text_head(hidden_SE).float().log_softmax(dim=1).view(4, 4, -1)
    cache = prefill(model.decoder, image_TE, output.lengths, places=4)
    for at in range(4):
        said = step(model.decoder, cache, torch.tensor([row[at] for row in text]))
        torch.testing.assert_close(said, wanted[:, at], rtol=1e-5, atol=1e-5)


def all_texts(model: PretrainModel, image: Tensor, most: int) -> list[tuple[float, list[int]]]:
    """Every text of at most `most` tokens with its mean log probability a token, <eos> included."""
    output = model.encoder([image])
    image_TE = model.connector(output.tokens_TE)
    found: list[tuple[float, list[int]]] = []

    def follow(text: list[int], total: float) -> None:
        cache = prefill(model.decoder, image_TE, output.lengths, most + 1)
        for token in [BOS, *text]:
            said = step(model.decoder, cache, torch.tensor([token]))[0]
        if len(text) < most:
            found.append(((total + float(said[EOS])) / (len(text) + 1), text))
            for token in range(10):
                if token != EOS:
                    follow([*text, token], total + float(said[token]))
        else:
            found.append((total / most, text))

    follow([], 0.0)
    return found


@torch.no_grad()
def test_enough_beams_find_the_likeliest_text_of_all(images: list[Tensor]) -> None:
    model = new_model()
    (found,) = write(model, images[:1], most=3, beams=100)
    ranked = sorted(all_texts(model, images[0], 3), key=lambda one: -one[0])
    assert found == ranked[0][1]
