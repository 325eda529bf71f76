"""What can be seen on a page's picture: lines of text, rules, and ink that is neither.

Notable:
- This is all that the embedded teacher keeps of a picture; tables, figures and paragraphs are made of it elsewhere.
- Ink is told from what lies close around it, so white letters in a dark heading are ink and the heading is not; for
  figures, whose dark areas count, it is told from the paper as well.
- A line of text that runs across a column's rule is cut there and each part is recognised by itself.
- Only this file and the recogniser are loaded by a process that reads pages.

Shapes: H, W rows and columns of the picture; h, w the same in squares of MAP_PX pixels.
"""

import base64
import io
import json
import time
import zlib
from dataclasses import astuple, dataclass, replace
from functools import cache
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fabeye.ocr import Line, TextRecogniser

VERSION = 1  # of what is seen; another one means that pages must be read again
MAP_PX = 4  # pixels of a square of an ink map
AROUND_PX = 31  # side of the neighbourhood whose middle grey is what ink is told from
INK = 40  # grey levels by which ink differs from it, and colours from the paper
FAINT = 20  # the same for a rule, whose length tells it from noise
PAPER_PX = 32  # side of the squares through whose brightness the paper's is laid
BRIGHT = PAPER_PX * PAPER_PX * 4 // 5  # place of a square's brightness among its pixels': a fifth are brighter
PAPER_SPREAD = 60.0  # grey levels below the middle one from which on a square is taken for a picture at first
PAPER_TOLERANCE = 20.0  # grey levels by which a square of bare paper misses the surface at most
PAPER_ROUNDS = 3
RULE_PX = 45  # pixels; a straight stroke of this length is a rule
STAIR_PX = 3  # rows by which a rule laid askew may step
THICKEST_PX = 9  # a thicker bar is no rule
CROSSING = 0.25  # of a line's height that it must reach beyond a rule on both sides to be cut there
WHITE = 0.8  # of a line's height: wider white is between columns
STROKE_INSET = 0.2  # of a line's height from its edges, within which a rule is a stroke of its letters
TALLER = 1.3  # times a line's height that a rule must have to cut it

Pixels = NDArray[np.uint8]
Rule = tuple[float, float, float, float]  # from (x0, y0) to (x1, y1), left to right or top to bottom


@dataclass(frozen=True, slots=True)
class Seen:
    """What is on a page.

    across, down: rules from end to end. ink: share of each square that differs from the paper, text aside (h, w).
    strokes: the same for thin ink alone, rules aside too (h, w).
    """

    lines: list[Line]
    across: list[Rule]
    down: list[Rule]
    ink: Pixels
    strokes: Pixels
    seconds: float = 0.0

    def as_json(self) -> str:
        """For the ledger."""
        content = {
            "lines": [astuple(line) for line in self.lines],
            "across": self.across,
            "down": self.down,
            "shape": self.ink.shape,
            "ink": _packed(self.ink),
            "strokes": _packed(self.strokes),
            "seconds": self.seconds,
        }
        return json.dumps(content, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Seen":
        """Back again."""
        read = json.loads(text)
        across, down = ([(a, b, c, d) for a, b, c, d in read[name]] for name in ("across", "down"))
        ink, strokes = (_unpacked(read[name], read["shape"]) for name in ("ink", "strokes"))
        return cls([Line(*line) for line in read["lines"]], across, down, ink, strokes, read["seconds"])


def see(image: bytes, threads: int) -> str:
    """What is on a page's picture (PNG bytes), as JSON. Raises OSError when the picture cannot be decoded."""
    started = time.monotonic()
    page, reader = open_page(image), recogniser(threads)
    return _as_json(look(page, reader.read(page), reader), started)


def see_lines(image: bytes, lines: list[Line]) -> str:
    """The same where the lines are known already."""
    started = time.monotonic()
    return _as_json(look(open_page(image), lines), started)


def open_page(image: bytes) -> Image.Image:
    """A page's picture from PNG bytes. Raises OSError when it cannot be decoded."""
    with Image.open(io.BytesIO(image)) as picture:
        return picture.convert("RGB")


@cache
def recogniser(threads: int) -> TextRecogniser:
    """One a process, loaded once."""
    return TextRecogniser(threads)


def look(page: Image.Image, found: list[Line], reader: TextRecogniser | None = None) -> Seen:
    """What is on a page whose lines were found; reader: for the parts of lines that run across columns."""
    rgb = np.asarray(page)
    contrast = _contrast(rgb)
    across, across_mask = _rules(contrast > FAINT)
    down, down_mask = _rules(contrast.T > FAINT)
    down = [(y0, x0, y1, x1) for x0, y0, x1, y1 in down]
    ink = (contrast > INK) & ~(across_mask | down_mask.T)
    lines = [part for line in found for part in _cut(line, down, ink, page, reader)] if reader else found
    across = [rule for rule in across if not any(_is_stroke(rule, line) for line in lines)]
    text = _text_mask(lines, rgb.shape[:2])
    dark = _differs_from_paper(rgb) & ~text
    return Seen(lines, across, down, _map(dark), _map(ink & ~text))


def _as_json(seen: Seen, started: float) -> str:
    return replace(seen, seconds=round(time.monotonic() - started, 3)).as_json()


def _contrast(rgb: Pixels) -> Pixels:
    """By how much each pixel differs from the middle grey around it (H, W)."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.absdiff(grey, cv2.medianBlur(grey, AROUND_PX)))


def _differs_from_paper(rgb: Pixels) -> NDArray[np.bool_]:
    """Whatever is not of the paper's colour there (H, W); the paper may be lit unevenly, as under a camera."""
    paper = np.stack([_paper(rgb[:, :, channel]) for channel in range(3)], axis=2)
    return np.asarray(np.abs(rgb.astype(np.int16) - paper).max(axis=2) > INK)


def _paper(channel: Pixels) -> NDArray[np.int16]:
    """One colour of the bare paper at every pixel (H, W): a smooth surface through the page's brighter parts."""
    height, width = channel.shape
    rows, columns = (np.arange(0, side, PAPER_PX) for side in (height, width))
    padding = ((0, len(rows) * PAPER_PX - height), (0, len(columns) * PAPER_PX - width))
    squares = np.pad(channel, padding, mode="edge").reshape(len(rows), PAPER_PX, len(columns), PAPER_PX)
    bright = np.sort(squares.swapaxes(1, 2).reshape(len(rows), len(columns), -1), axis=2)[:, :, BRIGHT].astype(
        np.float64
    )
    y, x = np.meshgrid(rows / height, columns / width, indexing="ij")
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    known = bright >= np.median(bright) - PAPER_SPREAD
    for _ in range(PAPER_ROUNDS):
        weights, *_ = np.linalg.lstsq(terms[known], bright[known], rcond=None)
        surface = terms @ weights
        close = np.abs(bright - surface) <= PAPER_TOLERANCE
        known = close if close.sum() > len(weights) else known
    return cv2.resize(surface.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR).astype(np.int16)


def _rules(strokes: NDArray[np.bool_]) -> tuple[list[Rule], NDArray[np.bool_]]:
    """Straight strokes from left to right, and their pixels."""
    mask = np.ascontiguousarray(strokes).astype(np.uint8)
    runs = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, RULE_PX), np.uint8))
    joined = cv2.dilate(runs, np.ones((STAIR_PX, STAIR_PX), np.uint8))
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    rules = []
    for number in range(1, count):
        x, y, width, height = (int(value) for value in boxes[number][:4])
        part = runs[y : y + height, x : x + width] * (labels[y : y + height, x : x + width] == number)
        if part.sum() <= THICKEST_PX * width:
            rules.append(_ends(part, x, y))
        else:
            runs[y : y + height, x : x + width][part > 0] = 0
    return rules, runs > 0


def _ends(part: Pixels, x: int, y: int) -> Rule:
    """Both ends of a rule: its middle over its first and its last stretch."""
    rows, columns = np.nonzero(part)
    left, right = int(columns.min()), int(columns.max())
    first = rows[columns <= left + RULE_PX // 2].mean()
    last = rows[columns >= right - RULE_PX // 2].mean()
    return x + left, round(y + float(first), 1), x + right, round(y + float(last), 1)


def _cut(line: Line, down: list[Rule], ink: NDArray[np.bool_], page: Image.Image, reader: TextRecogniser) -> list[Line]:
    """The line, or its parts between the rules and the wide white that it runs across."""
    height = line.y1 - line.y0
    inner = (line.x0 + CROSSING * height, line.x1 - CROSSING * height)
    crossed = sorted(
        (x0 + x1) / 2
        for x0, y0, x1, y1 in down
        if inner[0] < (x0 + x1) / 2 < inner[1] and y0 < line.y1 and y1 > line.y0 and y1 - y0 > TALLER * height
    )
    edges = [line.x0, *sorted([*crossed, *_wide_white(line, ink)]), line.x1]
    if len(edges) == 2:
        return [line]
    parts = []
    for left, right in pairwise(edges):
        box = (int(left) + 2, int(line.y0), round(right) - 1, round(line.y1))
        text = reader.read_crop(page.crop(box)) if right - left > height / 2 else ""
        if text:
            parts.append(Line(left + 2, line.y0, right - 1, line.y1, text, line.score))
    return parts


def _wide_white(line: Line, ink: NDArray[np.bool_]) -> list[float]:
    """The middles of white in a line that is wider than any between words."""
    part = ink[int(line.y0) : round(line.y1), int(line.x0) : round(line.x1)]
    columns = np.flatnonzero(part.any(axis=0))
    if not columns.size:
        return []
    gaps = np.diff(columns)
    wide = np.flatnonzero(gaps > WHITE * (line.y1 - line.y0))
    return [int(line.x0) + float(columns[gap] + columns[gap + 1]) / 2 for gap in wide]


def _is_stroke(rule: Rule, line: Line) -> bool:
    """Whether a rule is a letter's stroke, or a dash, in a line of text."""
    middle, inset = (rule[1] + rule[3]) / 2, STROKE_INSET * (line.y1 - line.y0)
    return line.x0 <= rule[0] and rule[2] <= line.x1 and line.y0 + inset < middle < line.y1 - inset


def _text_mask(lines: list[Line], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    mask = np.zeros(shape, bool)
    for line in lines:
        mask[max(0, int(line.y0) - 1) : int(line.y1) + 2, max(0, int(line.x0) - 1) : int(line.x1) + 2] = True
    return mask


def _map(mask: NDArray[np.bool_]) -> Pixels:
    """Shares of a mask in squares, 255 for all of a square (h, w)."""
    height, width = (-(-side // MAP_PX) for side in mask.shape)
    padded = np.zeros((height * MAP_PX, width * MAP_PX), np.float32)
    padded[: mask.shape[0], : mask.shape[1]] = mask
    shares = padded.reshape(height, MAP_PX, width, MAP_PX).mean(axis=(1, 3))
    return (shares * 255).astype(np.uint8)


def _packed(array: Pixels) -> str:
    return base64.b64encode(zlib.compress(array.tobytes(), 9)).decode()


def _unpacked(text: str, shape: list[int]) -> Pixels:
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8).reshape(shape)
