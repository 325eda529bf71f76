"""The size at which dots.ocr sees a picture, and its boxes back on the page.

Notable:
- Every side is a whole number of patches of 28 pixels and the area lies between two bounds; the same numbers come out
  as in the model's own package, so its boxes land where it meant them.
- A box is scaled and then cut to whole pixels towards zero, as the package does.
"""

import math

from fabeye.errors import FabeyeError

PATCH = 28  # pixels: 14 of the vision tower, two by two merged
MIN_PIXELS = 3136  # a picture of 56 by 56
MAX_PIXELS = 11_289_600  # about 3360 by 3360
LONGEST_RATIO = 200  # of the longer side to the shorter one

Size = tuple[int, int]  # width, height in pixels
PixelBox = tuple[int, int, int, int]  # x0, y0, x1, y1


class ResizeError(FabeyeError):
    """A picture is too long for its width; the text gives the ratio."""


def resized(size: Size, min_pixels: int = MIN_PIXELS, max_pixels: int = MAX_PIXELS) -> Size:
    """Width and height that the model sees of a picture of `size`. Raises ResizeError on a strip."""
    width, height = size
    ratio = max(size) / min(size)
    if ratio > LONGEST_RATIO:
        raise ResizeError(f"a picture of {width} x {height} is a strip (1 to {ratio:.0f}), which dots.ocr cannot see")
    sides = [max(PATCH, round(side / PATCH) * PATCH) for side in size]
    area = sides[0] * sides[1]
    if area > max_pixels:
        shrink = math.sqrt(width * height / max_pixels)
        sides = [max(PATCH, math.floor(side / shrink / PATCH) * PATCH) for side in size]
    elif area < min_pixels:
        grow = math.sqrt(min_pixels / (width * height))
        sides = [math.ceil(side * grow / PATCH) * PATCH for side in size]
    return sides[0], sides[1]


def on_page(box: tuple[float, ...], seen: Size, page: Size) -> PixelBox:
    """A box (x0, y0, x1, y1) of a picture seen at the size `seen`, in pixels of a page of the size `page`."""
    across, down = seen[0] / page[0], seen[1] / page[1]
    x0, y0, x1, y1 = box
    return int(x0 / across), int(y0 / down), int(x1 / across), int(y1 / down)
