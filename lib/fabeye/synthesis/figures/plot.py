"""Axes, series and keys of charts, and the form in which a chart's numbers are told.

Notable:
- A chart is drawn from `Axis` and `Series`, and `chart_data` tells the same two, so the truth is what was drawn.
- Ticks stand at 1, 2 or 5 times a power of ten, or at whole powers of ten on a logarithmic axis.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fabeye.synthesis.figures.canvas import Canvas
from fabeye.synthesis.figures.lettering import text_width

COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#8c564b", "#ff7f0e")
DASHES = ("", "4 2", "1.5 1.5", "6 2 1.5 2", "8 2", "3 3")
TICK_SIZE, LABEL_SIZE, KEY_SIZE, TITLE_SIZE = 7.0, 7.5, 7.0, 8.5  # of letters, in drawing units
GRID = "#d0d0d0"
NEARLY = 1e-9  # of a step, by which a limit may miss a tick and still stand at it
DIGITS = 12  # significant digits kept of a tick, which hides the rounding of binary fractions


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from `low` to `high`; `names` are written at its ticks where they are not numbers."""

    label: str
    unit: str
    low: float
    high: float
    ticks: tuple[float, ...]
    log: bool = False
    names: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What is written along the axis."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    def share(self, value: float) -> float:
        """Where a value lies: 0 at `low`, 1 at `high`."""
        if self.log:
            return (math.log10(value) - math.log10(self.low)) / (math.log10(self.high) - math.log10(self.low))
        return (value - self.low) / (self.high - self.low)

    def written(self) -> list[str]:
        """What is written at each tick."""
        if self.names:
            return list(self.names)
        if self.log:
            return [f"1E{round(math.log10(tick)):+03d}" for tick in self.ticks]
        digits = max((len(f"{tick:.{DIGITS}g}".partition(".")[2]) for tick in self.ticks), default=0)
        return [f"{tick:.{digits}f}".replace("-", "−") for tick in self.ticks]


@dataclass(frozen=True, slots=True)
class Series:
    """A line, a row of bars or a cloud: one value for each value of the x axis."""

    name: str
    values: tuple[float, ...]


def linear_axis(label: str, unit: str, values: Sequence[float], steps: int = 5, room: float = 0.06) -> Axis:
    """An axis that holds all values; `room` is left at both ends, as a share of their spread."""
    spread = max(values) - min(values) or abs(max(values)) or 1.0
    low, high = min(values) - room * spread, max(values) + room * spread
    low = max(low, 0.0) if min(values) >= 0 else low  # a count or a current has no room below zero
    step = _step((high - low) / steps)
    first, last = math.floor(low / step + NEARLY), math.ceil(high / step - NEARLY)
    ticks = tuple(float(f"{count * step:.{DIGITS}g}") for count in range(first, last + 1))
    return Axis(label, unit, ticks[0], ticks[-1], ticks)


def log_axis(label: str, unit: str, first: int, last: int) -> Axis:
    """An axis from 10^first to 10^last."""
    ticks = tuple(10.0**power for power in range(first, last + 1))
    return Axis(label, unit, ticks[0], ticks[-1], ticks, log=True)


def named_axis(label: str, names: Sequence[str]) -> Axis:
    """An axis of names, the first at 0, the second at 1, ..."""
    places = tuple(float(place) for place in range(len(names)))
    return Axis(label, "", -0.5, len(names) - 0.5, places, names=tuple(names))


class Plot:
    """A frame with two axes on a canvas, from (x0, y0) top left to (x1, y1)."""

    def __init__(self, canvas: Canvas, box: tuple[float, float, float, float], x: Axis, y: Axis):
        self.canvas, self.x, self.y = canvas, x, y
        self.x0, self.y0, self.x1, self.y1 = box

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies on the canvas."""
        return self.x0 + self.x.share(x) * (self.x1 - self.x0), self.y1 - self.y.share(y) * (self.y1 - self.y0)

    def frame(self, grid: bool = True) -> None:
        """Frame, ticks, numbers and titles of both axes."""
        canvas, widest = self.canvas, 0.0
        for tick, name in zip(self.y.ticks, self.y.written(), strict=True):
            _, height = self.at(self.x.low, tick)
            canvas.line(
                self.x0 - 3, height, self.x1 if grid else self.x0, height, 0.5, stroke=GRID if grid else "black"
            )
            canvas.text(self.x0 - 5, height + 0.36 * TICK_SIZE, name, TICK_SIZE, "end")
            widest = max(widest, text_width(name, TICK_SIZE, canvas.face))
        for tick, name in zip(self.x.ticks, self.x.written(), strict=True):
            across, _ = self.at(tick, self.y.low)
            canvas.line(across, self.y1, across, self.y1 + 3, 0.5)
            canvas.text(across, self.y1 + 4 + TICK_SIZE, name, TICK_SIZE)
        canvas.rectangle(self.x0, self.y0, self.x1, self.y1)
        canvas.text((self.x0 + self.x1) / 2, self.y1 + 8 + TICK_SIZE + LABEL_SIZE, self.x.title, LABEL_SIZE)
        middle = (self.y0 + self.y1) / 2 + text_width(self.y.title, LABEL_SIZE, canvas.face) / 2
        canvas.text(self.x0 - 9 - widest, middle, self.y.title, LABEL_SIZE, "start", turned=True)

    def line(self, xs: Sequence[float], series: Series, number: int, grey: bool = False, dots: bool = True) -> None:
        """A line through a series, in the looks of its number."""
        colour, dash = looks(number, grey)
        points = [self.at(x, y) for x, y in zip(xs, series.values, strict=True)]
        self.canvas.polyline(points, 1.1, stroke=colour, **({"stroke_dasharray": dash} if dash else {}))
        for x, y in points if dots else ():
            self.canvas.circle(x, y, 1.7, colour)

    def level(self, value: float, name: str, colour: str, dash: str = "4 2") -> None:
        """A level line over the whole width, named beyond the right edge."""
        _, height = self.at(self.x.low, value)
        self.canvas.line(self.x0, height, self.x1, height, 0.8, stroke=colour, stroke_dasharray=dash)
        self.canvas.text(self.x1 + 3, height + 0.36 * TICK_SIZE, name, TICK_SIZE, "start", fill=colour)

    def key(self, names: Sequence[str], x: float, y: float, grey: bool = False) -> None:
        """The key to the lines, its top left at (x, y)."""
        width = 26 + max(text_width(name, KEY_SIZE, self.canvas.face) for name in names)
        self.canvas.rectangle(x, y, x + width, y + 4 + 1.5 * KEY_SIZE * len(names), "white", 0.5, stroke="#888888")
        for number, name in enumerate(names):
            colour, dash = looks(number, grey)
            middle = y + 2 + 1.5 * KEY_SIZE * (number + 0.5)
            style = {"stroke_dasharray": dash} if dash else {}
            self.canvas.line(x + 4, middle, x + 18, middle, 1.1, stroke=colour, **style)
            self.canvas.text(x + 21, middle + 0.36 * KEY_SIZE, name, KEY_SIZE, "start")

    def key_above(self, names: Sequence[str], grey: bool = False) -> None:
        """The key to the lines in a row above the frame, where no line can be."""
        x, middle = self.x0, self.y0 - 8
        for number, name in enumerate(names):
            colour, dash = looks(number, grey)
            style = {"stroke_dasharray": dash} if dash else {}
            self.canvas.line(x, middle, x + 16, middle, 1.1, stroke=colour, **style)
            self.canvas.text(x + 20, middle + 0.36 * KEY_SIZE, name, KEY_SIZE, "start")
            x += 34 + text_width(name, KEY_SIZE, self.canvas.face)


def looks(number: int, grey: bool) -> tuple[str, str]:
    """Colour and dashes of series number `number`; grey drawings tell series by dashes alone."""
    return ("black", DASHES[number % len(DASHES)]) if grey else (COLOURS[number % len(COLOURS)], "")


def chart_data(
    kind: str, title: str, x: Axis, values: Sequence[float | str], y: Axis, series: Sequence[Series], **more: Any
) -> dict[str, Any]:
    """The truth of a chart: {"chart_data": {"type", "title", "x", "y", "series", ...}}; `values` are those of x."""
    return {
        "chart_data": {
            "type": kind,
            "title": title,
            "x": {"label": x.label, "unit": x.unit, "values": list(values)},
            "y": {"label": y.label, "unit": y.unit},
            "series": [{"name": one.name, "values": list(one.values)} for one in series],
            **more,
        }
    }


def _step(least: float) -> float:
    """The least of 1, 2, 5, 10 times a power of ten that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - NEARLY))
