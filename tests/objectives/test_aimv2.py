"""The objective: what is counted, that it cannot cheat, and that it can be learned."""

import pytest
import torch

from fabeye.model import (
    DecoderConfig,
    EncoderConfig,
    PackedImages,
    PackedText,
    PretrainConfig,
    PretrainModel,
    pack,
    pack_text,
)
from fabeye.objectives.aimv2 import aimv2_losses
from fabeye.objectives.sums import count_targets, pixel_targets

PATCH, FLOOR = 4, 0.01
SIZES = [(2, 3), (1, 1), (4, 2), (1, 5)]
TEXTS = [[5, 6, 7, 2], [2], [9, 2], [4, 4, 4]]
PREFIXES: tuple[int, ...] = (2, 1, 5, 1)


@pytest.fixture
def model() -> PretrainModel:
    torch.manual_seed(0)
    encoder = EncoderConfig(patch=PATCH, dim=32, depth=2, heads=2)
    decoder = DecoderConfig(dim=32, depth=2, heads=2, patch=PATCH, vocabulary=20, max_text=6)
    return PretrainModel(PretrainConfig(encoder=encoder, decoder=decoder)).double()


def samples(part: slice = slice(None)) -> tuple[PackedImages, PackedText, tuple[int, ...]]:
    generator = torch.Generator().manual_seed(1)
    images = [torch.randn(3, PATCH * h, PATCH * w, generator=generator, dtype=torch.float64) for h, w in SIZES]
    return pack(images[part], PATCH), pack_text(TEXTS[part], bos=1), PREFIXES[part]


def test_losses_are_those_written_out_by_hand(model: PretrainModel) -> None:
    images, text, prefixes = samples()
    sums = aimv2_losses(model, images, text, prefixes, FLOOR)
    output = model(images, text.inputs_S, text.lengths, prefixes)
    foretold, wanted = model.decoder.pixel_head(output.image_KE), pixel_targets(images.patches_TP, FLOOR)
    image = sum(((foretold[row - 1] - wanted[row]) ** 2).mean() for row in (2, 3, 4, 5, 12, 13, 14, 16, 17, 18, 19))
    logs = model.decoder.text_head(output.text_SE).log_softmax(dim=1)
    written = -sum(logs[row, token] for row, token in enumerate([token for ids in TEXTS for token in ids]))
    torch.testing.assert_close(sums.image.double(), image, rtol=1e-5, atol=0)
    torch.testing.assert_close(sums.text.double(), written, rtol=1e-5, atol=0)
    assert (sums.patches, sums.tokens) == (11, 10)


def test_what_foretells_a_patch_has_not_seen_it(model: PretrainModel) -> None:
    images, text, _ = samples(slice(0, 1))
    for row in range(2, 6):
        other = images.patches_TP.clone()
        other[row:] += 1.0
        rows = [
            model(PackedImages(patches, images.grids), text.inputs_S, text.lengths, [2]).image_KE[:row]
            for patches in (images.patches_TP, other)
        ]
        assert torch.equal(*rows)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_gradients_do_not_depend_on_microbatches(model: PretrainModel, size: int) -> None:
    images, text, prefixes = samples()
    tokens, patches = sum(text.lengths), count_targets(images.lengths, prefixes)

    def gradient(parts: list[slice]) -> torch.Tensor:
        model.zero_grad()
        for part in parts:
            sums = aimv2_losses(model, *samples(part), FLOOR)
            (sums.text / tokens + 0.4 * sums.image / patches).backward()
        return torch.cat([weight.grad.flatten() for weight in model.parameters() if weight.grad is not None])

    whole = gradient([slice(None)])
    assert whole.abs().max() > 0
    torch.testing.assert_close(
        gradient([slice(at, at + size) for at in range(0, len(SIZES), size)]), whole, rtol=1e-4, atol=1e-7
    )


def test_an_image_of_one_patch_teaches_its_text_alone(model: PretrainModel) -> None:
    sums = aimv2_losses(model, *samples(slice(1, 2)), FLOOR)
    assert sums.patches == 0
    assert sums.image.item() == 0
    assert sums.text.item() > 0
    (sums.text + sums.image).backward()


def test_a_few_samples_are_learned_by_heart(model: PretrainModel) -> None:
    model.float()
    images, text, prefixes = samples()
    images = PackedImages(images.patches_TP.float(), images.grids)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for _ in range(60):
        optimizer.zero_grad()
        sums = aimv2_losses(model, images, text, prefixes, FLOOR)
        (sums.text / sums.tokens + sums.image / sums.patches).backward()
        optimizer.step()
    assert sums.text.item() / sums.tokens < 0.05
    assert sums.image.item() / sums.patches < 0.15


def test_a_seed_decides_every_weight_and_every_gradient() -> None:
    def step(seed: int) -> torch.Tensor:
        torch.manual_seed(seed)
        encoder = EncoderConfig(patch=PATCH, dim=16, depth=1, heads=2, position="learned", table=(2, 2))
        decoder = DecoderConfig(dim=16, depth=1, heads=2, patch=PATCH, vocabulary=20, max_text=6)
        model = PretrainModel(PretrainConfig(encoder=encoder, decoder=decoder)).double()
        sums = aimv2_losses(model, *samples(), FLOOR)
        (sums.text + sums.image).backward()
        return torch.cat([x.flatten() for w in model.parameters() for x in (w, w.grad) if x is not None])

    assert torch.equal(step(3), step(3))
    assert not torch.equal(step(3), step(4))
