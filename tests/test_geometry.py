"""Moves of points and boxes: what must hold for every skew a scanner can make."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.geometry import corners, moved_boxes, moved_points, quadrilateral, rescaled

angles = st.floats(-5, 5)
sides = st.floats(1, 900)
places = st.floats(0, 1000)


def skew(degrees: float, tilt: float = 0.0) -> np.ndarray:
    c, s = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    return np.array([[c, -s, 3], [s, c, -7], [tilt, -tilt, 1]])


@given(places, places, sides, sides, angles, st.floats(-1e-5, 1e-5))
def test_the_upright_box_gives_the_slanted_one_back(
    x: float, y: float, width: float, height: float, degrees: float, tilt: float
) -> None:
    box, move = (x, y, x + width, y + height), skew(degrees, tilt)
    upright = moved_boxes([box], move)[0]
    assert quadrilateral(upright, move) == pytest.approx(moved_points(corners(box), move), abs=1e-6)


def test_where_there_is_no_way_back_the_upright_box_stays() -> None:
    upright = moved_boxes([(0, 0, 200, 40)], skew(60))[0]
    assert quadrilateral(upright, skew(60)) == pytest.approx(corners(upright))


def test_no_boxes_move_nowhere() -> None:
    assert moved_boxes([], np.eye(3)) == []


@given(angles, st.floats(0.1, 10))
def test_a_move_in_other_units_is_the_same_move(degrees: float, factor: float) -> None:
    points = np.array([[1.0, 2.0], [300.0, 40.0]])
    said = moved_points(points * factor, rescaled(skew(degrees, 1e-5), factor))
    assert said == pytest.approx(moved_points(points, skew(degrees, 1e-5)) * factor)
