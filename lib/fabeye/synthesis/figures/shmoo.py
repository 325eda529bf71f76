"""Shmoo plot: where a part passes over two swept conditions, usually a supply voltage and a delay.

Notable:
- The border follows a law (a shorter delay needs more voltage) with a little raggedness, so the margin that a text
  quotes is read off the grid that is drawn.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from fabeye.synthesis.figures.canvas import Canvas, draw_face
from fabeye.synthesis.figures.plot import Axis, Plot, Series, chart_data
from fabeye.synthesis.shown import Shown
from fabeye.synthesis.wording import Phrase

CELL_X, CELL_Y = 15.0, 9.0  # drawing units
LEFT, TOP, RIGHT, BOTTOM = 54.0, 24.0, 10.0, 34.0
COLUMNS, ROWS = (14, 20), (12, 16)  # least and most steps of delay and of voltage
STEP_V, LOWEST_V = 0.02, 0.90
# Shortest delay and step in ns.
DELAYS = {
    "t_{RCD}": (9.0, 0.5),
    "t_{WR}": (8.0, 1.0),
    "t_{CK}": (0.40, 0.04),
    "t_{AA}": (10.0, 0.5),
}
COLOURS = {True: "#4caf50", False: "#e57373"}
COLOURED_SHARE = 0.6  # the others are in the dots of a tester's print
WORDS = (Phrase("PASS", "通过"), Phrase("FAIL", "失效"))


@dataclass(frozen=True, slots=True)
class Shmoo:
    """passes: a row for each voltage, lowest first, a value for each delay. Delays in ns, voltages in V."""

    parameter: str
    delays: tuple[float, ...]
    volts: tuple[float, ...]
    passes: tuple[tuple[bool, ...], ...]

    def least_delay(self, volt: float) -> float | None:
        """The shortest delay that passes at a voltage, None where none does."""
        row = self.passes[self.volts.index(volt)]
        return next((delay for delay, good in zip(self.delays, row, strict=True) if good), None)


def draw_grid(rng: Random) -> Shmoo:
    """Draw where a part passes."""
    parameter = rng.choice(list(DELAYS))
    start, step = DELAYS[parameter]
    delays = tuple(round(start + step * count, 2) for count in range(rng.randint(*COLUMNS)))
    volts = tuple(round(LOWEST_V + STEP_V * count, 2) for count in range(rng.randint(*ROWS)))
    border, slope, floor = rng.uniform(0.3, 0.6) * len(delays), rng.uniform(0.35, 0.8), rng.randint(0, 2)
    passes = []
    for height in range(len(volts)):
        edge = border + slope * (len(volts) / 2 - height) + rng.uniform(-0.6, 0.6)
        passes.append(tuple(height >= floor and count > edge for count in range(len(delays))))
    return Shmoo(parameter, delays, volts, tuple(passes))


def draw_shmoo(rng: Random, language: str, shmoo: Shmoo | None = None, title: str = "") -> tuple[bytes, Shown]:
    """The grid, in colours or in the letters of a tester's print."""
    shmoo = shmoo or draw_grid(rng)
    columns, rows = len(shmoo.delays), len(shmoo.volts)
    canvas = Canvas(LEFT + CELL_X * columns + RIGHT, TOP + CELL_Y * rows + BOTTOM, draw_face(rng))
    x, y = _axis(shmoo.parameter, "ns", shmoo.delays, 3), _axis("V_{DD}", "V", shmoo.volts, 2)
    plot = Plot(canvas, (LEFT, TOP, LEFT + CELL_X * columns, TOP + CELL_Y * rows), x, y)
    coloured = rng.random() < COLOURED_SHARE
    for good, x_at, y_at in _points(plot, shmoo):
        _mark(canvas, x_at, y_at, good, coloured)
    plot.frame(grid=False)
    for number, (word, good) in enumerate(zip(WORDS, (True, False), strict=True)):
        _mark(canvas, LEFT + 8 + 70 * number, 12, good, coloured)
        canvas.text(LEFT + 19 + 70 * number, 14.6, word.said(language), 7, "start")
    series = [Series(f"{volt:.2f}", tuple(map(int, row))) for volt, row in zip(shmoo.volts, shmoo.passes, strict=True)]
    detail = chart_data("shmoo", title, x, shmoo.delays, y, series)
    detail["chart_data"]["y"]["values"] = list(shmoo.volts)
    return canvas.svg(), canvas.shown(detail)


def _points(plot: Plot, shmoo: Shmoo) -> Iterator[tuple[bool, float, float]]:
    for volt, row in zip(shmoo.volts, shmoo.passes, strict=True):
        for delay, good in zip(shmoo.delays, row, strict=True):
            yield good, *plot.at(delay, volt)


def _mark(canvas: Canvas, x: float, y: float, good: bool, coloured: bool) -> None:
    if coloured:
        corners = (x - CELL_X / 2, y - CELL_Y / 2, x + CELL_X / 2, y + CELL_Y / 2)
        canvas.rectangle(*corners, COLOURS[good], 0.4, stroke="white")
    else:
        canvas.circle(x, y, 2.2 if good else 0.7, "black")


def _axis(label: str, unit: str, values: tuple[float, ...], every: int) -> Axis:
    half = (values[1] - values[0]) / 2
    return Axis(label, unit, values[0] - half, values[-1] + half, values[::every])
