"""Text in a picture: the embedded recogniser, PP-OCRv6 small in the RapidOCR wheel, English and Chinese.

Notable:
- The models are named by their paths inside the wheel, so nothing is ever looked up or downloaded.
- One line is recognised at a time: what is read on a line does not depend on its neighbours. Lines are padded to 160
  pixels at least, not to RapidOCR's 320, which saves about a quarter of the processor time on pages full of cells.
- Detection sees an A4 page of 150 dpi at 0.73 of its size: a quarter less time than in full, and of 1000 characters
  one fewer is found. At 960 pixels it is two fewer, and cells begin to run together.
- Pictures are never scaled up before detection (RapidOCR would stretch a 30 pixel crop to 736), and scores and boxes
  are rounded, so that the last bit of a float does not change a table.
"""

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

ENGINE = f"rapidocr {version('rapidocr')} PP-OCRv6 small"
DETECTION_SIDE = 1280  # pixels of the longer side that detection sees at most; recognition sees every pixel
RECOGNITION_SHAPE = (3, 48, 160)  # channels, height, least width in pixels; RapidOCR's 320 pads cells of a table
MARGIN = 16  # pixels of paper put around a crop, as detection loses text that touches the edge
LONGEST_LINE = 80  # heights; a longer crop is a ruling, and recognising it would take half a minute
SCORE_DIGITS = 4
PIXEL_DIGITS = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text: box in pixels of the picture, score between 0 and 1."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    score: float


class TextRecogniser:
    """Reads pictures. Loading takes about a second; keep one for many pictures. Not for several threads at once."""

    def __init__(self, threads: int = 1, detection_side: int = DETECTION_SIDE):
        """threads: processor threads one picture may use. detection_side: pixels, as DETECTION_SIDE."""
        self.engine = _engine(threads, detection_side)

    def read(self, image: Image.Image) -> list[Line]:
        """Every line found on a picture, roughly from top to bottom; an empty list on blank paper."""
        found = self.engine(_bgr(image), use_det=True, use_cls=False, use_rec=True)
        if found.boxes is None or found.txts is None:
            return []
        return [_line(box, text, score) for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)]

    def read_crop(self, image: Image.Image) -> str:
        """Text of one region, its lines joined by spaces in rows; "" where nothing can be read.

        Where detection finds no line, the whole crop is read as one.
        """
        lines = self.read(_with_margin(image))
        if lines:
            return " ".join(line.text for row in rows(lines) for line in row)
        if image.width > LONGEST_LINE * image.height:
            return ""
        found = self.engine(_bgr(image), use_det=False, use_cls=False, use_rec=True)
        return found.txts[0] if found.txts else ""


def rows(lines: list[Line]) -> list[list[Line]]:
    """Lines side by side as rows: from top to bottom, in each from left to right."""
    found: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.y0 + line.y1, line.x0)):
        middle = (line.y0 + line.y1) / 2
        if found and found[-1][0].y0 <= middle <= found[-1][0].y1:
            found[-1].append(line)
        else:
            found.append([line])
    return [sorted(row, key=lambda line: (line.x0, line.y0)) for row in found]


def _engine(threads: int, detection_side: int) -> Any:
    import rapidocr  # half a second and a logger of its own; only who reads pays for it

    models = Path(rapidocr.__file__).parent / "models"
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.text_score": 0.0,  # who reads decides what to drop
            "Global.use_cls": False,  # upside-down lines are rarer than good lines turned by mistake
            "Global.use_preprocess_img": False,
            "Global.use_vertical_padding": False,
            "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
            "Det.limit_type": "max",
            "Det.limit_side_len": detection_side,
            "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
            "Rec.rec_img_shape": list(RECOGNITION_SHAPE),
            "Rec.rec_batch_num": 1,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _bgr(image: Image.Image) -> np.ndarray:
    return np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])


def _with_margin(image: Image.Image) -> Image.Image:
    """The crop on paper of the colour that its border has most."""
    pixels = np.asarray(image.convert("RGB"))
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    paper = tuple(int(value) for value in np.median(border, axis=0))
    padded = Image.new("RGB", (image.width + 2 * MARGIN, image.height + 2 * MARGIN), paper)
    padded.paste(image.convert("RGB"), (MARGIN, MARGIN))
    return padded


def _line(corners: np.ndarray, text: str, score: float) -> Line:
    """corners: four (x, y) of a possibly slanted box."""
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    left, top, right, bottom = (round(float(value), PIXEL_DIGITS) for value in (x0, y0, x1, y1))
    return Line(left, top, right, bottom, text, round(float(score), SCORE_DIGITS))
