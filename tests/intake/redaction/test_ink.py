"""Ink that no letter explains is a region to read; rulings and printed letters are none; dark bars are found."""

import numpy as np

from fabeye.intake.redaction.ink import are_tight, bars, ink_of, unexplained
from fabeye.intake.redaction.runs import overlap
from tests.intake.redaction.drawn_pages import drawn, run


def test_ink_under_letters_is_explained() -> None:
    picture = drawn((20, 20, "Lot ID"), (200, 120, "TH8402B"))
    assert unexplained(ink_of(picture), [run(20, 20, "Lot ID").box, run(200, 120, "TH8402B").box]) == []
    (region,) = unexplained(ink_of(picture), [run(20, 20, "Lot ID").box])
    assert overlap(region, run(200, 120, "TH8402B").box) > 0


def test_rulings_need_no_reading() -> None:
    picture = drawn((20, 20, "Lot ID"), size=(640, 400))
    picture[60:62, 10:600] = 0
    picture[60:300, 400:402] = 0
    assert unexplained(ink_of(picture), [run(20, 20, "Lot ID").box]) == []


def test_a_box_is_tight_where_ink_touches_all_its_edges() -> None:
    picture = drawn(size=(200, 100))
    picture[40:60, 50:62] = 0
    boxes = [(50.0, 40.0, 62.0, 60.0), (50.0, 40.0, 80.0, 60.0), (50.0, 30.0, 62.0, 60.0), (150.0, 40.0, 162.0, 60.0)]
    assert are_tight(ink_of(picture), boxes).tolist() == [True, False, False, False]


def test_the_dark_bar_of_an_instrument_is_found_below_its_picture() -> None:
    texture = np.random.default_rng(1).integers(90, 200, (300, 640, 3)).astype(np.uint8)
    bar = drawn((8, 4, "HV 5.0 kV"), (300, 14, "SEM16B"), size=(640, 46), dark=True)
    (found,) = bars(np.concatenate([texture, bar]))
    assert overlap(found, (0.0, 300.0, 640.0, 346.0)) > 0.9 * 640 * 46
    assert bars(texture) == bars(drawn((20, 20, "Lot ID"))) == []
