"""Pictures to draw and letter on, and what every picture generator needs: files from arrays, boxes from masks.

Notable:
- A `Sheet` writes words and records where they stand, so a picture's words and their truth are made in one pass.
- Lettering uses the faces that come with Python packages, as the typesetter does; Chinese takes the Chinese face.
"""

import io
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fabeye.synthesis.shown import PictureText, ShareBox, Shown

JPEG_QUALITY = 90  # laboratories export micrographs as JPEG
FIRST_CJK = "\u2e80"  # from this letter on the Chinese face is taken
Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
PixelBox = tuple[float, float, float, float]


class Sheet:
    """An RGB picture that is drawn on; lengths in pixels, origin top left.

    pen: Pillow's drawing, for shapes. texts: every word written so far.
    """

    def __init__(self, image: Image.Image):
        self.image = image.convert("RGB")
        self.pen = ImageDraw.Draw(self.image)
        self.texts: list[PictureText] = []

    @classmethod
    def blank(cls, width: int, height: int, paper: Colour = WHITE) -> "Sheet":
        """An empty sheet."""
        return cls(Image.new("RGB", (width, height), paper))

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: int,
        ink: Colour = BLACK,
        *,
        anchor: str = "la",
        field: str = "",
        kind: str = "",
        bold: bool = False,
    ) -> float:
        """Write one line of `size` pixels at (x, y), a place named by Pillow's `anchor`; returns its right end."""
        face = font(size, text, bold)
        self.pen.text((x, y), text, fill=ink, font=face, anchor=anchor)
        box = self.pen.textbbox((x, y), text, font=face, anchor=anchor)
        grown = (box[0] - 1.0, box[1] - 1.0, box[2] + 1.0, box[3] + 1.0)
        self.texts.append(PictureText(text, self.shares(grown), field, kind))
        return float(box[2])

    def shares(self, box: PixelBox) -> ShareBox:
        """A box of pixels as shares of the sheet, cut at its edges."""
        return shares(box, self.image.width, self.image.height)

    def finished(self, kind: str, truth: dict[str, Any], encoding: str = "PNG") -> tuple[bytes, Shown]:
        """The file and what it shows; `truth` goes into image_gt beside the kind and the size in pixels."""
        size = {"kind": kind, "width": self.image.width, "height": self.image.height}
        return encoded(self.image, encoding), Shown({"image_gt": {**size, **truth}}, tuple(self.texts))


def encoded(image: Image.Image, encoding: str) -> bytes:
    """The image as "PNG" or "JPEG" bytes, without any metadata."""
    buffer = io.BytesIO()
    if encoding == "JPEG":
        image.save(buffer, "JPEG", quality=JPEG_QUALITY)
    else:
        image.save(buffer, "PNG", compress_level=4)
    return buffer.getvalue()


def shares(box: PixelBox, width: float, height: float) -> ShareBox:
    """A box of pixels as shares (0 to 1) of a picture's sides, cut at its edges, five digits kept."""
    x0, y0, x1, y1 = box
    return (_share(x0, width), _share(y0, height), _share(x1, width), _share(y1, height))


def box_of(mask_HW: np.ndarray) -> tuple[int, int, int, int]:
    """Smallest box (x0, y0, x1, y1) around the True pixels of a mask that has some."""
    ys, xs = np.flatnonzero(mask_HW.any(axis=1)), np.flatnonzero(mask_HW.any(axis=0))
    return int(xs[0]), int(ys[0]), int(xs[-1]) + 1, int(ys[-1]) + 1


@lru_cache(maxsize=64)
def _face(name: str, size: int) -> ImageFont.FreeTypeFont:
    package, folder = ("mplfonts", "fonts") if "CJK" in name else ("matplotlib", "mpl-data/fonts/ttf")
    return ImageFont.truetype(str(files(package) / folder / name), size)


def font(size: int, text: str = "", bold: bool = False) -> ImageFont.FreeTypeFont:
    """The face in which a Sheet writes `text` at `size` pixels."""
    if any(letter >= FIRST_CJK for letter in text):
        return _face("NotoSansCJKsc-Regular.otf", size)
    return _face("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf", size)


def _share(length: float, side: float) -> float:
    return round(min(max(length / side, 0.0), 1.0), 5)
