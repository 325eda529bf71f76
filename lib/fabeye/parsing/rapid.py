"""A page to elements with the embedded recogniser: one element a line, in reading order."""

import hashlib
import io
from collections.abc import Iterable

from PIL import Image

from fabeye import ocr
from fabeye.ocr import Line, TextRecogniser
from fabeye.parsing.order import reading_order
from fabeye.schema import Category, Element, Source

# Everything besides the picture that decides what is read; how much of it is kept (parse.min_score) is decided later.
VERSION = f"{ocr.ENGINE} {ocr.DETECTION_SIDE} {ocr.RECOGNITION_SHAPE}"


def fingerprint(image: bytes) -> str:
    """Name of what this engine reads on this picture (PNG bytes): hex digits, fit for a file name."""
    return hashlib.sha256(VERSION.encode() + hashlib.sha256(image).digest()).hexdigest()


def read_lines(image: bytes, recogniser: TextRecogniser) -> list[Line]:
    """Lines of a page's picture (PNG bytes), as found. Raises OSError when the picture cannot be decoded."""
    with Image.open(io.BytesIO(image)) as picture:
        return recogniser.read(picture.convert("RGB"))


def to_elements(page_id: str, lines: Iterable[Line], min_score: float) -> list[Element]:
    """The lines with at least `min_score` and some text as elements of a page, in reading order."""
    kept = [line for line in lines if line.score >= min_score and line.text.strip()]
    return [_element(page_id, order, line) for order, line in enumerate(reading_order(kept))]


def _element(page_id: str, order: int, line: Line) -> Element:
    return Element(
        page_id=page_id,
        order=order,
        category=Category.TEXT.value,
        level="line",
        x0=line.x0,
        y0=line.y0,
        x1=line.x1,
        y1=line.y1,
        text=line.text,
        html="",
        latex="",
        score=line.score,
        source=Source.RAPIDOCR.value,
    )
