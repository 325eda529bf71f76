"""One notation: what four ways of writing have in common, and what must stay apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.metrics.notation import flat, has_scripts, unified

LETTERS = st.text("ABCDEFGHtV", min_size=1, max_size=4)


@pytest.mark.parametrize(
    "written",
    ["t<sub>RCD</sub>", "$t_{RCD}$", r"$t_{\mathrm{RCD}}$", r"\(t_{\text{RCD}}\)", "t_{RCD}"],
)
def test_a_subscript_is_one_whoever_writes_it(written: str) -> None:
    assert unified(written) == "t_{RCD}"
    assert flat(written) == "tRCD"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2.5 \u00b5A", "2.5 \u03bcA"),
        ("240 \u2126", "240 \u03a9"),
        ("≤ 5", "$\\leq$ 5"),
        ("≤ 5", "<= 5"),
        ("±0.06", "$\\pm 0.06$"),
        ("95 ℃", "95 °C"),
        ("$-40\\,^{\\circ}\\mathrm{C}$", "-40 °C"),
        ("10⁻⁹", "10<sup>-9</sup>"),
        ("C\u0305S\u0305", r"$\overline{CS}$"),
        ("**bold** word", "bold word"),
        ("a<br>b", "a b"),
        ("5 &lt; 6", "5 < 6"),
    ],
)
def test_the_same_glyphs_are_the_same(one: str, other: str) -> None:
    assert unified(one) == unified(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("uA", "µA"),
        ("CK_t", "CK_c"),
        ("V_{DD}", "V_{DDQ}"),
        ("t_{CK}", "tCK"),
        ("10^{9}", "109"),
        ("≤", "≥"),
        ("-", ""),
    ],
)
def test_different_glyphs_stay_different(one: str, other: str) -> None:
    assert unified(one) != unified(other)


def test_an_underscore_without_a_brace_is_a_letter_outside_formulas() -> None:
    assert unified("CK_t") == "CK_t"
    assert unified("$x_i$") == "x_{i}"


@given(LETTERS, LETTERS)
def test_flat_drops_marks_and_nothing_else(base: str, script: str) -> None:
    text = f"{base}_{{{script}}}"
    assert has_scripts(unified(text))
    assert flat(text) == base + script
    assert unified(unified(text)) == unified(text)
