"""Light or signal over a die's pattern, in false colours, with the instrument's bar below.

Notable:
- COLOUR_MAPS and the layouts' seeds are what a test holds out: a model must not learn the palette.

Shapes: H, W pixels of the camera; C = 3.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from fabeye.schema import Sensitive
from fabeye.synthesis.imagery.die_view import HEIGHT, WIDTH
from fabeye.synthesis.imagery.picture import Colour, Sheet

BAR = 58  # pixels of the instrument's bar
SIZE = 22  # pixels of its letters
INK: Colour = (235, 235, 235)
SCALE_INK: Colour = (255, 225, 60)
SCALES_UM = (10, 20, 50, 100, 200, 500, 1000, 2000)
OPACITY = 0.88
PATTERN_GAIN = 0.72  # the pattern is dimmed, or faint spots could not be seen on it


def _from_cv(number: int) -> Callable[[np.ndarray], np.ndarray]:
    def mapped(share_HW: np.ndarray) -> np.ndarray:
        grey_HW = (255 * np.clip(share_HW, 0, 1)).astype(np.uint8)
        return cv2.applyColorMap(grey_HW, number)[..., ::-1].astype(np.float32)

    return mapped


def _of_colour(*channels: float) -> Callable[[np.ndarray], np.ndarray]:
    def mapped(share_HW: np.ndarray) -> np.ndarray:
        return 255 * np.sqrt(np.clip(share_HW, 0, 1))[..., None] * np.array(channels, np.float32)

    return mapped


COLOUR_MAPS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "rainbow": _from_cv(cv2.COLORMAP_JET),
    "hot": _from_cv(cv2.COLORMAP_HOT),
    "inferno": _from_cv(cv2.COLORMAP_INFERNO),
    "red": _of_colour(1.0, 0.08, 0.05),
    "green": _of_colour(0.05, 1.0, 0.1),
    "yellow": _of_colour(1.0, 0.95, 0.1),
}


@dataclass(frozen=True, slots=True)
class Setup:
    """What the bar tells. integration: seconds a frame; bias: as it was typed, such as "VDD=1.1V IDD=12.4mA"."""

    tool: str
    operator: str
    sample: str
    date: str
    detector: str
    integration: int
    frames: int
    bias: str


def overlaid(pattern_HW: np.ndarray, signal_HW: np.ndarray, threshold: float, colours: str) -> np.ndarray:
    """uint8[H, W, C]: what exceeds the threshold in colour over the dimmed pattern."""
    grey_HWC = np.repeat(np.clip(pattern_HW, 0, 255)[..., None] * PATTERN_GAIN, 3, axis=-1)
    top = max(float(signal_HW.max()), 2 * threshold)
    share_HW = 0.3 + 0.7 * np.clip((signal_HW - threshold) / (top - threshold), 0, 1)
    cover_HWC = OPACITY * (signal_HW > threshold)[..., None].astype(np.float32)
    return np.clip(grey_HWC * (1 - cover_HWC) + COLOUR_MAPS[colours](share_HW) * cover_HWC, 0, 255).astype(np.uint8)


def barred(pixels_HWC: np.ndarray, setup: Setup, lens: str, um_per_px: float, label: str) -> Sheet:
    """A sheet with the picture, the bar below and a `label` such as "NG" or "REF" in its corner."""
    sheet = Sheet.blank(WIDTH, HEIGHT + BAR, (18, 18, 30))
    sheet.image.paste(Image.fromarray(pixels_HWC), (0, 0))
    end = sheet.write(10, HEIGHT + 4, setup.tool, SIZE, INK, kind=Sensitive.TOOL.value)
    text = f"Lens {lens}  {setup.detector}  {setup.integration} s × {setup.frames}"
    sheet.write(end + 16, HEIGHT + 4, text, SIZE, INK)
    end = sheet.write(10, HEIGHT + 31, setup.bias, SIZE, INK)
    end = sheet.write(end + 16, HEIGHT + 31, setup.date, SIZE, INK)
    end = sheet.write(end + 16, HEIGHT + 31, setup.operator, SIZE, INK, kind=Sensitive.PERSON.value)
    sheet.pen.rectangle([0, 0, 62, 34], fill=(18, 18, 30))
    sheet.write(8, 4, label, SIZE, SCALE_INK, bold=True)
    sheet.write(WIDTH - 10, 6, setup.sample, SIZE, SCALE_INK, anchor="ra", kind=Sensitive.LOT.value)
    _scale(sheet, um_per_px)
    return sheet


def _scale(sheet: Sheet, um_per_px: float) -> None:
    length = min(SCALES_UM, key=lambda um: abs(um / um_per_px - 0.13 * WIDTH))
    right, y = WIDTH - 16, HEIGHT + 44
    sheet.pen.line([right - length / um_per_px, y, right, y], fill=SCALE_INK, width=4)
    text = f"{length} µm" if length < 1000 else f"{length // 1000} mm"
    sheet.write(right, y - 8, text, SIZE, SCALE_INK, anchor="rb")
