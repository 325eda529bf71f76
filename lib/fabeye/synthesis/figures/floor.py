"""Floor plan of a chip: blocks in a frame, their areas to scale and adding up to the die."""

from dataclasses import dataclass
from random import Random

from fabeye.synthesis.figures.canvas import Canvas, draw_face
from fabeye.synthesis.figures.lettering import text_width
from fabeye.synthesis.figures.nodes import wrapped
from fabeye.synthesis.shown import Shown

WIDTH, MARGIN, RING = 320.0, 26.0, 9.0  # drawing units; the ring holds the pads
SIZE, SMALL = 7.4, 6.4
TINTS = ("#dbe9f6", "#d5e8d4", "#fff2cc", "#f8cecc", "#e1d5e7", "#eeeeee", "#fde9d9", "#e3f1ef")
Part = tuple[float, float, float, float]  # x0, y0, x1, y1 as shares of the core
ASPECTS = (0.55, 0.95)  # least and most height of a core as a share of its width
LEAST_SHARE = 0.3  # of a cut, which leaves no sliver


@dataclass(frozen=True, slots=True)
class Tile:
    """A block's place as shares of the core, and its area in mm²."""

    name: str
    x0: float
    y0: float
    x1: float
    y1: float
    area: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A core `width` by `height` mm, wholly covered by tiles."""

    width: float
    height: float
    tiles: tuple[Tile, ...]


def draw_plan(rng: Random, names: tuple[str, ...]) -> Plan:
    """Cut a core again and again until each name has its block."""
    width = round(rng.uniform(2.4, 6.0), 2)
    height = round(width * rng.uniform(*ASPECTS), 2)
    parts = [(0.0, 0.0, 1.0, 1.0)]
    while len(parts) < len(names):
        parts.sort(key=lambda part: (part[2] - part[0]) * (part[3] - part[1]))
        parts += _cut(rng, parts.pop(), width / height)
    return Plan(
        width,
        height,
        tuple(
            Tile(name, *part, round((part[2] - part[0]) * (part[3] - part[1]) * width * height, 3))
            for name, part in zip(names, sorted(parts), strict=True)
        ),
    )


def draw_floor_plan(rng: Random, language: str, plan: Plan | None = None) -> tuple[bytes, Shown]:
    """The plan with the edges of the die; alike in every language, since blocks are names in the design."""
    del language
    plan = plan or draw_plan(rng, ("CPU", "SRAM", "PHY", "DMA", "ECC", "PMU", "ROM"))
    inner = WIDTH - 2 * (MARGIN + RING)
    high = inner * plan.height / plan.width
    canvas, start = Canvas(WIDTH, high + 2 * (MARGIN + RING) + 8, draw_face(rng)), MARGIN + RING
    canvas.rectangle(MARGIN, MARGIN, WIDTH - MARGIN, MARGIN + 2 * RING + high, "#f4f4f4", 1.2)
    for number, tile in enumerate(plan.tiles):
        box = (start + tile.x0 * inner, start + tile.y0 * high, start + tile.x1 * inner, start + tile.y1 * high)
        canvas.rectangle(*box, TINTS[number % len(TINTS)])
        _named(canvas, box, tile)
    canvas.text(WIDTH / 2, MARGIN - 8, f"{plan.width:.2f} mm", SIZE)
    canvas.text(MARGIN - 8, MARGIN + RING + high / 2 + 18, f"{plan.height:.2f} mm", SIZE, turned=True)
    blocks = [
        {"name": tile.name, "area_mm2": tile.area, "box": _box(canvas, start, inner, high, tile)} for tile in plan.tiles
    ]
    detail = {"kind": "floor_plan", "width_mm": plan.width, "height_mm": plan.height, "blocks": blocks}
    return canvas.svg(), canvas.shown({"image_gt": detail})


def _cut(
    rng: Random, part: tuple[float, float, float, float], aspect: float
) -> list[tuple[float, float, float, float]]:
    """The two halves of a part, cut across its longer side."""
    x0, y0, x1, y1 = part
    share = rng.uniform(LEAST_SHARE, 1 - LEAST_SHARE)
    if (x1 - x0) * aspect > y1 - y0:
        cut = round(x0 + share * (x1 - x0), 3)
        return [(x0, y0, cut, y1), (cut, y0, x1, y1)]
    cut = round(y0 + share * (y1 - y0), 3)
    return [(x0, y0, x1, cut), (x0, cut, x1, y1)]


def _named(canvas: Canvas, box: Part, tile: Tile) -> None:
    x, y, area = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, f"{tile.area:.3f} mm²"
    words = wrapped(tile.name, box[2] - box[0] - 4, SIZE, canvas.face)
    fits = text_width(area, SMALL, canvas.face) < box[2] - box[0] - 4 and box[3] - box[1] > 26
    canvas.lines(x, y - (4 if fits else 0), words, SIZE)
    if fits:
        canvas.text(x, y + 10, area, SMALL)


def _box(canvas: Canvas, start: float, wide: float, high: float, tile: Tile) -> list[float]:
    edges = (tile.x0 * wide, tile.y0 * high, tile.x1 * wide, tile.y1 * high)
    return list(canvas.share(*(start + edge for edge in edges)))
