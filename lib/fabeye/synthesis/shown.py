"""What a picture shows: its data as ground truth, and the words that can be read in it.

Notable:
- Every drawing function, vector or raster, returns its picture with a `Shown`, made in the same pass, so that what is
  drawn and what is said to be drawn cannot part.
- All coordinates are shares (0 to 1) of the picture's width and height, origin top left: they hold at any resolution
  and at any place on the page.
"""

from dataclasses import dataclass, field
from typing import Any

ShareBox = tuple[float, float, float, float]  # x0, y0, x1, y1, each a share of the picture's side


@dataclass(frozen=True, slots=True)
class PictureText:
    """Words in a picture.

    field: their name as key information, such as "lot_id", or "". kind: a schema.Sensitive, or "" where anybody may
    know them.
    """

    text: str
    box: ShareBox
    field: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """detail: one of {"chart_data": ...}, {"timing": ...}, {"image_gt": ...}, fit for JSON."""

    detail: dict[str, Any] = field(default_factory=dict)
    texts: tuple[PictureText, ...] = ()
