"""Layout F1: overlap, class, and one box for one box."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.metrics.layout_f1 import layout_tallies, layout_tally, mean_layout_tallies, overlaps
from fabeye.metrics.tally import Tally

SIDES = st.integers(0, 20)
BOXES = st.lists(
    st.tuples(
        st.sampled_from(["table", "figure"]),
        st.tuples(SIDES, SIDES, st.integers(1, 20), st.integers(1, 20)).map(
            lambda one: (one[0], one[1], one[0] + one[2], one[1] + one[3])
        ),
    ),
    max_size=5,
)


@given(BOXES, BOXES)
def test_symmetric_bounded_and_perfect_on_itself(one: list, other: list) -> None:
    assert layout_tally(one, one).score in (None, 1.0)
    assert layout_tally(one, other) == layout_tally(other, one)
    mean, loose = mean_layout_tallies(one, other), layout_tallies(one, other)
    assert set(mean) == set(loose)
    assert all(mean[label].got <= loose[label].got for label in mean)


def test_a_class_is_not_another_and_a_box_counts_once() -> None:
    box = (0, 0, 10, 10)
    assert layout_tallies([("table", box)], [("figure", box)]) == {"figure": Tally(0, 1), "table": Tally(0, 1)}
    assert layout_tally([("table", box)], [("table", box)] * 2) == Tally(2, 3)


def test_overlap_is_intersection_by_union() -> None:
    found = overlaps([(0, 0, 10, 10)], [(5, 0, 15, 10), (20, 20, 30, 30), (3, 3, 3, 9)])
    assert found == pytest.approx(np.array([[1 / 3, 0, 0]]))
    half = [("table", (0.0, 0.0, 10.0, 7.0))]
    mean = mean_layout_tallies([("table", (0.0, 0.0, 10.0, 10.0))], half)
    assert mean["table"].score == pytest.approx(0.5)
