"""Boxes against the page as a renderer shows it: ink outside all boxes, letters outside their own.

Notable:
- Ink is looked for in pixels, letters in pdfium's text layer; both are compared with the boxes of the truth.
- Rules that separate (below a head, above footnotes) belong to no element; they are told by their shape.
- A page that is a picture has no letters, and its ink is noise: it is for whoever checks scans. A page whose fonts do
  not say which letters they show is looked at for ink only.

Shapes: H, W the page in pixels at SCALE; N its letters.
"""

import ctypes
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium

from fabeye.schema import Category, Element, Entity

INK = 128  # grey level below which a pixel is dark; a watermark is paler
FAINT = 200  # grey level below which something is drawn: a dash in a light face is thinner than a pixel
SCALE = 2.0  # pixels a point
ROOM = 2  # pixels by which a frame may stick out: a box ends in the middle of a rule that is 1 pt wide
OVERHANG_PT = 0.5  # by which a letter may leave its box; the truth has room for the letters that overhang by more
OVERLAP_PT = 1.0  # by which two blocks may share room: the width of a rule between them
RULE_LENGTH, RULE_HEIGHT = 60, 3  # pixels: a thin dark line at least 30 pt long and at most 1.5 pt high is a rule
WORDLESS = {Category.FIGURE, Category.FORMULA}
OVERLAID = {Category.ABANDON}  # watermarks and stamps lie over and under other things
BLOCK = "block"
DEVICE_SCALE, PROBE_PT = 1000, 100.0  # pdfium answers in whole pixels: ask at a large scale, over a long way
LONGEST_NAME = 60  # characters of a text that a fault quotes
SCRIPT = re.compile(r"[_^]\{([^{}]*)\}")
OVERLINE = "\u0305"

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Shown:
    """The truth of one page; `scale`: points a pixel of its boxes. legible: whether its letters can be asked for."""

    elements: tuple[Element, ...]
    entities: tuple[Entity, ...]
    scale: float
    legible: bool = True

    def box(self, one: Element | Entity) -> Box:
        """A box in points."""
        return one.x0 * self.scale, one.y0 * self.scale, one.x1 * self.scale, one.y1 * self.scale


def page_faults(page: pdfium.PdfPage, shown: Shown) -> Iterator[str]:
    """What is wrong with the boxes of one page, a sentence each."""
    yield from _ink_faults(page, shown)
    if shown.legible:
        yield from _letter_faults(page, shown)
    yield from _overlap_faults(shown)


def plain(text: str) -> str:
    """Letters without white space, scripts in line; pdfium calls a hyphen at a line's end U+0002."""
    alike = unicodedata.normalize("NFKC", text.replace("\x02", "-").replace(OVERLINE, ""))
    return re.sub(r"\s", "", alike)


def in_line(text: str) -> str:
    """The letters of a truth, its scripts in line."""
    return plain(SCRIPT.sub(r"\1", text))


def _ink_faults(page: pdfium.PdfPage, shown: Shown) -> Iterator[str]:
    """Dark pixels outside all boxes, and boxes of something dark that are empty."""
    grey_HW = np.array(page.render(scale=SCALE, grayscale=True).to_pil())
    ink_HW = grey_HW < INK
    outside_HW = ink_HW & ~_rules(ink_HW)
    for one in shown.elements:
        x0, y0, x1, y1 = (round(edge * SCALE) for edge in shown.box(one))
        if one.category not in OVERLAID and not (grey_HW[y0:y1, x0:x1] < FAINT).any():
            yield f"nothing is drawn in the box of {_named(one)}"
        if one.level == BLOCK:
            outside_HW[max(0, y0 - ROOM) : y1 + ROOM, max(0, x0 - ROOM) : x1 + ROOM] = False
    ys, xs = np.nonzero(outside_HW)
    if len(xs):
        yield f"{len(xs)} dark pixels outside all boxes, first at {xs[0] / SCALE}, {ys[0] / SCALE} pt"


def _rules(ink_HW: np.ndarray) -> np.ndarray:
    """bool[H, W]: pixels of long thin level lines."""
    found_HW = np.zeros_like(ink_HW)
    for y in np.nonzero(ink_HW.sum(axis=1) >= RULE_LENGTH)[0]:
        edges = np.flatnonzero(np.diff(np.concatenate(([0], ink_HW[y].astype(np.int8), [0]))))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            if end - start >= RULE_LENGTH and _is_thin(ink_HW, y, start, end):
                found_HW[y, start:end] = True
    return found_HW


def _is_thin(ink_HW: np.ndarray, y: int, start: int, end: int) -> bool:
    around = ink_HW[max(0, y - RULE_HEIGHT) : y + RULE_HEIGHT + 1, start:end]
    return bool(around.mean(axis=1).sum() <= RULE_HEIGHT)


def _letter_faults(page: pdfium.PdfPage, shown: Shown) -> Iterator[str]:
    """Boxes that do not hold exactly the letters that their truth says, values' boxes without their value."""
    letters = read_letters(page)
    over = [shown.box(one) for one in shown.elements if one.category in OVERLAID]
    for one in shown.elements:
        if one.category in WORDLESS or one.category in OVERLAID:
            continue
        box = shown.box(one)
        wanted, read = Counter(in_line(one.text)), letters.within(box)
        if any(_meet(box, other) for other in over):
            if wanted - Counter(read):
                yield f"{_named(one)} lacks letters in its box, which reads {read!r}"
        elif Counter(read) != wanted:
            yield f"{_named(one)} reads {read!r}"
        elif letters.overhang(box) > OVERHANG_PT:
            yield f"letters of {_named(one)} stick out of its box"
    for entity in shown.entities:
        read = letters.within(shown.box(entity))
        if not entity.in_picture and Counter(plain(entity.text)) - Counter(read):
            yield f"the {entity.field or entity.kind} {entity.text!r} reads {read!r}"


@dataclass(frozen=True, slots=True)
class Letters:
    """The visible letters of a page, and the middle of each in points from the top left."""

    texts_N: np.ndarray  # str
    x_N: np.ndarray
    y_N: np.ndarray
    half_N: np.ndarray  # half of their widths

    def overhang(self, box: Box) -> float:
        """By how many points a letter whose middle lies in a box sticks out of its sides, at most."""
        inside_N = self._inside(box)
        left_N = (box[0] - self.x_N + self.half_N)[inside_N]
        right_N = (self.x_N + self.half_N - box[2])[inside_N]
        return float(max([*left_N, *right_N, 0.0]))

    def within(self, box: Box) -> str:
        """The letters whose middle lies in a box, in the order of the page's content."""
        return "".join(self.texts_N[self._inside(box)])

    def _inside(self, box: Box) -> np.ndarray:
        x0, y0, x1, y1 = box
        return (self.x_N >= x0) & (self.x_N <= x1) & (self.y_N >= y0) & (self.y_N <= y1)


def read_letters(page: pdfium.PdfPage) -> Letters:
    """Read a page's text layer letter by letter, as the page is seen: turned where it says so, from its own corner."""
    layer, texts, places = page.get_textpage(), [], []
    to_seen = _seen(page)
    for number in range(layer.count_chars()):
        text = plain(chr(pdfium.raw.FPDFText_GetUnicode(layer.raw, number)))
        if text:
            x0, y0, x1, y1 = to_seen(layer.get_charbox(number))
            texts.append(text)
            places.append(((x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / 2))
    return Letters(np.array(texts, dtype=object), *np.array(places, dtype=float).reshape(-1, 3).T)


def _seen(page: pdfium.PdfPage) -> Callable[[tuple[float, ...]], Box]:
    """A function from a box in the page's own points to one in points of the page as it is seen, y down."""
    sides = tuple(round(side * DEVICE_SCALE) for side in page.get_size())
    origin, right, up = (_on_device(page, sides, *probe) for probe in ((0, 0), (PROBE_PT, 0), (0, PROBE_PT)))
    turn_22 = np.stack([(right - origin) / PROBE_PT, (up - origin) / PROBE_PT], axis=1)

    def to_seen(box: tuple[float, ...]) -> Box:
        corners_22 = np.array(box).reshape(2, 2) @ turn_22.T + origin
        (x0, y0), (x1, y1) = corners_22.min(axis=0), corners_22.max(axis=0)
        return x0, y0, x1, y1

    return to_seen


def _on_device(page: pdfium.PdfPage, sides: tuple[int, ...], x: float, y: float) -> np.ndarray:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.raw.FPDF_PageToDevice(page, 0, 0, sides[0], sides[1], 0, x, y, across, down)
    return np.array([across.value, down.value]) / DEVICE_SCALE


def _overlap_faults(shown: Shown) -> Iterator[str]:
    """Blocks that share more than a rule's width; overlays may lie anywhere."""
    blocks = [one for one in shown.elements if one.level == BLOCK and one.category not in OVERLAID]
    for number, one in enumerate(blocks):
        for other in blocks[:number]:
            if _meet(shown.box(one), shown.box(other), OVERLAP_PT):
                yield f"{_named(one)} overlaps {_named(other)}"


def _meet(one: Box, two: Box, slack: float = 0.0) -> bool:
    return min(one[2], two[2]) - max(one[0], two[0]) > slack and min(one[3], two[3]) - max(one[1], two[1]) > slack


def _named(one: Element) -> str:
    text = one.text if len(one.text) <= LONGEST_NAME else one.text[: LONGEST_NAME - 1] + "…"
    return f"{one.category} {one.level} {one.order} {text!r}"
