"""Wafer maps: which dies of a wafer failed a probe test, in which bin and in which pattern; one wafer or a whole lot.

Notable:
- A field gives every die its probability to fail; patterns mix, and the die under analysis always fails.
- Coordinates count dies from the wafer's centre, x to the right and y up, as probers do.
- Pattern names and their causes are those of published collections of wafer maps (WM-811K, MixedWM38).

Shapes: H, W = 2 * RADIUS + 1 dies.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fabeye.schema import Sensitive
from fabeye.synthesis.imagery.picture import BLACK, Colour, Sheet
from fabeye.synthesis.shown import Shown

RADIUS = 15  # dies from the centre to the edge
DIE_PX = 13
EDGE = 0.3  # dies that may stand out over the radius
BACKGROUND = (0.01, 0.05)  # probability of a failure that belongs to no pattern
HEAD, FOOT, KEY = 28, 30, 128  # pixels above and below the map, and of the legend at its right
SIZE = 16  # pixels of the letters
GOOD: Colour = (150, 208, 150)
OUTLINE: Colour = (90, 90, 90)
INKS: tuple[Colour, ...] = ((206, 40, 40), (245, 145, 40), (120, 90, 190), (40, 150, 200), (150, 90, 60))
PATTERNS = ("none", "center", "donut", "edge_loc", "edge_ring", "loc", "near_full", "random", "scratch")
LOT_SIZE = 25  # wafers


@dataclass(frozen=True, slots=True)
class WaferText:
    """The words on a map. title: as the prober prints it; lot and wafer: identifiers within it; bins: the fail bins."""

    lot: str
    wafer: str
    test: str
    bins: tuple[int, ...]


def draw_die(rng: np.random.Generator, pattern: str) -> tuple[int, int]:
    """Coordinates of a die where the pattern makes failures likely."""
    angle = rng.uniform(-np.pi, np.pi)
    reaches = {"edge_ring": 0.93, "edge_loc": 0.9, "donut": 0.5, "center": 0.1}
    reach = reaches.get(pattern, rng.uniform(0.2, 0.8))
    return round(reach * RADIUS * np.cos(angle)), round(reach * RADIUS * np.sin(angle))


def make_wafer(
    rng: np.random.Generator, patterns: Sequence[str], die: tuple[int, int], text: WaferText
) -> tuple[bytes, Shown]:
    """PNG and truth of a wafer whose failures follow `patterns` (of PATTERNS) together and include `die`.

    The die under analysis is in the first of text.bins. Raises ValueError for an unknown pattern.
    """
    fails_HW = draw_fails(rng, patterns, die)
    bins_HW = rng.choice(len(text.bins), fails_HW.shape, p=_weights(len(text.bins)))
    bins_HW[RADIUS - die[1], RADIUS + die[0]] = 0
    sheet = _sheet()
    for row, column in zip(*np.nonzero(inside()), strict=True):
        ink = INKS[int(bins_HW[row, column])] if fails_HW[row, column] else GOOD
        _draw_die(sheet, int(row), int(column), ink)
    counts = [int((fails_HW & (bins_HW == number)).sum()) for number in range(len(text.bins))]
    good = int(inside().sum()) - sum(counts)
    _notch(sheet)
    _title(sheet, text.lot, text.wafer, text.test)
    _legend(sheet, [("PASS", GOOD, good)] + [(f"BIN{b}", INKS[n], counts[n]) for n, b in enumerate(text.bins)])
    share = round(100 * good / int(inside().sum()), 1)
    sheet.write(8, sheet.image.height - 24, f"Yield {share} %", SIZE)
    truth = {
        "patterns": list(patterns),
        "dies": int(inside().sum()),
        "good": good,
        "yield_percent": share,
        "bins": {str(number): count for number, count in zip(text.bins, counts, strict=True)},
        "die": list(die),
        "die_box": sheet.shares(_die_box(RADIUS - die[1], RADIUS + die[0])),
    }
    return sheet.finished("wafer", truth)


def make_lot(
    rng: np.random.Generator, patterns: Sequence[str], die: tuple[int, int], text: WaferText
) -> tuple[bytes, Shown]:
    """PNG and truth of a lot's maps on top of each other: how many wafers fail at each place."""
    stack_HW = np.sum([draw_fails(rng, patterns, die) for _ in range(LOT_SIZE)], axis=0)
    sheet = _sheet()
    for row, column in zip(*np.nonzero(inside()), strict=True):
        _draw_die(sheet, int(row), int(column), _heat(stack_HW[row, column] / LOT_SIZE))
    _notch(sheet)
    _title(sheet, text.lot, f"{LOT_SIZE} wafers", text.test)
    _scale(sheet)
    mean = round(100 * (1 - float(stack_HW[inside()].mean()) / LOT_SIZE), 1)
    sheet.write(8, sheet.image.height - 24, f"Mean yield {mean} %", SIZE)
    truth = {"patterns": list(patterns), "wafers": LOT_SIZE, "yield_percent": mean, "counts": stack_HW.tolist()}
    return sheet.finished("wafer_lot", truth)


def draw_fails(rng: np.random.Generator, patterns: Sequence[str], die: tuple[int, int]) -> np.ndarray:
    """bool[H, W], row 0 at the top: failing dies of one wafer, `die` among them. Raises ValueError."""
    y_HW, x_HW = np.mgrid[RADIUS : -RADIUS - 1 : -1, -RADIUS : RADIUS + 1]
    passing_HW = np.full(x_HW.shape, 1 - rng.uniform(*BACKGROUND))
    for pattern in patterns:
        passing_HW = passing_HW * (1 - _field(rng, pattern, x_HW / RADIUS, y_HW / RADIUS, die))
    fails_HW = (rng.random(x_HW.shape) > passing_HW) & inside()
    fails_HW[RADIUS - die[1], RADIUS + die[0]] = True
    return np.asarray(fails_HW)


def inside() -> np.ndarray:
    """bool[H, W]: the dies that lie on the wafer."""
    y_HW, x_HW = np.mgrid[RADIUS : -RADIUS - 1 : -1, -RADIUS : RADIUS + 1]
    return np.asarray(np.hypot(x_HW, y_HW) <= RADIUS + EDGE)


def _field(
    rng: np.random.Generator, pattern: str, x_HW: np.ndarray, y_HW: np.ndarray, die: tuple[int, int]
) -> np.ndarray:
    """Probability of failure of every die; x and y in wafer radii."""
    radius_HW = np.hypot(x_HW, y_HW)
    away_HW = np.hypot(x_HW - die[0] / RADIUS, y_HW - die[1] / RADIUS)
    turn_HW = 0.8 + 0.2 * np.cos(np.arctan2(y_HW, x_HW) - rng.uniform(0, 2 * np.pi))
    shapes = {
        "none": lambda: np.zeros(x_HW.shape),
        "random": lambda: np.full(x_HW.shape, rng.uniform(0.18, 0.4)),
        "near_full": lambda: np.full(x_HW.shape, rng.uniform(0.82, 0.96)),
        "loc": lambda: 0.9 * np.exp(-0.5 * (away_HW / rng.uniform(0.08, 0.16)) ** 2),
        "edge_loc": lambda: 0.9 * np.exp(-0.5 * (away_HW / rng.uniform(0.15, 0.3)) ** 2) * (radius_HW > 0.75),
        "edge_ring": lambda: 0.9 * turn_HW * (radius_HW > rng.uniform(0.87, 0.92)),
        "center": lambda: 0.9 * np.exp(-0.5 * (radius_HW / rng.uniform(0.15, 0.28)) ** 2),
        "donut": lambda: 0.85 * turn_HW * np.exp(-0.5 * ((radius_HW - 0.5) / rng.uniform(0.08, 0.13)) ** 2),
        "scratch": lambda: 0.9 * _track(rng, die, x_HW.shape),
    }
    if pattern not in shapes:
        raise ValueError(f"there is no wafer pattern {pattern!r}; the patterns are {', '.join(PATTERNS)}")
    return np.asarray(shapes[pattern]())


def _track(rng: np.random.Generator, die: tuple[int, int], shape: tuple[int, ...]) -> np.ndarray:
    """A curved line one die wide that begins at `die` and runs across the wafer."""
    track_HW = np.zeros(shape)
    angle = np.arctan2(-die[1], -die[0]) + rng.uniform(-0.6, 0.6)
    turn = rng.normal(0, 0.025)
    x, y = float(die[0]), float(die[1])
    for _ in range(int(rng.integers(12, 24)) * 2):
        column, row = round(RADIUS + x), round(RADIUS - y)
        if 0 <= row < shape[0] and 0 <= column < shape[1]:
            track_HW[row, column] = 1
        x, y, angle = x + 0.5 * np.cos(angle), y + 0.5 * np.sin(angle), angle + turn
    return track_HW


def _weights(count: int) -> np.ndarray:
    """The first bin takes most failures, each further one half of what the one before takes."""
    weights = 0.5 ** np.arange(count) * np.array([2.0] + [1.0] * (count - 1))
    return np.asarray(weights / weights.sum())


# ------------------------------------------------------------------------------------------------------------ drawing


def _sheet() -> Sheet:
    side = (2 * RADIUS + 1) * DIE_PX
    return Sheet.blank(side + KEY, side + HEAD + FOOT)


def _die_box(row: int, column: int) -> tuple[float, float, float, float]:
    left, top = column * DIE_PX + 4, row * DIE_PX + HEAD
    return left, top, left + DIE_PX, top + DIE_PX


def _draw_die(sheet: Sheet, row: int, column: int, ink: Colour) -> None:
    sheet.pen.rectangle(_die_box(row, column), fill=ink, outline=OUTLINE)


def _notch(sheet: Sheet) -> None:
    side = (2 * RADIUS + 1) * DIE_PX
    centre, bottom = side / 2 + 4, HEAD + side
    sheet.pen.ellipse([4, HEAD, 4 + side, bottom], outline=OUTLINE)
    sheet.pen.pieslice(
        [centre - 7, bottom - 8, centre + 7, bottom + 6], 180, 360, fill=(255, 255, 255), outline=OUTLINE
    )


def _title(sheet: Sheet, lot: str, wafer: str, test: str) -> None:
    end = sheet.write(8, 5, lot, SIZE, bold=True, field="lot_id", kind=Sensitive.LOT.value)
    numbered = wafer.startswith("#")
    field, kind = ("wafer_id", Sensitive.WAFER.value) if numbered else ("", "")
    end = sheet.write(end + 10, 5, wafer, SIZE, bold=True, field=field, kind=kind)
    sheet.write(end + 10, 5, test, SIZE)


def _legend(sheet: Sheet, lines: Sequence[tuple[str, Colour, int]]) -> None:
    left, top = sheet.image.width - KEY + 16, HEAD + 24
    for number, (name, ink, count) in enumerate(lines):
        y = top + 26 * number
        sheet.pen.rectangle([left, y, left + 15, y + 15], fill=ink, outline=OUTLINE)
        sheet.write(left + 22, y - 2, name, SIZE - 1)
        sheet.write(sheet.image.width - 6, y - 2, str(count), SIZE - 1, anchor="ra")


def _heat(share: float) -> Colour:
    """White over yellow and red to black, as a share goes from 0 to 1."""
    stops = np.array([(255, 255, 255), (255, 236, 120), (240, 110, 40), (170, 10, 30), (40, 0, 10)], float)
    place = np.linspace(0, 1, len(stops))
    red, green, blue = (round(float(np.interp(share, place, stops[:, channel]))) for channel in range(3))
    return red, green, blue


def _scale(sheet: Sheet) -> None:
    left, top, height = sheet.image.width - KEY + 24, HEAD + 40, 200
    for y in range(height):
        sheet.pen.line([left, top + y, left + 18, top + y], fill=_heat(1 - y / height))
    sheet.pen.rectangle([left, top, left + 18, top + height], outline=OUTLINE)
    for count in (0, 5, 10, 15, 20, LOT_SIZE):
        level = top + height * (1 - count / LOT_SIZE)
        sheet.write(left + 26, level, str(count), SIZE - 1, BLACK, anchor="lm")
