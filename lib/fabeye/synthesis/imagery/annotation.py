"""What an engineer draws on a picture: frames, circles, arrows, call-outs, dimension lines; and its truth.

Notable:
- Marks are drawn into the picture's own pixels, and each is listed in image_gt["annotations"].
- Sizes follow the picture's width, so that words stay legible when it is placed small on a slide.
"""

import io
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from PIL import Image

from fabeye.synthesis.imagery.picture import BLACK, WHITE, Colour, PixelBox, Sheet, encoded, font
from fabeye.synthesis.shown import ShareBox, Shown

RED: Colour = (235, 20, 20)
YELLOW: Colour = (255, 225, 0)
LETTER_SHARE = 0.038  # height of a call-out's letters as a share of the picture's width
STROKE_SHARE = 0.005
ROOM_SHARE = 0.018  # between a mark and what it marks
HEAD_SHARE = 0.022  # length of an arrow's head

Kind = Literal["frame", "circle", "arrow", "dimension", "letter"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing to draw around `box` (shares of the picture): its words stand beside it, "" for none."""

    kind: Kind
    box: ShareBox
    text: str = ""
    colour: Colour = RED


def annotated(content: bytes, shown: Shown, marks: list[Mark]) -> tuple[bytes, Shown]:
    """The picture with its marks drawn, and what it shows now. Raises OSError for what is no picture."""
    sheet = Sheet(Image.open(io.BytesIO(content)))
    sheet.texts = list(shown.texts)
    listed = [_drawn(sheet, mark) for mark in marks]
    truth = {**shown.detail["image_gt"], "annotations": listed}
    jpeg = content[:2] == b"\xff\xd8"
    return encoded(sheet.image, "JPEG" if jpeg else "PNG"), Shown({"image_gt": truth}, tuple(sheet.texts))


def _drawn(sheet: Sheet, mark: Mark) -> dict[str, Any]:
    """Draw one mark; returns its truth."""
    width, height = sheet.image.size
    x0, y0, x1, y1 = (edge * side for edge, side in zip(mark.box, (width, height, width, height), strict=True))
    room, stroke = ROOM_SHARE * width, max(2, round(STROKE_SHARE * width))
    if mark.kind == "letter":
        _chip(sheet, mark, (x0, y0))
        return {"kind": mark.kind, "box": mark.box, "text": mark.text}
    around: PixelBox = (x0 - room, y0 - room, x1 + room, y1 + room)
    if mark.kind == "frame":
        sheet.pen.rectangle(around, outline=mark.colour, width=stroke)
    elif mark.kind == "circle":
        radius = max(x1 - x0, y1 - y0) / 2 + room
        middle = (x0 + x1) / 2, (y0 + y1) / 2
        around = middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius
        sheet.pen.ellipse(around, outline=mark.colour, width=stroke)
    elif mark.kind == "arrow":
        around = _arrow(sheet, mark, (x0, y0, x1, y1), stroke)
    else:
        around = _dimension(sheet, mark, (x0, y0, x1, y1), stroke)
    if mark.text:
        _chip(sheet, mark, _beside(sheet, mark, around))
    return {"kind": mark.kind, "box": sheet.shares(around), "text": mark.text}


def _arrow(sheet: Sheet, mark: Mark, box: PixelBox, stroke: int) -> PixelBox:
    """An arrow whose tip touches the box, coming from the picture's nearer upper corner side."""
    width, height = sheet.image.size
    x0, y0, x1, y1 = box
    length = 0.12 * width
    right = (x0 + x1) / 2 > width / 2
    tip = np.array([x0 - 2 if right else x1 + 2, (y0 + y1) / 2])
    back = np.array([-1.0 if right else 1.0, -0.6 if y0 > height / 3 else 0.6])
    back /= np.hypot(*back)
    tail, side = tip + length * back, np.array([-back[1], back[0]])
    sheet.pen.line([*tip, *tail], fill=mark.colour, width=stroke)
    head = HEAD_SHARE * width
    wings = [tuple(tip + head * back + sign * 0.5 * head * side) for sign in (-1, 1)]
    sheet.pen.polygon([tuple(tip), *wings], fill=mark.colour)
    xs, ys = (tip[0], tail[0]), (tip[1], tail[1])
    return min(xs), min(ys), max(xs), max(ys)


def _dimension(sheet: Sheet, mark: Mark, box: PixelBox, stroke: int) -> PixelBox:
    """A line with end strokes below the box, as long as the box is wide."""
    x0, _, x1, y1 = box
    y, end = y1 + 2.2 * ROOM_SHARE * sheet.image.width, 0.012 * sheet.image.width
    sheet.pen.line([x0, y, x1, y], fill=mark.colour, width=stroke)
    for x in (x0, x1):
        sheet.pen.line([x, y - end, x, y + end], fill=mark.colour, width=stroke)
    return x0, y - end, x1, y + end


def _beside(sheet: Sheet, mark: Mark, around: PixelBox) -> tuple[float, float]:
    """Upper left corner of the words: above the mark, below it, right or left of it, where they cover no others.

    Those of a dimension stand below it, as long as there is room.
    """
    width, height = sheet.image.size
    wide, high = _extent(sheet, mark)
    middle = float(np.clip((around[0] + around[2] - wide) / 2, 3, width - wide - 3))
    above, below = (middle, around[1] - high - 4), (middle, around[3] + 4)
    level = float(np.clip((around[1] + around[3] - high) / 2, 3, height - high - 3))
    sides = ((around[2] + 4, level), (around[0] - wide - 4, level))
    places = (below, above, *sides) if mark.kind == "dimension" else (above, below, *sides)
    higher = ((middle, y) for y in np.arange(above[1], 3, -high / 2).tolist())
    free = (place for place in (*places, *higher) if _is_free(sheet, place, wide, high))
    return next(free, (middle, 3.0))


def _is_free(sheet: Sheet, corner: tuple[float, float], wide: float, high: float) -> bool:
    """Whether words of this size would stand inside the picture and cover no words that are written there."""
    width, height = sheet.image.size
    x0, y0, x1, y1 = corner[0], corner[1], corner[0] + wide, corner[1] + high
    if min(x0, y0) < 3 or x1 > width - 3 or y1 > height - 3:
        return False
    written = [
        (box[0] * width, box[1] * height, box[2] * width, box[3] * height) for box in (one.box for one in sheet.texts)
    ]
    return not any(x0 < right and left < x1 and y0 < bottom and top < y1 for left, top, right, bottom in written)


def _extent(sheet: Sheet, mark: Mark) -> tuple[float, float]:
    size = round(LETTER_SHARE * sheet.image.width)
    return font(size, mark.text, bold=True).getlength(mark.text) + 8, size * 1.45


def _chip(sheet: Sheet, mark: Mark, corner: tuple[float, float]) -> None:
    """Words on a ground of their own, so that they can be read on any picture."""
    wide, high = _extent(sheet, mark)
    x, y = corner
    dark = mark.kind == "letter" or mark.colour == YELLOW
    ground, ink = (BLACK, YELLOW) if dark else (WHITE, mark.colour)
    sheet.pen.rectangle([x, y, x + wide, y + high], fill=ground)
    size = round(LETTER_SHARE * sheet.image.width)
    sheet.write(x + 4, y + high / 2, mark.text, size, ink, anchor="lm", bold=True)
