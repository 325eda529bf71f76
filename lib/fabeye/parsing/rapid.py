"""The embedded teacher: RapidOCR's lines."""

from collections.abc import Callable
from functools import partial
from typing import Any

from fabeye import ocr
from fabeye.parsing.local import LocalTeacher
from fabeye.parsing.picture import see
from fabeye.parsing.teacher import Raw
from fabeye.schema import Source


class Rapid(LocalTeacher):
    """Lines by PP-OCR, tables and figures by ink."""

    @property
    def source(self) -> Source:
        """Under which name its elements go."""
        return Source.RAPIDOCR

    def task(self) -> Callable[[bytes], Raw]:
        """Recognise and look."""
        return partial(see, threads=self.settings.threads)

    def reader(self) -> dict[str, Any]:
        """The recogniser and the sizes at which it works."""
        return {"engine": ocr.ENGINE, "side": ocr.DETECTION_SIDE, "shape": list(ocr.RECOGNITION_SHAPE)}
