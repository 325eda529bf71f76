"""Figures: ink that is neither text nor table nor a rule that parts a page.

Notable:
- Ink that lies close together is one figure; panels with a little white between them are joined.
- Labels, ticks and legends lie around the ink: short texts that touch a figure become part of it, captions do not.
- A dark bar with a heading in it is not a figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from fabeye.ocr import Line
from fabeye.parsing.block import around
from fabeye.parsing.picture import MAP_PX, Pixels, Rule
from fabeye.parsing.upright import Box
from fabeye.parsing.wording import CAPTION

INKED = 20  # of 255: share of a square that is ink from which on it counts
NEAR = 0.6  # line heights of white inside a figure
THIN = 2  # squares; ink that is not higher is a leader, a dash or a speck
PANELS = 1.6  # line heights of white between panels of one figure, one above the other
PART = 0.3  # of a figure's area that a part beside it has at most
SMALLEST = 2.2  # line heights of a figure's shorter side at least
REACH = 0.9  # line heights by which a label may lie beside the ink
LABEL = 28  # letters of a label at most
WIDE = 0.6  # of a figure's width; a longer text beside it is none of its labels
TEXT_SHARE = 0.35  # share of a dark area under text, from which on it is a heading or a shaded paragraph
RULE_HEIGHT = 2  # squares above and below a lone rule that are its own ink


@dataclass(slots=True)
class Figure:
    """A figure's box and the texts in it."""

    box: Box
    lines: list[Line] = field(default_factory=list)


def find_figures(
    ink: Pixels, lines: Sequence[Line], tables: Sequence[Box], lone_rules: Sequence[Rule], height: float
) -> list[Figure]:
    """The figures of a page, from top to bottom. height: of a line of text, in pixels."""
    mask = (ink >= INKED).astype(np.uint8)
    for box in tables:
        _blank(mask, box, 1)
    for x0, y0, x1, y1 in lone_rules:
        _blank(mask, (x0, min(y0, y1), x1, max(y0, y1)), RULE_HEIGHT)
    mask = _with_labels(_without_thin(mask), lines)
    boxes = _joined([box for box in _areas(mask, NEAR * height) if _is_large(box, height)], PANELS * height, lines)
    figures = [Figure(box) for box in boxes if min(box[2] - box[0], box[3] - box[1]) >= SMALLEST * height]
    figures = [figure for figure in figures if not _is_shade(figure.box, lines)]
    free = list(lines)
    for figure in figures:
        free = _absorbed(figure, free, height)
    return sorted(_distinct(figures), key=lambda figure: (figure.box[1], figure.box[0]))


def _blank(mask: Pixels, box: Box, margin: int) -> None:
    x0, y0, x1, y1 = (int(edge / MAP_PX) for edge in box)
    mask[max(0, y0 - margin) : y1 + margin + 1, max(0, x0 - margin) : x1 + margin + 1] = 0


def _without_thin(mask: Pixels) -> Pixels:
    """Without lone strokes from left to right and specks: leaders of a table of contents, dashes, noise of a scan."""
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    thick = np.array([False, *(boxes[number][cv2.CC_STAT_HEIGHT] > THIN for number in range(1, count))])
    return np.asarray(thick[labels].astype(np.uint8))


def _with_labels(mask: Pixels, lines: Sequence[Line]) -> Pixels:
    """With short texts that touch the ink, which hold a drawing together, such as the words on an arrow."""
    touched = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    filled = mask.copy()
    for line in lines:
        x0, y0, x1, y1 = (int(edge / MAP_PX) for edge in (line.x0, line.y0, line.x1, line.y1))
        if len(line.text) <= LABEL and not CAPTION.match(line.text) and touched[y0 : y1 + 1, x0 : x1 + 1].any():
            filled[y0 : y1 + 1, x0 : x1 + 1] = 1
    return filled


def _areas(mask: Pixels, near: float) -> list[Box]:
    """Boxes of ink that lies within `near` pixels of other ink."""
    side = max(1, round(near / MAP_PX)) | 1
    grown = cv2.dilate(mask, np.ones((side, side), np.uint8))
    count, labels, _, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
    boxes = []
    for number in range(1, count):
        rows, columns = np.nonzero((labels == number) & (mask > 0))
        if rows.size:
            left, top, right, bottom = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
            boxes.append((float(left) * MAP_PX, float(top) * MAP_PX, float(right) * MAP_PX, float(bottom) * MAP_PX))
    return boxes


def _is_large(box: Box, height: float) -> bool:
    return max(box[2] - box[0], box[3] - box[1]) >= height


def _joined(boxes: list[Box], near: float, lines: Sequence[Line]) -> list[Box]:
    """Boxes with those near them as one, unless a caption lies between."""
    captions = [line for line in lines if CAPTION.match(line.text)]
    merged = True
    while merged:
        merged = False
        for i, one in enumerate(boxes):
            for other in boxes[i + 1 :]:
                both = around([one, other])
                if _may_join(one, other, near) and not any(_inside(both, line) for line in captions):
                    boxes = [box for box in boxes if box not in (one, other)] + [both]
                    merged = True
                    break
            if merged:
                break
    return boxes


def _may_join(one: Box, other: Box, near: float) -> bool:
    """Whether two boxes may be one figure: near each other, and one above the other or one a small part."""
    if _gap(one, other) > near:
        return False
    stacked = min(one[2], other[2]) > max(one[0], other[0])
    small, large = sorted((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return stacked or small <= PART * large


def _is_shade(box: Box, lines: Sequence[Line]) -> bool:
    """Whether an area is mostly text: a heading's bar, a shaded box."""
    area = (box[2] - box[0]) * (box[3] - box[1])
    inside = [line for line in lines if _inside(box, line)]
    covered = sum((line.x1 - line.x0) * (line.y1 - line.y0) for line in inside)
    tallest = max((line.y1 - line.y0 for line in inside), default=0.0)
    return covered >= TEXT_SHARE * area or 0 < box[3] - box[1] <= 2 * tallest


def _absorbed(figure: Figure, lines: list[Line], height: float) -> list[Line]:
    """Give a figure the texts that are its own; returns the others."""
    growing = True
    while growing:
        growing = False
        for line in lines:
            if _inside(figure.box, line) or _is_label(line, figure.box, height):
                figure.lines.append(line)
                figure.box = around([figure.box, (line.x0, line.y0, line.x1, line.y1)])
                lines = [other for other in lines if other is not line]
                growing = True
                break
    return lines


def _is_label(line: Line, box: Box, height: float) -> bool:
    if CAPTION.match(line.text) or len(line.text) > LABEL:
        return False
    reach = REACH * height
    beside = _gap(box, (line.x0, line.y0, line.x1, line.y1)) <= reach
    return beside and line.x1 - line.x0 <= WIDE * (box[2] - box[0]) and line.y1 - line.y0 <= 1.4 * height


def _distinct(figures: list[Figure]) -> list[Figure]:
    """Without figures that lie in larger ones, which take their texts."""
    kept: list[Figure] = []
    for figure in sorted(figures, key=lambda one: -(one.box[2] - one.box[0]) * (one.box[3] - one.box[1])):
        home = next((one for one in kept if _gap(one.box, figure.box) == 0), None)
        if home is None:
            kept.append(figure)
        else:
            home.box = around([home.box, figure.box])
            home.lines += figure.lines
    return kept


def _gap(one: Box, other: Box) -> float:
    """Pixels of white between two boxes; 0 where they touch or overlap."""
    across = max(one[0] - other[2], other[0] - one[2], 0.0)
    down = max(one[1] - other[3], other[1] - one[3], 0.0)
    return max(across, down)


def _inside(box: Box, line: Line) -> bool:
    x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
