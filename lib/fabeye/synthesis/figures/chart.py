"""Current over voltage of a failing cell and of a reference, on a logarithmic axis.

Notable:
- Two kinds: a leak carries more than the reference, an open less. The currents quoted in a report are points of the
  curves that are drawn.
"""

import math
from dataclasses import dataclass
from random import Random

from fabeye.synthesis.figures.canvas import Canvas

WIDTH, HEIGHT = 300.0, 195.0  # drawing units
LEFT, TOP, RIGHT, BOTTOM = 48.0, 12.0, 10.0, 32.0
STEPS = 12
STEP_V = 0.1
READ_V = 1.1  # volts at which a report quotes the currents
COLOURS = ("#1f77b4", "#d62728")
DECADES = range(-13, -4)  # powers of ten of the current axis, in A


@dataclass(frozen=True, slots=True)
class Sweep:
    """Currents in A at 0.1 V, 0.2 V, ... of the reference and of the failing cell."""

    reference: tuple[float, ...]
    failing: tuple[float, ...]

    def at_read(self) -> tuple[float, float]:
        """Currents of reference and failing cell at READ_V."""
        index = round(READ_V / STEP_V) - 1
        return self.reference[index], self.failing[index]


def draw_sweep(rng: Random, kind: str) -> Sweep:
    """Draw a sweep of `kind` "leak" (junction against short) or "open" (good contact against a poor one)."""
    volts = [STEP_V * step for step in range(1, STEPS + 1)]
    if kind == "leak":
        floor, share = rng.uniform(1, 4) * 1e-12, rng.uniform(3, 30) * 1e-8
        reference = tuple(floor * 10 ** (1.1 * volt) for volt in volts)
        return Sweep(reference, tuple(share * volt**1.2 for volt in volts))
    drive, loss = rng.uniform(1, 3) * 1e-6, rng.uniform(40, 400)
    reference = tuple(drive * volt**1.4 for volt in volts)
    return Sweep(reference, tuple(current / loss for current in reference))


def sweep_chart(sweep: Sweep, labels: tuple[str, str], axis: str) -> bytes:
    """SVG of a sweep; `labels` name reference and failing cell, `axis` is the title of the voltage axis."""
    canvas = Canvas(WIDTH, HEIGHT)
    _axes(canvas, axis)
    for number, currents in enumerate((sweep.reference, sweep.failing)):
        points = [(_x(STEP_V * (step + 1)), _y(current)) for step, current in enumerate(currents)]
        canvas.polyline(points, 1.3, stroke=COLOURS[number])
        for x, y in points:
            canvas.circle(x, y, 2, COLOURS[number])
        key = HEIGHT - BOTTOM - 22 + 11 * number
        canvas.circle(LEFT + 150, key - 2.5, 2, COLOURS[number])
        canvas.text(LEFT + 156, key, labels[number], 8, "start", fill=COLOURS[number])
    return canvas.svg()


def written(amperes: float) -> str:
    """A current as a report writes it: "3.2 nA".

    >>> written(3.21e-9)
    '3.2 nA'
    """
    for power, unit in ((-6, "µA"), (-9, "nA"), (-12, "pA")):
        if amperes >= 0.9995 * 10**power:
            return f"{float(f'{amperes / 10**power:.2g}'):g} {unit}"
    return f"{amperes / 1e-15:.0f} fA"


def _axes(canvas: Canvas, axis: str) -> None:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    for power in DECADES:
        canvas.line(LEFT, _y(10.0**power), right, _y(10.0**power), 0.5, stroke="#cccccc")
        canvas.text(LEFT - 4, _y(10.0**power) + 3, f"1E{power}", 8, "end")
    for tenths in range(0, STEPS + 1, 2):
        canvas.line(_x(tenths / 10), bottom, _x(tenths / 10), bottom + 3, 0.6)
        canvas.text(_x(tenths / 10), bottom + 12, f"{tenths / 10:.1f}", 8)
    corners = [(LEFT, TOP), (right, TOP), (right, bottom), (LEFT, bottom), (LEFT, TOP)]
    canvas.polyline(corners, 0.8)
    canvas.text((LEFT + right) / 2, HEIGHT - 6, axis, 8)
    canvas.text(10, (TOP + bottom) / 2, "I (A)", 8, transform=f"rotate(-90 10 {(TOP + bottom) / 2:.2f})")


def _x(volt: float) -> float:
    return LEFT + volt / (STEPS * STEP_V) * (WIDTH - LEFT - RIGHT)


def _y(current: float) -> float:
    share = (math.log10(current) - DECADES[0]) / (DECADES[-1] - DECADES[0])
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)
