"""Waveform definition: an input's levels, its crossing of the reference, and set-up and hold around the clock."""

from random import Random

from fabeye.synthesis.figures.canvas import Canvas, draw_face
from fabeye.synthesis.shown import Shown

WIDTH, HEIGHT = 370.0, 220.0  # drawing units
LEFT, RIGHT, TOP, BOTTOM = 56.0, 352.0, 24.0, 176.0
FIRST, LAST, LEAN, BEYOND = 141.0, 276.0, 34.0, 12.0  # middles of both edges, half their length, swing beyond AC
SIZE = 7.2
AC_MV, DC_MV = (135, 150, 175), (75, 90, 100)  # from the reference to the levels
REFERENCE_MV = 600
SUPPLY = "V_{DDQ}"
PAIRS = (("t_{DS}", "t_{DH}", "DQS_t"), ("t_{IS}", "t_{IH}", "CK_t"))


def draw_waveform(rng: Random, language: str, reference: int = REFERENCE_MV) -> tuple[bytes, Shown]:
    """A rising and a falling input between its AC and DC levels around a reference in mV; alike in every language."""
    del language
    canvas = Canvas(WIDTH, HEIGHT, draw_face(rng))
    ac, dc = rng.choice(AC_MV), rng.choice(DC_MV)
    levels = {
        SUPPLY: 2 * reference, "V_{IH(AC)}": reference + ac, "V_{IH(DC)}": reference + dc,
        "V_{REF}": reference, "V_{IL(DC)}": reference - dc, "V_{IL(AC)}": reference - ac, "V_{SS}": 0,
    }  # fmt: skip
    heights = _spread(list(levels))
    for name, y in heights.items():
        dashes = {} if name in {SUPPLY, "V_{SS}"} else {"stroke_dasharray": "4 2"}
        canvas.line(LEFT, y, RIGHT, y, 0.5, **dashes)
        canvas.text(LEFT - 5, y + 2.6, name, SIZE, "end")
    _wave(canvas, heights)
    setup, hold, strobe = rng.choice(PAIRS)
    _waits(canvas, heights, setup, hold, strobe)
    note = ", ".join(f"{name} = {levels[name]} mV" for name in ("V_{IH(AC)}", "V_{REF}", "V_{IL(AC)}"))
    canvas.text(WIDTH / 2, HEIGHT - 8, note, 6.8)
    plain = {name.replace("_{", "").replace("}", ""): value for name, value in levels.items()}
    spans = [symbol.replace("_{", "").replace("}", "") for symbol in (setup, hold)]
    detail = {"image_gt": {"kind": "waveform", "levels_mv": plain, "annotations": spans, "strobe": strobe}}
    return canvas.svg(), canvas.shown(detail)


def _spread(names: list[str]) -> dict[str, float]:
    """Levels at even distances, so that none is written over another; the drawing is not to scale."""
    step = (BOTTOM - TOP) / (len(names) - 1)
    return {name: TOP + step * number for number, name in enumerate(names)}


def _wave(canvas: Canvas, heights: dict[str, float]) -> None:
    high, low = _swing(heights)
    for start, end in ((low, high), (high, low)):
        up, down = [(FIRST - LEAN, start), (FIRST + LEAN, end)], [(LAST - LEAN, end), (LAST + LEAN, start)]
        canvas.polyline([(LEFT, start), *up, *down, (RIGHT, start)], 1.2)


def _swing(heights: dict[str, float]) -> tuple[float, float]:
    """Highest and lowest point of the input."""
    return heights["V_{IH(AC)}"] - BEYOND, heights["V_{IL(AC)}"] + BEYOND


def _crossing(heights: dict[str, float], level: str, edge: int) -> float:
    """Where the first (0) or the last (1) edge of the input that is high in the middle meets a level."""
    high, low = _swing(heights)
    share = (low - heights[level]) / (low - high)
    return FIRST - LEAN + 2 * LEAN * share if edge == 0 else LAST + LEAN - 2 * LEAN * share


def _waits(canvas: Canvas, heights: dict[str, float], setup: str, hold: str, strobe: str) -> None:
    first, middle, last = _crossing(heights, "V_{IH(AC)}", 0), (FIRST + LAST) / 2, _crossing(heights, "V_{IH(DC)}", 1)
    canvas.line(middle, TOP - 6, middle, BOTTOM + 6, 0.9)
    canvas.text(middle, TOP - 10, strobe, SIZE)
    y = BOTTOM + 12
    for x in (first, middle, last):
        canvas.line(x, heights["V_{IH(AC)}"], x, y + 4, 0.4, stroke_dasharray="2 2")
    for x0, x1, symbol in ((first, middle, setup), (middle, last, hold)):
        canvas.arrow([(x0, y), (x1, y)], 0.6, both=True)
        canvas.text((x0 + x1) / 2, y + 10, symbol, SIZE)
