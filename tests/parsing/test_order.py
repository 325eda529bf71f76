"""The reading order of drawn layouts, and that it loses nothing."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from fabeye.ocr import Line
from fabeye.parsing.block import Block, block_of
from fabeye.parsing.order import reading_order
from fabeye.schema import Category

HEIGHT = 20


def block(x: float, y: float, width: float, text: str, lines: int = 1) -> Block:
    stacked = [Line(x, y + 25 * n, x + width, y + 25 * n + HEIGHT, text if n == 0 else "", 1.0) for n in range(lines)]
    return block_of(Category.TEXT, stacked)


def said(blocks: list[Block]) -> str:
    return " ".join(one.text for one in reading_order(blocks, HEIGHT))


def test_a_form_is_read_row_by_row() -> None:
    cells = [block(50 + 250 * column, 30 * row, 90, f"r{row}c{column}") for row in range(6) for column in range(4)]
    assert said(cells) == " ".join(f"r{row}c{column}" for row in range(6) for column in range(4))


def test_two_columns_are_read_one_after_the_other_below_their_title() -> None:
    title = block(0, 0, 1000, "title")
    left = [block(0, 50 + 90 * index, 470, f"l{index}", lines=3) for index in range(3)]
    right = [block(530, 50 + 115 * index, 465, f"r{index}", lines=4) for index in range(2)]
    foot = block(300, 400, 400, "foot")
    assert said([*right, foot, *left, title]) == "title l0 l1 l2 r0 r1 foot"


def test_a_small_table_inside_a_column_stays_in_it() -> None:
    left = [
        block(0, 0, 480, "l0", 2),
        block(0, 60, 100, "key"),
        block(250, 60, 100, "value"),
        block(0, 90, 480, "l1", 2),
    ]
    right = [block(520, 5, 480, "r0", 3), block(520, 95, 480, "r1", 2)]
    assert said(left + right) == "l0 key value l1 r0 r1"


def test_pictures_side_by_side_keep_their_captions() -> None:
    pictures = [Block(Category.FIGURE, (x, 50, x + 400, 350)) for x in (0, 500)]
    captions = [block(100, 360, 200, "a"), block(600, 360, 200, "b")]
    slide = [block(0, 0, 900, "heading"), *pictures, *captions]
    assert [one.text or "figure" for one in reading_order(slide, HEIGHT)] == ["heading", "figure", "a", "figure", "b"]


def test_nothing_has_no_order() -> None:
    assert reading_order([], HEIGHT) == []


BLOCKS = st.builds(
    block,
    st.integers(0, 900),
    st.integers(0, 900),
    st.integers(1, 900),
    st.text("abc", min_size=1, max_size=3),
    st.integers(1, 3),
)


@settings(max_examples=50)
@given(st.lists(BLOCKS, max_size=15), st.randoms(use_true_random=False))
def test_every_block_comes_once_whatever_order_they_came_in(blocks: list[Block], rng: random.Random) -> None:
    ordered = reading_order(blocks, HEIGHT)
    assert sorted(map(repr, ordered)) == sorted(map(repr, blocks))
    shuffled = list(blocks)
    rng.shuffle(shuffled)
    assert reading_order(shuffled, HEIGHT) == ordered
