"""Who sees whom in the encoder, and that packing changes nothing."""

import pytest
import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from fabeye.model import EncoderConfig, VisionEncoder, pack

PATCH = 4
CONFIG = EncoderConfig(patch=PATCH, dim=16, depth=2, heads=2)
SIZES = [(1, 1), (2, 3), (5, 1), (3, 7)]  # rows and columns of patches


@pytest.fixture
def encoder() -> VisionEncoder:
    torch.manual_seed(0)
    return VisionEncoder(CONFIG).double().eval()


def images(seed: int = 1) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(3, PATCH * h, PATCH * w, generator=generator, dtype=torch.float64) for h, w in SIZES]


def changed(image: Tensor, patch: int) -> Tensor:
    """The image with other pixels in one patch, counted row by row."""
    columns = image.shape[2] // PATCH
    row, column = divmod(patch, columns)
    other = image.clone()
    other[:, row * PATCH : (row + 1) * PATCH, column * PATCH : (column + 1) * PATCH] += 1.0
    return other


def test_packed_equals_one_by_one(encoder: VisionEncoder) -> None:
    together = encoder(images(), prefix=[1, 2, 3, 10]).per_image()
    for image, prefix, tokens in zip(images(), [1, 2, 3, 10], together, strict=True):
        torch.testing.assert_close(encoder([image], prefix=[prefix]).tokens_TE, tokens)


@pytest.mark.parametrize("at", [4, 10, 20])
def test_a_later_patch_leaves_earlier_tokens_untouched(encoder: VisionEncoder, at: int) -> None:
    image, prefix = images()[3], 4
    before = encoder([image], prefix=[prefix]).tokens_TE
    after = encoder([changed(image, at)], prefix=[prefix]).tokens_TE
    assert torch.equal(before[:at], after[:at])
    assert not torch.isclose(before[at:], after[at:]).all(dim=1).any()


def test_prefix_patches_see_each_other(encoder: VisionEncoder) -> None:
    image = images()[3]
    before = encoder([image], prefix=[4]).tokens_TE
    after = encoder([changed(image, 3)], prefix=[4]).tokens_TE
    assert not torch.isclose(before[:3], after[:3]).all(dim=1).any()


def test_in_use_every_patch_sees_the_whole_image(encoder: VisionEncoder) -> None:
    image = images()[3]
    before, after = encoder([image]).tokens_TE, encoder([changed(image, 20)]).tokens_TE
    assert not torch.isclose(before, after).all(dim=1).any()


def test_equal_patches_differ_by_their_place(encoder: VisionEncoder) -> None:
    tokens = encoder([torch.zeros(3, 2 * PATCH, 2 * PATCH, dtype=torch.float64)], prefix=[1]).tokens_TE
    assert torch.cdist(tokens, tokens)[~torch.eye(4, dtype=torch.bool)].min() > 1e-6


def test_blocks_come_on_request_and_end_in_the_tokens(encoder: VisionEncoder) -> None:
    output = encoder(images(), keep_blocks=True)
    assert len(output.blocks) == CONFIG.depth
    torch.testing.assert_close(encoder.norm(output.blocks[-1]), output.tokens_TE)
    assert encoder(images()).blocks == ()


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (torch.zeros(PATCH, PATCH), r"image 0 must have the shape \(3, height, width\), it has \(4, 4\)"),
        (torch.zeros(1, PATCH, PATCH), r"image 0 must have the shape \(3, height, width\), it has \(1, 4, 4\)"),
        (torch.zeros(3, PATCH, PATCH, dtype=torch.uint8), "holds torch.uint8, not floats .* prepare_image"),
        (torch.zeros(3, PATCH, PATCH - 1), "image 0 of 4 x 3 pixels is smaller than one patch of 4 x 4; prepare_image"),
        (torch.zeros(3, 0, PATCH), "image 0 of 0 x 4 pixels is smaller than one patch"),
        (torch.zeros(3, PATCH, PATCH + 1), "image 0 of 4 x 5 pixels is not made of whole patches .* prepare_image"),
        (torch.full((3, PATCH, PATCH), float("nan")), "image 0 holds values that are no numbers"),
        (torch.full((3, PATCH, PATCH), float("inf")), "image 0 holds values that are no numbers"),
    ],
)
def test_what_is_no_image_is_refused_in_one_sentence(encoder: VisionEncoder, image: Tensor, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        encoder([image])


def test_no_image_and_too_many_patches_are_refused(encoder: VisionEncoder) -> None:
    with pytest.raises(ValueError, match="there is no image to pack"):
        encoder([])
    assert sum(pack(images(), PATCH, budget=33).lengths) == 33
    with pytest.raises(ValueError, match="4 images of 33 patches do not fit a budget of 32"):
        pack(images(), PATCH, budget=32)
    with pytest.raises(ValueError, match=r"prefixes \[2\] do not fit sequences of \[1\] tokens"):
        encoder(images()[:1], prefix=[2])


def test_the_linear_patch_embedding_is_a_strided_convolution(encoder: VisionEncoder) -> None:
    image = images()[3]
    weight = encoder.patch_embed.weight.view(-1, PATCH, PATCH, 3).permute(0, 3, 1, 2)
    wanted = torch.nn.functional.conv2d(image[None], weight, encoder.patch_embed.bias, stride=PATCH)
    got = encoder.patch_embed(pack([image], PATCH).patches_TP)
    torch.testing.assert_close(got, wanted[0].flatten(1).T)


def test_attention_on_request_is_a_distribution_over_what_may_be_seen() -> None:
    torch.manual_seed(0)
    encoder = VisionEncoder(EncoderConfig(patch=4, dim=16, depth=2, heads=2, rotary=True)).eval()
    out = encoder([torch.randn(3, 8, 8), torch.randn(3, 4, 12)], prefix=[1, 3], keep_attention=True)
    assert [[tuple(one.shape) for one in block] for block in out.attention] == [[(2, 4, 4), (2, 3, 3)]] * 2
    for block in out.attention:
        for weights in block:
            torch.testing.assert_close(weights.sum(dim=-1), torch.ones(weights.shape[:2]))
    assert out.attention[0][0].triu(1)[:, :, 1:].eq(0).all()  # nobody behind the prefix is seen from before


@pytest.mark.parametrize("block", ["aimv2", "siglip"])
def test_flops_count_what_a_profiler_counts(block: str) -> None:
    config = EncoderConfig(patch=4, dim=16, depth=2, heads=2, hidden=24, block=block)
    encoder = VisionEncoder(config)
    images = [torch.randn(3, 8, 16), torch.randn(3, 8, 16)]
    with FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):  # it knows no fused kernel of the CPU
        encoder(images)
    assert encoder.flops([8, 8]) == counter.get_total_flops()


def test_a_config_that_cannot_be_built_says_why() -> None:
    with pytest.raises(ValueError, match="learned positions need a table"):
        EncoderConfig(patch=4, dim=16, depth=1, heads=2, position="learned")
    with pytest.raises(ValueError, match="there is no encoder with block 'vit'"):
        EncoderConfig(patch=4, dim=16, depth=1, heads=2, block="vit")
    with pytest.raises(ValueError, match="needs the width of their MLP"):
        EncoderConfig(patch=4, dim=16, depth=1, heads=2, block="siglip")
