"""A PDF as pages: pixels, text layer and the box of each of its characters, by pdfium.

Notable:
- pdfium repairs a PDF that was cut short by leaving pages out, so a missing end-of-file mark is an error here.
- Character boxes are in pixels of the rendered picture: rotation, crop box and rounding are in pdfium's own transform,
  read back from three points.
- A box is that of the ink; a space, or a glyph of a broken font, has the box that its font sets aside for it.
- What stands beside the pages (author, notes, attachments) is read by qpdf, in metadata.py.
"""

import ctypes
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from fabeye.intake.file_pages import BadPage, GoodPage, ReadError, wrong_size
from fabeye.intake.pictures import as_png

POINTS_PER_INCH = 72
TAIL_BYTES = 2048  # the end-of-file mark may be followed by line ends and padding
HYPHENS = (0x02, 0xFFFE)  # what pdfium says for a hyphen at the end of a line
SURROGATES = (0xD800, 0xDFFF)
DEVICE_SCALE = 1024  # parts of a pixel in which pdfium's transform, in whole numbers, is asked
PROBE_POINTS = 1000.0  # distance between the points it is asked for
DIGITS = 1  # of a pixel in a character's box

Box = tuple[float, float, float, float]  # x0, y0, x1, y1


class PdfFile:
    """An open PDF; `pages` is what its page tree says."""

    def __init__(self, path: Path) -> None:
        """Raises ReadError."""
        self._path = path
        self._document = _opened(path)
        self.pages = len(self._document)
        if self.pages == 0:
            raise ReadError("the PDF has no pages")

    def page(self, number: int, dpi: int, max_side: int) -> GoodPage | BadPage:
        """Page `number` (0-based) rendered at `dpi`."""
        try:
            page = self._document[number]
            try:
                return _read(page, number, dpi, max_side)
            finally:
                page.close()
        except pdfium.PdfiumError as error:
            return BadPage(number, f"the page cannot be rendered: {error}")

    def metadata(self) -> dict[str, Any]:
        """Author, title, XMP, notes, attachments, bookmarks."""
        from fabeye.intake.metadata import pdf_metadata

        return pdf_metadata(self._path)


def _opened(path: Path) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadError("the PDF is encrypted; bring a copy without a password") from error
        raise ReadError(f"the PDF is damaged or cut short; copy it again ({error})") from error
    if not _ends_as_pdf(path):
        document.close()
        raise ReadError("the PDF is cut short: its end-of-file mark is missing; copy it again")
    return document


def _ends_as_pdf(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL_BYTES))
        return b"%%EOF" in file.read()


def _read(page: pdfium.PdfPage, number: int, dpi: int, max_side: int) -> GoodPage | BadPage:
    scale = dpi / POINTS_PER_INCH
    width, height = (math.ceil(points * scale) for points in page.get_size())
    if reason := wrong_size(width, height, max_side):
        return BadPage(number, reason)
    bitmap = page.render(scale=scale)
    image = as_png(bitmap.to_pil().convert("RGB"))
    bitmap.close()
    text, boxes = _characters(page)
    characters = _in_pixels(boxes, _to_pixels(page, width, height)) if text else ""
    return GoodPage(number, width, height, float(dpi), image, text, characters)


def _characters(page: pdfium.PdfPage) -> tuple[str, list[Box | None]]:
    """The text layer, and each character's box in the page's own points, None for a line's end."""
    layer = page.get_textpage()
    letters: list[str] = []
    boxes: list[Box | None] = []
    for index in range(layer.count_chars()):
        letter = _letter(raw.FPDFText_GetUnicode(layer, index))
        if letter:
            letters.append(letter)
            boxes.append(None if letter == "\n" else _box(layer, index))
    layer.close()
    return "".join(letters), boxes


def _letter(code: int) -> str:
    """What a code of pdfium's stands for, "" where it is no character; a line's end is one "\\n"."""
    if code in HYPHENS:
        return "-"
    if code in (0, ord("\r")) or SURROGATES[0] <= code <= SURROGATES[1]:
        return ""
    return chr(code)


def _box(layer: pdfium.PdfTextPage, index: int) -> Box:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(layer, index, left, right, bottom, top)
    if left.value < right.value and bottom.value < top.value:
        return left.value, bottom.value, right.value, top.value
    loose = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(layer, index, loose)
    return loose.left, loose.bottom, loose.right, loose.top


def _to_pixels(page: pdfium.PdfPage, width: int, height: int) -> np.ndarray:
    """float64[2, 3]: takes (x, y, 1) in the page's points to pixels of its picture."""
    origin, right, up = (
        np.array(_on_device(page, width, height, x, y)) / DEVICE_SCALE
        for x, y in ((0.0, 0.0), (PROBE_POINTS, 0.0), (0.0, PROBE_POINTS))
    )
    return np.stack([(right - origin) / PROBE_POINTS, (up - origin) / PROBE_POINTS, origin], axis=1)


def _on_device(page: pdfium.PdfPage, width: int, height: int, x: float, y: float) -> tuple[int, int]:
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, width * DEVICE_SCALE, height * DEVICE_SCALE, 0, x, y, across, down)
    return across.value, down.value


def _in_pixels(boxes: list[Box | None], to_pixels: np.ndarray) -> str:
    """The boxes as JSON for schema.Page.characters."""
    corners_N22 = np.array([box or (0.0,) * 4 for box in boxes]).reshape(-1, 2, 2)
    moved_N22 = corners_N22 @ to_pixels[:, :2].T + to_pixels[:, 2]
    placed = np.concatenate([moved_N22.min(axis=1), moved_N22.max(axis=1)], axis=1).round(DIGITS).tolist()
    kept = [None if box is None else at for box, at in zip(boxes, placed, strict=True)]
    return json.dumps(kept, separators=(",", ":"))
