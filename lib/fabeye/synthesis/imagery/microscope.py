"""How a scanning electron microscope sees a specimen: contrast, charging, drift, blur and noise.

Notable:
- Seen from above, edges are bright and trenches dark; in a cross-section the materials differ and edges hardly show.
- Faults run along the scan lines, as in the real thing: charging trails behind bright edges, drift moves whole lines.

Shapes: H, W pixels of the picture.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from fabeye.synthesis.imagery.specimen import Specimen, grid

EDGE_GAIN = {False: 330.0, True: 90.0}  # grey levels for a slope of 1, from above and in a section
GRAIN = 7.0  # grey levels that a film's grain varies by
WALL = 0.8  # pixels by which walls and floors are uneven


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with one exposure. charging, banding: grey levels; drift, jitter, blur: pixels; dose: electrons a
    level.
    """

    charging: float
    banding: float
    drift: float
    jitter: float
    blur: float
    dose: float


def draw_faults(rng: np.random.Generator) -> Faults:
    """Faults of one exposure, most of them small."""
    return Faults(
        charging=float(rng.choice([0.0, 6.0, 16.0], p=[0.5, 0.35, 0.15])),
        banding=float(rng.choice([0.0, 4.0, 8.0], p=[0.6, 0.3, 0.1])),
        drift=float(rng.choice([0.02, 0.05, 0.1], p=[0.6, 0.3, 0.1])),
        jitter=float(rng.uniform(0, 0.35)),
        blur=float(rng.uniform(0.5, 1.2)),
        dose=float(rng.uniform(0.35, 1.4)),
    )


def exposed(rng: np.random.Generator, specimen: Specimen, faults: Faults) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Grey picture uint8[H, W] of a specimen, and the two maps (x, y) by which its pixels were moved."""
    grey_HW = _contrast(rng, specimen)
    grey_HW += _charging(grey_HW, faults.charging)
    rows = grey_HW.shape[0]
    bands_HW = cv2.GaussianBlur(np.asarray(rng.normal(0, 1, (rows, 1)), np.float32), (1, 7), 1)
    grey_HW = grey_HW + faults.banding * bands_HW
    y_HW, x_HW = grid()
    drift_H = np.cumsum(rng.normal(0, faults.drift, rows)) + rng.normal(0, faults.jitter, rows)
    moved_x_HW = x_HW + (drift_H - drift_H.mean()).astype(np.float32)[:, None] + _uneven(rng, WALL)
    moved_y_HW = y_HW + _uneven(rng, WALL)
    grey_HW = cv2.remap(grey_HW, moved_x_HW, moved_y_HW, cv2.INTER_LINEAR, None, cv2.BORDER_REFLECT)
    grey_HW = cv2.GaussianBlur(grey_HW, (0, 0), faults.blur)
    noisy_HW = rng.poisson(np.clip(grey_HW, 1, None) * faults.dose) / faults.dose
    low, high = np.percentile(noisy_HW[::3, ::3], (0.5, 99.7))
    stretched_HW = (noisy_HW - low) / (high - low) * rng.uniform(0.86, 1.0) + rng.uniform(0.0, 0.05)
    return (255 * np.clip(stretched_HW, 0, 1)).astype(np.uint8), moved_x_HW, moved_y_HW


def _contrast(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """float32[H, W]: material, bright edges, dark trenches, grain of the films, uneven detection."""
    relief_HW = cv2.GaussianBlur(specimen.relief_HW, (0, 0), 0.8)
    slope_HW = np.hypot(cv2.Sobel(relief_HW, cv2.CV_32F, 1, 0), cv2.Sobel(relief_HW, cv2.CV_32F, 0, 1)) / 8
    trench_HW = np.clip(cv2.GaussianBlur(relief_HW, (0, 0), 10) - relief_HW, 0, None)
    grain_HW = cv2.GaussianBlur(np.asarray(rng.normal(0, 1, relief_HW.shape), np.float32), (0, 0), 2.2)
    grain_HW = grain_HW * np.float32(GRAIN / float(grain_HW.std()))
    y_HW, x_HW = grid()
    uneven_HW = 1 + 0.06 * (rng.normal() * (x_HW / x_HW.max() - 0.5) + rng.normal() * (y_HW / y_HW.max() - 0.5))
    grey_HW = 28 + 165 * specimen.tone_HW + EDGE_GAIN[specimen.section] * slope_HW - 34 * trench_HW
    return ((grey_HW + grain_HW * specimen.tone_HW) * uneven_HW).astype(np.float32)


def _uneven(rng: np.random.Generator, pixels: float) -> np.ndarray:
    """float32[H, W]: a smooth field of displacements that deviates by `pixels`."""
    rows, columns = grid()[0].shape
    coarse_HW = rng.normal(0, pixels, (rows // 12, columns // 12)).astype(np.float32)
    return cv2.resize(coarse_HW, (columns, rows), interpolation=cv2.INTER_CUBIC)


def _charging(grey_HW: np.ndarray, strength: float) -> np.ndarray:
    """Dark trails to the right of what is bright: the beam leaves charge behind."""
    bright_HW = np.clip(grey_HW - np.float32(np.percentile(grey_HW[::4, ::4], 80)), 0, None)
    trail_HW = cv2.blur(bright_HW, (81, 1), anchor=(80, 0))
    return (-strength * trail_HW / (float(trail_HW.max()) + 1e-6)).astype(np.float32)
