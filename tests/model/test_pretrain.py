"""Encoder and decoder together: causality across the two, and packing."""

import pytest
import torch

from fabeye.model import DecoderConfig, EncoderConfig, PretrainConfig, PretrainModel, pack, pack_text

PATCH, VOCABULARY = 4, 20
SIZES = [(2, 3), (1, 1), (4, 2)]
TEXTS = [[5, 6, 7, 2], [2], [9, 2]]


@pytest.fixture
def model() -> PretrainModel:
    torch.manual_seed(0)
    decoder = DecoderConfig(dim=24, depth=2, heads=2, patch=PATCH, vocabulary=VOCABULARY, max_text=6)
    encoder = EncoderConfig(patch=PATCH, dim=16, depth=1, heads=2)
    return PretrainModel(PretrainConfig(encoder=encoder, decoder=decoder)).double().eval()


def images() -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    return [torch.randn(3, PATCH * h, PATCH * w, generator=generator, dtype=torch.float64) for h, w in SIZES]


def test_packed_equals_one_by_one(model: PretrainModel) -> None:
    packed, text = pack(images(), PATCH), pack_text(TEXTS, bos=1)
    together = model(packed, text.inputs_S, text.lengths, [2, 1, 5])
    rows = zip(together.image_KE.split(packed.lengths), together.text_SE.split(text.lengths), strict=True)
    for image, ids, prefix, (image_rows, text_rows) in zip(images(), TEXTS, [2, 1, 5], rows, strict=True):
        one = pack_text([ids], bos=1)
        alone = model(pack([image], PATCH), one.inputs_S, one.lengths, [prefix])
        torch.testing.assert_close(alone.image_KE, image_rows)
        torch.testing.assert_close(alone.text_SE, text_rows)


def test_a_later_token_changes_nothing_before_it(model: PretrainModel) -> None:
    packed = pack(images()[:1], PATCH)
    before = model(packed, torch.tensor([1, 5, 6, 7]), [4])
    after = model(packed, torch.tensor([1, 5, 9, 7]), [4])
    assert torch.equal(before.image_KE, after.image_KE)
    assert torch.equal(before.text_SE[:2], after.text_SE[:2])
    assert not torch.isclose(before.text_SE[2:], after.text_SE[2:]).all(dim=1).any()


def test_text_sees_the_last_patch(model: PretrainModel) -> None:
    one, other = images()[0], images()[0]
    other[:, -1, -1] += 1
    rows = [model(pack([image], PATCH), torch.tensor([1, 5]), [2], [1]).text_SE for image in (one, other)]
    assert not torch.isclose(*rows).all(dim=1).any()


def test_a_text_longer_than_the_positions_is_refused(model: PretrainModel) -> None:
    with pytest.raises(ValueError, match="text of 7 tokens; this decoder takes 6"):
        model(pack(images()[:1], PATCH), torch.ones(7, dtype=torch.long), [7])


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one token"):
        pack_text([[2], []], bos=1)


def test_every_weight_has_a_known_start(model: PretrainModel) -> None:
    for name, weight in model.named_parameters():
        if "norm" in name:
            assert (weight == 1).all(), name
        elif name.endswith("bias"):
            assert (weight == 0).all(), name
        elif "embed" in name and "patch" not in name:
            assert abs(weight.std().item() - 0.02) < 0.005, name
        else:
            bound = (6 / sum(weight.shape)) ** 0.5
            assert 0.9 * bound < weight.abs().max() <= bound, name
