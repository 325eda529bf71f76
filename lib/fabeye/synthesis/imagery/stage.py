"""What the stage and its optics add to a die's pattern: dust on the lens, and fields stitched to one picture.

Notable:
- Both change the pattern only, never the light: what shines stays where it shines, and a reader must not take a speck
  or a seam for a spot.

Shapes: H, W pixels of the camera.
"""

from typing import Any

import cv2
import numpy as np

from fabeye.synthesis.imagery.picture import shares

SPECKS = (2, 6)  # least and most of a dusty picture
SPECK_PX = (4.0, 16.0)  # standard deviation of a speck's shadow
SHADOW = (0.25, 0.6)  # share of the light that a speck takes
FIELDS = ((2, 1), (1, 2), (2, 2))  # columns and rows of fields in a stitched picture
BRIGHTNESS = 0.10  # by which two fields may differ
OFFSET_PX = 3  # by which a field may be off


def dusty(rng: np.random.Generator, pattern_HW: np.ndarray, height: int) -> tuple[np.ndarray, list[dict[str, Any]]]:
    """The pattern under specks of dust, and their boxes as shares of a picture `height` pixels high."""
    high, wide = pattern_HW.shape
    rows, columns = np.arange(high)[:, None], np.arange(wide)[None, :]
    left_HW, found = np.ones_like(pattern_HW), []
    for _ in range(int(rng.integers(*SPECKS, endpoint=True))):
        x, y, sigma = rng.uniform(0, wide), rng.uniform(0, high), rng.uniform(*SPECK_PX)
        speck_HW = np.exp(-0.5 * (((columns - x) / sigma) ** 2 + ((rows - y) / (sigma * rng.uniform(0.6, 1.4))) ** 2))
        left_HW *= (1 - rng.uniform(*SHADOW) * speck_HW).astype(np.float32)
        found.append({"box": shares((x - 2 * sigma, y - 2 * sigma, x + 2 * sigma, y + 2 * sigma), wide, height)})
    return pattern_HW * left_HW, found


def stitched(rng: np.random.Generator, pattern_HW: np.ndarray) -> tuple[np.ndarray, dict[str, int]]:
    """The pattern as fields of uneven brightness that do not quite meet, and how many columns and rows they have."""
    columns, rows = FIELDS[int(rng.integers(len(FIELDS)))]
    high, wide = pattern_HW.shape
    sewn_HW = pattern_HW.copy()
    for row in range(rows):
        for column in range(columns):
            place = np.s_[
                row * high // rows : (row + 1) * high // rows, column * wide // columns : (column + 1) * wide // columns
            ]
            dx, dy = (int(step) for step in rng.integers(-OFFSET_PX, OFFSET_PX, 2, endpoint=True))
            shift = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
            moved_HW = cv2.warpAffine(pattern_HW, shift, (wide, high), borderMode=cv2.BORDER_REPLICATE)
            sewn_HW[place] = moved_HW[place] * rng.uniform(1 - BRIGHTNESS, 1 + BRIGHTNESS)
    return sewn_HW, {"columns": columns, "rows": rows}
