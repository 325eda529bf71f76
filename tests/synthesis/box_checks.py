"""What must hold of every generated document, found out by a renderer that knows nothing of how it was made.

Notable:
- Ink is looked for in pixels, letters in pdfium's text layer; both are compared with the boxes of the truth.
- Rules that separate (below a head, above footnotes) belong to no element; they are told by their shape.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium

from fabeye.schema import Category
from fabeye.synthesis.truth import TruePage, Truth

INK = 128  # grey level below which a pixel is dark; a watermark is paler
FAINT = 200  # grey level below which something is drawn: a dash in a light face is thinner than a pixel
SCALE = 2.0  # pixels a point
ROOM = 2  # pixels by which a frame may stick out: a box ends in the middle of a rule that is 1 pt wide
SLACK_PT = 1.0  # by which letters may leave their box: italics and accents overhang their advance width
RULE_LENGTH, RULE_HEIGHT = 60, 3  # pixels: a thin dark line at least 30 pt long and at most 1.5 pt high is a rule
WORDLESS = {Category.FIGURE, Category.FORMULA}
OVERLAID = {Category.ABANDON}  # watermarks and stamps lie over and under other things


def check_document(pdf: bytes, pages: tuple[TruePage, ...]) -> None:
    """Everything below, for every page of a document."""
    document = pdfium.PdfDocument(pdf)
    assert len(document) == len(pages)
    for page, truth in zip(document, pages, strict=True):
        assert page.get_size() == (round(truth.width, 2), round(truth.height, 2)) or np.allclose(
            page.get_size(), (truth.width, truth.height), atol=0.01
        )
        check_ink(page, truth)
        check_texts(page, truth)
        check_no_overlap(truth)


def check_ink(page: pdfium.PdfPage, truth: TruePage) -> None:
    """No dark pixel lies outside all boxes, and no box of something dark is empty."""
    grey_HW = np.array(page.render(scale=SCALE, grayscale=True).to_pil())
    ink_HW = grey_HW < INK
    outside_HW = ink_HW & ~rules(ink_HW)
    for one in truth.truths:
        x0, y0, x1, y1 = (round(edge * SCALE) for edge in one.box)
        assert one.category in OVERLAID or (grey_HW[y0:y1, x0:x1] < FAINT).any(), (
            f"nothing is drawn in the box of {one}"
        )
        if one.level == "block":
            outside_HW[max(0, y0 - ROOM) : y1 + ROOM, max(0, x0 - ROOM) : x1 + ROOM] = False
    ys, xs = np.nonzero(outside_HW)
    assert not len(xs), f"{len(xs)} dark pixels outside all boxes, first at {xs[0] / SCALE}, {ys[0] / SCALE} pt"


def rules(ink_HW: np.ndarray) -> np.ndarray:
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


def check_texts(page: pdfium.PdfPage, truth: TruePage) -> None:
    """Each box holds exactly the letters that its truth says, and each value's box the value."""
    letters = letters_of(page, truth.height)
    over = [one for one in truth.truths if one.category in OVERLAID]
    for one in truth.truths:
        if one.category in WORDLESS or one.category in OVERLAID:
            continue
        hidden = any(_meet(one.box, other.box) for other in over)
        _check_text(one, letters.within(one.box), hidden)
        assert hidden or letters.overhang(one.box) <= SLACK_PT, f"letters of {one} stick out of its box"
    for entity in truth.entities:
        if entity.in_picture:
            continue
        wanted, read = Counter(plain(entity.text)), Counter(letters.within(entity.box))
        assert not wanted - read, f"{entity} reads {read}"


def _check_text(one: Truth, read: str, hidden: bool) -> None:
    wanted = Counter(plain(one.text))
    if hidden:
        assert not wanted - Counter(read), f"{one} lacks letters of its text in its box"
    else:
        assert Counter(read) == wanted, f"{one} reads {read!r}"


@dataclass(frozen=True)
class Letters:
    """The visible letters of a page, and the middle of each in points from the top left."""

    texts: np.ndarray  # str[N]
    x_N: np.ndarray
    y_N: np.ndarray
    half_N: np.ndarray  # half of their widths

    def overhang(self, box: tuple[float, float, float, float]) -> float:
        """By how many points a letter whose middle lies in a box sticks out of its sides."""
        inside_N = self._inside(box)
        left_N, right_N = self.x_N - self.half_N, self.x_N + self.half_N
        return float(max([*(box[0] - left_N[inside_N]), *(right_N[inside_N] - box[2]), 0.0]))

    def within(self, box: tuple[float, float, float, float]) -> str:
        """The letters whose middle lies in a box, in the order of the page's content."""
        return "".join(self.texts[self._inside(box)])

    def _inside(self, box: tuple[float, float, float, float]) -> np.ndarray:
        x0, y0, x1, y1 = box
        return (self.x_N >= x0) & (self.x_N <= x1) & (self.y_N >= y0) & (self.y_N <= y1)


def letters_of(page: pdfium.PdfPage, height: float) -> Letters:
    """Read a page's text layer letter by letter."""
    layer = page.get_textpage()
    texts, xs, ys, halves = [], [], [], []
    for number in range(layer.count_chars()):
        text = plain(chr(pdfium.raw.FPDFText_GetUnicode(layer.raw, number)))
        if text:
            left, bottom, right, top = layer.get_charbox(number)
            texts.append(text)
            xs.append((left + right) / 2)
            ys.append(height - (bottom + top) / 2)
            halves.append((right - left) / 2)
    return Letters(np.array(texts, dtype=object), np.array(xs), np.array(ys), np.array(halves))


def plain(text: str) -> str:
    """Letters without white space, compatibility forms made alike; pdfium calls a hyphen at a line's end U+0002."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text.replace("\x02", "-")))


def check_no_overlap(truth: TruePage) -> None:
    """No two blocks share more than a rule's width; overlays may lie anywhere."""
    boxes = [one.box for one in truth.truths if one.level == "block" and one.category not in OVERLAID]
    for number, box in enumerate(boxes):
        for other in boxes[:number]:
            assert not _meet(box, other, SLACK_PT), f"{box} and {other} overlap"


def _meet(one: tuple[float, ...], two: tuple[float, ...], slack: float = 0.0) -> bool:
    return min(one[2], two[2]) - max(one[0], two[0]) > slack and min(one[3], two[3]) - max(one[1], two[1]) > slack
