"""Scanning acoustic microscopy (SAT, C-SAM): a package seen by its echoes, and where its layers have come apart.

Notable:
- The die is a calm plane in a mottled mould, the balls show faintly from below; air in a delaminated place throws the
  whole echo back, so it is the brightest thing in the picture.
- Every delaminated place is listed with its box and its share of the die, as a report tells it.

Shapes: H, W pixels of the scan.
"""

import cv2
import numpy as np
from PIL import Image

from fabeye.schema import Sensitive
from fabeye.synthesis.imagery.picture import Colour, Sheet, box_of
from fabeye.synthesis.shown import Shown

WIDTH, HEIGHT, BAR = 640, 480, 44  # pixels of the scan and of the bar below it
SIZE = 17
INK: Colour = (230, 230, 230)
MOULD, DIE, BALL = 74.0, 128.0, 12.0  # grey levels of mould and die, and what a ball adds
ECHO = 236.0  # grey level where nothing but air lies behind
DIE_SHARE = (0.18, 0.2, 0.82, 0.8)  # of the scan that the die fills
FREQUENCIES = (15, 30, 50, 75)  # MHz


def make_acoustic(rng: np.random.Generator, serial: str, date: str, places: int = 0) -> tuple[bytes, Shown]:
    """JPEG and truth of a scan of the part `serial` with so many delaminated places."""
    echo_HW = _package(rng)
    found = []
    for _ in range(places):
        mask_HW = _place(rng)
        echo_HW = np.where(mask_HW, ECHO + rng.normal(0, 5, echo_HW.shape), echo_HW)
        found.append(mask_HW)
    noisy_HW = cv2.GaussianBlur(echo_HW, (0, 0), 1.1) + rng.normal(0, 3.5, echo_HW.shape)
    sheet = Sheet.blank(WIDTH, HEIGHT + BAR, (10, 10, 14))
    sheet.image.paste(Image.fromarray(np.clip(noisy_HW, 0, 255).astype(np.uint8)).convert("RGB"), (0, 0))
    frequency = int(rng.choice(np.array(FREQUENCIES)))
    sheet.write(10, HEIGHT + 12, f"C-SAM  {frequency} MHz  {date}", SIZE, INK)
    sheet.write(WIDTH - 10, HEIGHT + 12, serial, SIZE, INK, anchor="ra", field="serial", kind=Sensitive.PRODUCT.value)
    return sheet.finished("acoustic", {"mhz": frequency, "delaminated": _listed(sheet, found)}, "JPEG")


def _package(rng: np.random.Generator) -> np.ndarray:
    """float64[H, W], grey levels: mould, die and the balls below."""
    mottle_HW = cv2.GaussianBlur(rng.normal(0, 1, (HEIGHT, WIDTH)), (0, 0), 4)
    echo_HW = MOULD + 9 * mottle_HW / mottle_HW.std()
    x0, y0, x1, y1 = _die()
    echo_HW[y0:y1, x0:x1] = DIE + 3 * mottle_HW[y0:y1, x0:x1] / mottle_HW.std()
    pitch = WIDTH / 18
    columns, rows = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    near_HW = np.hypot((columns % pitch) - pitch / 2, (rows % pitch) - pitch / 2) < 0.28 * pitch
    middle_HW = np.abs(columns - WIDTH / 2) < 1.6 * pitch  # no balls below the bond channel
    return np.where(near_HW & ~middle_HW, echo_HW + BALL, echo_HW)


def _die() -> tuple[int, int, int, int]:
    sides = (WIDTH, HEIGHT, WIDTH, HEIGHT)
    x0, y0, x1, y1 = (round(share * side) for share, side in zip(DIE_SHARE, sides, strict=True))
    return x0, y0, x1, y1


def _place(rng: np.random.Generator) -> np.ndarray:
    """bool[H, W]: a ragged place that grows from the die's edge inwards."""
    x0, y0, x1, y1 = _die()
    corner = (x0 if rng.random() < 0.5 else x1, y0 if rng.random() < 0.5 else y1)
    columns, rows = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    ragged_HW = cv2.GaussianBlur(rng.normal(0, 1, (HEIGHT, WIDTH)), (0, 0), 7)
    reach = rng.uniform(38, 95)
    far_HW = np.hypot(columns - corner[0], (rows - corner[1]) * rng.uniform(0.7, 1.4))
    grown_HW = far_HW < reach * (1 + 0.22 * ragged_HW / ragged_HW.std())
    inside_HW = (columns >= x0) & (columns < x1) & (rows >= y0) & (rows < y1)
    return np.asarray(grown_HW & inside_HW)


def _listed(sheet: Sheet, found: list[np.ndarray]) -> list[dict[str, object]]:
    x0, y0, x1, y1 = _die()
    area = (x1 - x0) * (y1 - y0)
    return [
        {"box": sheet.shares(box_of(mask_HW)), "die_percent": round(100 * int(mask_HW.sum()) / area, 1)}
        for mask_HW in found
    ]
