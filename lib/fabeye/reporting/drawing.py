"""Pages with boxes, drawn by Pillow, and pictures as data URIs.

Notable:
- Drawing 200 boxes takes 0.03 s; a browser component that ships one layer a box takes 20 s for the same page.
- A data URI carries the picture inside the page, so a report is one file.
"""

import base64
import io
from collections.abc import Iterable

from PIL import Image, ImageDraw

from fabeye.reporting.inputs import MAX_PIXELS, ReportError
from fabeye.reporting.theme import category_colour
from fabeye.schema import Element

FILL_OPACITY = 38  # of 255: text below a box stays readable
JPEG_QUALITY = 82


def open_picture(content: bytes) -> Image.Image:
    """A page's picture as RGB. Raises ReportError when the bytes are no picture or an absurdly large one."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ReportError(f"a page's picture is larger than {MAX_PIXELS} pixels")
            return image.convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ReportError("a page's picture is damaged; run `dvc repro -f corpus` to write it again") from error


def draw_boxes(
    picture: Image.Image, elements: Iterable[Element], colour: str | None = None, width: int = 2, filled: bool = True
) -> Image.Image:
    """A copy of the picture with the elements' boxes; `colour` replaces the categories' colours; `width` in pixels."""
    canvas = picture.convert("RGB")
    brush = ImageDraw.Draw(canvas, "RGBA")
    for element in elements:
        tone = colour or category_colour(element.category)
        fill = (*_rgb(tone), FILL_OPACITY) if filled else None
        brush.rectangle(ordered_box(element), outline=tone, width=width, fill=fill)
    return canvas


def ordered_box(element: Element) -> tuple[float, float, float, float]:
    """An element's box with its corners in order, whatever a reader wrote."""
    return (
        min(element.x0, element.x1),
        min(element.y0, element.y1),
        max(element.x0, element.x1),
        max(element.y0, element.y1),
    )


def shrunk(picture: Image.Image, width: int, height: int) -> Image.Image:
    """The picture scaled down to fit into width x height pixels, never up."""
    factor = min(1.0, width / picture.width, height / picture.height)
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    return picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS)


def data_uri(picture: Image.Image, kind: str = "jpeg") -> str:
    """The picture as `data:image/...;base64,...`; `kind` is jpeg (photographs, pages) or png (small crops)."""
    buffer = io.BytesIO()
    if kind == "jpeg":
        picture.convert("RGB").save(buffer, "JPEG", quality=JPEG_QUALITY)
    else:
        picture.save(buffer, "PNG", optimize=True)
    return f"data:image/{kind};base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
