"""Power-up sequence: supplies ramp, reset and clock enable follow, with named moments and waits between them."""

from collections.abc import Sequence
from random import Random

from fabeye.synthesis.figures.canvas import Canvas, draw_face
from fabeye.synthesis.shown import Shown

LEFT, TOP, STEP, HIGH, GAP = 70.0, 28.0, 46.0, 20.0, 13.0  # drawing units; STEP lies between two moments
SIZE = 7.2
LETTERS = "abcdefghk"
INIT = (("t_{INIT0}", "20 ms"), ("t_{INIT1}", "200 µs"), ("t_{INIT2}", "10 ns"), ("t_{INIT3}", "500 µs"),
        ("t_{INIT4}", "5 nCK"), ("t_{ZQCAL}", "1 µs"))  # fmt: skip
LIMIT = {"t_{INIT0}": "max"}  # the others are minima


def draw_power_up(rng: Random, language: str) -> tuple[bytes, Shown]:
    """Supplies in order, reset, clock, chip select and the first commands; alike in every language."""
    del language
    supplies = rng.choice((("V_{PP}", "V_{DD}, V_{DDQ}"), ("V_{DD1}", "V_{DD2}", "V_{DDQ}"), ("V_{PP}", "V_{DD}")))
    moments = 7
    rows = [*supplies, "RESET_n", "CK_t, CK_c", "CS_n", "CA"]
    height = TOP + len(rows) * (HIGH + GAP) + 16 * 3 + 12
    canvas = Canvas(LEFT + STEP * moments + 20, height, draw_face(rng))
    bottom = TOP + len(rows) * (HIGH + GAP)
    names = [f"T{LETTERS[number]}" for number in range(moments)]
    for number, name in enumerate(names):
        canvas.line(_x(number), TOP - 4, _x(number), bottom - 4, 0.35, stroke_dasharray="2 2")
        canvas.text(_x(number), TOP - 9, name, SIZE)
    for number, name in enumerate(rows):
        canvas.text(LEFT - 8, _y(number) - HIGH / 2 + 2.6, name, SIZE, "end")
        _row(canvas, name, number, len(supplies), rng)
    spans = _spans(canvas, rng, names, bottom)
    detail = {"image_gt": {"kind": "power_up", "signals": rows, "ticks": names, "annotations": spans}}
    return canvas.svg(), canvas.shown(detail)


def _x(moment: float) -> float:
    return LEFT + STEP * (moment + 0.5)


def _y(row: int) -> float:
    """The low level of a row."""
    return TOP + row * (HIGH + GAP) + HIGH


def _row(canvas: Canvas, name: str, number: int, supplies: int, rng: Random) -> None:
    low, high, end = _y(number), _y(number) - HIGH, canvas.width - 14
    if number < supplies:
        start, ramp = _x(0) + 5 * number, STEP * rng.uniform(0.5, 0.8)
        canvas.polyline([(LEFT, low), (start, low), (start + ramp, high), (end, high)])
    elif name == "RESET_n":
        canvas.polyline([(LEFT, low), (_x(2), low), (_x(2) + 4, high), (end, high)])
    elif name.startswith("CK"):
        canvas.line(LEFT, low - HIGH / 2, _x(3) - STEP / 2, low - HIGH / 2)
        _toggle(canvas, _x(3) - STEP / 2, end, low, high)
    elif name == "CS_n":
        points = [(LEFT, low), (_x(2) - 12, low), (_x(2) - 8, high)]
        for moment in (4, 5, 6):
            x = _x(moment)
            points += [(x - 9, high), (x - 7, low), (x + 7, low), (x + 9, high)]
        canvas.polyline([*points, (end, high)])
    else:
        canvas.rectangle(LEFT, high, _x(4) - 12, low, canvas.hatch(), 0.5)
        for moment, word in ((4, "NOP"), (5, "MPC"), (6, "MRW")):
            canvas.rectangle(_x(moment) - 12, high, _x(moment) + 12, low, "white")
            canvas.text(_x(moment), low - HIGH / 2 + 2.5, word, 6.8)
            if moment < 6:
                canvas.rectangle(_x(moment) + 12, high, _x(moment + 1) - 12, low, canvas.hatch(), 0.5)


def _toggle(canvas: Canvas, start: float, end: float, low: float, high: float) -> None:
    for first, second in ((low, high), (high, low)):
        points, x, number = [], start, 0
        while x + 8 <= end:
            level = first if number % 2 == 0 else second
            points += [(x + 1.5, level), (x + 6.5, level)]
            x, number = x + 8, number + 1
        canvas.polyline(points)


def _spans(canvas: Canvas, rng: Random, names: Sequence[str], bottom: float) -> list[dict[str, str]]:
    """Waits between neighbouring moments, some with their value."""
    told, valued = [], rng.random() < 0.6
    for number, (symbol, value) in enumerate(INIT):
        y, x0, x1 = bottom + 10 + 16 * (number % 3), _x(number), _x(number + 1)
        for x in (x0, x1):
            canvas.line(x, bottom - 4, x, y + 3, 0.4)
        canvas.arrow([(x0, y), (x1, y)], 0.6, both=True)
        canvas.text((x0 + x1) / 2, y - 3.6, symbol, 7)
        if valued:
            canvas.text(x1 + 3, y + 2.5, f"{value} {LIMIT.get(symbol, 'min')}", 6.4, "start")
        plain = symbol.replace("_{", "").replace("}", "")
        told.append(
            {"parameter": plain, "from": names[number], "to": names[number + 1], "value": value if valued else ""}
        )
    return told
