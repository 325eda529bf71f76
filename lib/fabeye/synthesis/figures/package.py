"""Package outline: views from above, from the side and from below, with lettered dimensions and their values.

Notable:
- The drawing is to scale: edges, pitch and balls are drawn from the values that are told.
"""

from dataclasses import asdict, dataclass
from random import Random

from fabeye.synthesis.figures.canvas import Canvas, draw_face
from fabeye.synthesis.shown import Shown
from fabeye.synthesis.wording import Phrase

SCALE = 13.0  # drawing units a millimetre
SIDE_SCALE = 24.0  # of heights, which would vanish beside the edges
LEFT, TOP, APART = 34.0, 40.0, 62.0
SIZE = 7.5
VIEWS = (Phrase("Top view", "顶视图"), Phrase("Side view", "侧视图"), Phrase("Bottom view", "底视图"))
ROWS, COLUMNS = 13, (0, 1, 2, 6, 7, 8)


@dataclass(frozen=True, slots=True)
class Outline:
    """Dimensions in mm. D, E: edges. A: height. A1: stand-off. b: ball. e: pitch."""

    D: float
    E: float
    A: float
    A1: float
    b: float
    e: float


def draw_outline(rng: Random) -> Outline:
    """Draw a fine-pitch ball grid array of 13 rows."""
    return Outline(
        D=rng.choice((10.6, 11.0, 11.5)),
        E=rng.choice((7.5, 8.0, 9.0)),
        A=rng.choice((1.0, 1.1, 1.2)),
        A1=rng.choice((0.25, 0.30, 0.34)),
        b=rng.choice((0.40, 0.45, 0.48)),
        e=0.8,
    )


def draw_package(rng: Random, language: str, outline: Outline | None = None) -> tuple[bytes, Shown]:
    """Three views of an outline side by side, and its values in a line below."""
    outline = outline or draw_outline(rng)
    width, height, side = outline.E * SCALE, outline.D * SCALE, outline.A * SIDE_SCALE
    canvas = Canvas(LEFT + 2 * width + side + 2 * APART + 30, TOP + height + 58, draw_face(rng))
    lefts = (LEFT, LEFT + width + APART, LEFT + width + APART + side + APART)
    for left, wide, view in zip(lefts, (width, side, width), VIEWS, strict=True):
        canvas.text(left + wide / 2, TOP + height + 32, view.said(language), SIZE)
    _top(canvas, lefts[0], width, height)
    _side(canvas, lefts[1], outline, height)
    _bottom(canvas, lefts[2], outline)
    values = ", ".join(f"{name} = {value:.2f}" for name, value in asdict(outline).items())
    canvas.text(canvas.width / 2, canvas.height - 8, f"{values} (mm)", 7)
    return canvas.svg(), canvas.shown({"image_gt": {"kind": "package_outline", "unit": "mm", **asdict(outline)}})


def _top(canvas: Canvas, left: float, width: float, height: float) -> None:
    canvas.rectangle(left, TOP, left + width, TOP + height)
    canvas.circle(left + 8, TOP + 8, 2.5, "black")
    canvas.text(left + 14, TOP + 11, "A1", 7, "start")
    _across(canvas, left, left + width, TOP - 14, "E")
    _down(canvas, left - 14, TOP, TOP + height, "D")


def _side(canvas: Canvas, left: float, outline: Outline, height: float) -> None:
    tall, stand = outline.A * SIDE_SCALE, outline.A1 * SIDE_SCALE
    canvas.rectangle(left, TOP, left + tall - stand, TOP + height, "#eeeeee")
    for row in range(ROWS):
        y = _ball_y(outline, row)
        canvas.ellipse(left + tall - stand / 2, y, stand / 2, outline.b * SCALE / 2, "#bbbbbb")
    _across(canvas, left, left + tall, TOP - 14, "A")
    _across(canvas, left + tall - stand, left + tall, TOP + height + 14, "A1")


def _bottom(canvas: Canvas, left: float, outline: Outline) -> None:
    width, height = outline.E * SCALE, outline.D * SCALE
    canvas.rectangle(left, TOP, left + width, TOP + height)
    first = left + (width - 8 * outline.e * SCALE) / 2
    for row in range(ROWS):
        for column in COLUMNS:
            x, radius = first + column * outline.e * SCALE, outline.b * SCALE / 2
            canvas.ellipse(x, _ball_y(outline, row), radius, radius, "#dddddd")
    step = outline.e * SCALE
    _across(canvas, first, first + step, TOP - 8, "e")
    _down(canvas, left + width + 14, _ball_y(outline, 0), _ball_y(outline, 1), "e")
    radius = outline.b * SCALE / 2
    _across(canvas, first + 8 * step - radius, first + 8 * step + radius, TOP + height + 14, "b")


def _ball_y(outline: Outline, row: int) -> float:
    return TOP + outline.D * SCALE / 2 + (row - (ROWS - 1) / 2) * outline.e * SCALE


def _across(canvas: Canvas, x0: float, x1: float, y: float, letter: str) -> None:
    for x in (x0, x1):
        canvas.line(x, y - 4, x, y + 4, 0.4)
    canvas.line(x0, y, x1, y, 0.5)
    canvas.text((x0 + x1) / 2, y - 6 if y < TOP else y + 11, letter, SIZE)


def _down(canvas: Canvas, x: float, y0: float, y1: float, letter: str) -> None:
    for y in (y0, y1):
        canvas.line(x - 4, y, x + 4, y, 0.4)
    canvas.line(x, y0, x, y1, 0.5)
    canvas.text(x - 9 if x < LEFT else x + 9, (y0 + y1) / 2 + 2.7, letter, SIZE)
