"""The objectives beside AIMv2's: what they count, what they cannot see, and that they can be learned."""

import math

import pytest
import torch
from torch import nn

from fabeye.model import PretrainModel, pack, pack_text
from fabeye.objectives.aimv2 import aimv2_losses
from fabeye.objectives.auxiliary import IGNORED, layout_loss, reading_order_loss
from fabeye.objectives.captioning import captioning_losses
from fabeye.objectives.contrastive import clip_loss, siglip_loss
from fabeye.objectives.pixels import patch_losses, pixel_losses
from fabeye.objectives.prefix_text import prefix_text_losses
from tests.objectives.test_aimv2 import FLOOR, PREFIXES, model, samples  # noqa: F401


def test_the_parts_add_up_to_aimv2(model: PretrainModel) -> None:  # noqa: F811
    images, text, prefixes = samples()
    both = aimv2_losses(model, images, text, prefixes, FLOOR)
    words, pixels = (
        prefix_text_losses(model, images, text, prefixes),
        pixel_losses(model, images, text, prefixes, FLOOR),
    )
    torch.testing.assert_close((words.text, pixels.image), (both.text, both.image))
    assert (words.tokens, words.patches, pixels.tokens, pixels.patches) == (both.tokens, 0, 0, both.patches)


def test_captioning_sees_the_whole_image(model: PretrainModel) -> None:  # noqa: F811
    images, text, _ = samples()
    whole = captioning_losses(model, images, text).text
    torch.testing.assert_close(whole, prefix_text_losses(model, images, text, images.lengths).text)
    assert not torch.allclose(whole, prefix_text_losses(model, images, text, PREFIXES).text)


def test_blank_patches_weighed_down_change_sum_and_count_alike(model: PretrainModel) -> None:  # noqa: F811
    images, text, prefixes = samples()
    images.patches_TP[3] = 1.0  # a target of the first image
    plain, weighed = (pixel_losses(model, images, text, prefixes, FLOOR, weight) for weight in (1.0, 0.0))
    assert weighed.patches == plain.patches - 1
    assert weighed.image < plain.image


def test_where_the_loss_lies_on_a_page(model: PretrainModel) -> None:  # noqa: F811
    page = torch.ones(3, 8, 12, dtype=torch.float64)  # two rows of three patches; the second and the last have ink
    page[:, :4, 4:8:2] = page[:, 4:, 8::2] = -1.0
    found = patch_losses(model, page, FLOOR)
    assert found.blank_K.tolist() == [False, True, True, True, False]
    images, text = pack([page], 4), pack_text([[0]], bos=0)
    torch.testing.assert_close(found.errors_K.sum(), pixel_losses(model, images, text, [1], FLOOR).image)
    share = found.errors_K[1:4].sum() / found.errors_K.sum()
    assert found.blank_share() == pytest.approx(float(share))
    assert found.blank_share(0.1) < found.blank_share()
    assert found.blank_share(0.0) == 0


def test_contrastive_losses_are_what_their_papers_say() -> None:
    generator = torch.Generator().manual_seed(0)
    image, text = torch.randn(2, 3, 5, generator=generator)
    one, zero = torch.tensor(1.0), torch.tensor(0.0)
    unit_image, unit_text = (x / x.norm(dim=1, keepdim=True) for x in (image, text))
    likeness = (unit_image @ unit_text.T).tolist()
    by_hand = sum(
        math.log1p(math.exp(-likeness[i][j] if i == j else likeness[i][j])) for i in range(3) for j in range(3)
    )
    assert float(siglip_loss(image, text, one, zero)) == pytest.approx(by_hand, rel=1e-5)
    rows = sum(math.log(sum(math.exp(x) for x in row)) - row[i] for i, row in enumerate(likeness))
    columns = sum(math.log(sum(math.exp(r[j]) for r in likeness)) - likeness[j][j] for j in range(3))
    assert float(clip_loss(image, text, one)) == pytest.approx((rows + columns) / 2, rel=1e-5)
    assert clip_loss(image, image, torch.tensor(100.0)) < 0.01
    assert siglip_loss(image, image, torch.tensor(100.0), torch.tensor(-50.0)) < clip_loss(image, text, one)


def test_unlabelled_patches_do_not_count() -> None:
    torch.manual_seed(0)
    tokens, head = torch.randn(5, 4), nn.Linear(4, 3)
    labels = torch.tensor([0, IGNORED, 2, IGNORED, 1])
    loss, count = layout_loss(tokens, labels, head)
    assert count == 3
    torch.testing.assert_close(loss, layout_loss(tokens[[0, 2, 4]], labels[[0, 2, 4]], head)[0])
    assert layout_loss(tokens, torch.full((5,), IGNORED), head)[1] == 0


def test_reading_order_is_learned_from_pairs() -> None:
    torch.manual_seed(0)
    pages = [torch.cat([torch.arange(count)[:, None].float(), torch.randn(count, 3)], dim=1) for count in (4, 1, 6)]
    head = nn.Linear(8, 1)
    optimizer = torch.optim.Adam(head.parameters(), lr=0.1)
    first, pairs = reading_order_loss(pages, head)
    assert pairs == 4 * 3 + 6 * 5
    for _ in range(200):
        optimizer.zero_grad()
        loss, _ = reading_order_loss(pages, head)
        loss.backward()
        optimizer.step()
    assert loss < first / 10
