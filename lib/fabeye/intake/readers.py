"""One file in, its pages out: PDF, PNG, JPEG and TIFF, each recognised by its content.

Notable:
- A page's size is looked at before its pixels are decoded, and Pillow's own limit against decompression bombs stays on.
- A bad page is a BadPage among the good ones; only a file that cannot be opened at all raises ReadError.
- pdfium repairs a PDF that was cut short by leaving pages out, so a missing end-of-file mark is an error here.
"""

import io
import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageOps

from fabeye.errors import FabeyeError

POINTS_PER_INCH = 72
HEAD_BYTES = 1024  # a PDF's mark may stand after some bytes of mail or printer header
TAIL_BYTES = 2048  # its end-of-file mark may be followed by line ends and padding
PICTURE_MARKS = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"II+\x00": "TIFF",
    b"MM\x00+": "TIFF",
}
PAGED_PICTURES = ("TIFF",)  # of an animated PNG and a stereo JPEG the first picture is the page


class ReadError(FabeyeError):
    """The file as a whole cannot be read; the text is one sentence fit for the quarantine."""


@dataclass(frozen=True, slots=True)
class GoodPage:
    """A page as picture and text layer; number is 0-based, dpi 0 where an image file says nothing of it."""

    number: int
    width: int
    height: int
    dpi: float
    image: bytes
    text_layer: str


@dataclass(frozen=True, slots=True)
class BadPage:
    """A page that cannot be taken in, and why."""

    number: int
    reason: str


def read_pages(path: Path, dpi: int, max_side: int) -> Iterator[GoodPage | BadPage]:
    """Pages of a file, in order; PDF pages are rendered at `dpi`, pictures keep their own pixels.

    max_side: pixels; a page with a longer side is a BadPage. Raises ReadError.
    """
    kind = kind_of(path)
    if kind == "PDF":
        yield from _pdf_pages(path, dpi, max_side)
    else:
        yield from _picture_pages(path, kind, max_side)


def kind_of(path: Path) -> str:
    """PDF, PNG, JPEG or TIFF, from the file's first bytes; the suffix does not count. Raises ReadError."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise ReadError(f"the file cannot be opened: {error.strerror}") from error
    if not head:
        raise ReadError("the file is empty")
    if b"%PDF-" in head:
        return "PDF"
    for mark, kind in PICTURE_MARKS.items():
        if head.startswith(mark):
            return kind
    raise ReadError("this is not a PDF, PNG, JPEG or TIFF file; convert it to one of these")


def _pdf_pages(path: Path, dpi: int, max_side: int) -> Iterator[GoodPage | BadPage]:
    with _opened_pdf(path) as document:
        if len(document) == 0:
            raise ReadError("the PDF has no pages")
        for number in range(len(document)):
            try:
                yield _pdf_page(document, number, dpi, max_side)
            except pdfium.PdfiumError as error:
                yield BadPage(number, f"the page cannot be rendered: {error}")


def _opened_pdf(path: Path) -> pdfium.PdfDocument:
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


def _pdf_page(document: pdfium.PdfDocument, number: int, dpi: int, max_side: int) -> GoodPage | BadPage:
    page = document[number]
    scale = dpi / POINTS_PER_INCH
    width, height = (math.ceil(points * scale) for points in page.get_size())
    if reason := _wrong_size(width, height, max_side):
        return BadPage(number, reason)
    bitmap = page.render(scale=scale)
    picture = bitmap.to_pil().convert("RGB")
    bitmap.close()
    layer = page.get_textpage().get_text_bounded().replace("\r\n", "\n").replace("\0", "")
    page.close()
    return _good_page(number, picture, float(dpi), layer)


def _picture_pages(path: Path, kind: str, max_side: int) -> Iterator[GoodPage | BadPage]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # max_side is our limit below Pillow's error
        try:
            file = Image.open(path, formats=[kind])
        except Image.DecompressionBombError as error:
            raise ReadError("the picture has more pixels than Pillow's limit against decompression bombs") from error
        except Exception as error:  # decoders raise anything on hostile bytes
            raise ReadError(f"the {kind} file is damaged or cut short; copy it again") from error
        with file:
            yield from _frames(file, kind, max_side)


def _frames(file: Image.Image, kind: str, max_side: int) -> Iterator[GoodPage | BadPage]:
    number = 0
    while True:
        try:
            file.seek(number)
        except EOFError:
            return
        except Exception:
            yield BadPage(number, f"the {kind} file is damaged from this page on; copy it again")
            return
        yield _picture_page(file, number, kind, max_side)
        number += 1
        if kind not in PAGED_PICTURES:
            return


def _picture_page(file: Image.Image, number: int, kind: str, max_side: int) -> GoodPage | BadPage:
    if reason := _wrong_size(*file.size, max_side):
        return BadPage(number, reason)
    dpi = _dpi(file)
    try:
        file.load()
        return _good_page(number, _eight_bits(ImageOps.exif_transpose(file)), dpi, text_layer="")
    except Exception as error:
        return BadPage(number, f"the picture cannot be decoded, the {kind} file is damaged or cut short ({error})")


def _good_page(number: int, picture: Image.Image, dpi: float, text_layer: str) -> GoodPage:
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", icc_profile=None, exif=None)
    return GoodPage(number, *picture.size, dpi, buffer.getvalue(), text_layer)


def _wrong_size(width: int, height: int, max_side: int) -> str | None:
    if min(width, height) < 1:
        return "the page has no area"
    if max(width, height) > max_side:
        return f"the page is {width} x {height} pixels, a side may have {max_side} at most (corpus.max_side)"
    return None


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Grey or RGB, eight bits a channel; what is transparent lies on white paper."""
    if picture.mode in ("1", "L"):
        return picture.convert("L")
    if picture.mode.startswith("I"):  # 16 bits, as microscopes write them; Pillow's own conversion would clip
        return Image.fromarray((np.asarray(picture).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8))
    if picture.mode == "F":
        raise ValueError("floating-point pixels; save the picture with 8 or 16 bits")
    if picture.has_transparency_data:
        paper = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(paper, picture.convert("RGBA")).convert("RGB")
    return picture.convert("RGB")


def _dpi(file: Image.Image) -> float:
    """Horizontal dots per inch, or 0 where the file says nothing or nonsense."""
    try:
        dpi = float(file.info["dpi"][0])
    except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError):
        return 0.0
    return round(dpi, 2) if math.isfinite(dpi) and dpi > 0 else 0.0
