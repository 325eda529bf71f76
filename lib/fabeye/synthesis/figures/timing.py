"""Timing diagram of a burst: clock, command, address, strobe and data over clock edges.

Notable:
- The drawing follows four counts (tRCD, latency, burst length, tRAS in clocks), and these are returned, so the text
  beside a diagram says what the diagram shows.
- Commands are sampled at the middle of a clock cell, where the dashed edge lines stand.
"""

from dataclasses import dataclass
from random import Random

from fabeye.synthesis.figures.canvas import Canvas

LEFT, TOP, CELL, HIGH, GAP = 84.0, 28.0, 31.0, 16.0, 13.0  # drawing units
HATCH = (
    '<pattern id="hatch" width="3" height="3" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="3" height="3" fill="#d6d6d6"/><line x1="0" y1="0" x2="0" y2="3" stroke="#555" stroke-width="0.7"/>'
    "</pattern>"
)
LEGEND = {
    "en": ("TIME BREAK", "TRANSITIONING DATA", "DON'T CARE"),
    "zh": ("时间断点", "数据翻转", "无关"),
}
ROWS = {
    "en": ("CK_t, CK_c", "Command", "Address", "DQS_t, DQS_c", "DQ"),
    "zh": ("CK_t, CK_c", "命令", "地址", "DQS_t, DQS_c", "DQ"),
}


@dataclass(frozen=True, slots=True)
class Burst:
    """What a diagram shows. kind: READ or WRITE; trcd, latency, tras: clocks; length: bits a data line carries."""

    kind: str
    trcd: int
    latency: int
    length: int
    tras: int

    @property
    def clocks(self) -> int:
        """Clock cells in the diagram."""
        return self.tras + 2


def draw_burst(rng: Random) -> Burst:
    """Draw a burst whose row stays open until its data has passed."""
    trcd, latency, length = rng.choice((4, 5)), rng.choice((4, 5, 6)), rng.choice((4, 8))
    return Burst(rng.choice(("READ", "WRITE")), trcd, latency, length, tras=trcd + latency + length // 2 + 1)


def timing_diagram(burst: Burst, language: str, hatched: bool) -> tuple[bytes, float]:
    """SVG of the burst, and its width over its height."""
    rows = ROWS[language]
    canvas = Canvas(LEFT + CELL * burst.clocks + 12, TOP + len(rows) * (HIGH + GAP) + 78)
    canvas.define(HATCH)
    _edges(canvas, burst, len(rows))
    for number, name in enumerate(rows):
        canvas.text(LEFT - 6, _y(number) + HIGH / 2 + 2.5, name, 6.8, "end")
    _clock(canvas, burst.clocks)
    _commands(canvas, burst, "url(#hatch)" if hatched else "#cccccc")
    _strobe(canvas, burst)
    _data(canvas, burst)
    _dimensions(canvas, burst, len(rows))
    _time_break(canvas, burst, len(rows))
    _legend(canvas, LEGEND[language], "url(#hatch)" if hatched else "#cccccc")
    return canvas.svg(), canvas.width / canvas.height


def _x(clock: float) -> float:
    return LEFT + CELL * clock


def _y(row: int) -> float:
    return TOP + row * (HIGH + GAP)


def _edges(canvas: Canvas, burst: Burst, rows: int) -> None:
    for clock in range(burst.clocks):
        middle = _x(clock + 0.5)
        canvas.line(middle, TOP - 6, middle, _y(rows) - 4, 0.35, stroke_dasharray="2 2")
        canvas.text(middle, TOP - 10, edge_name(burst, clock), 6.5)


def edge_name(burst: Burst, clock: int) -> str:
    """Name of a clock edge: T0, T1, ... before the time break, Ta0, ... after it, Tb0, ... from the data on."""
    data = burst.trcd + burst.latency - 1
    if clock < burst.trcd - 1:
        return f"T{clock}"
    return f"Ta{clock - burst.trcd + 1}" if clock < data else f"Tb{clock - data}"


def _clock(canvas: Canvas, clocks: int) -> None:
    low, high = _y(0) + HIGH, _y(0)
    for first, second in ((low, high), (high, low)):
        points = []
        for clock in range(clocks):
            start, middle, end = _x(clock), _x(clock + 0.5), _x(clock + 1)
            points += [(start + 2 * (clock > 0), first), (middle - 2, first), (middle + 2, second), (end - 2, second)]
        canvas.polyline(points)


def _commands(canvas: Canvas, burst: Burst, idle: str) -> None:
    short = {"READ": "RD", "WRITE": "WR"}[burst.kind]
    events = {0: ("ACT", "Row"), burst.trcd: (short, "Col"), burst.tras: ("PRE", "Bank")}
    for clock in range(burst.clocks):
        command, address = events.get(clock, ("DES", ""))
        _cell(canvas, 1, clock, clock + 1, "white", command)
        _cell(canvas, 2, clock, clock + 1, "white" if address else idle, address)


def _cell(canvas: Canvas, row: int, start: float, end: float, fill: str, label: str, size: float = 6.3) -> None:
    left, right, high, middle, low = _x(start), _x(end), _y(row), _y(row) + HIGH / 2, _y(row) + HIGH
    shape = [(left, middle), (left + 3, high), (right - 3, high), (right, middle), (right - 3, low), (left + 3, low)]
    canvas.polygon(shape, fill)
    if label:
        canvas.text((left + right) / 2, middle + 2.3, label, size)


def _strobe(canvas: Canvas, burst: Burst) -> None:
    start = burst.trcd + burst.latency + 0.5
    end, low, middle, high = start + burst.length / 2, _y(3) + HIGH, _y(3) + HIGH / 2, _y(3)
    for rest, other in ((low, high), (high, low)):
        points = [(_x(0), middle), (_x(start - 1), middle), (_x(start - 1) + 3, rest)]
        for bit in range(burst.length + 1):
            before, after = (rest, other) if bit % 2 == 0 else (other, rest)
            points += [(_x(start + bit / 2) - 2, before), (_x(start + bit / 2) + 2, after)]
        points += [(_x(end + 0.5) - 3, points[-1][1]), (_x(end + 0.5), middle), (_x(burst.clocks), middle)]
        canvas.polyline(points)


def _data(canvas: Canvas, burst: Burst) -> None:
    start = burst.trcd + burst.latency + 0.25
    end, middle = start + burst.length / 2, _y(4) + HIGH / 2
    canvas.line(_x(0), middle, _x(start), middle)
    for bit in range(burst.length):
        _cell(canvas, 4, start + bit / 2, start + bit / 2 + 0.5, "white", f"D{bit}", 5.5)
    canvas.line(_x(end), middle, _x(burst.clocks), middle)


def _dimensions(canvas: Canvas, burst: Burst, rows: int) -> None:
    latency = {"READ": ("RL", ""), "WRITE": ("WL", "")}[burst.kind]
    spans = (
        (0, burst.trcd, ("t", "RCD")),
        (burst.trcd, burst.trcd + burst.latency, latency),
        (0, burst.tras, ("t", "RAS")),
    )
    for level, (start, end, (symbol, script)) in enumerate(spans):
        height, left, right = _y(rows) + 8 + level * 15, _x(start + 0.5), _x(end + 0.5)
        canvas.line(left, height, right, height, 0.6)
        for tip, inward in ((left, 1), (right, -1)):
            canvas.line(tip, height - 9, tip, height + 4, 0.5)
            canvas.polygon(
                [(tip, height), (tip + 4 * inward, height - 1.8), (tip + 4 * inward, height + 1.8)], "black", 0
            )
        middle = (left + right) / 2
        canvas.text(middle, height - 2.5, symbol, 7.5, "end" if script else "middle", font_style="italic")
        canvas.text(middle + 0.4, height - 1, script, 5.2, "start")


def _time_break(canvas: Canvas, burst: Burst, rows: int) -> None:
    middle = _x(burst.trcd - 1)
    for row in range(rows):
        _break_mark(canvas, middle, _y(row) + HIGH + 3, HIGH + 6)


def _break_mark(canvas: Canvas, middle: float, bottom: float, height: float) -> None:
    top = bottom - height
    gap = [(middle - 2, bottom), (middle + 2, top), (middle + 4, top), (middle, bottom)]
    canvas.polygon(gap, "white", 0, stroke="white")
    for left in (middle - 2, middle):
        canvas.line(left, bottom, left + 4, top, 0.7)


def _legend(canvas: Canvas, words: tuple[str, str, str], idle: str) -> None:
    low, left = canvas.height - 8, canvas.width - 260
    _break_mark(canvas, left, low + 1, 9)
    canvas.text(left + 8, low, words[0], 5.8, "start")
    for number, fill in enumerate(("white", idle)):
        start = left + 70 + number * 100
        canvas.polygon([(start, low - 6), (start + 12, low - 6), (start + 12, low + 1), (start, low + 1)], fill, 0.5)
        canvas.text(start + 16, low, words[1 + number], 5.8, "start")
