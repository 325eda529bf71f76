"""What blocks keep for the backward pass, what they skip, and that compiling changes nothing."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.autograd.graph import saved_tensors_hooks

from fabeye.model import DecoderConfig, EncoderConfig, PretrainConfig, PretrainModel, pack, pack_text
from fabeye.model.attention import dense_mask, visible_pairs
from fabeye.model.blocks import compile_blocks
from fabeye.objectives.aimv2 import aimv2_losses

PATCH, DEPTH = 4, 6
SIZES = [(5, 8), (3, 3), (6, 6)]
TEXTS = [[5, 6, 7, 2], [2], [9, 2]]
PREFIXES = [3, 1, 20]


@pytest.fixture
def model() -> PretrainModel:
    torch.manual_seed(0)
    encoder = EncoderConfig(patch=PATCH, dim=32, depth=DEPTH, heads=2, rotary=True)
    decoder = DecoderConfig(dim=32, depth=DEPTH, heads=2, patch=PATCH, vocabulary=20, max_text=6)
    return PretrainModel(PretrainConfig(encoder=encoder, decoder=decoder))


def loss(model: PretrainModel) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    images = [torch.randn(3, PATCH * h, PATCH * w, generator=generator) for h, w in SIZES]
    sums = aimv2_losses(model, pack(images, PATCH), pack_text(TEXTS, bos=1), PREFIXES, 0.01)
    return sums.text + sums.image


def gradients(model: PretrainModel) -> Tensor:
    model.zero_grad()
    loss(model).backward()
    return torch.cat([weight.grad.flatten() for weight in model.parameters() if weight.grad is not None])


def kept_bytes(work: Callable[[], Tensor]) -> int:
    """Bytes that the forward pass keeps, a storage counted once; what recomputing keeps aside is seen by no hook."""
    sizes: dict[int, int] = {}

    def note(tensor: Tensor) -> Tensor:
        sizes[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    with saved_tensors_hooks(note, lambda tensor: tensor):
        work()
    return sum(sizes.values())


def test_recomputing_gives_the_same_gradients_and_keeps_little(model: PretrainModel) -> None:
    wanted, kept = gradients(model), kept_bytes(lambda: loss(model))
    model.encoder.recompute = model.decoder.recompute = True
    assert torch.equal(gradients(model), wanted)
    streams = 2 * DEPTH * sum(h * w for h, w in SIZES) * 32 * 4  # what goes into each block, in bytes
    assert kept_bytes(lambda: loss(model)) + streams < 0.5 * kept


@pytest.mark.slow
def test_compiling_changes_nothing(model: PretrainModel) -> None:
    names = list(model.state_dict())
    wanted = gradients(model)
    compile_blocks(model)
    torch.testing.assert_close(gradients(model), wanted, rtol=1e-4, atol=1e-5)
    assert list(model.state_dict()) == names


@pytest.mark.slow
def test_compiling_changes_no_more_than_rounding_in_half_precision(model: PretrainModel) -> None:
    """The compiler keeps values in full between two operations that round each, so the two differ by roundings."""
    exact = gradients(model)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        halved = gradients(model)
        compile_blocks(model)
        compiled = gradients(model)
    assert not torch.equal(compiled, exact)  # half precision it was
    assert (compiled - exact).norm() < 1.5 * (halved - exact).norm()


@pytest.mark.parametrize(("length", "prefix"), [(1, 0), (1, 1), (7, 0), (7, 3), (7, 7)])
def test_visible_pairs_are_those_of_the_mask(length: int, prefix: int) -> None:
    assert visible_pairs(length, prefix) == int(dense_mask(length, prefix).sum())
