"""Wafer maps: which dies of a wafer failed a probe test, and in which pattern.

Notable:
- A field gives every die its probability to fail; the die under analysis always fails.
- Coordinates count dies from the wafer's centre, x to the right and y up, as probers do.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from fabeye.synthesis.imagery.picture import Picture, encoded

RADIUS = 15  # dies from the centre to the edge
DIE_PX = 11
BACKGROUND = 0.03  # probability of a failure that belongs to no pattern
GOOD, OUTLINE = (150, 208, 150), (90, 90, 90)
FAILS = ((206, 40, 40), (245, 145, 40), (120, 90, 190))
PATTERNS = ("random", "local", "edge-local", "edge-ring", "centre", "donut")


@dataclass(frozen=True, slots=True)
class WaferMap:
    """A wafer's picture, its dies and how many of them are good."""

    picture: Picture
    dies: int
    good: int

    @property
    def yield_percent(self) -> float:
        """Share of good dies in percent."""
        return 100 * self.good / self.dies


def draw_die(rng: np.random.Generator, pattern: str) -> tuple[int, int]:
    """Coordinates of a die where the pattern makes failures likely."""
    angle = rng.uniform(-np.pi, np.pi)
    reach = {"edge-ring": 0.93, "edge-local": 0.9, "donut": 0.5, "centre": 0.1}.get(pattern, rng.uniform(0.2, 0.8))
    return round(reach * RADIUS * np.cos(angle)), round(reach * RADIUS * np.sin(angle))


def draw_wafer(rng: np.random.Generator, pattern: str, die: tuple[int, int]) -> WaferMap:
    """Draw a wafer whose failures follow `pattern` (one of PATTERNS) and include `die`."""
    side = 2 * RADIUS + 1
    y_HW, x_HW = np.mgrid[RADIUS : -RADIUS - 1 : -1, -RADIUS : RADIUS + 1]
    inside_HW = np.hypot(x_HW, y_HW) <= RADIUS + 0.3
    fails_HW = (rng.random((side, side)) < _field(rng, pattern, x_HW / RADIUS, y_HW / RADIUS, die)) & inside_HW
    fails_HW[(x_HW == die[0]) & (y_HW == die[1])] = True
    dies, failed = int(inside_HW.sum()), int(fails_HW.sum())
    return WaferMap(_rendered(rng, inside_HW, fails_HW), dies, dies - failed)


def _field(rng: np.random.Generator, pattern: str, x: np.ndarray, y: np.ndarray, die: tuple[int, int]) -> np.ndarray:
    """Probability of failure of every die; x and y in wafer radii. Raises ValueError for an unknown pattern."""
    radius = np.hypot(x, y)
    away = np.hypot(x - die[0] / RADIUS, y - die[1] / RADIUS)
    shapes = {
        "random": lambda: np.full(x.shape, 0.05),
        "local": lambda: 0.9 * np.exp(-0.5 * (away / rng.uniform(0.08, 0.16)) ** 2),
        "edge-local": lambda: 0.9 * np.exp(-0.5 * (away / rng.uniform(0.15, 0.3)) ** 2) * (radius > 0.75),
        "edge-ring": lambda: 0.85 * (radius > rng.uniform(0.87, 0.92)),
        "centre": lambda: 0.9 * np.exp(-0.5 * (radius / rng.uniform(0.15, 0.28)) ** 2),
        "donut": lambda: 0.8 * np.exp(-0.5 * ((radius - 0.5) / rng.uniform(0.08, 0.13)) ** 2),
    }
    if pattern not in shapes:
        raise ValueError(f"there is no wafer pattern {pattern!r}; the patterns are {', '.join(shapes)}")
    return 1 - (1 - BACKGROUND) * (1 - shapes[pattern]())


def _rendered(rng: np.random.Generator, inside_HW: np.ndarray, fails_HW: np.ndarray) -> Picture:
    side = inside_HW.shape[0] * DIE_PX + 1
    image = Image.new("RGB", (side, side), "white")
    drawing = ImageDraw.Draw(image)
    bins_HW = rng.choice(len(FAILS), inside_HW.shape, p=(0.7, 0.2, 0.1))
    for row, column in zip(*np.nonzero(inside_HW), strict=True):
        left, top = int(column) * DIE_PX, int(row) * DIE_PX
        colour = FAILS[int(bins_HW[row, column])] if fails_HW[row, column] else GOOD
        drawing.rectangle([left, top, left + DIE_PX, top + DIE_PX], fill=colour, outline=OUTLINE)
    drawing.pieslice([side // 2 - 6, side - 10, side // 2 + 6, side + 2], 180, 360, fill="white", outline=OUTLINE)
    return Picture(encoded(image, "PNG"), side, side)
