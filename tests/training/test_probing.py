"""The probes' pictures have one size a task, so an encoder that sees nothing but sizes knows nothing."""

from collections.abc import Sequence

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from torch import Tensor

from fabeye.evaluation.probes.features import Seen
from fabeye.evaluation.probes.linear import chance, picture_accuracy
from fabeye.schema import Element
from fabeye.training.probe_pictures import draw_task
from fabeye.training.probing import SHEET, WINDOW, on_sheet, square, window

PATCH, SIDE = 14, 224


def sizes_alone(images: Sequence[Tensor]) -> list[Seen]:
    """An encoder that says of each patch how many rows and columns its picture has."""
    grids = [(image.shape[1] // PATCH, image.shape[2] // PATCH) for image in images]
    return [Seen(torch.tensor([grid] * (grid[0] * grid[1]), dtype=torch.float32), grid) for grid in grids]


@settings(max_examples=30)
@given(st.integers(240, 1400), st.integers(240, 1400), st.integers(0, 1300), st.integers(0, 1300), st.integers(1, 900))
def test_every_page_and_element_is_seen_in_one_size(width: int, height: int, x0: int, y0: int, length: int) -> None:
    page, x0, y0 = Image.new("RGB", (width, height), "white"), x0 % width, y0 % height
    element = Element(
        page_id="a-0000",
        order=0,
        category="title",
        level="block",
        x0=x0,
        y0=y0,
        x1=x0 + length,
        y1=y0 + 20,
        text="a",
        html="",
        latex="",
        score=1.0,
        source="generator",
    )
    assert square(page, "a-0000", SIDE, PATCH).size == (SIDE, SIDE)
    assert window(page, element).size == (WINDOW, WINDOW)
    assert on_sheet(page, element).size == SHEET[::-1]


@pytest.mark.parametrize("kind", ["sem", "wafer"])
def test_sizes_alone_stay_at_chance(kind: str) -> None:
    train, test = draw_task(kind, 2, 2, 1, PATCH)
    assert len({image.shape for image in [*train.images, *test.images]}) == 1
    assert picture_accuracy(sizes_alone, train, test) == pytest.approx(chance(test.labels))
