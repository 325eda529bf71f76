"""A clip of the layout around a place on the die: polygons by layer, a cursor's cross, a ruler.

Notable:
- Metal 1 runs level and metal 2 upright on one grid; a via stands where the two that it joins cross.
- The clip's corners are micrometres of the die, so that the place it is centred on can be read back.
"""

from random import Random

from fabeye.synthesis.figures.canvas import Canvas, draw_face
from fabeye.synthesis.shown import Shown

WIDTH, HEIGHT = 300.0, 210.0  # drawing units
FRAME = (8.0, 8.0, 232.0, 188.0)
SIZE = 7.2
TRACKS = (9, 14)  # least and most wires of a layer
FILL = 0.42  # of a track's pitch that its wire is wide
LAYERS = {"GC": "#c0392b", "M1": "#2e6fb7", "M2": "#8e44ad", "V1": "#222222"}  # drawn in this order
SPANS_UM = (8.0, 12.0, 20.0)  # of the clip's width
RULERS_UM = {8.0: 2, 12.0: 2, 20.0: 5}
CROSS = 9.0  # drawing units: half of the cursor's length
GROUND = "#10131a"


def draw_clip(
    rng: Random, language: str, place: tuple[float, float] | None = None, block: str = ""
) -> tuple[bytes, Shown]:
    """The layout around a place in µm of the die, within a named block; alike in every language."""
    del language
    place = place or (rng.uniform(500, 9000), rng.uniform(500, 6000))
    canvas, span = Canvas(WIDTH, HEIGHT, draw_face(rng)), rng.choice(SPANS_UM)
    x0, y0, x1, y1 = FRAME
    canvas.rectangle(*FRAME, GROUND, 0.8)
    rows, columns = (_tracks(rng, low, high) for low, high in ((y0, y1), (x0, x1)))
    wires = {"GC": [], "M1": _wires(rng, rows, (x0, x1)), "M2": _wires(rng, columns, (y0, y1))}
    _paint(rng, canvas, wires)
    middle = (x0 + x1) / 2, (y0 + y1) / 2
    for line in ((-CROSS, 0, CROSS, 0), (0, -CROSS, 0, CROSS)):
        ends = (middle[0] + line[0], middle[1] + line[1], middle[0] + line[2], middle[1] + line[3])
        canvas.line(*ends, 1.0, stroke="#ffe13c")
    scale = span / (x1 - x0)  # µm a drawing unit
    _legend(canvas, scale, span)
    canvas.text((x0 + x1) / 2, HEIGHT - 8, f"{block}  X={place[0]:.1f}  Y={place[1]:.1f}".strip(), SIZE)
    corners = [round(edge, 2) for edge in (
        place[0] - span / 2, place[1] - scale * (y1 - y0) / 2, place[0] + span / 2, place[1] + scale * (y1 - y0) / 2,
    )]  # fmt: skip
    truth = {"kind": "layout_clip", "block": block, "window_um": corners, "layers": list(LAYERS)}
    truth["cursor"] = list(canvas.share(middle[0] - CROSS, middle[1] - CROSS, middle[0] + CROSS, middle[1] + CROSS))
    return canvas.svg(), canvas.shown({"image_gt": truth})


Wire = tuple[float, float, float, float]  # middle of the track, half of its width, start, end


def _tracks(rng: Random, low: float, high: float) -> list[tuple[float, float]]:
    """Middle and half width of the tracks between two edges."""
    count = rng.randint(*TRACKS)
    pitch = (high - low) / count
    return [(low + (number + 0.5) * pitch, FILL * pitch / 2) for number in range(count)]


def _wires(rng: Random, tracks: list[tuple[float, float]], ends: tuple[float, float]) -> list[Wire]:
    """One or two pieces of wire on each track."""
    low, high = ends
    found: list[Wire] = []
    for middle, half in tracks:
        gap = low + rng.uniform(0.2, 0.8) * (high - low)
        pieces = ((low, gap - 3 * half), (gap + 3 * half, high)) if rng.random() < 0.6 else ((low, high),)
        found += [(middle, half, start, end) for start, end in pieces if end - start > 4 * half]
    return found


def _paint(rng: Random, canvas: Canvas, wires: dict[str, list[Wire]]) -> None:
    style = {"stroke": "none", "fill_opacity": "0.75"}
    x0, y0, x1, y1 = FRAME
    for _ in range(rng.randint(6, 12)):  # gates lie under the metal, short and upright
        x, y = rng.uniform(x0 + 4, x1 - 6), rng.uniform(y0 + 4, y1 - 26)
        canvas.rectangle(x, y, x + 2.5, y + rng.uniform(12, 22), LAYERS["GC"], 0, **style)
    for middle, half, start, end in wires["M1"]:
        canvas.rectangle(start, middle - half, end, middle + half, LAYERS["M1"], 0, **style)
    for middle, half, start, end in wires["M2"]:
        canvas.rectangle(middle - half, start, middle + half, end, LAYERS["M2"], 0, **style)
    for row, half, left, right in wires["M1"]:
        for column, _, top, bottom in wires["M2"]:
            if left < column < right and top < row < bottom and rng.random() < 0.25:
                canvas.rectangle(
                    column - half / 2, row - half / 2, column + half / 2, row + half / 2, LAYERS["V1"], 0.3
                )


def _legend(canvas: Canvas, scale: float, span: float) -> None:
    """The layers' colours beside the clip, and a ruler below them."""
    x, y = FRAME[2] + 10, FRAME[1] + 6
    for number, (name, colour) in enumerate(LAYERS.items()):
        top = y + 15 * number
        canvas.rectangle(x, top, x + 12, top + 8, colour, 0.4)
        canvas.text(x + 17, top + 7, name, SIZE, "start")
    length = RULERS_UM[span] / scale
    canvas.line(x, FRAME[3] - 4, x + length, FRAME[3] - 4, 1.6)
    canvas.text(x, FRAME[3] - 9, f"{RULERS_UM[span]} µm", SIZE, "start")
