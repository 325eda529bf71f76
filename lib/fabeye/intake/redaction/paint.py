"""Painting over: paper where the letters were, and the placeholder on it, legible, in the same place.

Notable:
- The colour of the paper is that of the box's surroundings, so a dark information bar stays dark.
- A box of recognised letters ends between letters: recognition knows their places to a third of a letter only.
- A placeholder longer than its box runs on over blank paper; where there is none its letters shrink.

A box is (x0, y0, x1, y1) in pixels. Shapes: H, W rows and columns; 3 colours, blue first.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from fabeye.intake.redaction.runs import Box

LAYER_MARGIN = 1.5  # pixels around the letters of a text layer; their ink hardly leaves their boxes
OUTWARDS = 0.4  # heights by which a box of recognised letters is widened at most, to a column without ink
INWARDS = 0.1  # heights by which it is narrowed at most
RING = 3  # pixels around a box in which the colour of the paper is sought
LETTER = 0.72  # size of a font over the height of the box that its capitals and descenders fill
LEGIBLE_PX = 13  # size of a font in pixels that is easily read; below it a placeholder takes room at its side
SMALLEST_PX = 6
MIDDLE_GREY = 127
TALL = 2.0  # height over width from which on a box is a turned line
INK = 40  # grey levels

Pixels = NDArray[np.uint8]
Pixel4 = tuple[int, int, int, int]


def outline(image: Pixels, box: Box, recognised: bool) -> Pixel4:
    """The box that must be painted so that no part of a letter stays, as whole pixels inside the picture."""
    height, width = image.shape[:2]
    x0, y0, x1, y1 = box
    margin = 0.0 if recognised else LAYER_MARGIN
    left, top = min(max(0, int(x0 - margin)), width - 1), min(max(0, int(y0 - margin)), height - 1)
    right, bottom = min(width, int(np.ceil(x1 + margin))), min(height, int(np.ceil(y1 + margin)))
    right, bottom = max(right, left + 1), max(bottom, top + 1)
    if not recognised:
        return left, top, right, bottom
    if _is_tall(box):
        top, bottom = _between_letters(image[:, left:right].transpose(1, 0, 2), top, bottom)
    else:
        left, right = _between_letters(image[top:bottom], left, right)
    return left, top, right, bottom


def cover(image: Pixels, box: Pixel4) -> None:
    """Paint a box of the picture over with the colour of its paper, in place."""
    x0, y0, x1, y1 = box
    image[y0:y1, x0:x1] = _paper(image, box)


def write(image: Pixels, box: Pixel4, placeholder: str) -> Pixel4:
    """Write a placeholder into a covered box, in place; the box with what of it runs on over blank paper."""
    x0, y0, x1, y1 = box
    if not _is_tall(box):
        return _write(image, box, placeholder)
    turned = np.ascontiguousarray(np.rot90(image[y0:y1, x0:x1], -1))
    _write(turned, (0, 0, turned.shape[1], turned.shape[0]), placeholder)
    image[y0:y1, x0:x1] = np.rot90(turned)
    return box


def _write(image: Pixels, box: Pixel4, text: str) -> Pixel4:
    x0, y0, x1, y1 = box
    paper = image[(y0 + y1) // 2, (x0 + x1) // 2]
    most = max(SMALLEST_PX, int(LETTER * (y1 - y0)))
    size = _fitting(text, most, x1 - x0)
    if size < min(most, LEGIBLE_PX):
        size = _fitting(text, min(most, LEGIBLE_PX), x1 - x0 + _room(image, box, paper))
    width = min(image.shape[1] - x0, max(x1 - x0, int(np.ceil(_font(size).getlength(text))) + 1))
    patch = Image.fromarray(np.ascontiguousarray(image[y0:y1, x0 : x0 + width]))
    ink = (0, 0, 0) if float(paper.mean()) > MIDDLE_GREY else (255, 255, 255)
    ImageDraw.Draw(patch).text((0, (y1 - y0) / 2), text, fill=ink, font=_font(size), anchor="lm")
    image[y0:y1, x0 : x0 + width] = np.asarray(patch)
    return x0, y0, x0 + width, y1


def _fitting(text: str, most: int, width: int) -> int:
    """The largest size of a font, at most `most`, at which a text is no wider than `width` pixels."""
    return max(SMALLEST_PX, min(most, int(most * width / max(_font(most).getlength(text) + 1, 1))))


def _room(image: Pixels, box: Pixel4, paper: Pixels) -> int:
    """Pixels to the right of a box that are blank paper."""
    _, y0, x1, y1 = box
    inked = (np.abs(image[y0:y1, x1:].astype(np.int16) - paper.astype(np.int16)).max(axis=2) > INK).any(axis=0)
    return int(np.argmax(inked)) if inked.any() else len(inked)


def _paper(image: Pixels, box: Pixel4) -> Pixels:
    """The median colour just around a box."""
    x0, y0, x1, y1 = box
    ring = np.ones((y1 - y0 + 2 * RING, x1 - x0 + 2 * RING), bool)
    ring[RING:-RING, RING:-RING] = False
    top, left = y0 - RING, x0 - RING
    rows, columns = np.nonzero(ring)
    rows, columns = rows + top, columns + left
    inside = (rows >= 0) & (columns >= 0) & (rows < image.shape[0]) & (columns < image.shape[1])
    if not inside.any():
        return np.full(3, 255, np.uint8)
    return np.median(image[rows[inside], columns[inside]], axis=0).astype(np.uint8)


def _between_letters(strip: Pixels, start: int, end: int) -> tuple[int, int]:
    """Start and end of a stretch of a strip (H, W, 3), each at the nearest column without ink, outwards first."""
    grey = cv2.cvtColor(np.ascontiguousarray(strip), cv2.COLOR_BGR2GRAY).astype(np.int16)
    blank = ~(np.abs(grey - np.median(grey)) > INK).any(axis=0)
    outwards, inwards = round(OUTWARDS * len(strip)), round(INWARDS * len(strip))
    left = _nearest(blank, [start - step for step in range(-inwards, outwards + 1)], start, start - outwards)
    right = _nearest(blank, [end - 1 + step for step in range(-inwards, outwards + 1)], end - 1, end - 1 + outwards)
    return left, max(right + 1, left + 1)


def _nearest(blank: NDArray[np.bool_], columns: Sequence[int], wanted: int, otherwise: int) -> int:
    """The blank column nearest to the wanted one, or `otherwise` where there is none; never outside the picture."""
    free = [column for column in columns if 0 <= column < len(blank) and blank[column]]
    if free:
        return min(free, key=lambda column: abs(column - wanted))
    return min(max(otherwise, 0), len(blank) - 1)


def _is_tall(box: Box | Pixel4) -> bool:
    return box[3] - box[1] > TALL * (box[2] - box[0])


@lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(files("matplotlib") / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"), size)
