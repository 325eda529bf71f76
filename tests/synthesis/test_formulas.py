"""Every formula of the pool must come through the converter as something that can be set."""

import numpy as np
import pypdfium2 as pdfium
import pytest

from fabeye.synthesis.formulas import POOL, Formula, clocks, to_math
from fabeye.synthesis.typesetting import MATH, typeset

PAGE = f'#set page(width: 400pt, height: 120pt, margin: 20pt)\n#show math.equation: set text(font: "{MATH}")\n'


@pytest.mark.parametrize("formula", POOL, ids=lambda formula: formula.latex[:24])
def test_a_formula_can_be_set_and_nothing_of_it_is_lost(formula: Formula) -> None:
    pdf = typeset(f"{PAGE}$ {to_math(formula.latex)} $", {}).pdf
    page = pdfium.PdfDocument(pdf)[0]
    assert (np.array(page.render(grayscale=True).to_pil()) < 128).any()
    assert "\\" not in to_math(formula.latex).replace("\\,", "").replace("\\/", "").replace("\\(", "").replace(
        "\\)", ""
    )
    letters = page.get_textpage().get_text_bounded()
    for word in ("text{CK", "text{RCD", "text{DDQ", "text{TT"):
        if word in formula.latex:
            assert word.removeprefix("text{") in letters


def test_a_formula_from_elsewhere_is_converted_alone() -> None:
    assert to_math(r"x^{2} + \frac{1}{y}") == "x^2 + 1 / y"


def test_the_rule_in_whole_numbers_is_exact() -> None:
    assert clocks(10_000, 625) == 16
    assert clocks(10_006, 625) == 16  # within the guard
    assert clocks(10_007, 625) == 17
