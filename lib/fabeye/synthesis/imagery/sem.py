"""Pictures of a scanning electron microscope: a structure, a defect or none in it, and the information bar below.

Notable:
- The defect's outline, box and size in nm come from the very mask that was drawn, moved as the picture was moved.
- The scale follows from the layer: the pitch in nm is given, and the pitch in pixels is the structure's own.
- Three styles of information bar; what they say of people, tools and files is marked as sensitive.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from PIL import Image

from fabeye.schema import Sensitive
from fabeye.synthesis.imagery.defects import DEFECTS, nuisance
from fabeye.synthesis.imagery.microscope import draw_faults, exposed
from fabeye.synthesis.imagery.picture import WHITE, Colour, Sheet, box_of, shares
from fabeye.synthesis.imagery.specimen import HEIGHT, STRUCTURES, WIDTH
from fabeye.synthesis.shown import Shown

BAR = 46  # pixels of the information bar
SIZE = 15  # pixels of its letters
SCREEN_MM = 127.0  # width of the print to which a magnification refers
SCALES_NM = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
OUTLINE_POINTS = 24  # about as many corners tell a defect's outline
GREY: Colour = (200, 200, 200)
NO_DEFECT = ("none", "nuisance")


@dataclass(frozen=True, slots=True)
class Exposure:
    """What the bar tells of one exposure.

    tool, operator, file: as the microscope knows them. date: as it writes it. kv: accelerating voltage in kV.
    detector: its short name. style: one of BARS.
    """

    tool: str
    operator: str
    file: str
    date: str
    kv: float
    working_mm: float
    detector: str
    style: str


def make_sem(
    rng: np.random.Generator, structure: str, defect: str, pitch_nm: float, exposure: Exposure
) -> tuple[bytes, Shown]:
    """JPEG and truth of `defect` in `structure`, whose pitch is `pitch_nm`.

    defect: a key of DEFECTS[structure], "none" or "nuisance". Raises ValueError for what cannot be drawn.
    """
    if structure not in STRUCTURES or defect not in (*DEFECTS[structure], *NO_DEFECT):
        raise ValueError(f"no picture can be drawn of the defect {defect!r} in {structure!r}; see DEFECTS")
    specimen = STRUCTURES[structure](rng)
    makers = {"nuisance": nuisance, **DEFECTS[structure]}
    mask_HW = makers[defect](rng, specimen) if defect != "none" else np.zeros((HEIGHT, WIDTH), bool)
    grey_HW, map_x_HW, map_y_HW = exposed(rng, specimen, draw_faults(rng))
    moved_HW = cv2.remap(mask_HW.astype(np.float32), map_x_HW, map_y_HW, cv2.INTER_LINEAR) > 0.5
    nm_per_px = pitch_nm / specimen.pitch
    sheet = _with_room(grey_HW, top=exposure.style == "above")
    BARS[exposure.style](sheet, exposure, nm_per_px)
    truth = {
        "structure": structure,
        "defect": defect,
        "nm_per_px": round(nm_per_px, 4),
        "pitch_nm": round(pitch_nm, 1),
        "cd_nm": round(2 * specimen.reach * nm_per_px, 1),
        "kv": exposure.kv,
        "magnification": magnification(nm_per_px),
        "date": exposure.date,
        **_found(moved_HW, nm_per_px, BAR if exposure.style == "above" else 0),
    }
    return sheet.finished("sem", truth, "JPEG")


def magnification(nm_per_px: float) -> int:
    """The print's magnification, rounded to thousands."""
    return max(1, round(SCREEN_MM * 1e6 / (WIDTH * nm_per_px) / 1000)) * 1000


def _found(mask_HW: np.ndarray, nm_per_px: float, lowered: int) -> dict[str, Any]:
    """Box, outline and size of the defect; nothing where there is none."""
    if not mask_HW.any():
        return {}
    x0, y0, x1, y1 = box_of(mask_HW)
    contours, _ = cv2.findContours(mask_HW.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    longest = max(contours, key=cv2.contourArea)[:, 0]
    kept = longest[:: max(1, len(longest) // OUTLINE_POINTS)]
    return {
        "box": shares((x0, y0 + lowered, x1, y1 + lowered), WIDTH, HEIGHT + BAR),
        "outline": [shares((x, y + lowered, x, y + lowered), WIDTH, HEIGHT + BAR)[:2] for x, y in kept.tolist()],
        "size_nm": round(max(x1 - x0, y1 - y0) * nm_per_px),
    }


def _with_room(grey_HW: np.ndarray, top: bool) -> Sheet:
    sheet = Sheet.blank(WIDTH, HEIGHT + BAR, (0, 0, 0))
    sheet.image.paste(Image.fromarray(grey_HW), (0, BAR if top else 0))
    return sheet


# ------------------------------------------------------------------------------------------------- information bars


def _two_lines(sheet: Sheet, exposure: Exposure, nm_per_px: float) -> None:
    """Settings on one line, names on the next, the scale at the right."""
    settings = f"HV {exposure.kv:.1f} kV   WD {exposure.working_mm:.1f} mm   {exposure.detector}"
    end = sheet.write(8, HEIGHT + 4, f"{settings}   Mag {magnification(nm_per_px) // 1000} kX", SIZE, WHITE)
    sheet.write(end + 12, HEIGHT + 4, exposure.date, SIZE, WHITE)
    _named(sheet, 8, HEIGHT + 25, exposure)
    _scale(sheet, nm_per_px, WIDTH - 14, HEIGHT + 38)


def _columns(sheet: Sheet, exposure: Exposure, nm_per_px: float) -> None:
    """A name above each value, as in a small table."""
    width_um = WIDTH * nm_per_px / 1000
    cells = (
        ("HV", f"{exposure.kv:.2f} kV", ""),
        ("det", exposure.detector, ""),
        ("HFW", f"{width_um:.2f} µm", ""),
        ("WD", f"{exposure.working_mm:.1f} mm", ""),
        ("date", exposure.date, ""),
        ("tool", exposure.tool, Sensitive.TOOL.value),
    )
    x = 8.0
    for name, value, kind in cells:
        sheet.write(x, HEIGHT + 4, name, SIZE - 2, GREY)
        end = sheet.write(x, HEIGHT + 24, value, SIZE, WHITE, kind=kind)
        sheet.pen.line([end + 7, HEIGHT + 4, end + 7, HEIGHT + BAR - 4], fill=GREY)
        x = end + 14
    _scale(sheet, nm_per_px, WIDTH - 14, HEIGHT + 38)


def _above(sheet: Sheet, exposure: Exposure, nm_per_px: float) -> None:
    """A line of white on black above the picture, file and operator below it, the scale within the picture."""
    kx = magnification(nm_per_px) / 1000
    text = f"{exposure.kv:.1f}kV {exposure.working_mm:.1f}mm x{kx:.1f}k {exposure.detector}"
    end = sheet.write(8, 4, text, SIZE, WHITE)
    sheet.write(max(end + 16, WIDTH - 14), 4, exposure.date, SIZE, WHITE, anchor="ra")
    _named(sheet, 8, 25, exposure)
    bottom = HEIGHT + BAR
    length = _scale_nm(nm_per_px) / nm_per_px
    sheet.pen.rectangle([WIDTH - length - 30, bottom - 44, WIDTH - 2, bottom - 2], fill=(0, 0, 0))
    _scale(sheet, nm_per_px, WIDTH - 14, bottom - 10)


def _named(sheet: Sheet, x: float, y: float, exposure: Exposure) -> float:
    """Tool, operator and file in one line; returns its right end."""
    end = sheet.write(x, y, exposure.tool, SIZE, WHITE, kind=Sensitive.TOOL.value)
    end = sheet.write(end + 12, y, "User", SIZE, GREY)
    end = sheet.write(end + 6, y, exposure.operator, SIZE, WHITE, kind=Sensitive.PERSON.value)
    return sheet.write(end + 12, y, exposure.file, SIZE, WHITE, kind=Sensitive.LOT.value)


def _scale_nm(nm_per_px: float) -> int:
    return min(SCALES_NM, key=lambda nm: abs(nm / nm_per_px - 0.14 * WIDTH))


def _scale(sheet: Sheet, nm_per_px: float, right: float, y: float) -> None:
    """A scale bar that ends at (right, y), its length above it."""
    length_nm = _scale_nm(nm_per_px)
    left = right - length_nm / nm_per_px
    sheet.pen.line([left, y, right, y], fill=WHITE, width=3)
    for end in (left, right):
        sheet.pen.line([end, y - 5, end, y + 5], fill=WHITE, width=2)
    text = f"{length_nm} nm" if length_nm < 1000 else f"{length_nm // 1000} µm"
    sheet.write((left + right) / 2, y - 7, text, SIZE, WHITE, anchor="mb")


BARS: dict[str, Callable[[Sheet, Exposure, float], None]] = {
    "two-lines": _two_lines,
    "columns": _columns,
    "above": _above,
}
