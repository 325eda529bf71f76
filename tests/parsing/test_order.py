"""The reading order of drawn layouts, and that it loses nothing."""

import random

from hypothesis import given
from hypothesis import strategies as st

from fabeye.ocr import Line
from fabeye.parsing.order import reading_order


def line(x: float, y: float, width: float, text: str) -> Line:
    return Line(x, y, x + width, y + 20, text, 1.0)


def said(lines: list[Line]) -> str:
    return " ".join(one.text for one in reading_order(lines))


def test_a_table_is_read_row_by_row() -> None:
    cells = [line(50 + 250 * column, 30 * row, 90, f"r{row}c{column}") for row in range(6) for column in range(4)]
    assert said(cells) == " ".join(f"r{row}c{column}" for row in range(6) for column in range(4))


def test_two_columns_are_read_one_after_the_other_below_their_title() -> None:
    title = line(0, 0, 1000, "title")
    left = [line(0, 50 + 25 * index, 470, f"l{index}") for index in range(5)]
    right = [line(530, 50 + 25 * index, 465, f"r{index}") for index in range(5)]
    foot = line(300, 300, 400, "foot")
    expected = ["title", *(f"l{index}" for index in range(5)), *(f"r{index}" for index in range(5)), "foot"]
    assert said([title, *right, *left, foot]) == " ".join(expected)


def test_a_small_table_inside_a_column_stays_in_it() -> None:
    left = [line(0, 0, 480, "l0"), line(0, 30, 100, "key"), line(250, 30, 100, "value"), line(0, 60, 480, "l1")]
    right = [line(520, 5 + 30 * index, 480, f"r{index}") for index in range(3)]
    assert said(left + right) == "l0 key value l1 r0 r1 r2"


def test_no_line_has_no_order() -> None:
    assert reading_order([]) == []


BOXES = st.builds(
    line, st.integers(0, 900), st.integers(0, 900), st.integers(1, 900), st.text("abc", min_size=1, max_size=3)
)


@given(st.lists(BOXES, max_size=25), st.randoms(use_true_random=False))
def test_every_line_comes_once_whatever_order_they_came_in(lines: list[Line], rng: random.Random) -> None:
    ordered = reading_order(lines)
    assert sorted(map(repr, ordered)) == sorted(map(repr, lines))
    shuffled = list(lines)
    rng.shuffle(shuffled)
    assert reading_order(shuffled) == ordered
