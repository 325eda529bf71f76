"""Draws a timing chart in the manner of memory standards, and tells what it drew.

Notable:
- Commands are sampled at the middle of a clock cell, where the dashed edge lines stand.
- Parameters stand below the signals, each in the highest lane where neither its arrow nor its words meet another's.
"""

import math
from dataclasses import dataclass
from random import Random
from typing import Any

from fabeye.synthesis.figures.canvas import Canvas, draw_face
from fabeye.synthesis.figures.lettering import text_width
from fabeye.synthesis.figures.timing_chart import Row, Segment, Span, TimingChart
from fabeye.synthesis.markup import to_plain
from fabeye.synthesis.shown import Shown
from fabeye.synthesis.wording import Phrase

CELL, TOP, HIGH, GAP = 28.0, 24.0, 16.0, 12.0  # drawing units: a clock's width, first row, a row's height and distance
LANE, SLANT, CROSS = 16.0, 3.0, 2.0  # distance of lanes; how far an edge of a cell, of a pair leans
NAME_SIZE, TICK_SIZE, WORD_SIZE, BIT_SIZE, NOTE_SIZE, SPAN_SIZE = 7.2, 7.0, 6.8, 6.0, 6.6, 7.6
GREY = "#cccccc"
PAIRS = {"preamble", "toggle", "postamble"}
CELLS = {"valid", "data", "dont_care"}
BREAK, DATA, CARE = (
    Phrase("TIME BREAK", "时间断点"),
    Phrase("TRANSITIONING DATA", "数据翻转"),
    Phrase("DON'T CARE", "无关"),
)


@dataclass(frozen=True, slots=True)
class Looks:
    """idle: fill of "don't care". wavy: time breaks are curves, not slashes. left: where the first clock begins."""

    idle: str
    wavy: bool
    left: float


def draw_chart(rng: Random, language: str, chart: TimingChart) -> tuple[bytes, Shown]:
    """Draw a chart: its picture and its truth, {"timing": ...}."""
    face = draw_face(rng)
    left = 12 + max(text_width(row.name, NAME_SIZE, face) for row in chart.rows)
    lanes = _lanes(chart, left, face)
    bottom = TOP + len(chart.rows) * (HIGH + GAP)
    height = bottom + LANE * (1 + max(lanes, default=-1)) + 10 * len(chart.notes) + 26
    canvas = Canvas(left + CELL * len(chart.edges) + 10, height, face)
    looks = Looks(canvas.hatch() if rng.random() < 0.6 else GREY, rng.random() < 0.4, left)
    _edges(canvas, chart, looks, bottom)
    signals = [_row(canvas, chart, looks, row, number) for number, row in enumerate(chart.rows)]
    spans = [_span(canvas, chart, looks, bottom, span, lane) for span, lane in zip(chart.spans, lanes, strict=True)]
    breaks = _breaks(canvas, chart, looks)
    _notes(canvas, chart)
    legend = _legend(canvas, chart, looks, language)
    ticks = {"ticks": chart.names, "tick_clocks": chart.edges}
    told = {"kind": chart.kind, "signals": signals, **ticks, "annotations": spans, "legend": legend, "breaks": breaks}
    return canvas.svg(), canvas.shown({"timing": {**told, "derived": chart.derived}})


def _x(chart: TimingChart, looks: Looks, clock: float) -> float:
    return looks.left + CELL * chart.place(clock)


def _y(row: int) -> float:
    return TOP + row * (HIGH + GAP)


def _edges(canvas: Canvas, chart: TimingChart, looks: Looks, bottom: float) -> None:
    for clock, name in zip(chart.edges, chart.names, strict=True):
        middle = _x(chart, looks, clock)
        canvas.line(middle, TOP - 4, middle, bottom - 6, 0.35, stroke_dasharray="2 2")
        canvas.text(middle, TOP - 8, name, TICK_SIZE)


def _row(canvas: Canvas, chart: TimingChart, looks: Looks, row: Row, number: int) -> dict[str, Any]:
    high, middle, low = _y(number), _y(number) + HIGH / 2, _y(number) + HIGH
    canvas.text(looks.left - 6, middle + 0.36 * NAME_SIZE, row.name, NAME_SIZE, "end")
    level: float | None = None
    told = []
    for segment in row.segments:
        x0, x1 = _x(chart, looks, segment.start), _x(chart, looks, segment.end)
        if x1 <= x0:  # it is left out at a time break
            continue
        if segment.state in CELLS:
            _cell(canvas, (x0, high, x1, low), segment.state, looks)
        elif segment.state in PAIRS:
            _pair(canvas, chart, looks, segment, (high, middle, low))
        else:
            height = {"high": high, "low": low, "hi_z": middle}[segment.state]
            _level(canvas, x0, x1, level, height)
        size = BIT_SIZE if segment.state == "data" else WORD_SIZE
        clear = sum(_x(chart, looks, clock) for clock in chart.clear(segment.start, segment.end)) / 2
        canvas.text(clear, middle + 0.36 * size, segment.label, size)
        level = {"high": high, "low": low, "hi_z": middle}.get(segment.state)
        told.append(_told(chart, segment, canvas.share(x0, high, x1, low)))
    return {"name": row.name, "segments": told}


def _told(chart: TimingChart, segment: Segment, box: tuple[float, float, float, float]) -> dict[str, Any]:
    middle = (segment.start + segment.end) / 2
    start, end = (middle, middle) if segment.sampled else (segment.start, segment.end)
    names = {"from": chart.moment(start), "to": chart.moment(end)}
    return {**names, "state": segment.state, "label": to_plain(segment.label), "box": list(box)}


def _cell(canvas: Canvas, box: tuple[float, float, float, float], state: str, looks: Looks) -> None:
    x0, high, x1, low = box
    middle = (high + low) / 2
    shape = [(x0, middle), (x0 + SLANT, high), (x1 - SLANT, high)]
    shape += [(x1, middle), (x1 - SLANT, low), (x0 + SLANT, low)]
    canvas.polygon(shape, looks.idle if state == "dont_care" else "white")


def _level(canvas: Canvas, x0: float, x1: float, before: float | None, height: float) -> None:
    lean = [] if before is None or before == height else [(x0 - SLANT / 2, before), (x0 + SLANT / 2, height)]
    canvas.polyline([*(lean or [(x0, height)]), (x1 - SLANT / 2 * bool(lean), height), (x1, height)])


def _pair(
    canvas: Canvas, chart: TimingChart, looks: Looks, segment: Segment, heights: tuple[float, float, float]
) -> None:
    """Both lines of a differential signal; the true one rises at the start of a toggling stretch."""
    high, middle, low = heights
    for rest, other in ((low, high), (high, low)):
        if segment.state == "toggle":
            _toggle(canvas, chart, looks, segment, rest, other)
            continue
        x0, x1 = _x(chart, looks, segment.start), _x(chart, looks, segment.end)
        if segment.state == "preamble":
            canvas.polyline([(x0, middle), (x0 + SLANT, rest), (x1 - CROSS, rest), (x1, middle)])
        else:
            canvas.polyline([(x0, middle), (x0 + CROSS, rest), (x1 - SLANT, rest), (x1, middle)])


def _toggle(canvas: Canvas, chart: TimingChart, looks: Looks, segment: Segment, rest: float, other: float) -> None:
    points: list[tuple[float, float]] = []
    for first, last in chart.windows:
        start, end = max(segment.start, first - 0.5), min(segment.end, last + 0.5)
        for half in range(math.ceil(2 * (end - start))):
            moment = start + half / 2
            height = other if round(2 * (moment - segment.start)) % 2 == 0 else rest
            points += [(_x(chart, looks, moment) + CROSS, height), (_x(chart, looks, moment + 0.5) - CROSS, height)]
    middle = (rest + other) / 2
    canvas.polyline([(points[0][0] - CROSS, middle), *points, (points[-1][0] + CROSS, middle)])


def _lanes(chart: TimingChart, left: float, face: str) -> list[int]:
    """The lane of each span: the first in which it fits, arrow and words together."""
    taken: list[list[tuple[float, float]]] = []
    lanes = []
    for span in chart.spans:
        x0, x1 = left + CELL * chart.place(span.start), left + CELL * chart.place(span.end)
        end = x1 if _fits(span, x1 - x0, face) else x1 + 6 + text_width(span.label, SPAN_SIZE, face)
        free = (n for n, lane in enumerate(taken) if all(end + 3 < a or b + 3 < x0 for a, b in lane))
        lane = next(free, len(taken))
        taken += [[]] if lane == len(taken) else []
        taken[lane].append((x0, end))
        lanes.append(lane)
    return lanes


def _fits(span: Span, room: float, face: str) -> bool:
    return text_width(span.label, SPAN_SIZE, face) < room - 4


def _span(canvas: Canvas, chart: TimingChart, looks: Looks, bottom: float, span: Span, lane: int) -> dict[str, Any]:
    y, x0, x1 = bottom + 8 + lane * LANE, _x(chart, looks, span.start), _x(chart, looks, span.end)
    for x in (x0, x1):
        canvas.line(x, bottom - 6, x, y + 4, 0.5)
    canvas.arrow([(x0, y), (x1, y)], 0.6, both=True)
    if _fits(span, x1 - x0, canvas.face):
        canvas.text((x0 + x1) / 2, y - 3.6, span.label, SPAN_SIZE)
    else:
        canvas.text(x1 + 4, y + 0.36 * SPAN_SIZE, span.label, SPAN_SIZE, "start")
    edges = {"from": chart.moment(span.start), "to": chart.moment(span.end)}
    box = list(canvas.share(x0, y - 9, x1, y + 4))
    return {"parameter": span.parameter, **edges, "clocks": span.clocks, "box": box}


def _breaks(canvas: Canvas, chart: TimingChart, looks: Looks) -> list[dict[str, Any]]:
    told = []
    for (_, last), (first, _) in zip(chart.windows, chart.windows[1:], strict=False):
        middle = _x(chart, looks, last + 0.5)
        for row in range(len(chart.rows)):
            _break_mark(canvas, looks, middle, _y(row) + HIGH + 3, HIGH + 6)
        box = list(canvas.share(middle - 4, TOP, middle + 4, _y(len(chart.rows))))
        told.append({"after": chart.moment(last), "before": chart.moment(first), "box": box})
    return told


def _break_mark(canvas: Canvas, looks: Looks, middle: float, bottom: float, height: float) -> None:
    top = bottom - height
    gap = [(middle - 3, bottom), (middle + 1, top), (middle + 3, top), (middle - 1, bottom)]
    canvas.polygon(gap, "white", 0, stroke="white")
    for left in (middle - 3, middle - 1):
        if looks.wavy:
            third = height / 3
            canvas.path(
                f"M{left:.2f},{bottom:.2f} c3,{-third:.2f} 1,{-2 * third:.2f} 4,{-height:.2f}",
                0.7,
            )
        else:
            canvas.line(left, bottom, left + 4, top, 0.7)


def _notes(canvas: Canvas, chart: TimingChart) -> None:
    for number, note in enumerate(reversed(chart.notes)):
        canvas.text(8, canvas.height - 22 - 10 * number, note, NOTE_SIZE, "start")


def _legend(canvas: Canvas, chart: TimingChart, looks: Looks, language: str) -> list[str]:
    """Explain what occurs, at the right below; the words."""
    states = {segment.state for row in chart.rows for segment in row.segments}
    wanted = {"break": len(chart.windows) > 1, "data": "data" in states, "care": "dont_care" in states}
    words = {"break": BREAK, "data": DATA, "care": CARE}
    entries = [(sign, words[sign].said(language)) for sign, met in wanted.items() if met]
    low = canvas.height - 7
    x = canvas.width - 10 - sum(28 + text_width(word, NOTE_SIZE, canvas.face) for _, word in entries)
    for sign, word in entries:
        if sign == "break":
            _break_mark(canvas, looks, x + 8, low + 1, 9)
        else:
            canvas.rectangle(x, low - 6, x + 12, low + 1, "white" if sign == "data" else looks.idle, 0.5)
        canvas.text(x + 16, low, word, NOTE_SIZE, "start")
        x += 28 + text_width(word, NOTE_SIZE, canvas.face)
    return [word for _, word in entries]
