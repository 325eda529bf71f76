"""Emission microscopy: a failing die and a good one under the same bias, side by side.

Notable:
- What shines on both is normal; what shines on the failing one only is abnormal. The good die lies a little shifted and
  turned on the stage, so subtracting one picture from the other does not answer the question.
- The truth has each spot's place in shares of the picture and in µm of the die, its block, bank, shape, SNR and
  mechanism, the blocks in view, and the good die's pose.

Shapes: H, W pixels of the camera.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from fabeye.synthesis.imagery.die import PAD, Die
from fabeye.synthesis.imagery.die_view import HEIGHT, LENSES, WIDTH, Lens, View, reflected, view_of
from fabeye.synthesis.imagery.emission import Spot, blur_px, exposed, flickered, normal_spots
from fabeye.synthesis.imagery.overlay import BAR, COLOUR_MAPS, Setup, barred, overlaid
from fabeye.synthesis.imagery.picture import Sheet, shares
from fabeye.synthesis.imagery.stage import dusty, stitched
from fabeye.synthesis.shown import Shown

SHIFT_PX, TURN_DEG = 4.0, 0.4  # how far the good die may be off
PATTERN_NOISE = 2.5  # grey levels
THRESHOLDS = {"low": 2.2, "middle": 3.5, "high": 5.0}  # in units of noise, as an operator would set them
STITCHED_SHARE, DUSTY_SHARE = 0.15, 0.2  # of the pairs
MARGIN_PX = 6.0  # around a spot's box


@dataclass(frozen=True, slots=True)
class Pose:
    """How the good die lies: shift in pixels, turn in degrees about the picture's middle."""

    dx: float
    dy: float
    turn: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Both pictures: each its JPEG and what it shows."""

    bad: tuple[bytes, Shown]
    good: tuple[bytes, Shown]


def make_emmi(
    rng: np.random.Generator,
    die: Die,
    defects: list[Spot],
    setup: Setup,
    *,
    lens: str,
    stratum: str,
    colours: str = "",
    backside: bool = False,
    reference: Setup | None = None,
) -> Pair:
    """A failing die with `defects` (none: it turns out to be good) and a good die of the same layout.

    lens: a key of LENSES. stratum: a key of THRESHOLDS. colours: a key of COLOUR_MAPS, drawn where it is "".
    reference: what the good die's bar tells, where it is not the same.
    Raises KeyError for an unknown lens, stratum or colour map.
    """
    glass, colours = LENSES[lens], colours or str(rng.choice(np.array(list(COLOUR_MAPS))))
    usual = normal_spots(rng, die)
    aim = defects[0] if defects else usual[0]
    view = view_of(rng, die, glass, aim.x, aim.y, backside)
    pattern_HW, threshold = reflected(die, view), THRESHOLDS[stratum]
    pose = _draw_pose(rng)
    common = _common(die, view, glass, colours, threshold, stratum)
    if rng.random() < STITCHED_SHARE:
        pattern_HW, common["stitched"] = stitched(rng, pattern_HW)
    if rng.random() < DUSTY_SHARE:
        pattern_HW, common["dust"] = dusty(rng, pattern_HW, HEIGHT + BAR)

    bad_HW = exposed(rng, view, glass, usual + defects, setup.frames)
    sheet = _drawn(rng, pattern_HW, bad_HW, threshold, colours, setup, glass, view, "NG" if defects else "OK")
    truth = {**common, "role": "bad", "verdict": "NG" if defects else "OK"}
    truth["hotspots"] = _listed(view, glass, defects + usual)
    bad = sheet.finished("emmi", truth, "JPEG")

    good_HW = _posed(exposed(rng, view, glass, flickered(rng, usual), setup.frames), pose)
    sheet = _drawn(rng, _posed(pattern_HW, pose), good_HW, threshold, colours, reference or setup, glass, view, "REF")
    truth = {**common, "role": "good", "verdict": "OK", "hotspots": _listed(view, glass, usual)}
    truth["pose"] = {"dx_px": round(pose.dx, 3), "dy_px": round(pose.dy, 3), "turn_deg": round(pose.turn, 4)}
    return Pair(bad, sheet.finished("emmi", truth, "JPEG"))


def described(view: View, lens: Lens, spot: Spot) -> dict[str, Any]:
    """Truth of one spot."""
    x, y = view.pixel(spot.x, spot.y)
    wide = high = 2 * blur_px(lens, view) * spot.size + MARGIN_PX
    if spot.shape == "line":
        wide, high = (spot.length / view.um_per_px, high) if spot.flat else (wide, spot.length / view.um_per_px)
    return {
        "x": round(x / WIDTH, 5),
        "y": round(y / (HEIGHT + BAR), 5),
        "x_um": round(spot.x, 1),
        "y_um": round(spot.y, 1),
        "box": shares((x - wide, y - high, x + wide, y + high), WIDTH, HEIGHT + BAR),
        "shape": spot.shape,
        "snr": round(spot.snr, 2),
        "abnormal": spot.abnormal,
        "block": spot.block,
        "block_kind": spot.kind,
        "banks": list(spot.banks),
        "mechanism": spot.mechanism,
    }


def seen_blocks(die: Die, view: View) -> list[dict[str, Any]]:
    """Name, kind and box of every block in view, pads left out."""
    found = []
    for block in die.blocks:
        x0, y0, x1, y1 = view.box(block)
        if block.kind != PAD and x1 > 0 and y1 > 0 and x0 < WIDTH and y0 < HEIGHT:
            box = shares((x0, y0, x1, min(y1, HEIGHT)), WIDTH, HEIGHT + BAR)
            found.append({"name": block.name, "kind": block.kind, "banks": list(block.banks), "box": box})
    return found


def _common(die: Die, view: View, lens: Lens, colours: str, threshold: float, stratum: str) -> dict[str, Any]:
    return {
        "layout_seed": die.seed,
        "die_um": [round(die.width, 1), round(die.height, 1)],
        "origin": "upper left corner of the die, seen from the front",
        "view_um": [round(view.x, 2), round(view.y, 2)],
        "um_per_px": round(view.um_per_px, 5),
        "backside": view.backside,
        "lens": lens.name,
        "aperture": lens.aperture,
        "colours": colours,
        "threshold": threshold,
        "stratum": stratum,
        "blocks": seen_blocks(die, view),
    }


def _listed(view: View, lens: Lens, spots: list[Spot]) -> list[dict[str, Any]]:
    return [described(view, lens, spot) for spot in spots if view.sees(spot.x, spot.y)]


def _drawn(
    rng: np.random.Generator,
    pattern_HW: np.ndarray,
    light_HW: np.ndarray,
    threshold: float,
    colours: str,
    setup: Setup,
    lens: Lens,
    view: View,
    label: str,
) -> Sheet:
    noisy_HW = pattern_HW + rng.normal(0, PATTERN_NOISE, pattern_HW.shape).astype(np.float32)
    return barred(overlaid(noisy_HW, light_HW, threshold, colours), setup, lens.name, view.um_per_px, label)


def _draw_pose(rng: np.random.Generator) -> Pose:
    dx, dy = rng.uniform(-SHIFT_PX, SHIFT_PX, 2)
    return Pose(float(dx), float(dy), float(rng.uniform(-TURN_DEG, TURN_DEG)))


def _posed(plane_HW: np.ndarray, pose: Pose) -> np.ndarray:
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), pose.turn, 1.0)
    matrix = np.column_stack([matrix[:, :2], matrix[:, 2] + np.array([pose.dx, pose.dy])])
    return cv2.warpAffine(plane_HW, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
