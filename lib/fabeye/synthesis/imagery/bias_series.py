"""One place of a die at rising bias: the same spot, brighter with the current, in panels side by side.

Notable:
- Light grows with the current, so a spot that follows it belongs to the path that draws it; the truth has both.

Shapes: H, W pixels of the camera.
"""

from dataclasses import replace

import cv2
import numpy as np
from PIL import Image

from fabeye.synthesis.imagery.die import Die
from fabeye.synthesis.imagery.die_view import HEIGHT, LENSES, WIDTH, reflected, view_of
from fabeye.synthesis.imagery.emission import Spot, exposed
from fabeye.synthesis.imagery.emmi import PATTERN_NOISE, described
from fabeye.synthesis.imagery.overlay import overlaid
from fabeye.synthesis.imagery.picture import Colour, Sheet
from fabeye.synthesis.shown import Shown

PANEL, GAP = (420, 315), 6  # pixels of one panel, and between two
CUT = 0.41  # of the camera's sides that a panel shows
LETTERS, ROOM = 20, 30  # pixels: height of a panel's words, of the strip that they stand in
THRESHOLD = 5.0  # in units of noise
FRAMES = 4
INK: Colour = (255, 225, 60)
GROUND: Colour = (18, 18, 30)
LEAST_SNR = 2.0


def make_bias_series(
    rng: np.random.Generator, die: Die, spot: Spot, lens: str, steps: list[tuple[str, float]]
) -> tuple[bytes, Shown]:
    """JPEG and truth of a spot at (label, share of its full strength) of each step. Raises KeyError for the lens."""
    view = view_of(rng, die, LENSES[lens], spot.x, spot.y, backside=False)
    pattern_HW = reflected(die, view)
    window = _window(*view.pixel(spot.x, spot.y))
    pitch = PANEL[0] + GAP
    sheet = Sheet.blank(pitch * len(steps) - GAP, PANEL[1] + ROOM, GROUND)
    told = []
    for number, (label, share) in enumerate(steps):
        lit = replace(spot, snr=max(LEAST_SNR, spot.snr * share))
        light_HW = exposed(rng, view, LENSES[lens], [lit], FRAMES)
        noisy_HW = pattern_HW + rng.normal(0, PATTERN_NOISE, pattern_HW.shape).astype(np.float32)
        pixels_HWC = overlaid(noisy_HW, light_HW, THRESHOLD, "red")[window]
        panel_HWC = cv2.resize(pixels_HWC, PANEL, interpolation=cv2.INTER_LINEAR)
        sheet.image.paste(Image.fromarray(panel_HWC), (pitch * number, 0))
        sheet.write(pitch * number + 8, PANEL[1] + 4, label, LETTERS, INK)
        told.append({"bias": label, "snr": round(lit.snr, 1)})
    one = described(view, LENSES[lens], spot)
    place = {name: one[name] for name in ("x_um", "y_um", "block", "banks", "shape", "mechanism", "abnormal")}
    return sheet.finished("emmi_series", {"steps": told, "hotspots": [place], "lens": lens}, "JPEG")


def _window(x: float, y: float) -> tuple[slice, slice]:
    """The part of the camera around a pixel."""
    wide, high = round(CUT * WIDTH), round(CUT * HEIGHT)
    left = int(np.clip(x - wide / 2, 0, WIDTH - wide))
    top = int(np.clip(y - high / 2, 0, HEIGHT - high))
    return slice(top, top + high), slice(left, left + wide)
