"""Eye diagram of a data input with its compliance mask."""

from random import Random

from fabeye.synthesis.figures.canvas import Canvas, draw_face
from fabeye.synthesis.shown import Shown

WIDTH, HEIGHT = 332.0, 190.0  # drawing units
MIDDLE_X, MIDDLE_Y, UI = 150.0, 92.0, 190.0  # the eye's middle, and the width of one unit interval
MV = 0.32  # drawing units a millivolt
SWING_MV, JITTER = 165.0, 4.5  # half the signal's swing; spread of its lines in drawing units
WIDTHS_UI, HEIGHTS_MV = (0.18, 0.20, 0.22, 0.24, 0.25), (90, 95, 110, 120, 130, 140)
LINES = 9
END = 278.0  # of the lines, in drawing units
LEVEL = "V_{CENT,DQ}"
SYMBOLS = (("TdIVW", "VdIVW"), ("t_{DIVW}", "V_{DIVW}"), ("TdiPW", "VdiVW"))


def draw_eye_mask(rng: Random, language: str) -> tuple[bytes, Shown]:
    """An eye of many crossings with its mask; alike in every language, since it shows symbols only."""
    del language
    canvas = Canvas(WIDTH, HEIGHT, draw_face(rng))
    width, height = rng.choice(WIDTHS_UI), rng.choice(HEIGHTS_MV)
    symbols, diamond = rng.choice(SYMBOLS), rng.random() < 0.3
    for _ in range(LINES):
        _crossing(canvas, rng)
    half_x, half_y = width * UI / 2, height * MV / 2
    x0, y0, x1, y1 = MIDDLE_X - half_x, MIDDLE_Y - half_y, MIDDLE_X + half_x, MIDDLE_Y + half_y
    rectangle = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    hexagon = [(x0, MIDDLE_Y), (x0 + 9, y0), (x1 - 9, y0), (x1, MIDDLE_Y), (x1 - 9, y1), (x0 + 9, y1)]
    canvas.polygon(hexagon if diamond else rectangle, "#dddddd", 1.2)
    canvas.line(12, MIDDLE_Y, END + 8, MIDDLE_Y, 0.5, stroke_dasharray="3 2")
    canvas.text(END + 11, MIDDLE_Y + 2.8, LEVEL, 7.5, "start")
    _dimension(canvas, x0, x1, symbols[0])
    canvas.arrow([(x1 + 8, y0), (x1 + 8, y1)], 0.6, both=True)
    canvas.text(x1 + 12, MIDDLE_Y - 4, symbols[1], 7.5, "start")
    note = f"{symbols[0]} = {width:.2f} UI, {symbols[1]} = {height} mV"
    canvas.text(MIDDLE_X, HEIGHT - 8, note, 7)
    mask = list(canvas.share(x0, y0, x1, y1))
    return canvas.svg(), canvas.shown(
        {"image_gt": {"kind": "eye_mask", "width_ui": width, "height_mv": height, "mask": mask}}
    )


def _crossing(canvas: Canvas, rng: Random) -> None:
    """One rising and one falling line through both crossings of the eye."""
    for sign in (-1, 1):
        top, shift = MIDDLE_Y - sign * (SWING_MV * MV + rng.uniform(-JITTER, JITTER)), rng.uniform(-JITTER, JITTER)
        low = 2 * MIDDLE_Y - top
        first, last, lean = MIDDLE_X - UI / 2 + shift, MIDDLE_X + UI / 2 + shift, 26.0
        canvas.path(
            f"M14,{low:.1f} L{first - lean:.1f},{low:.1f} C{first:.1f},{low:.1f} {first:.1f},{top:.1f} "
            f"{first + lean:.1f},{top:.1f} L{last - lean:.1f},{top:.1f} C{last:.1f},{top:.1f} {last:.1f},{low:.1f} "
            f"{last + lean:.1f},{low:.1f} L{END},{low:.1f}",
            0.6,
            stroke="#666666",
        )


def _dimension(canvas: Canvas, x0: float, x1: float, symbol: str) -> None:
    y = MIDDLE_Y + SWING_MV * MV + 18
    for x in (x0, x1):
        canvas.line(x, MIDDLE_Y, x, y + 4, 0.4)
    canvas.arrow([(x0, y), (x1, y)], 0.6, both=True)
    canvas.text((x0 + x1) / 2, y - 4, symbol, 7.5)
