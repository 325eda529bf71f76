"""Reading what no text layer says: letters in pictures, in scans, turned by 90, 180 and 270 degrees, and small ones.

Notable:
- A text layer that explains a page's ink spares its recognition: only ink that lies under no letter is read. A few
  lines of the layer are read as a sample first, as a layer may say something else than the page shows.
- Lines are found once for all directions: a tall box, or one that reads badly, is read again turned, and the surest
  reading stands.
- Small pictures are enlarged for finding lines; recognition scales every line by itself.
- A letter's place comes from the column of the network in which it was recognised, exact to about a third of a letter.

Shapes: H, W rows and columns of a picture; 3 its colours, blue first.
"""

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import ratio
from rapidocr.ch_ppocr_rec.typings import TextRecInput

from fabeye.intake.redaction.runs import Box, Run, area, around, overlap
from fabeye.ocr import DETECTION_SIDE, LONGEST_LINE, TextRecogniser

VERSION = 2  # of what is read; another one means that pages must be read again
MOSTLY = 0.6  # share of a run under others from which on it has been read before
SURE = 0.85  # score from 0 to 1 from which on a line is not read in another direction
TALL = 1.4  # height over width from which on a box is read as a turned line
LEAST_SCORE = 0.3  # below, a reading is noise: texture of a micrograph, not letters
LINE_PX = 48  # height at which recognition sees a line
COLUMN_PX = 8  # of the line at that height, for one column of the network's answer
INK = 40  # grey levels by which ink differs from the paper around it
PAPER_PX = 25  # side of the neighbourhood whose brightest or commonest grey is paper
LETTER_MARGIN = 2  # pixels around a letter's box that its ink may reach
JOINING_PX = 24  # pixels; ink closer than this is one region to read
LEAST_INK = 30  # pixels of ink that a region must have to be read
LEAST_SIDE = 6  # pixels of a region's shorter side; less is a ruling
MARGIN_PX = 12  # pixels of surroundings that a region is read with
SAMPLE = 4  # lines of a text layer that are read to see whether it tells the truth
SAMPLE_LETTERS = 4  # letters that a line of the sample has at least
ALIKE = 70.0  # percent of letters that must agree between the layer's sample and the page

Pixels = NDArray[np.uint8]


class Reader:
    """Reads pages. Loading takes about a second; keep one for many pages. Not for several threads at once."""

    def __init__(self, scale: float, threads: int = 1):
        """scale: by which pictures are enlarged for finding lines, as far as detection's limit allows."""
        self.engine = TextRecogniser(threads).engine
        self.scale = scale

    def page(self, image: Pixels, layer: Sequence[Run]) -> list[Run]:
        """What is written on a page (H, W, 3): the layer's runs, and what is recognised where they explain nothing.

        Where the layer says something else than the page shows, it is left out and the whole page is read.
        """
        if not layer or not self.is_true(image, layer):
            return self.whole(image)
        return self._with_regions(image, layer)

    def whole(self, image: Pixels) -> list[Run]:
        """Every line of a page: those found at the page's size, and small ones in its pictures, enlarged."""
        return self._with_regions(image, self.read(image))

    def _with_regions(self, image: Pixels, runs: Sequence[Run]) -> list[Run]:
        """The runs, and what is read in the ink that they do not explain."""
        found = list(runs)
        for region in unexplained(image, runs):
            found += [run for run in self.region(image, region) if not _is_read(run, runs)]
        return found

    def region(self, image: Pixels, box: Box) -> list[Run]:
        """What is written in a box of a page, in the page's pixels."""
        x0, y0, x1, y1 = grown(box, MARGIN_PX, image)
        return [moved(run, x0, y0) for run in self.read(image[y0:y1, x0:x1])]

    def read(self, image: Pixels) -> list[Run]:
        """Every line of a picture (H, W, 3), in any of four directions."""
        scale = min(self.scale, max(1.0, DETECTION_SIDE / max(image.shape[:2])))
        seen = image if scale == 1 else _enlarged(image, scale)
        boxes = self.engine._load_det_model()(np.ascontiguousarray(seen)).boxes
        if boxes is None:
            return []
        quads = [np.asarray(quad, np.float32) for quad in boxes]
        readings = self._recognise([_crop(seen, quad) for quad in quads])
        runs = [self._surest(seen, quad, run) for quad, run in zip(quads, readings, strict=True)]
        return [shrunk(run, scale) for run in runs if run.text.strip() and run.score >= LEAST_SCORE]

    def is_true(self, image: Pixels, layer: Sequence[Run]) -> bool:
        """Whether a sample of the layer's lines is what the page shows."""
        long = [run for run in layer if len(run.text.strip()) >= SAMPLE_LETTERS]
        if not long:
            return False
        chosen = long[:: max(1, len(long) // SAMPLE)][:SAMPLE]
        crops = []
        for run in chosen:
            x0, y0, x1, y1 = grown(run.box, LETTER_MARGIN, image)
            crops.append(image[y0:y1, x0:x1])
        seen = [text for text, _, _ in self._texts(crops)]
        pairs = [(_squeezed(run.text), _squeezed(text)) for run, text in zip(chosen, seen, strict=True)]
        return float(np.median([ratio(one, other) for one, other in pairs])) >= ALIKE

    def _surest(self, image: Pixels, quad: NDArray[np.float32], first: tuple[str, float, list[float]]) -> Run:
        """The reading of a line in its surest direction, with the places of its letters."""
        tall = _sides(quad)[1] > TALL * _sides(quad)[0]
        if first[1] >= SURE:
            return _placed(first, quad, tall, flipped=False)
        crop = _crop(image, quad)
        flipped = self._recognise([np.ascontiguousarray(crop[::-1, ::-1])])[0]
        if flipped[1] > first[1]:
            return _placed(flipped, quad, tall, flipped=True)
        return _placed(first, quad, tall, flipped=False)

    def _recognise(self, crops: Sequence[Pixels]) -> list[tuple[str, float, list[float]]]:
        """Text, score and places of the letters' middles (shares of the crop's width) of each line."""
        short = [crop for crop in crops if crop.shape[1] <= LONGEST_LINE * crop.shape[0]]
        readings = iter(self._texts(short))
        return [next(readings) if crop.shape[1] <= LONGEST_LINE * crop.shape[0] else ("", 0.0, []) for crop in crops]

    def _texts(self, crops: Sequence[Pixels]) -> list[tuple[str, float, list[float]]]:
        if not crops:
            return []
        found = self.engine._load_rec_model()(TextRecInput(img=list(crops), return_word_box=True))
        readings = []
        for crop, text, score, words in zip(crops, found.txts, found.scores, found.word_results, strict=True):
            columns = [column for word in words.word_cols for column in word]
            width = crop.shape[1] * LINE_PX / crop.shape[0]
            readings.append((text, float(score), [(column + 0.5) * COLUMN_PX / width for column in columns]))
        return readings


def unexplained(image: Pixels, layer: Sequence[Run]) -> list[Box]:
    """Boxes around the ink that lies under no letter of the layer, rulings left out."""
    ink = _ink(image)
    for run in layer:
        for box in run.boxes:
            x0, y0, x1, y1 = grown(box, LETTER_MARGIN, image)
            ink[y0:y1, x0:x1] = 0
    ink[_rulings(ink)] = 0
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (JOINING_PX, JOINING_PX))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(ink, kernel), connectivity=8)
    inked = np.bincount(labels[ink > 0], minlength=count)
    found = []
    for number in range(1, count):
        left, top, width, height = (int(value) for value in stats[number, :4])
        if inked[number] >= LEAST_INK and min(width, height) >= LEAST_SIDE:
            found.append((float(left), float(top), float(left + width), float(top + height)))
    return _merged(found)


def grown(box: Box, margin: float, image: Pixels) -> tuple[int, int, int, int]:
    """A box with a margin, as whole pixels inside the picture, at least one pixel in size."""
    height, width = image.shape[:2]
    x0, y0 = max(0, int(box[0] - margin)), max(0, int(box[1] - margin))
    x1, y1 = min(width, int(np.ceil(box[2] + margin))), min(height, int(np.ceil(box[3] + margin)))
    x0, y0 = min(x0, width - 1), min(y0, height - 1)
    return x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)


def moved(run: Run, x: float, y: float) -> Run:
    """The run with its boxes shifted."""
    boxes = tuple((x0 + x, y0 + y, x1 + x, y1 + y) for x0, y0, x1, y1 in run.boxes)
    return Run(run.text, boxes, run.score, run.recognised)


def shrunk(run: Run, scale: float) -> Run:
    """The run with its boxes divided by a scale."""
    boxes = tuple((x0 / scale, y0 / scale, x1 / scale, y1 / scale) for x0, y0, x1, y1 in run.boxes)
    return Run(run.text, boxes, run.score, run.recognised)


def _enlarged(image: Pixels, scale: float) -> Pixels:
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)


def _crop(image: Pixels, quad: NDArray[np.float32]) -> Pixels:
    """A box's content put straight, a tall one turned so that text reading down reads to the right."""
    width, height = (max(1, round(side)) for side in _sides(quad))
    square = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, square)
    turned = cv2.warpPerspective(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    crop = np.asarray(turned, np.uint8)
    return np.ascontiguousarray(np.rot90(crop)) if height > TALL * width else crop


def _sides(quad: NDArray[np.float32]) -> tuple[float, float]:
    """Width and height of a box of four corners, clockwise from the top left."""
    width = max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[2] - quad[3]))
    height = max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2]))
    return float(width), float(height)


def _placed(reading: tuple[str, float, list[float]], quad: NDArray[np.float32], tall: bool, flipped: bool) -> Run:
    """A run whose letters stand on the page; `tall` lines read down the box, `flipped` ones against their direction."""
    text, score, middles = reading
    text = text.rstrip()
    edges = _edges(text, middles)
    boxes = []
    for start, end in edges:
        if flipped:
            start, end = 1 - end, 1 - start
        boxes.append(_slice(quad, tall, start, end))
    return Run(text, tuple(boxes), score, recognised=True)


def _slice(quad: NDArray[np.float32], tall: bool, start: float, end: float) -> Box:
    """The upright box around the part of a box from share `start` to share `end` of its reading direction."""
    one, other = ((quad[0], quad[3]), (quad[1], quad[2])) if tall else ((quad[0], quad[1]), (quad[3], quad[2]))
    points = [a + (b - a) * share for a, b in (one, other) for share in (start, end)]
    return around([(float(x), float(y), float(x), float(y)) for x, y in points])


def _edges(text: str, middles: Sequence[float]) -> list[tuple[float, float]]:
    """Start and end of every letter as shares of the line: borders lie halfway between neighbours."""
    letters = [place for place, sign in enumerate(text) if not sign.isspace()]
    if len(letters) != len(middles) or not letters:
        return [(place / len(text), (place + 1) / len(text)) for place in range(len(text))]
    at = np.interp(np.arange(len(text)), letters, middles)
    if len(text) == 1:
        return [(0.0, 1.0)]
    between = (at[:-1] + at[1:]) / 2
    first, last = 2 * at[0] - between[0], 2 * at[-1] - between[-1]
    borders = [max(0.0, first), *between, min(1.0, last)]
    return list(pairwise(borders))


def _ink(image: Pixels) -> Pixels:
    """255 where a page differs from the paper around, 0 elsewhere (H, W)."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    paper = cv2.medianBlur(grey, PAPER_PX)
    step = cv2.absdiff(grey, paper)
    dark = cv2.absdiff(grey, np.full_like(grey, int(np.median(grey))))
    return np.where((step > INK) | (dark > INK), 255, 0).astype(np.uint8)


def _rulings(ink: Pixels) -> NDArray[np.bool_]:
    """Where straight lines longer than any letter run, and nothing else is near."""
    long = 2 * PAPER_PX
    flat = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    steep = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((long, 1), np.uint8))
    thick = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((LEAST_SIDE, LEAST_SIDE), np.uint8))
    return ((flat > 0) | (steep > 0)) & (thick == 0)


def _is_read(run: Run, runs: Sequence[Run]) -> bool:
    """True where other runs hold most of a run's place already."""
    return sum(overlap(run.box, other.box) for other in runs) > MOSTLY * area(run.box)


def _merged(boxes: list[Box]) -> list[Box]:
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


def _is_near(one: Box, other: Box) -> bool:
    across = max(one[0], other[0]) - min(one[2], other[2])
    down = max(one[1], other[1]) - min(one[3], other[3])
    return max(across, down) < JOINING_PX


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()
