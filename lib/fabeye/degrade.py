"""What printing, scanning, faxing and compressing do to a page, with the exact geometry of it.

Notable:
- Every operation but the first leaves each pixel at its place; the first, a skew with a little perspective, says where
  each point goes, so truth boxes can follow it exactly.
- Points are continuous: pixel (row r, column c) covers the square from (c, r) to (c + 1, r + 1). OpenCV counts from the
  middle of the first pixel instead; `warp` is the one place that knows both.
- A page that nobody could read any more is no example of anything: damage that wipes out words or thin lines is drawn
  again with less severity, until the ink is still there.
- The same generator state gives the same pixels: all randomness is NumPy's, none is OpenCV's.

Shapes: H, W rows and columns of the picture, C its 3 colours, K boxes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from fabeye.geometry import Box, Matrix, corners, moved_boxes

Image = NDArray[np.uint8]

WHITE = 255
EASING = 0.6  # a try that is illegible is followed by one of this share of its severity
TRIES = 4
CORNER_SHIFT = 0.012  # share of the side by which a corner of the sheet may move at severity 1
SKEW_DEG = 1.5  # standard deviation of the rotation at severity 1
INK_STEP = 40  # grey levels by which a pixel differs from the paper around it to be called ink
PAPER_PX = 15  # side of the neighbourhood in which the paper's own grey is sought
INK_KEPT = 0.75  # share of a box's inked pixels that must still stand out from the paper
THIN_KEPT = 0.6  # the same for strokes of one or two pixels, over the whole page
STANDS_OUT = 12  # grey levels by which ink must still differ from the paper


@dataclass(frozen=True, slots=True)
class Damaged:
    """A damaged picture.

    image: uint8 (H, W, 3), as large as the clean one. operations: names, in the order done.
    homography: float64 (3, 3), takes a point (x, y, 1) of the clean picture, in pixels, to the damaged one.
    """

    image: Image
    operations: tuple[str, ...]
    homography: Matrix


@dataclass(frozen=True, slots=True)
class Operation:
    """One kind of damage: `chance` to happen at severity 1, `work(image, rng, severity)` does it."""

    name: str
    chance: float
    work: Callable[[Image, Generator, float], Image]


def degrade(image: Image, rng: Generator, severity: float, boxes: Sequence[Box] = ()) -> Damaged:
    """Damage a page as a scanner, a copier or a fax would, but leave it legible.

    image: uint8 (H, W, 3). severity: 0 (none) to 1 (a bad fax). boxes: (x0, y0, x1, y1) in pixels, each of which must
    keep its ink and its place on the sheet. Raises ValueError for another kind of picture or severity.
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        raise ValueError(f"a picture to damage is uint8 (H, W, 3), not {image.dtype} {image.shape}")
    if not 0 <= severity <= 1:
        raise ValueError(f"severity lies between 0 and 1, not at {severity}")
    seed = int(rng.integers(2**63))
    for attempt in range(TRIES):
        moved, homography, damaged, names = _attempt(image, seed, severity * EASING**attempt)
        if _on_sheet(boxes, homography, image.shape) and legible(moved, damaged, moved_boxes(boxes, homography)):
            return Damaged(damaged, names, homography)
    return Damaged(image.copy(), (), np.eye(3))


def legible(clean: Image, damaged: Image, boxes: Sequence[Box] = ()) -> bool:
    """Whether what stood out from the paper still does: in each box, and thin strokes over the whole page.

    clean: the picture before the damage, already moved to where the damaged one has everything. Both uint8 (H, W, 3).
    """
    ink = _ink(clean, INK_STEP)
    if not ink.any():
        return True
    kept = _ink(damaged, STANDS_OUT) & ink
    thin = ink & ~_opened(ink)
    if thin.any() and (kept & thin).sum() < THIN_KEPT * thin.sum():
        return False
    total, still = (_sums(mask, boxes) for mask in (ink, kept))
    return bool((still >= INK_KEPT * total).all())


def warp(image: Image, homography: Matrix, paper: int = WHITE) -> Image:
    """Move a picture by a homography of continuous points; what comes from outside the sheet is `paper`."""
    height, width = image.shape[:2]
    to_corner = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])  # of OpenCV's pixel centres
    centred = np.linalg.inv(to_corner) @ homography @ to_corner
    done = cv2.warpPerspective(image, centred, (width, height), flags=cv2.INTER_LINEAR, borderValue=(paper,) * 3)
    return np.asarray(done, np.uint8)


def skewed(width: float, height: float, rng: Generator, severity: float) -> Matrix:
    """A sheet laid askew on the glass: rotation about its middle and corners out of plane. Lengths in any unit."""
    sheet = corners((0, 0, width, height)).astype(np.float32)
    shift = rng.uniform(-1, 1, (4, 2)) * CORNER_SHIFT * severity * [width, height]
    plane = cv2.getPerspectiveTransform(sheet, (sheet + shift).astype(np.float32))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.normal(0, SKEW_DEG * severity)), 1.0)
    return np.asarray(np.vstack([turn, [0, 0, 1]]) @ plane, np.float64)


def _attempt(image: Image, seed: int, severity: float) -> tuple[Image, Matrix, Image, tuple[str, ...]]:
    """The moved but clean picture, how it was moved, the damaged one, the names of what was done."""
    rng = np.random.default_rng(seed)
    homography, moved, names = np.eye(3), image, []
    if rng.random() < SKEW_CHANCE * min(1.0, 2 * severity):
        height, width = image.shape[:2]
        homography = skewed(width, height, rng, severity)
        moved, names = warp(image, homography), ["skew"]
    damaged = moved
    for operation in OPERATIONS:
        if rng.random() < operation.chance * severity:
            damaged = operation.work(damaged, rng, severity)
            names.append(operation.name)
    return moved, homography, damaged, tuple(names)


def _thicker(image: Image, _rng: Generator, _severity: float) -> Image:
    """Ink that ran: strokes a pixel wider."""
    return np.asarray(cv2.erode(image, np.ones((2, 2), np.uint8)), np.uint8)


def _thinner(image: Image, _rng: Generator, severity: float) -> Image:
    """Worn type: strokes lose a part of their edge."""
    lighter = cv2.dilate(image, np.ones((2, 2), np.uint8))
    return np.asarray(cv2.addWeighted(image, 1 - 0.7 * severity, lighter, 0.7 * severity, 0), np.uint8)


def _dropped_out(image: Image, rng: Generator, severity: float) -> Image:
    """Toner that did not stick: white specks, denser in some patches of the page."""
    height, width = image.shape[:2]
    density = np.clip(_clouds(height, width, 64, rng) * 12 * severity, 0, 40).astype(np.uint8)  # of 256 pixels
    draws = rng.integers(0, 256, (height, width), np.uint8)
    done = image.copy()
    done[draws < density] = WHITE
    return done


def _textured(image: Image, rng: Generator, severity: float) -> Image:
    """Recycled paper: tinted, with a fine grain."""
    height, width = image.shape[:2]
    grain = _clouds(height, width, 5, rng) * 5 * severity
    tint = 1 - rng.uniform(0, 0.1 * severity, 3)
    gains = [np.clip(WHITE * share - np.abs(grain), 0, WHITE).astype(np.uint8) for share in tint]
    return _dimmed(image, np.dstack(gains))


def _unevenly_lit(image: Image, rng: Generator, severity: float) -> Image:
    """A lamp at one side: brightness falls off over the sheet."""
    height, width = image.shape[:2]
    across, down = (np.linspace(-1, 1, side, dtype=np.float32) for side in (width, height))
    slope = rng.uniform(-0.2, 0.2, 2) * severity
    light = 1 + slope[0] * across[None] + slope[1] * down[:, None]
    gain = (WHITE * light / light.max()).astype(np.uint8)
    return _dimmed(image, np.asarray(cv2.merge([gain] * 3), np.uint8))


def _bled_through(image: Image, rng: Generator, severity: float) -> Image:
    """Print on the back of thin paper, mirrored and soft."""
    back = cv2.GaussianBlur(cv2.flip(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), 1), (0, 0), 2.0)
    shade = cv2.convertScaleAbs(WHITE - back, alpha=rng.uniform(0.05, 0.2) * severity)
    return np.asarray(cv2.subtract(image, cv2.merge([shade] * 3)), np.uint8)


def _streaked(image: Image, rng: Generator, severity: float) -> Image:
    """Dirt on the scanner's glass: one to three dark lines along the feed."""
    done = image.copy()
    for _ in range(int(rng.integers(1, 4))):
        left, wide = int(rng.integers(0, image.shape[1])), int(rng.integers(1, 3))
        strip = done[:, left : left + wide].astype(np.float32) - rng.uniform(20, 90) * severity
        done[:, left : left + wide] = np.clip(strip, 0, WHITE).astype(np.uint8)
    return done


def _blurred(image: Image, rng: Generator, severity: float) -> Image:
    """Out of focus, up to a pixel or so."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 0.3 + rng.uniform(0.2, 0.9) * severity), np.uint8)


def _noisy(image: Image, rng: Generator, severity: float) -> Image:
    """Sensor noise, the same in all three colours."""
    grain = rng.standard_normal(image.shape[:2], np.float32) * np.float32(rng.uniform(3, 12) * severity)
    brighter, darker = np.clip(grain, 0, WHITE).astype(np.uint8), np.clip(-grain, 0, WHITE).astype(np.uint8)
    added = cv2.add(image, cv2.merge([brighter] * 3))
    return np.asarray(cv2.subtract(added, cv2.merge([darker] * 3)), np.uint8)


def _grey(image: Image, _rng: Generator, _severity: float) -> Image:
    """Scanned without colour."""
    return np.asarray(cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB), np.uint8)


def _faxed(image: Image, rng: Generator, _severity: float) -> Image:
    """Black and white only, against the brightness round about."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    margin = float(rng.uniform(8, 20))
    bits = cv2.adaptiveThreshold(grey, WHITE, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 31, margin)
    return np.asarray(cv2.cvtColor(bits, cv2.COLOR_GRAY2RGB), np.uint8)


def _coarser(image: Image, rng: Generator, severity: float) -> Image:
    """Scanned at fewer dots per inch and enlarged again."""
    height, width = image.shape[:2]
    share = 1 - rng.uniform(0.2, 0.5) * severity
    small = cv2.resize(
        image, (max(1, round(width * share)), max(1, round(height * share))), interpolation=cv2.INTER_AREA
    )
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _compressed(image: Image, rng: Generator, severity: float) -> Image:
    """Saved as JPEG."""
    quality = int(92 - rng.uniform(10, 60) * severity)
    coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)  # colours in the order they came in


SKEW_CHANCE = 0.7
OPERATIONS = (  # in the order in which a sheet meets them: press, paper, glass, sensor, file
    Operation("thicker_ink", 0.2, _thicker),
    Operation("thinner_ink", 0.2, _thinner),
    Operation("drop_out", 0.3, _dropped_out),
    Operation("paper", 0.5, _textured),
    Operation("bleed_through", 0.2, _bled_through),
    Operation("light", 0.5, _unevenly_lit),
    Operation("streaks", 0.25, _streaked),
    Operation("blur", 0.5, _blurred),
    Operation("noise", 0.5, _noisy),
    Operation("grey", 0.3, _grey),
    Operation("fax", 0.1, _faxed),
    Operation("low_dpi", 0.3, _coarser),
    Operation("jpeg", 0.8, _compressed),
)


def _clouds(height: int, width: int, grain_px: int, rng: Generator) -> NDArray[np.float32]:
    """Smooth noise of unit variance before smoothing, its lumps about `grain_px` wide; float32 (H, W)."""
    small = rng.standard_normal((height // grain_px + 2, width // grain_px + 2), np.float32)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _dimmed(image: Image, gain: Image) -> Image:
    """Each pixel times gain / 255."""
    return np.asarray(cv2.multiply(image, gain, scale=1 / WHITE), np.uint8)


def _ink(image: Image, step: int) -> NDArray[np.bool_]:
    """bool (H, W): pixels that differ from the paper around them, darker on light and lighter on dark alike."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    paper = cv2.blur(grey, (PAPER_PX, PAPER_PX))
    return np.asarray(cv2.absdiff(grey, paper) >= step)


def _opened(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What is left of a mask without strokes thinner than three pixels."""
    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0)


def _sums(mask: NDArray[np.bool_], boxes: Sequence[Box]) -> NDArray[np.int64]:
    """Number of set pixels in each box, (K,)."""
    height, width = mask.shape
    table = cv2.integral(mask.astype(np.uint8))
    found = np.array(boxes, np.float64).reshape(-1, 4).round().astype(np.int64)
    x0, x1 = found[:, 0].clip(0, width), found[:, 2].clip(0, width)
    y0, y1 = found[:, 1].clip(0, height), found[:, 3].clip(0, height)
    return np.asarray(table[y1, x1] - table[y0, x1] - table[y1, x0] + table[y0, x0], np.int64)


def _on_sheet(boxes: Sequence[Box], homography: Matrix, shape: tuple[int, ...]) -> bool:
    height, width = shape[:2]
    return all(
        x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height for x0, y0, x1, y1 in moved_boxes(boxes, homography)
    )
