"""A die under a lens: which part of it is seen, and how it looks in reflected light.

Notable:
- The pattern is drawn from the block map, with the texture of each block seeded by the die: two pictures of a part show
  the same circuits.
- From the back of the die left and right are exchanged; `View` does this in one place.

Shapes: H, W pixels of the camera.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from fabeye.synthesis.imagery.die import CELL_ARRAY, COLUMN_DECODER, PAD, PERIPHERAL, ROW_DECODER, Block, Die

WIDTH, HEIGHT = 1024, 768  # pixels of the camera
TONES = {CELL_ARRAY: 118.0, ROW_DECODER: 92.0, COLUMN_DECODER: 98.0, PERIPHERAL: 80.0, PAD: 215.0}
GROUND = 66.0  # grey level between the blocks
FINE_UM = 2.5  # below so many µm a pixel, sub-word drivers and sense amplifiers show
DRIVER_UM, AMPLIFIER_UM = 9.0, 13.0  # width of the stripes between mats


@dataclass(frozen=True, slots=True)
class Lens:
    """aperture: numerical; um_per_px: micrometres that one pixel sees, 0 for "so that the whole die is seen"."""

    name: str
    aperture: float
    um_per_px: float


LENSES = {
    "1x": Lens("1x", 0.05, 0.0),
    "5x": Lens("5x", 0.14, 2.6),
    "20x": Lens("20x", 0.4, 0.65),
    "50x": Lens("50x", 0.5, 0.26),
}


@dataclass(frozen=True, slots=True)
class View:
    """The part of a die that the camera sees: its upper left corner in µm and its scale.

    backside: seen through the silicon, so left and right are exchanged.
    """

    x: float
    y: float
    um_per_px: float
    backside: bool

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the die lies in the picture, in pixels."""
        column = (x - self.x) / self.um_per_px
        return (WIDTH - column if self.backside else column), (y - self.y) / self.um_per_px

    def box(self, block: Block) -> tuple[float, float, float, float]:
        """A block's box in pixels."""
        x0, y0 = self.pixel(block.rect[0], block.rect[1])
        x1, y1 = self.pixel(block.rect[2], block.rect[3])
        return min(x0, x1), y0, max(x0, x1), y1

    def sees(self, x: float, y: float) -> bool:
        """Whether a point of the die is in the picture."""
        column, row = self.pixel(x, y)
        return 0 <= column <= WIDTH and 0 <= row <= HEIGHT


def view_of(rng: np.random.Generator, die: Die, lens: Lens, x: float, y: float, backside: bool) -> View:
    """A view through `lens` that has the point (x, y) µm in it, not always in its middle."""
    if not lens.um_per_px:
        scale = max(die.width / WIDTH, die.height / HEIGHT)
        return View((die.width - WIDTH * scale) / 2, (die.height - HEIGHT * scale) / 2, scale, backside)
    wide, high = WIDTH * lens.um_per_px, HEIGHT * lens.um_per_px
    left = np.clip(x - rng.uniform(0.25, 0.75) * wide, 0, max(0.0, die.width - wide))
    top = np.clip(y - rng.uniform(0.25, 0.75) * high, 0, max(0.0, die.height - high))
    return View(float(left), float(top), lens.um_per_px, backside)


def reflected(die: Die, view: View) -> np.ndarray:
    """float32[H, W], grey levels 0 to 255: the die's pattern in a view, without noise."""
    front = View(view.x, view.y, view.um_per_px, backside=False)
    pattern_HW = np.full((HEIGHT, WIDTH), 20.0, np.float32)
    _fill(pattern_HW, front, Block("", "", (0.0, 0.0, die.width, die.height)), GROUND)
    for number, block in reversed(list(enumerate(die.blocks))):
        _paint(pattern_HW, die, front, block, np.random.default_rng([die.seed, number]))
    blurred_HW = cv2.GaussianBlur(pattern_HW, (0, 0), 0.7 if view.um_per_px > FINE_UM else 1.0)
    return np.ascontiguousarray(blurred_HW[:, ::-1]) if view.backside else blurred_HW


def _spans(view: View, block: Block) -> tuple[slice, slice]:
    x0, y0, x1, y1 = view.box(block)
    rows = slice(int(np.clip(round(y0), 0, HEIGHT)), int(np.clip(round(y1), 0, HEIGHT)))
    return rows, slice(int(np.clip(round(x0), 0, WIDTH)), int(np.clip(round(x1), 0, WIDTH)))


def _fill(pattern_HW: np.ndarray, view: View, block: Block, tone: float) -> None:
    pattern_HW[_spans(view, block)] = tone


def _paint(pattern_HW: np.ndarray, die: Die, view: View, block: Block, rng: np.random.Generator) -> None:
    """One block with its texture."""
    rows, columns = _spans(view, block)
    part_HW = pattern_HW[rows, columns]
    if not part_HW.size:
        return
    part_HW[:] = TONES[block.kind] + (0 if block.kind == PAD else rng.normal(0, 3))
    x = view.x + (np.arange(columns.start, columns.stop) + 0.5) * view.um_per_px - block.rect[0]
    y = view.y + (np.arange(rows.start, rows.stop) + 0.5) * view.um_per_px - block.rect[1]
    if block.kind == CELL_ARRAY:
        _mats(part_HW, die, view, block, x, y)
    elif block.kind != PAD:
        _logic(part_HW, view, rng, x, y)


def _mats(part_HW: np.ndarray, die: Die, view: View, block: Block, x: np.ndarray, y: np.ndarray) -> None:
    """Stripes of sub-word drivers and sense amplifiers between the mats of a bank."""
    x0, y0, x1, y1 = block.rect
    across, down = (x1 - x0) / die.mats[0], (y1 - y0) / die.mats[1]
    drivers = (x % across) < max(DRIVER_UM, 1.1 * view.um_per_px)
    amplifiers = (y % down) < max(AMPLIFIER_UM, 1.1 * view.um_per_px)
    part_HW[:, drivers] -= 16
    part_HW[amplifiers] -= 22
    if view.um_per_px < FINE_UM:
        part_HW[:, drivers & ((x % 6) < 2.2)] += 18
        part_HW[amplifiers] += 10 * np.sin(x / 2.4)
        part_HW += 3 * np.sin(y / 1.9)[:, None]


def _logic(part_HW: np.ndarray, view: View, rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> None:
    """Rows of standard cells of uneven brightness, with power rails."""
    high, wide = rng.uniform(8, 22), rng.uniform(10, 60)
    rows, columns = (y // high).astype(int), (x // wide).astype(int)
    rows, columns = rows - rows.min(), columns - columns.min()
    tones = rng.normal(0, 15, (rows.max() + 1, columns.max() + 1)).astype(np.float32)
    part_HW += tones[rows][:, columns]
    part_HW[(y % 45) < max(6, view.um_per_px)] += 26
    part_HW[:, (x % 170) < max(8, view.um_per_px)] += 16
    if view.um_per_px < FINE_UM:
        part_HW += 7 * np.sin(x / 1.4)
