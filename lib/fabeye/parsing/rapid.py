"""The embedded teacher: RapidOCR's lines, and what the page's ink says about tables and figures."""

import io
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from functools import cache, partial
from itertools import tee
from typing import Any

from PIL import Image

from fabeye import ocr
from fabeye.engine import run
from fabeye.ocr import Line, TextRecogniser
from fabeye.parsing.order import reading_order
from fabeye.parsing.teacher import Failure, Parsed, Raw, Sheet
from fabeye.schema import Category, Element, Page, Source
from fabeye.settings import EngineSettings, ParseSettings


class Rapid:
    """A teacher; see fabeye.parsing.teacher.Teacher."""

    source = Source.RAPIDOCR

    def __init__(self, settings: ParseSettings, engine: EngineSettings):
        self.settings = settings
        self.engine = engine.model_copy(update={"workers": settings.workers})

    def parameters(self) -> dict[str, Any]:
        """Everything besides the picture that decides what is read."""
        return {"engine": ocr.ENGINE, "side": ocr.DETECTION_SIDE, "shape": list(ocr.RECOGNITION_SHAPE)}

    def key(self, page: Page) -> bytes:
        """What of a page decides what is read on it."""
        return page.image

    def read(self, pages: Iterable[tuple[str, Page]]) -> Iterator[tuple[str, Raw | Failure]]:
        """Lines of each page, read in killable processes."""
        names, items = tee(pages)
        task = partial(read_picture, threads=self.settings.threads)
        for (name, _), outcome in zip(names, run(task, (page.image for _, page in items), self.engine), strict=True):
            yield name, outcome.value or Failure(outcome.sentence("the page", self.engine))

    def parse(self, sheet: Sheet, raw: Raw) -> Parsed:
        """Elements of one page."""
        content = json.loads(raw)
        lines = [Line(*values) for values in content["lines"]]
        return Parsed(to_elements(sheet.page_id, lines, self.settings.min_score), cost={"seconds": content["seconds"]})


def read_picture(image: bytes, threads: int) -> Raw:
    """Lines of a page's picture (PNG bytes), as found. Raises OSError when the picture cannot be decoded."""
    recogniser, started = _recogniser(threads), time.monotonic()
    with Image.open(io.BytesIO(image)) as picture:
        lines = recogniser.read(picture.convert("RGB"))
    return json.dumps({"lines": [astuple(line) for line in lines], "seconds": round(time.monotonic() - started, 3)})


@cache
def _recogniser(threads: int) -> TextRecogniser:
    """One a process, loaded once."""
    return TextRecogniser(threads)


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
