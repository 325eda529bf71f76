"""Where there is ink on a page, and which of it no known letter explains.

Shapes: H, W rows and columns of a picture; 3 its colours, blue first; N letters. A box is (x0, y0, x1, y1) in pixels.
"""

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from fabeye.intake.redaction.runs import Box, around

STEP = 40  # grey levels by which ink differs from the paper around it
PAPER_PX = 25  # side of the neighbourhood whose brightest or commonest grey is paper
LETTER_MARGIN = 2  # pixels around a letter's box that its ink may reach
JOINING_PX = 24  # pixels; ink closer than this is one region to read
LEAST_INK = 30  # pixels of ink that a region must have to be read
LEAST_SIDE = 6  # pixels of a region's shorter side; less is a ruling
DARK = 70  # grey level up to which the ground of an instrument's bar is dark
BAR_PX = (100, 3)  # width and height of the blank dark strips that a bar has above and below its letters
BAR_GAP_PX = 28  # height of a line of letters at most, across which strips are one bar
BAR_HEIGHT_PX = 16, 64  # of a bar; what is higher is a dark picture, whose lower and upper edge may be one
EDGE_PX = 2  # pixels along the edge of a letter's box, in which its ink begins

Pixels = NDArray[np.uint8]
Places = NDArray[np.int64]


def ink_of(image: Pixels) -> Pixels:
    """255 where a page (H, W, 3) differs from the paper around, 0 elsewhere (H, W)."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    paper = cv2.medianBlur(grey, PAPER_PX)
    step = cv2.absdiff(grey, paper)
    dark = cv2.absdiff(grey, np.full_like(grey, int(np.median(grey))))
    return np.where((step > STEP) | (dark > STEP), 255, 0).astype(np.uint8)


def are_tight(ink: Pixels, boxes: Sequence[Box]) -> NDArray[np.bool_]:
    """Which boxes (N) have ink at all four edges, as that of a printed letter has."""
    sums = np.asarray(cv2.integral((ink > 0).astype(np.uint8)), np.int64)
    height, width = ink.shape
    corners = np.array(boxes, np.float64).reshape(-1, 4)
    x0, y0 = np.floor(corners[:, :2]).astype(np.int64).T
    x1, y1 = np.ceil(corners[:, 2:]).astype(np.int64).T
    x0, x1, y0, y1 = (np.clip(edge, 0, side) for edge, side in ((x0, width), (x1, width), (y0, height), (y1, height)))

    def holds(
        left: NDArray[np.int64], top: NDArray[np.int64], right: NDArray[np.int64], bottom: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        return np.asarray(sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left] > 0)

    return (
        holds(x0, y0, x1, np.minimum(y0 + EDGE_PX, y1))
        & holds(x0, np.maximum(y1 - EDGE_PX, y0), x1, y1)
        & holds(x0, y0, np.minimum(x0 + EDGE_PX, x1), y1)
        & holds(np.maximum(x1 - EDGE_PX, x0), y0, x1, y1)
    )


def unexplained(ink: Pixels, letters: Iterable[Box]) -> list[Box]:
    """Boxes around the ink (H, W) that lies under none of the letters, rulings left out."""
    left = ink.copy()
    for box in letters:
        x0, y0, x1, y1 = grown(box, LETTER_MARGIN, ink)
        left[y0:y1, x0:x1] = 0
    left[_rulings(left)] = 0
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (JOINING_PX, JOINING_PX))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(left, kernel), connectivity=8)
    inked = np.bincount(labels[left > 0], minlength=count)
    found = []
    for number in range(1, count):
        start, top, width, height = (int(value) for value in stats[number, :4])
        if inked[number] >= LEAST_INK and min(width, height) >= LEAST_SIDE:
            found.append((float(start), float(top), float(start + width), float(top + height)))
    return merged(found)


def bars(image: Pixels) -> list[Box]:
    """The dark bands of a picture (H, W, 3) in which an instrument tells its settings, where there are any.

    Beside a micrograph's texture its small letters are overlooked; alone they are read.
    """
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    blank = cv2.morphologyEx((grey <= DARK).astype(np.uint8), cv2.MORPH_OPEN, np.ones(BAR_PX[::-1], np.uint8))
    joined = cv2.morphologyEx(blank, cv2.MORPH_CLOSE, np.ones((BAR_GAP_PX, 1), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    least, most = BAR_HEIGHT_PX
    found = []
    for number in range(1, count):
        left, top, width, height = (int(value) for value in stats[number, :4])
        if height > most:
            found += [(left, top, left + width, top + most), (left, top + height - most, left + width, top + height)]
        elif height >= least:
            found.append((left, top, left + width, top + height))
    return [(float(x0), float(y0), float(x1), float(y1)) for x0, y0, x1, y1 in found]


def grown(box: Box, margin: float, image: Pixels) -> tuple[int, int, int, int]:
    """A box with a margin, as whole pixels inside the picture, at least one pixel in size."""
    height, width = image.shape[:2]
    x0, y0 = max(0, int(box[0] - margin)), max(0, int(box[1] - margin))
    x1, y1 = min(width, int(np.ceil(box[2] + margin))), min(height, int(np.ceil(box[3] + margin)))
    x0, y0 = min(x0, width - 1), min(y0, height - 1)
    return x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)


def merged(boxes: Iterable[Box]) -> list[Box]:
    """The boxes, those that touch or nearly touch as one: a scatter of dots is one picture, not a hundred."""
    kept: list[Box] = []
    for box in boxes:
        near = [one for one in kept if _is_near(one, box)]
        while near:
            kept = [one for one in kept if one not in near]
            box = around([box, *near])
            near = [one for one in kept if _is_near(one, box)]
        kept.append(box)
    return sorted(kept, key=lambda box: (box[1], box[0]))


def _rulings(ink: Pixels) -> NDArray[np.bool_]:
    """Where straight lines longer than any letter run, and nothing else is near."""
    long = 2 * PAPER_PX
    flat = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    steep = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((long, 1), np.uint8))
    thick = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((LEAST_SIDE, LEAST_SIDE), np.uint8))
    return ((flat > 0) | (steep > 0)) & (thick == 0)


def _is_near(one: Box, other: Box) -> bool:
    across = max(one[0], other[0]) - min(one[2], other[2])
    down = max(one[1], other[1]) - min(one[3], other[3])
    return max(across, down) < JOINING_PX
