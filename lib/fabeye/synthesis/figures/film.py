"""Film stack: the layers of a wafer, from the substrate up, with material and thickness."""

import math
from dataclasses import dataclass
from random import Random

from fabeye.synthesis.figures.canvas import Canvas, draw_face
from fabeye.synthesis.shown import Shown
from fabeye.synthesis.wording import Phrase, spelt

WIDTH, LEFT, RIGHT, TOP = 290.0, 20.0, 150.0, 16.0  # drawing units
SUBSTRATE_HIGH = 34.0
SIZE = 7.4
SUBSTRATE = Phrase("Si substrate", "硅衬底")
TITLE = Phrase("not to scale", "未按比例")
# material, least and most thickness in Å, fill
FILMS = (
    ("SiO2", 50, 900, "#dbe9f6"),
    ("Si3N4", 80, 1500, "#d5e8d4"),
    ("Poly-Si", 400, 1200, "#f8cecc"),
    ("TiN", 30, 120, "#e1d5e7"),
    ("W", 200, 700, "#cccccc"),
    ("SiCN", 100, 500, "#fff2cc"),
    ("TEOS", 800, 6000, "#eaf3fb"),
    ("SiON", 200, 600, "#fde9d9"),
    ("ACL", 1000, 5000, "#999999"),
    ("PR", 800, 2400, "#f6c6ad"),
)


@dataclass(frozen=True, slots=True)
class Film:
    """A layer; thickness in Å."""

    material: str
    thickness: int
    fill: str


def draw_films(rng: Random) -> tuple[Film, ...]:
    """Draw a stack from the substrate up: an oxide first, a resist only on top."""
    middle = rng.sample(FILMS[1:-1], rng.randint(3, 5))
    chosen = [FILMS[0], *middle, *([FILMS[-1]] if rng.random() < 0.5 else [])]
    return tuple(Film(name, 10 * round(rng.uniform(least, most) / 10), fill) for name, least, most, fill in chosen)


def draw_film_stack(rng: Random, language: str, films: tuple[Film, ...] | None = None) -> tuple[bytes, Shown]:
    """The stack, heights growing with the logarithm of the thickness."""
    films = films or draw_films(rng)
    heights = [12 + 7 * math.log10(film.thickness / 10) for film in films]
    canvas = Canvas(WIDTH, TOP + sum(heights) + SUBSTRATE_HIGH + 22, draw_face(rng))
    y, told = TOP, []
    for film, height in reversed(list(zip(films, heights, strict=True))):
        canvas.rectangle(LEFT, y, RIGHT, y + height, film.fill)
        _named(canvas, y + height / 2, spelt(film.material), f"{film.thickness} Å")
        told.append({"material": film.material, "thickness_angstrom": film.thickness})
        y += height
    canvas.rectangle(LEFT, y, RIGHT, y + SUBSTRATE_HIGH, "#b8c4d0")
    canvas.text((LEFT + RIGHT) / 2, y + SUBSTRATE_HIGH / 2 + 2.7, SUBSTRATE.said(language), SIZE)
    canvas.text(RIGHT, canvas.height - 8, TITLE.said(language), 6.6, "end")
    return canvas.svg(), canvas.shown({"image_gt": {"kind": "film_stack", "layers": told}})


def _named(canvas: Canvas, y: float, material: str, thickness: str) -> None:
    canvas.line(RIGHT, y, RIGHT + 14, y, 0.5)
    canvas.text(RIGHT + 18, y + 2.7, material, SIZE, "start")
    canvas.text(WIDTH - 14, y + 2.7, thickness, SIZE, "end")
