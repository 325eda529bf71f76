"""What lies under a point, what is drawn, what is told."""

from dataclasses import replace

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.similarity import PatchGrid
from app.state import Library
from app.views import SELECTED_COLOUR, describe, draw_page, element_rows, hit_test, similarity_figure
from fabeye.schema import Element
from tests.reporting.tiny_project import HOSTILE, page_ids

ELEMENT = Element(
    page_id="p",
    order=0,
    category="table",
    level="block",
    x0=0,
    y0=0,
    x1=10,
    y1=10,
    text="",
    html="",
    latex="",
    score=1,
    source="truth",
)
RED = tuple(int(SELECTED_COLOUR[place : place + 2], 16) for place in (1, 3, 5))
coordinates = st.floats(-50, 50)


def test_the_smallest_box_under_the_point_wins(library: Library) -> None:
    first = page_ids()[0]
    elements = library.elements(first, "truth") + library.elements(first, "truth_lines")
    cell = hit_test(elements, 100, 120)
    assert cell is not None
    assert cell.level == "line"
    table = hit_test(elements, 100, 200)
    assert table is not None
    assert (table.category, table.level) == ("table", "block")
    assert hit_test(elements, 5, 5) is None


@given(st.lists(st.tuples(coordinates, coordinates, coordinates, coordinates), max_size=8), coordinates, coordinates)
def test_a_hit_holds_the_point_and_no_smaller_box_does(boxes: list[tuple[float, ...]], x: float, y: float) -> None:
    elements = [replace(ELEMENT, x0=box[0], y0=box[1], x1=box[2], y1=box[3]) for box in boxes]
    holding = [e for e in elements if sorted((e.x0, x, e.x1))[1] == x and sorted((e.y0, y, e.y1))[1] == y]
    hit = hit_test(elements, x, y)
    assert (hit is None) == (not holding)
    if hit:
        areas = [abs(e.x1 - e.x0) * abs(e.y1 - e.y0) for e in holding]
        assert abs(hit.x1 - hit.x0) * abs(hit.y1 - hit.y0) == min(areas)


def test_the_selected_box_and_the_point_are_drawn(library: Library) -> None:
    first = page_ids()[0]
    elements = {"truth": library.elements(first, "truth")}
    picture = library.picture(first)
    drawn = draw_page(picture, elements, elements["truth"][0], (350, 560))
    assert drawn.getpixel((41, 41)) == RED
    assert drawn.getpixel((350, 560)) == RED
    assert picture.getpixel((350, 560)) == (255, 255, 255)


def test_hostile_text_is_escaped_and_the_language_followed() -> None:
    said = describe(replace(ELEMENT, text=HOSTILE, category=HOSTILE), (1, 1), "zh")
    assert "<script" not in said
    assert "置信度 1.00" in said
    assert "(3, 4)" in describe(None, (3, 4), "en")


def test_rows_name_each_element_by_its_place() -> None:
    assert element_rows([ELEMENT, replace(ELEMENT, score=0.12345, text="x" * 999)]) == [
        [0, "table", "truth", 1, ""],
        [1, "table", "truth", 0.123, "x" * 200],
    ]


def test_the_map_lies_on_the_page_with_a_mark_on_the_patch() -> None:
    grid = PatchGrid(torch.ones(2, 3, 4), 14.0, 10.0)
    figure = similarity_figure(Image.new("RGB", (42, 20)), np.eye(2, 3), grid, (1, 2), 0.5)
    heat, mark = figure.data
    assert list(heat.x) == [7, 21, 35]
    assert list(heat.y) == [5, 15]
    assert (mark.x[0], mark.y[0]) == (35, 15)
    assert list(figure.layout.xaxis.range) == [0, 42]
    assert figure.layout.images[0].source.startswith("data:image/jpeg")
