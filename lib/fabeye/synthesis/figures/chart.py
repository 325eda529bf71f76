"""Current over voltage of a failing cell and of a reference, on a logarithmic axis.

Notable:
- Two kinds: a leak carries more than the reference, an open less. The currents quoted in a report are points of the
  curves that are drawn.
"""

from dataclasses import dataclass
from random import Random

from fabeye.synthesis.figures.canvas import Canvas, draw_face
from fabeye.synthesis.figures.plot import Axis, Plot, Series, chart_data, linear_axis, log_axis
from fabeye.synthesis.shown import Shown
from fabeye.synthesis.wording import Phrase

WIDTH, HEIGHT = 300.0, 195.0  # drawing units
FRAME = (56.0, 12.0, 290.0, 162.0)
STEPS = 12
STEP_V = 0.1
READ_V = 1.1  # volts at which a report quotes the currents
DECADES = (-13, -5)  # first and last power of ten of the current axis, in A
NAMES = (Phrase("Reference", "参考单元"), Phrase("Failing", "失效单元"))


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


def draw_iv(rng: Random, language: str, sweep: Sweep | None = None, title: str = "") -> tuple[bytes, Shown]:
    """Curves of a sweep, drawn at random where none is given. `title` is told, not drawn: the caption has it."""
    sweep = sweep or draw_sweep(rng, rng.choice(("leak", "open")))
    canvas = Canvas(WIDTH, HEIGHT, draw_face(rng))
    volts = [round(STEP_V * step, 1) for step in range(1, STEPS + 1)]
    series = [Series(name.said(language), values) for name, values in zip(NAMES, _both(sweep), strict=True)]
    x, y = _axes(language)
    plot = Plot(canvas, FRAME, x, y)
    plot.frame()
    for number, one in enumerate(series):
        plot.line(volts, one, number)
    plot.key([one.name for one in series], FRAME[0] + 140, FRAME[3] - 34)
    return canvas.svg(), canvas.shown(chart_data("line", title, x, volts, y, series))


def written(amperes: float) -> str:
    """A current as a report writes it: "3.2 nA".

    >>> written(3.21e-9)
    '3.2 nA'
    """
    for power, unit in ((-6, "µA"), (-9, "nA"), (-12, "pA")):
        if amperes >= 0.9995 * 10**power:
            return f"{float(f'{amperes / 10**power:.2g}'):g} {unit}"
    return f"{amperes / 1e-15:.0f} fA"


def _both(sweep: Sweep) -> tuple[tuple[float, ...], tuple[float, ...]]:
    return sweep.reference, sweep.failing


def _axes(language: str) -> tuple[Axis, Axis]:
    volts = Phrase("Voltage", "电压").said(language)
    return linear_axis(volts, "V", (0, STEPS * STEP_V), 6, room=0), log_axis("I", "A", *DECADES)
