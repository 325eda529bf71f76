"""Waveforms of a simulator: clock, control lines and buses with hexadecimal values, and a cursor.

Notable:
- The traffic obeys its handshake: a value passes in every cycle in which valid and ready are both high, and nowhere
  else; values that pass are told.
"""

from dataclasses import dataclass
from random import Random

from fabeye.synthesis.figures.canvas import Canvas, draw_face
from fabeye.synthesis.figures.lettering import text_width
from fabeye.synthesis.shown import Shown

CELL, HIGH, GAP, TOP = 30.0, 14.0, 9.0, 24.0  # drawing units
SIZE, SMALL = 7.0, 6.4
CYCLES = (12, 15)  # least and most
PERIODS_NS = (2, 4, 5, 10)
DARK = {"paper": "#101418", "ink": "#d6e2ea", "line": "#46d06a", "bus": "#e0c050", "cursor": "#ff5050"}
LIGHT = {"paper": "white", "ink": "black", "line": "black", "bus": "black", "cursor": "#d62728"}


@dataclass(frozen=True, slots=True)
class Traffic:
    """A handshake, cycle by cycle; `data` is what the source drives, None where it drives nothing."""

    period_ns: int
    valid: tuple[bool, ...]
    ready: tuple[bool, ...]
    data: tuple[int | None, ...]

    def passed(self) -> list[int]:
        """The values that passed, in order."""
        cycles = zip(self.valid, self.ready, self.data, strict=True)
        return [value for valid, ready, value in cycles if valid and ready and value is not None]


def draw_traffic(rng: Random) -> Traffic:
    """Draw a handshake in which the source holds its value until it is taken."""
    valid: list[bool] = []
    ready: list[bool] = []
    data: list[int | None] = []
    held: int | None = None
    for _ in range(rng.randint(*CYCLES)):
        held = held if held is not None else (rng.randrange(256) if rng.random() < 0.65 else None)
        taken = rng.random() < 0.7
        valid.append(held is not None)
        ready.append(taken)
        data.append(held)
        held = None if taken else held
    return Traffic(rng.choice(PERIODS_NS), tuple(valid), tuple(ready), tuple(data))


def draw_simulation(rng: Random, language: str, traffic: Traffic | None = None) -> tuple[bytes, Shown]:
    """The waveforms, on dark or on light ground; alike in every language, since signals are names in code."""
    del language
    traffic = traffic or draw_traffic(rng)
    colours, face, prefix = rng.choice((DARK, LIGHT)), draw_face(rng), rng.choice(("s_axis_", "req_", "wr_", ""))
    names = ["clk", f"{prefix}valid", f"{prefix}ready", f"{prefix}data[7:0]"]
    left = 14 + max(text_width(name, SIZE, face) for name in names)
    canvas = Canvas(left + CELL * len(traffic.valid) + 12, TOP + len(names) * (HIGH + GAP) + 6, face)
    canvas.rectangle(0, 0, canvas.width, canvas.height, colours["paper"], 0.8, stroke=colours["ink"])
    for cycle in range(0, len(traffic.valid) + 1, 2):
        label = f"{cycle * traffic.period_ns} ns"
        canvas.text(left + CELL * cycle, 11, label, SMALL, "middle" if cycle else "start", fill=colours["ink"])
        canvas.line(left + CELL * cycle, 14, left + CELL * cycle, 18, 0.5, stroke=colours["ink"])
    for number, name in enumerate(names):
        canvas.text(left - 6, _y(number) + HIGH / 2 + 2.5, name, SIZE, "end", fill=colours["ink"])
    _clock(canvas, left, len(traffic.valid), colours["line"])
    _level(canvas, left, 1, traffic.valid, colours["line"])
    _level(canvas, left, 2, traffic.ready, colours["line"])
    _bus(canvas, left, traffic, colours)
    cursor = left + CELL * rng.randrange(2, len(traffic.valid) - 1)
    canvas.line(cursor, 18, cursor, canvas.height - 4, 0.8, stroke=colours["cursor"])
    passed = [f"{value:02X}" for value in traffic.passed()]
    detail = {"kind": "simulation", "period_ns": traffic.period_ns, "signals": names, "transfers": passed}
    return canvas.svg(), canvas.shown({"image_gt": detail})


def _y(row: int) -> float:
    return TOP + row * (HIGH + GAP)


def _clock(canvas: Canvas, left: float, cycles: int, colour: str) -> None:
    points, low, high = [], _y(0) + HIGH, _y(0)
    for cycle in range(cycles):
        x = left + CELL * cycle
        points += [(x, low), (x, high), (x + CELL / 2, high), (x + CELL / 2, low)]
    canvas.polyline([*points, (left + CELL * cycles, low)], stroke=colour)


def _level(canvas: Canvas, left: float, row: int, values: tuple[bool, ...], colour: str) -> None:
    heights = [_y(row) + HIGH * (not value) for value in values]
    points = []
    for cycle, height in enumerate(heights):
        points += [(left + CELL * cycle + 1.5, height), (left + CELL * (cycle + 1) - 0.5, height)]
    canvas.polyline(points, stroke=colour)


def _bus(canvas: Canvas, left: float, traffic: Traffic, colours: dict[str, str]) -> None:
    """Cells of equal value made one; nothing driven is a line in the middle."""
    high, low = _y(3), _y(3) + HIGH
    starts = [cycle for cycle in range(len(traffic.data)) if cycle == 0 or _new(traffic, cycle)]
    for start, end in zip(starts, [*starts[1:], len(traffic.data)], strict=True):
        x0, x1, value = left + CELL * start, left + CELL * end, traffic.data[start]
        middle = (high + low) / 2
        if value is None:
            canvas.line(x0, middle, x1, middle, stroke=colours["bus"])
            continue
        shape = [(x0, middle), (x0 + 2.5, high), (x1 - 2.5, high), (x1, middle), (x1 - 2.5, low), (x0 + 2.5, low)]
        canvas.polygon(shape, "none", stroke=colours["bus"])
        canvas.text((x0 + x1) / 2, middle + 2.4, f"{value:02X}", SIZE, fill=colours["ink"])


def _new(traffic: Traffic, cycle: int) -> bool:
    """Whether the source drives something new in a cycle."""
    taken = traffic.ready[cycle - 1] and traffic.valid[cycle - 1]
    return taken or (traffic.data[cycle] is None) != (traffic.data[cycle - 1] is None)
