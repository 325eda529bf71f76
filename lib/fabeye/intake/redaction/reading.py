"""Reading what no text layer says: letters in pictures, in scans, turned by 90, 180 and 270 degrees, and small ones.

Notable:
- A text layer that says what the page shows (trust.py) spares its recognition: only ink that lies under none of its
  letters is read.
- Lines are found once for all directions: a tall box, or one that reads badly, is read again turned, and the surest
  reading stands.
- The dark bar of an instrument below or above its picture is read by itself too, as a micrograph's texture hides it.
- Lines are found at the page's own size, as letters of eight pixels do not bear to be made smaller; small pictures are
  enlarged. Recognition scales every line by itself.
- A letter's place comes from the column of the network in which it was recognised, exact to about a third of a letter.

Shapes: H, W rows and columns of a picture; 3 its colours, blue first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress, pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidocr.ch_ppocr_rec.typings import TextRecInput

from fabeye.intake.redaction.ink import Pixels, bars, grown, ink_of, unexplained
from fabeye.intake.redaction.runs import Box, Run, area, around, overlap
from fabeye.intake.redaction.trust import is_printed, is_said, printed, sample
from fabeye.ocr import LONGEST_LINE, TextRecogniser

VERSION = 5  # of what is read; another one means that pages must be read again
MOSTLY = 0.6  # share of a run under others from which on it has been read before
SURE = 0.85  # score from 0 to 1 from which on a line is not read in another direction
TALL = 1.4  # height over width from which on a box is read as a turned line
LEAST_SCORE = 0.3  # below, a reading is noise: texture of a micrograph, not letters
LINE_PX = 48  # height at which recognition sees a line
COLUMN_PX = 8  # of the line at that height, for one column of the network's answer
BAR_MARGIN_PX = 4  # pixels of surroundings that a bar is read with
MARGIN_PX = 12  # pixels of surroundings that a region is read with
LARGEST_PX = 4096  # longer side from which on a page is made smaller for finding lines, as memory has an end
SMALL_PX = 640  # longer side up to which a picture is enlarged for finding lines
SHARE_DIGITS = 4
SAMPLE_MARGIN = 2  # pixels of paper around a line of a text layer that is read to check it


Recognised = tuple[str, float, list[float]]  # text, score from 0 to 1, middles of its letters as shares of the line


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands on a page beside its text layer.

    layered: the text layer is believed; else it is left out, and the runs are all that is written. inked: share of the
    page that is ink, 0 to 1.
    """

    runs: tuple[Run, ...]
    layered: bool
    inked: float


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as it was recognised: `tall` ones read down their box of four corners, `flipped` ones backwards.

    middles: of its letters, as shares of its length.
    """

    text: str
    score: float
    middles: list[float]
    quad: NDArray[np.float32]
    tall: bool
    flipped: bool

    def run(self) -> Run:
        """The line as a run whose letters stand on the page."""
        text = self.text.rstrip()
        edges = [(1 - end, 1 - start) if self.flipped else (start, end) for start, end in _edges(text, self.middles)]
        boxes = tuple(_slice(self.quad, self.tall, start, end) for start, end in edges)
        return Run(text, boxes, self.score, recognised=True)


class Reader:
    """Reads pages. Loading takes about a second; keep one for many pages. Not for several threads at once."""

    def __init__(self, scale: float, threads: int = 1):
        """scale: by which small pictures are enlarged for finding lines, at most."""
        self.engine = TextRecogniser(threads, LARGEST_PX).engine
        self.scale = scale

    def page(self, image: Pixels, layer: Sequence[Run]) -> Reading:
        """What is written on a page (H, W, 3) where the runs of its text layer explain nothing.

        Where the layer says something else than the page shows, the whole page is read.
        """
        ink = ink_of(image)
        inked = printed(ink, layer)
        layered = is_printed(layer, inked) and self._shows(image, layer)
        runs = self._rest(image, ink, list(compress(layer, inked))) if layered else self.whole(image)
        return Reading(tuple(runs), layered, round(float((ink > 0).mean()), SHARE_DIGITS))

    def whole(self, image: Pixels) -> list[Run]:
        """Every line of a page: those found at the page's size, and small ones in its pictures, enlarged."""
        runs = self.read(image)
        return [*runs, *self._rest(image, ink_of(image), runs)]

    def region(self, image: Pixels, box: Box) -> list[Run]:
        """What is written in a box of a page, in the page's pixels."""
        x0, y0, x1, y1 = grown(box, MARGIN_PX, image)
        picture = image[y0:y1, x0:x1]
        runs = self.read(picture)
        for bar in bars(picture):
            runs = self._better(picture, bar, runs)
        return [moved(run, x0, y0) for run in runs]

    def read(self, image: Pixels) -> list[Run]:
        """Every line of a picture (H, W, 3), in any of four directions."""
        scale = min(self.scale, max(1.0, SMALL_PX / max(image.shape[:2])))
        seen = image if scale == 1 else _enlarged(image, scale)
        boxes = self.engine._load_det_model()(np.ascontiguousarray(seen)).boxes
        if boxes is None:
            return []
        quads = [np.asarray(quad, np.float32) for quad in boxes]
        readings = self._recognise([_crop(seen, quad) for quad in quads])
        lines = [self._surest(seen, quad, first) for quad, first in zip(quads, readings, strict=True)]
        return [shrunk(line.run(), scale) for line in lines if line.text.strip() and line.score >= LEAST_SCORE]

    def _better(self, picture: Pixels, bar: Box, runs: list[Run]) -> list[Run]:
        """The runs, those in a bar from a reading of the bar alone where that finds more letters."""
        x0, y0, x1, y1 = grown(bar, BAR_MARGIN_PX, picture)
        alone = [moved(run, x0, y0) for run in self.read(picture[y0:y1, x0:x1])]
        inside = [run for run in runs if overlap(run.box, bar) > MOSTLY * area(run.box)]
        if sum(len(run.text) for run in alone) <= sum(len(run.text) for run in inside):
            return runs
        return [run for run in runs if run not in inside] + alone

    def _rest(self, image: Pixels, ink: Pixels, runs: Sequence[Run]) -> list[Run]:
        """What is read in the ink that some runs do not explain."""
        found = []
        for region in unexplained(ink, [box for run in runs for box in run.boxes]):
            found += [run for run in self.region(image, region) if not _is_read(run, runs)]
        return found

    def _shows(self, image: Pixels, layer: Sequence[Run]) -> bool:
        """Whether a sample of the layer's lines is what the page shows."""
        chosen = sample(layer)
        crops = []
        for run in chosen:
            x0, y0, x1, y1 = grown(run.box, SAMPLE_MARGIN, image)
            crops.append(image[y0:y1, x0:x1])
        return is_said([run.text for run in chosen], [text for text, _, _ in self._texts(crops)])

    def _surest(self, image: Pixels, quad: NDArray[np.float32], first: Recognised) -> "_Line":
        """The reading of a line in its surest direction."""
        tall = _sides(quad)[1] > TALL * _sides(quad)[0]
        if first[1] < SURE:
            flipped = self._recognise([np.ascontiguousarray(_crop(image, quad)[::-1, ::-1])])[0]
            if flipped[1] > first[1]:
                return _Line(*flipped, quad, tall, flipped=True)
        return _Line(*first, quad, tall, flipped=False)

    def _recognise(self, crops: Sequence[Pixels]) -> list[Recognised]:
        """Text, score and places of the letters' middles (shares of the crop's width) of each line."""
        short = [crop for crop in crops if crop.shape[1] <= LONGEST_LINE * crop.shape[0]]
        readings = iter(self._texts(short))
        return [next(readings) if crop.shape[1] <= LONGEST_LINE * crop.shape[0] else ("", 0.0, []) for crop in crops]

    def _texts(self, crops: Sequence[Pixels]) -> list[Recognised]:
        if not crops:
            return []
        found = self.engine._load_rec_model()(TextRecInput(img=list(crops), return_word_box=True))
        readings = []
        for crop, text, score, words in zip(crops, found.txts, found.scores, found.word_results, strict=True):
            columns = [column for word in words.word_cols for column in word]
            width = crop.shape[1] * LINE_PX / crop.shape[0]
            readings.append((text, float(score), [(column + 0.5) * COLUMN_PX / width for column in columns]))
        return readings


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


def _is_read(run: Run, runs: Sequence[Run]) -> bool:
    """True where other runs hold most of a run's place already."""
    return sum(overlap(run.box, other.box) for other in runs) > MOSTLY * area(run.box)
