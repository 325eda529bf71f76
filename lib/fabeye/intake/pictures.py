"""PNG, JPEG and multi-page TIFF files as pages, in their own pixels.

Notable:
- A page's size is looked at before its pixels are decoded, and Pillow's own limit against decompression bombs stays on.
- What a camera turned is upright, 16 bits keep their range, what is transparent lies on white paper.
"""

import io
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import ExifTags, Image, ImageOps

from fabeye.intake.file_pages import BadPage, GoodPage, ReadError, wrong_size

PAGED_KINDS = ("TIFF",)  # of an animated PNG and a stereo JPEG the first picture is the page
MOST_FRAMES = 100_000  # a TIFF whose directory goes on for longer is hostile
PNG_LEVEL = 3  # of zlib: on pages of text half the time of its default 6, and no larger
TOLD_ELSEWHERE = ("dpi", "exif", "icc_profile", "XML:com.adobe.xmp", "xmp")  # keys of Pillow's info


class PictureFile:
    """An open picture file; `pages` counts its frames, a damaged one and what follows it as one."""

    def __init__(self, path: Path, kind: str) -> None:
        """Raises ReadError."""
        self._kind = kind
        try:
            with _no_warning():
                self._file = Image.open(path, formats=[kind])
        except Image.DecompressionBombError as error:
            raise ReadError("the picture has more pixels than Pillow's limit against decompression bombs") from error
        except Exception as error:  # decoders raise anything on hostile bytes
            raise ReadError(f"the {kind} file is damaged or cut short; copy it again") from error
        self.pages = self._count() if kind in PAGED_KINDS else 1

    def page(self, number: int, dpi: int, max_side: int) -> GoodPage | BadPage:
        """Frame `number` (0-based) in its own pixels; `dpi` has no meaning for a picture."""
        del dpi
        try:
            with _no_warning():
                self._file.seek(number)
        except Exception:
            return BadPage(number, f"the {self._kind} file is damaged from this page on; copy it again")
        if reason := wrong_size(*self._file.size, max_side):
            return BadPage(number, reason)
        return self._decoded(number)

    def metadata(self) -> dict[str, Any]:
        """The texts in a picture's header: EXIF, PNG's text chunks, TIFF's tags, XMP."""
        info = {str(key): value for key, value in self._file.info.items() if key not in TOLD_ELSEWHERE}
        for tag, value in self._file.getexif().items():
            info[ExifTags.TAGS.get(tag, str(tag))] = value
        texts = {
            key: value.strip("\0 ") for key, value in info.items() if isinstance(value, str) and value.strip("\0 ")
        }
        xmp = self._file.info.get("xmp") or self._file.info.get("XML:com.adobe.xmp") or ""
        said = xmp.decode("utf-8", errors="replace") if isinstance(xmp, bytes) else str(xmp)
        return {key: value for key, value in {"info": texts, "xmp": said}.items() if value}

    def _count(self) -> int:
        for number in range(MOST_FRAMES):
            try:
                self._file.seek(number)
            except EOFError:
                return number
            except Exception:
                return number + 1
        raise ReadError(f"the {self._kind} file says that it has more than {MOST_FRAMES} pages; it is damaged")

    def _decoded(self, number: int) -> GoodPage | BadPage:
        dpi = _dpi(self._file)
        try:
            self._file.load()
            picture = eight_bits(ImageOps.exif_transpose(self._file))
            return GoodPage(number, *picture.size, dpi, as_png(picture), text_layer="")
        except Exception as error:
            reason = f"the picture cannot be decoded, the {self._kind} file is damaged or cut short ({error})"
            return BadPage(number, reason)


def as_png(picture: Image.Image) -> bytes:
    """PNG bytes of the pixels alone, without profile or EXIF."""
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", compress_level=PNG_LEVEL, icc_profile=None, exif=None)
    return buffer.getvalue()


def eight_bits(picture: Image.Image) -> Image.Image:
    """Grey or RGB, eight bits a channel; what is transparent lies on white paper. Raises ValueError on float pixels."""
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


@contextmanager
def _no_warning() -> Iterator[None]:
    """Below Pillow's error against decompression bombs max_side is the limit, so its warning says nothing new."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        yield
