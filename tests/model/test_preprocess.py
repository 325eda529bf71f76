"""Pictures of any size as the encoder wants them."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fabeye.model.preprocess import INK, MARGIN, cut_region, fitted_size, prepare_image

PATCH = 14


@settings(deadline=None)
@given(st.integers(1, 12000), st.integers(1, 12000), st.sampled_from([1, 16, 256, 4096]))
def test_any_size_fits_the_budget_and_never_grows(width: int, height: int, budget: int) -> None:
    new_width, new_height = fitted_size(width, height, PATCH, budget)
    assert 1 <= new_width <= width
    assert 1 <= new_height <= height
    assert math.ceil(new_width / PATCH) * math.ceil(new_height / PATCH) <= budget


@settings(deadline=None)
@given(st.integers(300, 4000), st.integers(300, 4000))
def test_the_shape_is_kept_and_the_budget_is_used(width: int, height: int) -> None:
    new_width, new_height = fitted_size(width, height, PATCH, 256)
    assert abs(new_width / width - new_height / height) <= 1 / min(width, height)
    assert math.ceil((new_width + PATCH) / PATCH) * math.ceil((new_height + PATCH) / PATCH) > 256


def test_small_pictures_keep_every_pixel_and_get_white_margins() -> None:
    picture = Image.new("RGB", (20, 10), (0, 0, 0))
    pixels = prepare_image(picture, PATCH, 224)
    assert pixels.shape == (3, 14, 28)
    assert (pixels[:, :10, :20] == -1).all()
    assert (pixels[:, 10:] == 1).all()
    assert (pixels[:, :, 20:] == 1).all()


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "1", "I;16"])
def test_pictures_of_any_mode_become_three_channels(mode: str) -> None:
    assert prepare_image(Image.new(mode, (30, 30)), PATCH, 224).shape == (3, 42, 42)


def test_a_side_without_room_for_a_patch_is_refused() -> None:
    with pytest.raises(ValueError, match="holds no patch"):
        prepare_image(Image.new("RGB", (5, 5)), PATCH, 13)


def test_a_scaled_picture_is_the_same_every_time() -> None:
    picture = Image.radial_gradient("L")
    assert torch.equal(prepare_image(picture, PATCH, 56), prepare_image(picture, PATCH, 56))


@settings(deadline=None)
@given(st.lists(st.integers(0, 12), min_size=4, max_size=4), st.sampled_from([(255, 255, 255), (12, 80, 40)]))
def test_a_loosely_drawn_region_is_cut_as_a_tight_one(air: list[int], paper: tuple[int, int, int]) -> None:
    page = Image.new("RGB", (120, 80), paper)
    page.paste((paper[0] ^ 128, paper[1], paper[2]), (40, 30, 70, 44))
    left, top, right, bottom = air
    cut = cut_region(page, (40 - left, 30 - top, 70 + right, 44 + bottom))
    assert cut.size == (30 + 2 * MARGIN, 14 + 2 * MARGIN)


def test_a_region_is_never_empty_and_stays_on_its_page() -> None:
    blank = Image.new("RGB", (30, 20), "white")
    assert cut_region(blank, (5, 5, 15, 10)).size == (10 + 2 * MARGIN, 5 + 2 * MARGIN)
    assert cut_region(blank, (-50, -50, 500, 500)).size == blank.size
    assert min(cut_region(blank, (100, 100, 110, 110)).size) >= 1
    faint = Image.new("RGB", (30, 20), "white")
    faint.paste((255 - INK,) * 3, (10, 8, 12, 10))
    assert cut_region(faint, (5, 5, 15, 15)).size == (10 + 2 * MARGIN, 10 + 2 * MARGIN)
