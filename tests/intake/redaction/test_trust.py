"""A layer is believed where it is printed and says what is read."""

from dataclasses import replace

from fabeye.intake.redaction.ink import ink_of
from fabeye.intake.redaction.runs import Run
from fabeye.intake.redaction.trust import is_printed, is_said, printed, sample
from tests.intake.redaction.drawn_pages import drawn, inked, run

LINES = ((20, 20, "Requested by"), (200, 100, "Kevin Lin"))
INK = ink_of(drawn(*LINES))
LAYER = [inked(*line) for line in LINES]


def is_believed(layer: list[Run]) -> bool:
    return is_printed(layer, printed(INK, layer))


def test_printed_letters_are_believed() -> None:
    assert printed(INK, LAYER) == [True, True]
    assert is_believed(LAYER)


def test_letters_spread_evenly_over_a_line_are_not() -> None:
    x0, y0, x1, y1 = run(*LINES[0]).box
    step = (x1 - x0) / 12
    even = tuple((x0 + at * step, y0 - 3, x0 + (at + 1) * step, y1 + 3) for at in range(12))
    assert not is_believed([replace(LAYER[0], boxes=even), LAYER[1]])


def test_glyph_numbers_instead_of_letters_are_not() -> None:
    assert not is_believed([replace(LAYER[0], text="\x03\x04quested by"), LAYER[1]])


def test_a_watermark_across_the_page_does_not_count_and_is_not_printed() -> None:
    slanted = Run(
        "Confidential",
        tuple((20.0 + 40 * at, 150.0 - 9 * at, 90.0 + 40 * at, 190.0 - 9 * at) for at in range(12)),
        1.0,
        False,
    )
    assert printed(INK, [*LAYER, slanted]) == [True, True, False]


def test_no_layer_is_not_believed() -> None:
    assert not is_believed([])


def test_a_sample_has_each_size_once_and_is_compared_by_the_median() -> None:
    assert [one.text for one in sample([LAYER[0], LAYER[0]])] == ["Requested by"]
    assert is_said(["Requested by", "Kevin Lin", "x"], ["Requested by", "KevinLin", "?"])
    assert not is_said(["Requested by"], ["Nothing here"])
    assert not is_said([], [])
