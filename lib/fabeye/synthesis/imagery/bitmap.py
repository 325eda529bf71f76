"""Fail bitmaps: which cells of a window of a memory array failed a test.

Notable:
- The shape follows the failure mode: a row for a word line, a column for a bit line, and so on; the count of failing
  bits is the count of cells drawn.
- Failing cells are drawn three pixels wide, or a single bit could not be seen in print; small modes get an inset that
  shows the cells one by one.

Shapes: H, W = CELLS.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from fabeye.schema import Sensitive
from fabeye.synthesis.imagery.picture import BLACK, WHITE, Colour, Sheet, box_of
from fabeye.synthesis.shown import Shown

CELLS = 384  # rows and columns of the window
MAT = 64  # rows and columns of one array mat
HEAD, LEFT = 46, 66  # pixels above and left of the map, for its titles and addresses
SIZE = 15  # pixels of the letters
INSET_CELLS, INSET_PX = 11, 11  # cells on a side of the inset, and pixels of one
# modes that an inset explains
SMALL = ("single", "twin", "row_pair", "column_pair", "cross")
MODES = (
    "single",
    "twin",
    "row",
    "row_pair",
    "partial_row",
    "column",
    "column_pair",
    "cross",
    "cluster",
    "block",
    "scatter",
)
HIT_RATE = 0.96  # share of the cells of a failing line that fail
# (paper, grid, failing cell)
THEMES: tuple[tuple[Colour, Colour, Colour], ...] = (
    (WHITE, (216, 216, 226), BLACK),
    (WHITE, (216, 216, 226), (190, 20, 20)),
    ((186, 190, 196), (150, 154, 162), (200, 0, 0)),
    ((20, 24, 44), (58, 66, 104), (90, 240, 120)),
)


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a bank that is shown. row, column: physical addresses of its first cell; lot: its lot."""

    bank: int
    row: int
    column: int
    lot: str


def make_bitmap(rng: np.random.Generator, mode: str, row: int, column: int, window: Window) -> tuple[bytes, Shown]:
    """PNG and truth of a window that fails in `mode` (of MODES) around its cell (row, column), both 8 to CELLS - 8."""
    fails_HW = fail_map(rng, mode, row, column)
    theme = THEMES[int(rng.integers(len(THEMES)))]
    sheet = Sheet.blank(LEFT + CELLS + 10, HEAD + CELLS + 10)
    sheet.image.paste(Image.fromarray(_cells(fails_HW, theme)), (LEFT, HEAD))
    _titled(sheet, window, int(fails_HW.sum()))
    if mode in SMALL:
        _inset(sheet, fails_HW, row, column, theme)
    x0, y0, x1, y1 = box_of(fails_HW)
    truth = {
        "mode": mode,
        "bank": window.bank,
        "row": window.row + row,
        "column": window.column + column,
        "window": [window.row, window.column, CELLS, CELLS],
        "mat_cells": MAT,
        "fail_bits": int(fails_HW.sum()),
        "box": sheet.shares((LEFT + x0 - 1, HEAD + y0 - 1, LEFT + x1 + 1, HEAD + y1 + 1)),
    }
    return sheet.finished("bitmap", truth)


def fail_map(rng: np.random.Generator, mode: str, row: int, column: int) -> np.ndarray:
    """bool[H, W], True where a cell failed. Raises ValueError for an unknown mode."""
    if mode not in MODES:
        raise ValueError(f"there is no failure mode {mode!r}; the modes are {', '.join(MODES)}")
    fails_HW = np.zeros((CELLS, CELLS), bool)
    mat_row, mat_column = row // MAT * MAT, column // MAT * MAT
    if mode in ("single", "twin"):
        fails_HW[row : row + (2 if mode == "twin" else 1), column] = True
    if mode in ("row", "row_pair", "cross"):
        fails_HW[row] = rng.random(CELLS) < HIT_RATE
    if mode == "row_pair":
        fails_HW[row + 1] = rng.random(CELLS) < HIT_RATE
    if mode in ("column", "column_pair", "cross"):
        fails_HW[:, column] = rng.random(CELLS) < HIT_RATE
    if mode == "column_pair":
        fails_HW[:, column + 1] = rng.random(CELLS) < HIT_RATE
    if mode == "partial_row":
        fails_HW[row, mat_column : mat_column + MAT] = True
    if mode == "block":
        fails_HW[mat_row : mat_row + MAT, mat_column : mat_column + MAT] = rng.random((MAT, MAT)) < rng.uniform(
            0.5, 0.97
        )
    if mode == "cluster":
        spread = rng.normal(0, rng.uniform(4, 9), (int(rng.integers(60, 220)), 2)).round().astype(int)
        ys, xs = np.clip(spread + np.array([row, column]), 0, CELLS - 1).T
        fails_HW[ys, xs] = True
    if mode == "scatter":
        fails_HW |= rng.random((CELLS, CELLS)) < rng.uniform(5e-4, 2e-3)
    fails_HW[row, column] = True
    return fails_HW


def _cells(fails_HW: np.ndarray, theme: tuple[Colour, Colour, Colour]) -> np.ndarray:
    """uint8[H, W, 3]: mats, and failing cells widened to three pixels."""
    paper, grid, ink = theme
    pixels_HWC = np.full((CELLS, CELLS, 3), paper, np.uint8)
    pixels_HWC[::MAT] = pixels_HWC[:, ::MAT] = pixels_HWC[-1] = pixels_HWC[:, -1] = grid
    seen_HW = cv2.dilate(fails_HW.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    pixels_HWC[seen_HW] = ink
    return pixels_HWC


def _titled(sheet: Sheet, window: Window, bits: int) -> None:
    """Lot, bank and count above; addresses of the first and the last cell at the sides."""
    end = sheet.write(LEFT, 4, window.lot, SIZE, bold=True, field="lot_id", kind=Sensitive.LOT.value)
    end = sheet.write(end + 12, 4, f"BK{window.bank}", SIZE, bold=True)
    sheet.write(end + 12, 4, f"FBC = {bits}", SIZE)
    sheet.write(LEFT, HEAD - 4, f"Y 0x{window.column:03X}", SIZE - 2, anchor="lb")
    sheet.write(LEFT + CELLS, HEAD - 4, f"0x{window.column + CELLS - 1:03X}", SIZE - 2, anchor="rb")
    sheet.write(LEFT - 5, HEAD, "X", SIZE - 2, anchor="ra")
    sheet.write(LEFT - 5, HEAD + 17, f"0x{window.row:04X}", SIZE - 2, anchor="ra")
    sheet.write(LEFT - 5, HEAD + CELLS, f"0x{window.row + CELLS - 1:04X}", SIZE - 2, anchor="rb")
    sheet.pen.rectangle([LEFT - 1, HEAD - 1, LEFT + CELLS, HEAD + CELLS], outline=(90, 90, 90))


def _inset(sheet: Sheet, fails_HW: np.ndarray, row: int, column: int, theme: tuple[Colour, Colour, Colour]) -> None:
    """The cells around the fail one by one, in the corner farthest from it, with a line to where they lie."""
    half, side = INSET_CELLS // 2, INSET_CELLS * INSET_PX
    x = LEFT + (14 if column > CELLS // 2 else CELLS - side - 14)
    y = HEAD + (14 if row > CELLS // 2 else CELLS - side - 14)
    sheet.pen.line([LEFT + column, HEAD + row, x + side / 2, y + side / 2], fill=(30, 110, 200), width=1)
    sheet.pen.rectangle([x - 2, y - 2, x + side + 1, y + side + 1], fill=WHITE, outline=(30, 110, 200), width=2)
    for i in range(INSET_CELLS):
        for j in range(INSET_CELLS):
            failed = fails_HW[row - half + i, column - half + j]
            left, top = x + j * INSET_PX, y + i * INSET_PX
            sheet.pen.rectangle(
                [left, top, left + INSET_PX - 1, top + INSET_PX - 1],
                fill=theme[2] if failed else theme[0],
                outline=theme[1],
            )
