"""Boxes on pages, pictures as data URIs."""

import base64
import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from fabeye.reporting.drawing import data_uri, draw_boxes, open_picture, shrunk
from fabeye.reporting.inputs import ReportError, read_elements
from fabeye.reporting.theme import CATEGORY_COLOURS, category_colour
from fabeye.schema import Category
from tests.reporting.tiny_project import page_ids


def test_a_box_is_outlined_in_its_colour_and_the_original_stays_white(project: Path) -> None:
    title = read_elements(project / "data/curated/truth", page_ids()[0])[0]
    blank = Image.new("RGB", (420, 594), "white")
    drawn = draw_boxes(blank, [title])
    expected = tuple(int(category_colour("title")[place : place + 2], 16) for place in (1, 3, 5))
    assert drawn.getpixel((int(title.x0), int(title.y0))) == expected
    assert drawn.getpixel((300, 300)) == (255, 255, 255)
    assert blank.getcolors() == [(420 * 594, (255, 255, 255))]


def test_a_box_with_its_corners_swapped_is_drawn_all_the_same(project: Path) -> None:
    title = read_elements(project / "data/curated/truth", page_ids()[0])[0]
    swapped = replace(title, x0=title.x1, x1=title.x0, y0=title.y1, y1=title.y0)
    blank = Image.new("RGB", (420, 594), "white")
    assert draw_boxes(blank, [swapped]).tobytes() == draw_boxes(blank, [title]).tobytes()


def test_every_category_has_a_colour() -> None:
    assert set(CATEGORY_COLOURS) == {category.value for category in Category}


def test_pictures_shrink_and_never_grow() -> None:
    assert shrunk(Image.new("RGB", (400, 200)), 100, 100).size == (100, 50)
    assert shrunk(Image.new("RGB", (40, 20)), 100, 100).size == (40, 20)


def test_a_data_uri_holds_the_picture() -> None:
    picture = Image.new("RGB", (7, 5), "#336699")
    head, content = data_uri(picture, "png").split(",")
    assert head == "data:image/png;base64"
    assert Image.open(io.BytesIO(base64.b64decode(content))).tobytes() == picture.tobytes()


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 30])
def test_broken_pictures_are_a_sentence(content: bytes) -> None:
    with pytest.raises(ReportError, match="picture is damaged"):
        open_picture(content)
