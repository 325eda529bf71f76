"""Steps that defects share: where in a structure one may lie, and how a region is lifted, hollowed or outlined.

Shapes: H, W as in specimen.py; every mask is bool[H, W].
"""

import numpy as np

from fabeye.synthesis.imagery.specimen import HEIGHT, WIDTH, Specimen, disc, grid

INNER = (0.22, 0.78)  # shares of the picture's sides between which a defect's centre lies


def pick_line(rng: np.random.Generator, specimen: Specimen) -> int:
    """Number of a line well inside the picture."""
    middles = [(left.mean() + right.mean()) / 2 for left, right in specimen.edges]
    inside = [number for number, x in enumerate(middles) if INNER[0] * WIDTH < x < INNER[1] * WIDTH]
    return int(rng.choice(inside))


def pick_spot(rng: np.random.Generator, specimen: Specimen) -> tuple[float, float]:
    """A hole, pillar or contact well inside the picture."""
    low, high = INNER
    inside = [spot for spot in specimen.spots if low * WIDTH < spot[0] < high * WIDTH]
    inside = [spot for spot in inside if specimen.section or low * HEIGHT < spot[1] < high * HEIGHT]
    return inside[int(rng.integers(len(inside)))]


def pick_place(rng: np.random.Generator) -> tuple[float, float]:
    """A place well inside the picture."""
    return float(rng.uniform(0.32, 0.68) * WIDTH), float(rng.uniform(0.32, 0.68) * HEIGHT)


def lift(specimen: Specimen, mask_HW: np.ndarray, relief: float) -> None:
    """Give a region seen from above another height, and the brightness that goes with it."""
    dark, bright = float(specimen.tone_HW.min()), float(specimen.tone_HW.max())
    specimen.relief_HW[mask_HW] = relief
    specimen.tone_HW[mask_HW] = dark + (bright - dark) * float(np.clip(relief, 0, 1))


def hollow(specimen: Specimen, x: float, y: float, half_width: float, half_height: float) -> np.ndarray:
    """An empty ellipse in a cross-section."""
    y_HW, x_HW = grid()
    mask_HW = ((x_HW - x) / half_width) ** 2 + ((y_HW - y) / half_height) ** 2 < 1 + 0.12 * np.sin(y_HW / 2.3)
    specimen.tone_HW[mask_HW] = 0.02
    specimen.relief_HW[mask_HW] = -0.2
    return mask_HW


def disc_mask(x: float, y: float, radius: float) -> np.ndarray:
    """bool[H, W]: a disc."""
    mask_HW = np.zeros((HEIGHT, WIDTH), bool)
    disc(mask_HW, x, y, radius, True)
    return mask_HW


def blob(rng: np.random.Generator, radius: float, roughness: float) -> tuple[np.ndarray, np.ndarray]:
    """Mask of an irregular patch, and the distance of each pixel from its centre as a share of the patch's reach."""
    y_HW, x_HW = grid()
    x, y = pick_place(rng)
    angle_HW = np.arctan2(y_HW - y, x_HW - x)
    reach_HW = np.ones_like(angle_HW)
    for wave in range(2, 8):
        reach_HW += roughness * rng.normal() / wave * np.cos(wave * angle_HW + rng.uniform(0, 2 * np.pi))
    away_HW = np.hypot(x_HW - x, y_HW - y) / (radius * np.clip(reach_HW, 0.45, 1.7))
    return away_HW < 1, away_HW
