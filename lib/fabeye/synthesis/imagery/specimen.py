"""What lies under the microscope: lines, holes and cross-sections of a DRAM, as maps of relief and of material.

Notable:
- A specimen keeps its geometry (edges of lines, centres of holes, ...) so that a defect can be put where the structure
  makes it possible, and nowhere else.
- Top-down structures get their contrast from relief, cross-sections from their materials.

Shapes: H = HEIGHT rows, W = WIDTH columns of pixels; n lines.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np

WIDTH, HEIGHT = 640, 480  # pixels

# Brightness of materials in a cross-section, 0 to 1
SILICON, OXIDE, NITRIDE, POLY, TUNGSTEN, COPPER = 0.34, 0.16, 0.26, 0.48, 0.85, 0.72


@dataclass(slots=True)
class Specimen:
    """A structure; its maps are changed in place by a defect.

    relief_HW: height, 1 is the top of the structure. tone_HW: brightness of the material, 0 to 1.
    pitch: pixels from one line, hole or pillar to the next. edges: left and right edge [H] of each line.
    spots: centres (x, y) of holes, pillars or contacts. reach: radius or half width of one, in pixels.
    levels: heights (y in pixels) that a cross-section's defects need, by name.
    """

    relief_HW: np.ndarray
    tone_HW: np.ndarray
    section: bool
    pitch: float
    edges: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    spots: list[tuple[float, float]] = field(default_factory=list)
    reach: float = 0.0
    levels: dict[str, float] = field(default_factory=dict)


def grid() -> tuple[np.ndarray, np.ndarray]:
    """y_HW and x_HW, the coordinates of every pixel."""
    y_HW, x_HW = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    return y_HW, x_HW


def rough(rng: np.random.Generator, length: int, amplitude: float) -> np.ndarray:
    """Edge roughness of a line: `amplitude` pixels of deviation, correlated over about 14 pixels."""
    noise = cv2.GaussianBlur(rng.normal(0, 1, (length, 1)), (1, 85), 14)[:, 0]
    return amplitude * noise / noise.std()


def lines(rng: np.random.Generator) -> Specimen:
    """Vertical lines with rough edges, as word lines, bit lines and metal look from above."""
    _, x_HW = grid()
    pitch = float(rng.uniform(34, 62))
    width, amplitude = pitch * rng.uniform(0.42, 0.58), rng.uniform(0.7, 1.4)
    relief_HW, edges = np.zeros((HEIGHT, WIDTH), np.float32), []
    for start in np.arange(-pitch * rng.uniform(0.2, 0.9), WIDTH + pitch, pitch):
        left, right = start + rough(rng, HEIGHT, amplitude), start + width + rough(rng, HEIGHT, amplitude)
        relief_HW[(x_HW >= left[:, None]) & (x_HW < right[:, None])] = 1
        edges.append((left, right))
    return Specimen(relief_HW, 0.25 + 0.38 * relief_HW, False, pitch, edges=edges, reach=width / 2)


def holes(rng: np.random.Generator) -> Specimen:
    """A honeycomb of holes, as contacts and storage nodes look from above."""
    pitch = float(rng.uniform(44, 66))
    radius = pitch * float(rng.uniform(0.28, 0.35))
    relief_HW, centres = np.ones((HEIGHT, WIDTH), np.float32), []
    for row in range(-1, int(HEIGHT / (pitch * 0.866)) + 2):
        for column in range(-1, int(WIDTH / pitch) + 2):
            x = column * pitch + (row % 2) * pitch / 2 + rng.normal(0, 0.7)
            y = row * pitch * 0.866 + rng.normal(0, 0.7)
            disc(relief_HW, x, y, radius * (1 + rng.normal(0, 0.025)), 0.0, squeeze=1 + rng.normal(0, 0.03))
            centres.append((float(x), float(y)))
    return Specimen(relief_HW, 0.2 + 0.42 * relief_HW, False, pitch, spots=centres, reach=radius)


def capacitors(rng: np.random.Generator) -> Specimen:
    """Cross-section of the cell: pillars of the capacitor on contacts, buried word lines in the silicon below."""
    y_HW, x_HW = grid()
    tone_HW = np.full((HEIGHT, WIDTH), OXIDE, np.float32)
    top, foot, silicon = 0.17 * HEIGHT, 0.62 * HEIGHT, 0.8 * HEIGHT
    tone_HW[int(0.05 * HEIGHT) : int(0.12 * HEIGHT)] = TUNGSTEN
    tone_HW[int(0.12 * HEIGHT) : int(top)] = POLY
    tone_HW[int(silicon) :] = SILICON
    pitch = float(rng.uniform(42, 60))
    centres = [(float(x), 0.5 * (foot + silicon)) for x in np.arange(pitch * rng.uniform(0.2, 0.8), WIDTH, pitch)]
    for x, _ in centres:
        _pillar(tone_HW, y_HW, abs(x_HW - x), pitch, (top, foot, silicon))
        buried_HW = (abs(y_HW - 0.9 * HEIGHT) < 0.05 * HEIGHT) & (abs(x_HW - x - pitch / 2) < pitch * 0.13)
        tone_HW[buried_HW] = TUNGSTEN
    tone_HW[int(foot) - 3 : int(foot)] = NITRIDE
    levels = {"top": top, "foot": foot, "silicon": silicon}
    return Specimen(0.3 * tone_HW, tone_HW, True, pitch, spots=centres, reach=pitch * 0.22, levels=levels)


def _pillar(
    tone_HW: np.ndarray, y_HW: np.ndarray, away_HW: np.ndarray, pitch: float, levels: tuple[float, float, float]
) -> None:
    """A node with its dielectric between two plates, and the contact below it."""
    top, foot, silicon = levels
    half_HW = pitch * 0.3 * (1 - 0.2 * np.clip((y_HW - top) / (foot - top), 0, 1))
    node_HW = (y_HW > top) & (y_HW < foot) & (away_HW < half_HW)
    tone_HW[node_HW] = 0.9 * TUNGSTEN
    tone_HW[node_HW & (away_HW < half_HW - 3)] = POLY
    tone_HW[(y_HW >= foot) & (y_HW < silicon) & (away_HW < pitch * 0.22)] = 0.62


def gates(rng: np.random.Generator) -> Specimen:
    """Cross-section of transistors: gates with cap and spacers on silicon, contacts between them."""
    y_HW, x_HW = grid()
    tone_HW = np.full((HEIGHT, WIDTH), OXIDE, np.float32)
    silicon, shoulder = 0.66 * HEIGHT, 0.38 * HEIGHT
    tone_HW[int(silicon) :] = SILICON
    pitch = float(rng.uniform(104, 150))
    half, centres = pitch * float(rng.uniform(0.2, 0.24)), []
    for x in np.arange(pitch * rng.uniform(0.1, 0.9) - pitch, WIDTH + pitch, pitch):
        away_HW = abs(x_HW - x)
        stack_HW = (y_HW < silicon) & (y_HW > shoulder)
        tone_HW[stack_HW & (away_HW < half + 7)] = NITRIDE
        tone_HW[stack_HW & (away_HW < half) & (y_HW > shoulder + 22)] = TUNGSTEN
        tone_HW[stack_HW & (away_HW < half) & (y_HW > shoulder + 62)] = POLY
        tone_HW[(away_HW < half) & (abs(y_HW - silicon) < 1.6)] = 0.08
        plug_HW = (y_HW > 0.16 * HEIGHT) & (y_HW < silicon + 5)
        centre = float(x + pitch / 2)
        tone_HW[plug_HW & (abs(x_HW - centre) < pitch * (0.155 - 0.035 * y_HW / HEIGHT))] = 0.93 * TUNGSTEN
        centres.append((float(x), silicon))
    tone_HW[int(0.06 * HEIGHT) : int(0.16 * HEIGHT)] = COPPER
    levels = {"silicon": silicon, "shoulder": shoulder}
    return Specimen(0.3 * tone_HW, tone_HW, True, pitch, spots=centres, reach=half, levels=levels)


def vias(rng: np.random.Generator) -> Specimen:
    """Cross-section of two metal levels and the vias between them."""
    y_HW, x_HW = grid()
    tone_HW = np.full((HEIGHT, WIDTH), OXIDE, np.float32)
    upper, top, bottom, lower = 0.12 * HEIGHT, 0.3 * HEIGHT, 0.62 * HEIGHT, 0.8 * HEIGHT
    tone_HW[int(upper) : int(top)] = COPPER
    tone_HW[int(lower) + 20 :] = 0.8 * SILICON
    pitch = float(rng.uniform(110, 160))
    centres = []
    for x in np.arange(pitch * rng.uniform(0.3, 0.9) - pitch, WIDTH + pitch, pitch):
        away_HW = abs(x_HW - x)
        _lined(tone_HW, (y_HW >= bottom) & (y_HW < lower) & (away_HW < pitch * 0.3), COPPER)
        via_HW = (y_HW >= top) & (y_HW < bottom) & (away_HW < pitch * (0.16 - 0.05 * (y_HW - top) / (bottom - top)))
        _lined(tone_HW, via_HW, TUNGSTEN)
        centres.append((float(x), float(bottom)))
    tone_HW[int(bottom) - 4 : int(bottom)][tone_HW[int(bottom) - 4 : int(bottom)] == OXIDE] = NITRIDE
    levels = {"top": top, "bottom": bottom, "lower": lower}
    return Specimen(0.3 * tone_HW, tone_HW, True, pitch, spots=centres, reach=pitch * 0.13, levels=levels)


def _lined(tone_HW: np.ndarray, body_HW: np.ndarray, tone: float) -> None:
    """A metal body in its thin dark barrier."""
    inner_HW = cv2.erode(body_HW.astype(np.uint8), np.ones((3, 5), np.uint8)) > 0
    tone_HW[body_HW], tone_HW[inner_HW] = 0.4 * tone, tone


def disc(
    target_HW: np.ndarray, x: float, y: float, radius: float, value: float, squeeze: float = 1.0
) -> tuple[slice, slice]:
    """Set an ellipse of a map to `value`; only its neighbourhood is touched, because the picture is large."""
    reach = int(radius * max(squeeze, 1 / squeeze)) + 2
    rows = slice(max(0, int(y) - reach), max(0, int(y) + reach + 1))
    columns = slice(max(0, int(x) - reach), max(0, int(x) + reach + 1))
    near = target_HW[rows, columns]
    ys, xs = np.mgrid[rows.start : rows.start + near.shape[0], columns.start : columns.start + near.shape[1]]
    near[((xs - x) * squeeze) ** 2 + ((ys - y) / squeeze) ** 2 < radius**2] = value
    return rows, columns


STRUCTURES: dict[str, Callable[[np.random.Generator], Specimen]] = {
    "lines": lines,
    "holes": holes,
    "capacitors": capacitors,
    "gates": gates,
    "vias": vias,
}
