"""Defects that are seen from above, in lines, in holes, or in both: each changes the specimen and returns its mask.

Shapes: H, W as in specimen.py; every mask is bool[H, W].
"""

import cv2
import numpy as np

from fabeye.synthesis.imagery.defect_shapes import INNER, blob, disc_mask, lift, pick_line, pick_place, pick_spot
from fabeye.synthesis.imagery.specimen import HEIGHT, WIDTH, Specimen, grid

# ------------------------------------------------------------------------------------------------------------- lines


def bridge(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """Material of full height joins two lines."""
    return _joined(rng, specimen, half=float(rng.uniform(8, 17)), relief=float(rng.uniform(0.85, 1.0)))


def micro_bridge(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A thin thread of half the height joins two lines."""
    return _joined(rng, specimen, half=float(rng.uniform(2.5, 4.5)), relief=float(rng.uniform(0.4, 0.6)))


def _joined(rng: np.random.Generator, specimen: Specimen, half: float, relief: float) -> np.ndarray:
    y_HW, x_HW = grid()
    line, middle = pick_line(rng, specimen), rng.uniform(*INNER) * HEIGHT
    waist_HW = half * (1 + 0.22 * np.sin(x_HW / 3) + 0.15 * np.sin(x_HW / 1.3))
    left, right = specimen.edges[line][1], specimen.edges[line + 1][0]
    mask_HW = (x_HW >= left[:, None] - 1) & (x_HW <= right[:, None] + 1) & (abs(y_HW - middle) < waist_HW)
    lift(specimen, mask_HW, relief)
    return mask_HW


def broken_line(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A line is missing over some length."""
    y_HW, x_HW = grid()
    left, right = specimen.edges[pick_line(rng, specimen)]
    middle, half = rng.uniform(*INNER) * HEIGHT, rng.uniform(10, 28)
    ragged_HW = half + 3 * np.sin(x_HW / 2.1)
    mask_HW = (x_HW >= left[:, None] - 1) & (x_HW < right[:, None] + 1) & (abs(y_HW - middle) < ragged_HW)
    lift(specimen, mask_HW, 0.0)
    return mask_HW


def necking(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A line becomes thin at one place."""
    y_HW, x_HW = grid()
    left, right = specimen.edges[pick_line(rng, specimen)]
    middle, spread = rng.uniform(*INNER) * HEIGHT, rng.uniform(10, 20)
    bite_HW = 0.37 * (right - left)[:, None] * np.exp(-0.5 * ((y_HW - middle) / spread) ** 2)
    inside_HW = (x_HW >= left[:, None]) & (x_HW < right[:, None])
    lost_HW = inside_HW & ((x_HW < left[:, None] + bite_HW) | (x_HW > right[:, None] - bite_HW))
    lift(specimen, lost_HW, 0.0)
    return inside_HW & (abs(y_HW - middle) < 2 * spread)


def collapse(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """Two neighbouring lines lean against each other."""
    y_HW, x_HW = grid()
    line, middle, spread = pick_line(rng, specimen), rng.uniform(*INNER) * HEIGHT, rng.uniform(30, 55)
    (left, one), (two, right) = specimen.edges[line], specimen.edges[line + 1]
    lean = ((two - one) / 2 * np.exp(-0.5 * ((np.arange(HEIGHT) - middle) / spread) ** 2))[:, None]
    both_HW = (x_HW >= left[:, None]) & (x_HW < right[:, None])
    stand_HW = (x_HW < one[:, None] + lean) | (x_HW >= two[:, None] - lean)
    stand_HW &= (x_HW >= left[:, None] + lean) & (x_HW < right[:, None] - lean)
    near_HW = both_HW & (abs(y_HW - middle) < 2.2 * spread)
    lift(specimen, near_HW & stand_HW, 1.0)
    lift(specimen, near_HW & ~stand_HW, 0.0)
    return near_HW


def wiggling(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """Lines wave over a part of the picture."""
    y_HW, x_HW = grid()
    x, y = pick_place(rng)
    reach = rng.uniform(60, 95)
    strength_HW = np.exp(-0.5 * (((x_HW - x) / reach) ** 2 + ((y_HW - y) / reach) ** 2) * 1.6)
    shift_HW = 0.2 * specimen.pitch * strength_HW * np.sin(y_HW / rng.uniform(7, 11))
    for plane_HW in (specimen.relief_HW, specimen.tone_HW):
        moved_HW = cv2.remap(
            plane_HW, x_HW + shift_HW.astype(np.float32), y_HW, cv2.INTER_LINEAR, None, cv2.BORDER_REFLECT
        )
        plane_HW[:] = moved_HW
    return strength_HW > 0.35


def burn(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """Molten and splashed material, as overstress leaves it."""
    mask_HW, away_HW = blob(rng, float(rng.uniform(48, 80)), 0.45)
    noise_HW = rng.normal(0, 1, mask_HW.shape).astype(np.float32)
    coarse_HW, fine_HW = cv2.GaussianBlur(noise_HW, (0, 0), 11), cv2.GaussianBlur(noise_HW, (0, 0), 3)
    grain_HW = 0.24 * coarse_HW / float(coarse_HW.std()) + 0.07 * fine_HW / float(fine_HW.std())
    melt_HW = 0.75 - 0.7 * np.clip(1 - 1.6 * away_HW, 0, 1) + grain_HW
    specimen.relief_HW[mask_HW] = (melt_HW * (0.4 if specimen.section else 1.1))[mask_HW]
    specimen.tone_HW[mask_HW] = np.clip(0.45 * melt_HW + 0.12, 0.02, 0.9)[mask_HW]
    return mask_HW


def corrosion(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A line is eaten by pits along its edge."""
    y_HW, x_HW = grid()
    left, right = specimen.edges[pick_line(rng, specimen)]
    middle, mask_HW = rng.uniform(*INNER) * HEIGHT, np.zeros((HEIGHT, WIDTH), bool)
    for y in middle + rng.uniform(-34, 34, int(rng.integers(6, 11))):
        x = float((left if rng.random() < 0.5 else right)[int(np.clip(y, 0, HEIGHT - 1))])
        mask_HW |= np.hypot(x_HW - x, y_HW - y) < rng.uniform(0.16, 0.3) * specimen.pitch
    mask_HW &= (x_HW >= left[:, None] - 2) & (x_HW < right[:, None] + 2)
    lift(specimen, mask_HW, 0.12)
    return mask_HW


def metal_void(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A hole in the middle of a line, as migration leaves it."""
    y_HW, x_HW = grid()
    left, right = specimen.edges[pick_line(rng, specimen)]
    y = rng.uniform(*INNER) * HEIGHT
    x, half = (left + right)[int(y)] / 2, (right - left)[int(y)] / 2
    mask_HW = ((x_HW - x) / (half * 0.8)) ** 2 + ((y_HW - y) / rng.uniform(10, 24)) ** 2 < 1 + 0.15 * np.sin(y_HW / 2)
    lift(specimen, mask_HW, 0.05)
    return mask_HW


# ------------------------------------------------------------------------------------------------------- holes


def missing_hole(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A hole was never opened."""
    x, y = pick_spot(rng, specimen)
    mask_HW = disc_mask(x, y, specimen.reach * 1.12)
    lift(specimen, mask_HW, 0.96)
    return mask_HW


def closed_hole(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A hole that the etch did not finish: shallow and grey."""
    x, y = pick_spot(rng, specimen)
    mask_HW = disc_mask(x, y, specimen.reach * 1.05)
    lift(specimen, mask_HW & disc_mask(x, y, specimen.reach * 0.8), 0.62)
    return mask_HW


def merged_holes(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """The wall between two holes is gone."""
    y_HW, x_HW = grid()
    x, y = pick_spot(rng, specimen)
    mask_HW = (abs(y_HW - y) < specimen.reach * 0.75) & (x_HW > x) & (x_HW < x + specimen.pitch)
    lift(specimen, mask_HW, 0.0)
    return mask_HW | disc_mask(x, y, specimen.reach) | disc_mask(x + specimen.pitch, y, specimen.reach)


def hole_residue(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A string of material left across two holes and what is between them."""
    y_HW, x_HW = grid()
    x, y = pick_spot(rng, specimen)
    mask_HW = (abs(y_HW - y) < specimen.reach * 0.42 + 1.6 * np.sin(x_HW / 3)) & (x_HW > x - specimen.reach * 0.5)
    mask_HW &= x_HW < x + specimen.pitch + specimen.reach * 0.5
    specimen.relief_HW[mask_HW], specimen.tone_HW[mask_HW] = 1.25, 0.82
    return mask_HW


def shifted_holes(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A few holes of one row lie beside their places."""
    x, y = pick_spot(rng, specimen)
    chosen = [spot for spot in specimen.spots if abs(spot[1] - y) < 4 and 0 <= spot[0] - x < 2.6 * specimen.pitch]
    aside = specimen.pitch * float(rng.uniform(0.28, 0.36))
    mask_HW = np.zeros((HEIGHT, WIDTH), bool)
    for cx, cy in chosen:
        lift(specimen, disc_mask(cx, cy, specimen.reach * 1.15), 1.0)
    for cx, cy in chosen:
        moved_HW = disc_mask(cx + aside, cy + aside * 0.3, specimen.reach)
        lift(specimen, moved_HW, 0.0)
        mask_HW |= moved_HW
    return mask_HW


# ------------------------------------------------------------------------------------------------ any view from above


def particle(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A foreign body on top; it shades what lies on the side away from the detector."""
    mask_HW, away_HW = blob(rng, float(rng.uniform(26, 58)), 0.3)
    shade_HW = cv2.GaussianBlur(np.roll(mask_HW, (14, 18), (0, 1)).astype(np.float32), (0, 0), 7)
    specimen.tone_HW *= 1 - 0.75 * shade_HW
    specimen.relief_HW[mask_HW] = 1.2 + 2.4 * np.sqrt(1 - np.clip(away_HW[mask_HW], 0, 1) ** 2)
    grain_HW = cv2.GaussianBlur(rng.normal(0, 1, mask_HW.shape).astype(np.float32), (0, 0), 2.5)
    specimen.tone_HW[mask_HW] = np.clip(rng.uniform(0.55, 0.85) + 0.3 * grain_HW, 0, 1)[mask_HW]
    return mask_HW


def residue(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A thin dull film over the structure, through which it is still seen."""
    mask_HW, away_HW = blob(rng, float(rng.uniform(34, 64)), 0.5)
    specimen.relief_HW[mask_HW] = 0.35 * specimen.relief_HW[mask_HW] + 0.5 - 0.15 * away_HW[mask_HW]
    specimen.tone_HW[mask_HW] = 0.5 * specimen.tone_HW[mask_HW] + 0.2
    return mask_HW


def scratch(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A straight groove across many structures."""
    canvas_HW = np.zeros((HEIGHT, WIDTH), np.uint8)
    x, y = pick_place(rng)
    angle, half = rng.uniform(-0.5, 0.5), rng.uniform(90, 190)
    ends = [(int(x + side * half * np.cos(angle)), int(y + side * half * np.sin(angle))) for side in (-1, 1)]
    cv2.line(canvas_HW, ends[0], ends[1], 1, int(rng.integers(4, 9)))
    mask_HW = canvas_HW > 0
    rim_HW = (cv2.dilate(canvas_HW, np.ones((5, 5), np.uint8)) > 0) & ~mask_HW
    specimen.relief_HW[rim_HW] += 0.25
    lift(specimen, mask_HW, -0.25)
    return mask_HW


def peeling(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A film that has come off and curls up at its rim."""
    mask_HW, away_HW = blob(rng, float(rng.uniform(80, 125)), 0.35)
    specimen.relief_HW[mask_HW] = 0.3 * specimen.relief_HW[mask_HW] + 0.4 + 1.3 * away_HW[mask_HW] ** 4
    specimen.tone_HW[mask_HW] = 0.6 * specimen.tone_HW[mask_HW] + 0.22 * away_HW[mask_HW] ** 2
    return mask_HW
