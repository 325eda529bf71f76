"""Formulas by what is seen; tokens where nothing can be seen."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fabeye.metrics.formula import LONGEST_SET, formula_score, rendered_score, token_score, tokens, unset

NAMES = st.sampled_from(["t", "x", r"\alpha", "V", "2"])
FORMULAS = st.recursive(
    NAMES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda parts: rf"\frac{{{parts[0]}}}{{{parts[1]}}}"),
        st.tuples(NAMES, inner).map(lambda parts: f"{parts[0]}_{{{parts[1]}}}"),
        st.tuples(inner, inner).map(lambda parts: f"{parts[0]} + {parts[1]}"),
    ),
    max_leaves=5,
)


@settings(max_examples=40)  # setting a formula takes some ten milliseconds
@given(FORMULAS, FORMULAS)
def test_symmetric_bounded_and_perfect_on_itself(one: str, other: str) -> None:
    for score in (token_score, rendered_score, formula_score):
        assert score(one, one) == 1.0
        assert score(one, other) == pytest.approx(score(other, one))
        assert 0 <= score(one, other) <= 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"\frac{1}{2}", r"\dfrac{1}{2}"),
        ("x_a^b", "x^b_a"),
        (r"\mathrm{FIT} = t", r"\text{FIT}=t"),
        ("$$ t_{R} $$", r"\[ t_R \]"),
        (r"a \le b", r"a \leq b"),
        (r"\left( x \right)", "(x)"),
        (r"a = b \tag{3}", "a = b"),
    ],
)
def test_two_writings_of_one_formula(one: str, other: str) -> None:
    assert formula_score(one, other) == 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [("x_a", "xa"), ("x_a", "x^a"), (r"\frac{a}{b}", r"\frac{b}{a}"), ("a-b", "a+b"), ("t_{RCD}", "t_{RC}")],
)
def test_what_is_not_the_same_formula(one: str, other: str) -> None:
    assert formula_score(one, other) < 1.0


def test_what_mathtext_does_not_know_is_compared_by_tokens() -> None:
    one, other = (rf"\begin{{cases}} {name} & x \\ b \end{{cases}}" for name in "ac")
    assert rendered_score(one, other) is None
    assert formula_score(one, other) == token_score(one, other) < 1.0
    assert unset(one, other) == [one, other]
    assert unset("x_a", other) == [other]
    assert unset("x_a", "x_b") == unset(one, one) == []


@pytest.mark.parametrize("broken", ["", "{", "}" * 50, r"\frac{1}{", "{" * 3000, r"\unknown{x}", "a" * 5000])
def test_broken_formulas_score(broken: str) -> None:
    assert 0 <= formula_score("x_a", broken) < 1


NESTED = [
    ("{", "}"),
    (r"\left(", r"\right)"),
    (r"\frac{x_{", "}}{2}"),
    ("x_{a^{", "}}"),
    (r"\sqrt{", "}"),
    (r"\hat{", "}"),
]


@pytest.mark.parametrize(("opening", "closing"), NESTED)
@pytest.mark.parametrize("times", [12, 60, 300])
def test_a_deep_formula_ends(opening: str, closing: str, times: int) -> None:
    deep = opening * times + "x" + closing * times
    assert 0 <= formula_score("x_a", deep) < 1.0


@pytest.mark.parametrize(
    "hostile", [r"a\hspace{9999999999999999}b", r"a\hspace{1e300}b", "x" + "'" * (LONGEST_SET - 9)]
)
def test_a_formula_that_wants_a_huge_picture_ends(hostile: str) -> None:
    assert 0 <= formula_score("a", hostile) < 1.0


def test_superfluous_braces_and_styles_are_no_tokens() -> None:
    assert tokens(r"\displaystyle {t}_{{R}}\, =1") == ("t", "_", "R", "=", "1")
