"""Where points and boxes of a page go when the page is moved by a homography.

Notable:
- Points are continuous: pixel (row r, column c) covers the square from (c, r) to (c + 1, r + 1).
- A table holds upright boxes only. The upright box around a moved box, together with the homography, still says what
  the box was, so the slanted quadrilateral can be had back exactly.

Shapes: N points, K boxes.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]  # x0, y0, x1, y1; x to the right, y down
Matrix = NDArray[np.float64]  # (3, 3)

STEPS = 50  # each shrinks the error by the sine of the page's skew at least; a few are enough for a scan
CLOSE = 1e-9  # pixels


def moved_points(points: NDArray[np.float64], homography: Matrix) -> NDArray[np.float64]:
    """Where points (N, 2) are after the move, (N, 2)."""
    moved = np.c_[points, np.ones(len(points))] @ homography.T
    return np.asarray(moved[:, :2] / moved[:, 2:])


def corners(box: Box) -> NDArray[np.float64]:
    """The corners of a box, clockwise from its top left, (4, 2)."""
    x0, y0, x1, y1 = box
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], np.float64)


def moved_boxes(boxes: Sequence[Box], homography: Matrix) -> list[Box]:
    """The upright boxes around where the boxes are after the move."""
    if not boxes:
        return []
    moved = moved_points(np.concatenate([corners(box) for box in boxes]), homography).reshape(-1, 4, 2)
    return [_box(least, most) for least, most in zip(moved.min(axis=1), moved.max(axis=1), strict=True)]


def quadrilateral(upright: Box, homography: Matrix) -> NDArray[np.float64]:
    """The corners (4, 2) that a box has after the move, from the upright box around them.

    Meant for a page laid askew. Beyond a turn of 45 degrees the steps lead away from the answer, and the upright box's
    own corners come back.
    """
    wanted = np.array(upright)
    box = np.array(moved_boxes([upright], np.linalg.inv(homography))[0])
    for _ in range(STEPS):
        missing = wanted - np.array(moved_boxes([_box(box[:2], box[2:])], homography)[0])
        if np.abs(missing).max() < CLOSE:
            return moved_points(corners(_box(box[:2], box[2:])), homography)
        box = box + missing
    return corners(upright)


def rescaled(homography: Matrix, factor: float) -> Matrix:
    """The same move where every length is `factor` times as large, as from points to pixels."""
    larger = np.diag([factor, factor, 1.0])
    return np.asarray(larger @ homography @ np.linalg.inv(larger))


def _box(least: NDArray[np.float64], most: NDArray[np.float64]) -> Box:
    return float(least[0]), float(least[1]), float(most[0]), float(most[1])
