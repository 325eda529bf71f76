"""Defects that a cross-section shows, in capacitors, gates and vias: each changes the specimen and returns its mask.

Shapes: H, W as in specimen.py; every mask is bool[H, W].
"""

import cv2
import numpy as np

from fabeye.synthesis.imagery.defect_shapes import disc_mask, hollow, pick_spot
from fabeye.synthesis.imagery.specimen import HEIGHT, OXIDE, TUNGSTEN, WIDTH, Specimen, grid


def contact_void(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A void inside the contact below a capacitor."""
    x, _ = pick_spot(rng, specimen)
    levels = specimen.levels
    y = rng.uniform(levels["foot"] + 22, levels["silicon"] - 22)
    return hollow(specimen, x, y, specimen.reach * 0.62, float(rng.uniform(12, 22)))


def seam(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A narrow gap down the middle of a pillar, where the fill closed too early."""
    x, _ = pick_spot(rng, specimen)
    levels = specimen.levels
    return hollow(specimen, x, rng.uniform(0.42, 0.52) * HEIGHT, 2.6, 0.3 * (levels["foot"] - levels["top"]))


def dielectric_leak(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A breach of the dielectric at the side of a pillar, with metal pushed through."""
    x, _ = pick_spot(rng, specimen)
    y, side = rng.uniform(0.25, 0.55) * HEIGHT, rng.choice([-1, 1])
    mask_HW = disc_mask(x + side * specimen.pitch * 0.34, y, float(rng.uniform(8, 12)))
    specimen.tone_HW[mask_HW] = TUNGSTEN
    return mask_HW


def tilted_pillar(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A capacitor pillar leans onto its neighbour."""
    y_HW, x_HW = grid()
    x, _ = pick_spot(rng, specimen)
    top, foot = specimen.levels["top"] + 3, specimen.levels["foot"] - 4
    lean_HW = (
        np.clip((foot - y_HW) / (foot - top), 0, 1) * specimen.pitch * rng.uniform(0.36, 0.46) * rng.choice([-1, 1])
    )
    between_HW = (y_HW > top) & (y_HW < foot)
    old_HW = between_HW & (abs(x_HW - x) < specimen.pitch * 0.33)
    new_HW = between_HW & (abs(x_HW - x - lean_HW) < specimen.pitch * 0.27)
    specimen.tone_HW[old_HW & ~new_HW] = OXIDE
    specimen.tone_HW[new_HW] = 0.9 * TUNGSTEN
    specimen.tone_HW[between_HW & (abs(x_HW - x - lean_HW) < specimen.pitch * 0.2)] = 0.5
    return new_HW


def oxide_pinhole(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """The oxide under a gate is broken through; gate material has run into the silicon."""
    y_HW, x_HW = grid()
    x, silicon = pick_spot(rng, specimen)
    x += rng.uniform(-0.5, 0.5) * specimen.reach
    depth = rng.uniform(12, 20)
    mask_HW = ((x_HW - x) / rng.uniform(8, 13)) ** 2 + ((y_HW - silicon) / depth) ** 2 < 1
    mask_HW &= y_HW > silicon - 4
    specimen.tone_HW[mask_HW] = 0.7
    return mask_HW


def plug_short(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A contact touches the gate beside it, because the spacer between them is gone."""
    y_HW, x_HW = grid()
    x, silicon = pick_spot(rng, specimen)
    shoulder = specimen.levels["shoulder"] + 20
    gap = x + specimen.reach - 1, x + specimen.pitch * 0.5
    middle, half = rng.uniform(shoulder + 18, silicon - 30), rng.uniform(12, 24)
    mask_HW = (x_HW > gap[0]) & (x_HW < gap[1]) & (abs(y_HW - middle) < half + 2 * np.sin(x_HW / 2))
    specimen.tone_HW[mask_HW] = 0.9 * TUNGSTEN
    return mask_HW


def short_plug(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A contact ends above the silicon: the etch did not reach it."""
    y_HW, x_HW = grid()
    x, silicon = pick_spot(rng, specimen)
    gap = rng.uniform(16, 34)
    mask_HW = (
        (abs(x_HW - x - specimen.pitch / 2) < specimen.pitch * 0.14) & (y_HW > silicon - gap) & (y_HW < silicon + 6)
    )
    specimen.tone_HW[mask_HW] = OXIDE
    specimen.tone_HW[mask_HW & (y_HW > silicon)] = 0.34
    return mask_HW


def open_via(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A via ends above the metal below."""
    y_HW, x_HW = grid()
    x, bottom = pick_spot(rng, specimen)
    gap = rng.uniform(14, 30)
    mask_HW = (abs(x_HW - x) < specimen.reach * 1.3) & (y_HW > bottom - gap) & (y_HW < bottom)
    specimen.tone_HW[mask_HW] = OXIDE
    return mask_HW


def via_void(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A void in the metal just below a via."""
    x, bottom = pick_spot(rng, specimen)
    return hollow(specimen, x, bottom + rng.uniform(8, 14), specimen.reach * 1.25, float(rng.uniform(9, 15)))


def extrusion(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """Metal that has run out of its line, along the interface towards the next one."""
    y_HW, x_HW = grid()
    x, bottom = pick_spot(rng, specimen)
    start = x + specimen.pitch * 0.29
    length = specimen.pitch * rng.uniform(0.3, 0.38)
    along_HW = (x_HW - start) / length
    mask_HW = (along_HW > -0.03) & (along_HW < 1) & (y_HW > bottom - 5)
    mask_HW &= y_HW < bottom + 2 + rng.uniform(12, 22) * (1 - np.clip(along_HW, 0, 1)) ** 1.5 + 1.5 * np.sin(x_HW / 2)
    specimen.tone_HW[mask_HW] = 0.68
    return mask_HW


def crack(rng: np.random.Generator, specimen: Specimen) -> np.ndarray:
    """A crack that wanders through the dielectric."""
    steps = int(rng.integers(9, 15))
    x, y = rng.uniform(0.1, 0.3) * WIDTH, (specimen.levels["bottom"] + specimen.levels["top"]) / 2
    xs = x + np.cumsum(rng.uniform(16, 34, steps))
    ys = np.clip(y + np.cumsum(rng.normal(0, 12, steps)), specimen.levels["top"] + 8, specimen.levels["bottom"] - 8)
    canvas_HW = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.polylines(canvas_HW, [np.stack([xs, ys], 1).round().astype(np.int32)], False, 1, int(rng.integers(2, 5)))
    mask_HW = canvas_HW > 0
    specimen.tone_HW[mask_HW] = 0.02
    return mask_HW
