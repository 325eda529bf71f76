"""Pictures that look like a scanning electron microscope's: a structure, a defect in it, and the bar below.

Notable:
- A height map is drawn first, the defect is put into it, and contrast follows: material, bright edges, dark trenches,
  then drift, blur and shot noise. So a defect is lit like its surroundings.
- The defect's box and its size in nm come from the very mask that was drawn.

Shapes: H, W = SIDE pixels.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fabeye.synthesis.imagery.picture import Picture, box_of, encoded

SIDE = 420  # pixels
BAR = 34  # pixels of the information bar
STRUCTURES = ("lines", "holes", "section")
DEFECTS = ("bridge", "missing", "residue", "particle", "peeling", "void")
DETECTORS = ("InLens", "SE2", "TLD", "ETD")


@dataclass(frozen=True, slots=True)
class Micrograph:
    """A picture and what its bar and its defect say. size_nm: the defect's longer side; kv: accelerating voltage."""

    picture: Picture
    size_nm: int
    kv: float
    magnification: int


def draw_sem(rng: np.random.Generator, structure: str, defect: str, date: str) -> Micrograph:
    """Draw `defect` (one of DEFECTS) in `structure` (one of STRUCTURES), taken on `date`. Raises ValueError."""
    if (structure, defect) not in MAKERS:
        raise ValueError(f"a {defect} in {structure} is not a case that can be drawn")
    scale_nm = float(rng.uniform(0.7, 1.8))  # nm of one pixel
    height_HW, mask_HW = MAKERS[structure, defect](rng)
    grey_HW = _lit(rng, height_HW, section=structure == "section")
    find = box_of(mask_HW)
    size_nm = round(max(find[2] - find[0], find[3] - find[1]) * scale_nm)
    kv, magnification = float(rng.choice([1, 2, 3, 5, 10])), round(127e6 / (SIDE * scale_nm) / 1000) * 1000
    image = _with_bar(rng, grey_HW, scale_nm, kv, magnification, date)
    return Micrograph(Picture(encoded(image, "JPEG"), SIDE, SIDE + BAR, find), size_nm, kv, magnification)


# -------------------------------------------------------------------------------------- structures and their defects


def _grid() -> tuple[np.ndarray, np.ndarray]:
    y_HW, x_HW = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    return y_HW, x_HW


def _lines(rng: np.random.Generator) -> tuple[np.ndarray, list[tuple[np.ndarray, np.ndarray]], float]:
    """Height map of vertical lines with rough edges, the edges (left[H], right[H]) of each, and the pitch."""
    _, x_HW = _grid()
    pitch = float(rng.uniform(30, 46))
    width = pitch * rng.uniform(0.44, 0.56)
    height_HW, edges = np.zeros((SIDE, SIDE), np.float32), []
    for start in np.arange(-pitch, SIDE + pitch, pitch):
        left, right = start + _rough(rng), start + width + _rough(rng)
        height_HW[(x_HW >= left[:, None]) & (x_HW < right[:, None])] = 1
        edges.append((left, right))
    return height_HW, edges, pitch


def _rough(rng: np.random.Generator) -> np.ndarray:
    noise = cv2.GaussianBlur(rng.normal(0, 1, (SIDE, 1)), (1, 61), 9)[:, 0]
    return 1.2 * noise / noise.std()


def _line_bridge(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    y_HW, x_HW = _grid()
    height_HW, edges, _ = _lines(rng)
    index = int(rng.integers(3, len(edges) - 4))
    middle, half = rng.uniform(0.3, 0.7) * SIDE, rng.uniform(6, 14)
    rows_HW = abs(y_HW - middle) < half * (1 + 0.25 * np.sin(x_HW / 3))
    mask_HW = (x_HW >= edges[index][1][:, None] - 1) & (x_HW <= edges[index + 1][0][:, None] + 1) & rows_HW
    height_HW[mask_HW] = rng.uniform(0.85, 1.0)
    return height_HW, mask_HW


def _holes(rng: np.random.Generator) -> tuple[np.ndarray, list[tuple[float, float]], float, float]:
    """Height map of a honeycomb of holes, their centres, their radius and pitch."""
    y_HW, x_HW = _grid()
    pitch = float(rng.uniform(38, 54))
    radius, height_HW, centres = pitch * rng.uniform(0.29, 0.35), np.ones((SIDE, SIDE), np.float32), []
    for row in range(-1, int(SIDE / (pitch * 0.866)) + 2):
        for column in range(-1, int(SIDE / pitch) + 2):
            x = column * pitch + (row % 2) * pitch / 2 + rng.normal(0, 0.7)
            y = row * pitch * 0.866 + rng.normal(0, 0.7)
            near = _window(x, y, pitch)  # the picture is large, a hole is small
            height_HW[near][np.hypot(x_HW[near] - x, y_HW[near] - y) < radius * (1 + rng.normal(0, 0.02))] = 0
            centres.append((x, y))
    return height_HW, centres, radius, pitch


def _window(x: float, y: float, reach: float) -> tuple[slice, slice]:
    return slice(max(0, int(y - reach)), max(0, int(y + reach))), slice(max(0, int(x - reach)), max(0, int(x + reach)))


def _inner(rng: np.random.Generator, centres: list[tuple[float, float]]) -> tuple[float, float]:
    kept = [(x, y) for x, y in centres if 0.25 * SIDE < x < 0.7 * SIDE and 0.25 * SIDE < y < 0.75 * SIDE]
    return kept[int(rng.integers(len(kept)))]


def _missing_hole(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    y_HW, x_HW = _grid()
    height_HW, centres, radius, _ = _holes(rng)
    x, y = _inner(rng, centres)
    mask_HW = np.hypot(x_HW - x, y_HW - y) < radius * 1.1
    height_HW[mask_HW] = 0.93
    return height_HW, mask_HW


def _hole_residue(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Something left between two neighbouring holes, joining them."""
    y_HW, x_HW = _grid()
    height_HW, centres, radius, pitch = _holes(rng)
    x, y = _inner(rng, centres)
    mask_HW = (abs(y_HW - y) < radius * 0.5 + 1.5 * np.sin(x_HW / 3)) & (x_HW > x) & (x_HW < x + pitch)
    height_HW[mask_HW] = 0.35
    return height_HW, mask_HW


def _blob(rng: np.random.Generator, radius: float, roughness: float) -> tuple[np.ndarray, np.ndarray]:
    """Mask of an irregular patch, and the distance of each pixel from its centre over the patch's reach."""
    y_HW, x_HW = _grid()
    x, y = rng.uniform(0.3, 0.7, 2) * SIDE
    angle_HW = np.arctan2(y_HW - y, x_HW - x)
    reach_HW = np.ones_like(angle_HW)
    for wave in range(2, 8):
        reach_HW += roughness * rng.normal() / wave * np.cos(wave * angle_HW + rng.uniform(0, 2 * np.pi))
    distance_HW = np.hypot(x_HW - x, y_HW - y) / (radius * np.clip(reach_HW, 0.4, 1.8))
    return distance_HW < 1, distance_HW


def _particle(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    height_HW, _, _ = _lines(rng)
    mask_HW, distance_HW = _blob(rng, rng.uniform(28, 55), 0.3)
    height_HW[mask_HW] = 1.1 + 1.3 * np.sqrt(1 - distance_HW[mask_HW] ** 2)
    return height_HW, mask_HW


def _peeling(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    height_HW, _, _ = _lines(rng)
    mask_HW, distance_HW = _blob(rng, rng.uniform(70, 105), 0.35)
    height_HW[mask_HW] = 0.5 * height_HW[mask_HW] + 0.5 + 0.9 * distance_HW[mask_HW] ** 3
    return height_HW, mask_HW


def _section_void(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Cross-section: capacitor pillars on contacts over buried word lines; one contact holds a void."""
    y_HW, x_HW = _grid()
    height_HW = np.full((SIDE, SIDE), 0.15, np.float32)
    height_HW[int(0.82 * SIDE) :] = 0.45
    height_HW[int(0.06 * SIDE) : int(0.13 * SIDE)] = 0.9
    pitch = float(rng.uniform(38, 52))
    centres = np.arange(pitch / 2, SIDE, pitch)
    for x in centres:
        depth_HW = (y_HW / SIDE - 0.2) / 0.4
        half_HW = pitch * 0.29 * (1 - 0.2 * np.clip(depth_HW, 0, 1))
        pillar_HW = (depth_HW > 0) & (depth_HW < 1) & (abs(x_HW - x) < half_HW)
        height_HW[pillar_HW] = 0.85
        height_HW[pillar_HW & (abs(x_HW - x) < half_HW - 3)] = 0.55
        height_HW[(y_HW >= 0.6 * SIDE) & (y_HW < 0.82 * SIDE) & (abs(x_HW - x) < pitch * 0.24)] = 0.75
        height_HW[(abs(y_HW / SIDE - 0.9) < 0.05) & (abs(x_HW - x - pitch / 2) < pitch * 0.13)] = 0.95
    x = float(centres[int(rng.integers(2, len(centres) - 2))])
    y = rng.uniform(0.66, 0.76) * SIDE
    mask_HW = ((x_HW - x) / (pitch * 0.14)) ** 2 + ((y_HW - y) / rng.uniform(12, 24)) ** 2 < 1
    height_HW[mask_HW] = 0.02
    return height_HW, mask_HW


MAKERS: dict[tuple[str, str], Callable[[np.random.Generator], tuple[np.ndarray, np.ndarray]]] = {
    ("lines", "bridge"): _line_bridge,
    ("lines", "particle"): _particle,
    ("lines", "peeling"): _peeling,
    ("holes", "missing"): _missing_hole,
    ("holes", "residue"): _hole_residue,
    ("section", "void"): _section_void,
}


# ------------------------------------------------------------------------------------------------ light, noise and bar


def _lit(rng: np.random.Generator, height_HW: np.ndarray, section: bool) -> np.ndarray:
    """uint8[H, W]: secondary-electron contrast of a height map, with the microscope's faults."""
    smooth_HW = cv2.GaussianBlur(height_HW, (0, 0), 0.8)
    slope_HW = np.hypot(cv2.Sobel(smooth_HW, cv2.CV_32F, 1, 0), cv2.Sobel(smooth_HW, cv2.CV_32F, 0, 1)) / 8
    trench_HW = np.clip(cv2.GaussianBlur(smooth_HW, (0, 0), 10) - smooth_HW, 0, None)
    grey_HW = 70 + 75 * smooth_HW + (120 if section else 300) * slope_HW - 30 * trench_HW
    if rng.random() < 0.4:
        grey_HW = grey_HW + 9 * cv2.GaussianBlur(rng.normal(0, 1, (SIDE, 1)), (1, 7), 1)
    drift_H = np.cumsum(rng.normal(0, 0.05, SIDE)).astype(np.float32)
    y_HW, x_HW = _grid()
    grey_HW = cv2.remap(
        grey_HW.astype(np.float32), x_HW + drift_H[:, None], y_HW, cv2.INTER_LINEAR, None, cv2.BORDER_REFLECT
    )
    grey_HW = cv2.GaussianBlur(grey_HW, (0, 0), float(rng.uniform(0.5, 1.1)))
    dose = rng.uniform(0.4, 1.2)
    grey_HW = rng.poisson(np.clip(grey_HW, 1, None) * dose) / dose
    low, high = np.percentile(grey_HW, (1, 99.5))
    return (255 * np.clip((grey_HW - low) / (high - low) * rng.uniform(0.85, 1.0), 0, 1)).astype(np.uint8)


def _with_bar(
    rng: np.random.Generator, grey_HW: np.ndarray, scale_nm: float, kv: float, magnification: int, date: str
) -> Image.Image:
    image = Image.new("L", (SIDE, SIDE + BAR), 0)
    image.paste(Image.fromarray(grey_HW), (0, 0))
    drawing = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(files("matplotlib") / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"), 11)
    detector, working_mm = DETECTORS[int(rng.integers(len(DETECTORS)))], rng.uniform(1.8, 6.5)
    first = f"HV {kv:.1f} kV  WD {working_mm:.1f} mm  Mag {magnification // 1000}k x  {detector}"
    drawing.text((6, SIDE + 3), first, fill=255, font=font)
    drawing.text((6, SIDE + 18), date, fill=255, font=font)
    length_nm = min((20, 50, 100, 200), key=lambda nm: abs(nm / scale_nm - 0.2 * SIDE))
    right, left, y = SIDE - 12, SIDE - 12 - length_nm / scale_nm, SIDE + 27
    drawing.line([left, y, right, y], fill=255, width=2)
    for end in (left, right):
        drawing.line([end, y - 3, end, y + 3], fill=255, width=1)
    drawing.text(((left + right) / 2, y - 3), f"{length_nm} nm", fill=255, font=font, anchor="mb")
    return image
