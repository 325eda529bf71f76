"""Two more ways to find a fault on a die: laser-induced change of resistance (OBIRCH) and lock-in thermography.

Notable:
- OBIRCH shows where heating a conductor changes the current, so shorts in metal, which send out no light, are found;
  its signal has a sign, drawn red (current falls) and green (current rises).
- Heat spreads: a thermal spot is broad and round, and says less of the place.
- There is no good die beside: these signals are read by themselves.

Shapes: H, W pixels of the camera; C = 3.
"""

from typing import Any

import cv2
import numpy as np

from fabeye.synthesis.imagery.die import Die
from fabeye.synthesis.imagery.die_view import HEIGHT, LENSES, View, reflected, view_of
from fabeye.synthesis.imagery.emission import Spot, exposed
from fabeye.synthesis.imagery.emmi import PATTERN_NOISE, described, seen_blocks
from fabeye.synthesis.imagery.overlay import Setup, barred, overlaid
from fabeye.synthesis.shown import Shown

SIGNAL_THRESHOLD = 4.5  # in units of noise
HEAT_UM = 22.0  # standard deviation by which heat spreads
FAINT = 0.5  # share of an OBIRCH line's strength that its leads show
ASIDE_UM = 40.0  # how far the weak, opposite signal of a lead lies from the spot


def make_obirch(
    rng: np.random.Generator, die: Die, fault: Spot, setup: Setup, lens: str, backside: bool = False
) -> tuple[bytes, Shown]:
    """JPEG and truth of the OBIRCH signal at one fault. Raises KeyError for an unknown lens."""
    view = view_of(rng, die, LENSES[lens], fault.x, fault.y, backside)
    falls_HW = exposed(rng, view, LENSES[lens], [fault], setup.frames)
    rises_HW = exposed(rng, view, LENSES[lens], [_lead(rng, fault)], setup.frames)
    pattern_HW = _noisy(rng, reflected(die, view))
    pixels_HWC = overlaid(pattern_HW, falls_HW, SIGNAL_THRESHOLD, "red")
    over_HWC = overlaid(pattern_HW, rises_HW, SIGNAL_THRESHOLD, "green")
    pixels_HWC = np.where((rises_HW > SIGNAL_THRESHOLD)[..., None], over_HWC, pixels_HWC)
    return _finished("obirch", pixels_HWC, die, view, fault, setup, lens)


def make_thermal(
    rng: np.random.Generator, die: Die, fault: Spot, setup: Setup, lens: str, backside: bool = False
) -> tuple[bytes, Shown]:
    """JPEG and truth of a lock-in thermogram of one fault. Raises KeyError for an unknown lens."""
    view = view_of(rng, die, LENSES[lens], fault.x, fault.y, backside)
    x, y = view.pixel(fault.x, fault.y)
    rows, columns = np.arange(HEIGHT)[:, None], np.arange(reflected(die, view).shape[1])[None, :]
    spread = max(4.0, HEAT_UM / view.um_per_px)
    heat_HW = fault.snr * np.exp(-np.hypot(columns - x, rows - y) / (2.2 * spread))
    noise_HW = cv2.GaussianBlur(rng.normal(0, 1, heat_HW.shape).astype(np.float32), (0, 0), 2.5)
    signal_HW = (heat_HW + noise_HW / float(noise_HW.std())).astype(np.float32)
    pattern_HW = _noisy(rng, reflected(die, view))
    pixels_HWC = overlaid(pattern_HW, signal_HW, SIGNAL_THRESHOLD, "hot")
    return _finished("thermal", pixels_HWC, die, view, fault, setup, lens)


def _lead(rng: np.random.Generator, fault: Spot) -> Spot:
    """The weak signal of the conductor that leads to the fault."""
    aside = float(rng.choice([-1.0, 1.0])) * ASIDE_UM
    return Spot(
        x=fault.x + (aside if fault.flat else 0.0),
        y=fault.y + (0.0 if fault.flat else aside),
        shape="line",
        snr=max(6.0, FAINT * fault.snr),
        size=1.0,
        length=ASIDE_UM,
        flat=fault.flat,
        block=fault.block,
        kind=fault.kind,
        banks=fault.banks,
        mechanism="lead",
        abnormal=False,
    )


def _noisy(rng: np.random.Generator, pattern_HW: np.ndarray) -> np.ndarray:
    return np.asarray(pattern_HW + rng.normal(0, PATTERN_NOISE, pattern_HW.shape).astype(np.float32))


def _finished(
    kind: str, pixels_HWC: np.ndarray, die: Die, view: View, fault: Spot, setup: Setup, lens: str
) -> tuple[bytes, Shown]:
    sheet = barred(pixels_HWC, setup, lens, view.um_per_px, "NG")
    truth: dict[str, Any] = {
        "layout_seed": die.seed,
        "um_per_px": round(view.um_per_px, 5),
        "backside": view.backside,
        "lens": lens,
        "blocks": seen_blocks(die, view),
        "hotspots": [described(view, LENSES[lens], fault)],
    }
    return sheet.finished(kind, truth, "JPEG")
