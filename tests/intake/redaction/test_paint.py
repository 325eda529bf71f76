"""Paint covers everything, keeps the paper's colour, and what is written on it can be read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fabeye.intake.redaction.paint import cover, outline, write
from fabeye.ocr import TextRecogniser
from tests.intake.redaction.drawn_pages import drawn, run

EDGES = st.floats(-50, 700, allow_nan=False)


@given(EDGES, EDGES, EDGES, EDGES, st.booleans())
def test_an_outline_stays_inside_the_picture(x0: float, y0: float, width: float, height: float, seen: bool) -> None:
    picture = drawn((20, 20, "Lot TH8402B"))
    left, top, right, bottom = outline(picture, (x0, y0, x0 + abs(width), y0 + abs(height)), seen)
    assert 0 <= left < right <= picture.shape[1]
    assert 0 <= top < bottom <= picture.shape[0]


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_of_the_letters_stays(dark: bool) -> None:
    picture = drawn((40, 60, "TH8402B.03"), dark=dark)
    cover(picture, outline(picture, run(40, 60, "TH8402B.03").box, recognised=False))
    assert np.unique(picture).tolist() == [0 if dark else 255]


def test_a_recognised_box_that_cuts_a_letter_is_widened_to_its_end() -> None:
    picture = drawn((40, 60, "TH8402B"))
    x0, y0, x1, y1 = run(40, 60, "TH8402B").box
    cover(picture, outline(picture, (x0 + 4, y0, x1 - 4, y1), recognised=True))
    assert (picture == 255).all()


def test_neighbours_are_left_alone() -> None:
    picture = drawn((40, 20, "above"), (40, 60, "TH8402B"), (40, 100, "below"), (200, 60, "beside"))
    before = picture.copy()
    box = outline(picture, run(40, 60, "TH8402B").box, recognised=False)
    cover(picture, box)
    left, top, right, bottom = write(picture, box, "LOT-7F3A2")
    assert right < 200
    before[top:bottom, left:right] = picture[top:bottom, left:right]
    assert (before == picture).all()


@pytest.mark.slow
@pytest.mark.parametrize("original", ["TH8402B.03", "#17"])
def test_a_placeholder_can_be_read(original: str) -> None:
    picture = drawn((40, 60, original))
    box = outline(picture, run(40, 60, original).box, recognised=False)
    cover(picture, box)
    write(picture, box, "LOT-7F3A2")
    assert [line.text for line in TextRecogniser().read(Image.fromarray(picture))] == ["LOT-7F3A2"]
