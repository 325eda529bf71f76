"""What every picture generator hands back, and how arrays become files."""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

JPEG_QUALITY = 88  # laboratories export micrographs as JPEG


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture, its size in pixels, and the box of what it shows: (x0, y0, x1, y1) in pixels, or None."""

    content: bytes
    width: int
    height: int
    find: tuple[int, int, int, int] | None = None


def encoded(image: Image.Image, kind: str) -> bytes:
    """The image as "PNG" or "JPEG" bytes, without any metadata."""
    buffer = io.BytesIO()
    if kind == "JPEG":
        image.save(buffer, "JPEG", quality=JPEG_QUALITY)
    else:
        image.save(buffer, "PNG", optimize=False)
    return buffer.getvalue()


def box_of(mask_HW: np.ndarray) -> tuple[int, int, int, int]:
    """Smallest box (x0, y0, x1, y1) around the True pixels of a mask that has some."""
    ys, xs = np.nonzero(mask_HW)
    return int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1
