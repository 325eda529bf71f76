"""The similarity map is the cosine, on a grid that lies right on the page."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn.functional import cosine_similarity

from app.similarity import encode_page, similarity, without_neighbours
from fabeye.model import EncoderConfig, VisionEncoder, prepare_image


@pytest.fixture(scope="module")
def encoder() -> VisionEncoder:
    torch.manual_seed(3)
    return VisionEncoder(EncoderConfig(patch=14, dim=32, depth=1, heads=2)).eval()


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    return Image.effect_noise((210, 300), 80).convert("RGB")


def test_the_map_equals_the_direct_cosine(encoder: VisionEncoder, picture: Image.Image) -> None:
    grid = encode_page(encoder, picture)
    with torch.inference_mode():
        output = encoder([prepare_image(picture, 14, 14 * 44)])
    rows, columns = output.grids[0]
    assert grid.shape == (rows, columns) == (22, 15)
    direct = cosine_similarity(output.tokens_TE[3 * columns + 4], output.tokens_TE, dim=-1)
    np.testing.assert_allclose(similarity(grid, 3, 4), direct.reshape(rows, columns).numpy(), atol=1e-5)


def test_a_map_is_symmetric_and_one_at_the_patch_itself(encoder: VisionEncoder, picture: Image.Image) -> None:
    grid = encode_page(encoder, picture)
    here, there = similarity(grid, 2, 3), similarity(grid, 20, 7)
    assert here[2, 3] == pytest.approx(1, abs=1e-5)
    assert here[20, 7] == pytest.approx(there[2, 3], abs=1e-5)
    assert abs(here).max() <= 1 + 1e-5


@pytest.mark.parametrize("size", [(1240, 1754), (2000, 300), (90, 60)])
def test_a_page_keeps_to_the_budget_and_its_last_pixel_to_the_last_patch(
    encoder: VisionEncoder, size: tuple[int, int]
) -> None:
    grid = encode_page(encoder, Image.new("RGB", size, "white"), budget=200)
    rows, columns = grid.shape
    assert rows * columns <= 200
    assert grid.patch_at(0, 0) == (0, 0)
    assert grid.patch_at(size[0] - 1, size[1] - 1) == (rows - 1, columns - 1)
    assert grid.patch_at(10**6, -5) == (0, columns - 1)


def test_leaving_out_neighbours_is_a_disc() -> None:
    left = without_neighbours(np.ones((7, 7)), 3, 3, radius=2)
    assert np.isnan(left).sum() == 9  # distance below 2: the patch, four beside it, four across the corner
    assert not np.isnan(without_neighbours(np.ones((7, 7)), 3, 3, radius=0)).any()
