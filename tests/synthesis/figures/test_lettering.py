"""Letters must be as wide as the typesetter sets them, whatever they are."""

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fabeye.synthesis.figures.canvas import Canvas, natural_width
from fabeye.synthesis.figures.lettering import FACES, SANS, lettering, text_width
from fabeye.synthesis.figures.nodes import wrapped
from fabeye.synthesis.typesetting import typeset

LETTERS = st.text(st.sampled_from("AVTofiLy019.,:()+=/ΔµΩ°±×–测试电压"), min_size=1, max_size=24)
SIZE = 10.0


@pytest.mark.parametrize("face", FACES)
@settings(max_examples=6, deadline=None)
@given(text=LETTERS)
def test_ink_of_any_text_lies_in_its_box_and_reaches_its_end(face: str, text: str) -> None:
    canvas = Canvas(400, 40, face)
    canvas.text(20, 25, f"|{text}|", SIZE, "start")  # upright strokes show where the text begins and ends
    pdf = typeset(
        '#set page(width: 400pt, height: 40pt, margin: 0pt)\n#image("a.svg", width: 400pt)', {"a.svg": canvas.svg()}
    )
    grey_HW = pdfium.PdfDocument(pdf.pdf)[0].render(scale=4, grayscale=True).to_numpy().reshape(160, 1600)
    columns, rows = (grey_HW < 128).any(axis=0).nonzero()[0] / 4, (grey_HW < 128).any(axis=1).nonzero()[0] / 4
    x0, y0, x1, y1 = (share * side for share, side in zip(canvas.words[0].box, (400, 40, 400, 40), strict=True))
    assert x0 - 0.3 <= columns[0] <= x0 + 0.3 * SIZE
    assert x1 - 0.3 * SIZE <= columns[-1] + 0.25 <= x1 + 0.3
    assert y0 - 0.3 <= rows[0]
    assert rows[-1] + 0.25 <= y1 + 0.3


def test_scripts_are_smaller_and_lie_lower() -> None:
    whole = lettering("t_{RCD} (ns)", SIZE, SANS)
    assert [run.text for run in whole.runs] == ["t", "RCD", " (ns)"]
    assert whole.runs[1].size < whole.runs[0].size
    assert whole.runs[1].y > 0 == whole.runs[2].y
    assert whole.width == pytest.approx(sum(text_width(t, s) for t, s in (("t", 10), ("RCD", 7.2), (" (ns)", 10))))


def test_turned_words_stand_upright() -> None:
    canvas = Canvas(100, 100)
    canvas.text(50, 80, "Voltage", SIZE, "start", turned=True)
    x0, y0, x1, y1 = canvas.words[0].box
    assert y1 == pytest.approx(0.8)
    assert (y1 - y0) * 100 == pytest.approx(text_width("Voltage", SIZE), abs=0.01)
    assert x0 < 0.5 < x1


@given(st.text(st.sampled_from("abc WXY，。测试 "), max_size=60), st.floats(20, 200))
def test_wrapped_lines_hold_all_words_and_the_width(text: str, width: float) -> None:
    lines = wrapped(text, width, SIZE, SANS)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        assert text_width(line, SIZE) <= width or " " not in line


def test_a_drawing_knows_its_own_width() -> None:
    assert natural_width(Canvas(123.45, 20).svg()) == 123.45
