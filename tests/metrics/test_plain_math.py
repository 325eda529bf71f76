"""Formulas as the words that they show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.metrics.plain_math import plain_math


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        ("V_{DD}", "V_DD"),
        (r"10\,\mu m", "10,μm"),
        (r"\mathbf{x}_1", "𝐱_1"),
        (r"\mathbb{R}\mathcal{L}\mathfrak{C}", "ℝℒℭ"),
        (r"\mathrm{MTTF}", "MTTF"),
        (r"\Omega \lambda \varepsilon \hbar", "Ωλεħ"),
        (r"\dot{x} \tilde n", "ẋ ñ"),
        (r"\frac{a}{b}", "ab"),
        (r"\sin x", "sinx"),
        (r"\begin{array}{l} a \end{array}", " a "),
        (r"\hspace{1em}x \label{eq}", "x "),
        ("a % comment", "a "),
        (r"unbalanced { \text{b", "unbalanced  b"),
    ],
)
def test_words_stay_and_layout_goes(latex: str, shown: str) -> None:
    assert plain_math(latex) == shown


@given(st.text(alphabet="\\{}hatmbfx_^%$ 中\n", max_size=60))
def test_nothing_is_refused(latex: str) -> None:
    plain_math(latex)


def test_depth_has_an_end() -> None:
    assert "x" in plain_math(r"\hat{" * 2000 + "x" + "}" * 2000)
