"""Fail bitmaps: which cells of a window of a memory array failed a test.

Notable:
- The shape follows the failure mode: a row for a word line, a column for a bit line, and so on; the count of failing
  bits is the count of cells drawn.
- Failing cells are drawn three pixels wide, or a single bit could not be seen in print.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from fabeye.synthesis.imagery.picture import Picture, encoded

CELLS = 384  # rows and columns of the window
MAT = 64  # rows and columns of one array mat
GRID, PAPER, INKS = (222, 222, 228), (255, 255, 255), ((0, 0, 0), (190, 20, 20))
MODES = ("single", "twin", "row", "row-pair", "partial-row", "column", "cross", "cluster", "scatter")


@dataclass(frozen=True, slots=True)
class Bitmap:
    """A window's picture and its count of failing bits."""

    picture: Picture
    fail_bits: int


def draw_bitmap(rng: np.random.Generator, mode: str, row: int, column: int) -> Bitmap:
    """Draw a window that fails in `mode` (one of MODES) around (row, column), both 8 to CELLS - 8."""
    fails_HW = fail_map(rng, mode, row, column)
    return Bitmap(Picture(_rendered(rng, fails_HW), CELLS, CELLS), int(fails_HW.sum()))


def fail_map(rng: np.random.Generator, mode: str, row: int, column: int) -> np.ndarray:
    """bool[CELLS, CELLS], True where a cell failed. Raises ValueError for an unknown mode."""
    if mode not in MODES:
        raise ValueError(f"there is no failure mode {mode!r}; the modes are {', '.join(MODES)}")
    fails_HW = np.zeros((CELLS, CELLS), bool)
    if mode in ("single", "twin"):
        fails_HW[row : row + (2 if mode == "twin" else 1), column] = True
    if mode in ("row", "row-pair", "cross"):
        fails_HW[row] = rng.random(CELLS) < 0.96
    if mode == "row-pair":
        fails_HW[row + 1] = rng.random(CELLS) < 0.96
    if mode in ("column", "cross"):
        fails_HW[:, column] = rng.random(CELLS) < 0.96
    if mode == "partial-row":
        start = column // MAT * MAT
        fails_HW[row, start : start + MAT] = True
    if mode == "cluster":
        spread = rng.normal(0, rng.uniform(4, 9), (int(rng.integers(60, 220)), 2)).round().astype(int)
        ys, xs = np.clip(spread + np.array([row, column]), 0, CELLS - 1).T
        fails_HW[ys, xs] = True
    if mode == "scatter":
        fails_HW |= rng.random((CELLS, CELLS)) < rng.uniform(5e-4, 2e-3)
        fails_HW[row, column] = True
    return fails_HW


def _rendered(rng: np.random.Generator, fails_HW: np.ndarray) -> bytes:
    pixels_HWC = np.full((CELLS, CELLS, 3), PAPER, np.uint8)
    pixels_HWC[::MAT] = pixels_HWC[:, ::MAT] = pixels_HWC[-1] = pixels_HWC[:, -1] = GRID
    seen_HW = cv2.dilate(fails_HW.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    pixels_HWC[seen_HW] = INKS[int(rng.integers(len(INKS)))]
    return encoded(Image.fromarray(pixels_HWC), "PNG")
