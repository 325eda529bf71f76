"""A sheet of SVG to draw on, which keeps account of the words that are written on it.

Notable:
- Every text comes back as a PictureText with the box of its letters, so no word in a drawing is without its truth.
- Numbers are written with two decimals, so equal drawings are equal bytes.
"""

from collections.abc import Iterable
from random import Random
from typing import Any
from xml.sax.saxutils import escape

from fabeye.synthesis.figures.lettering import FACES, SANS, Lettering, Run, lettering
from fabeye.synthesis.markup import to_text
from fabeye.synthesis.shown import PictureText, ShareBox, Shown

SHARE_DIGITS = 5  # of a share of the sheet: a hundredth of a pixel on a page at 150 dpi
HATCH = (
    '<pattern id="hatch" width="3" height="3" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="3" height="3" fill="#d6d6d6"/><line x1="0" y1="0" x2="0" y2="3" stroke="#555" stroke-width="0.7"/>'
    "</pattern>"
)
BAR_WIDTH = 0.5  # drawing units: of the line above a name
ARROW_LONG, ARROW_HALF = 4.5, 1.9  # drawing units: length and half the breadth of an arrow's head


class Canvas:
    """Collects shapes and words; lengths are in drawing units (a point where the picture is set at its own width),
    origin top left."""

    def __init__(self, width: float, height: float, face: str = SANS):
        self.width, self.height, self.face = width, height, face
        self.shapes: list[str] = []
        self.words: list[PictureText] = []

    def line(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.8, **style: str) -> None:
        """A straight line."""
        self._add("line", f'x1="{x0:.2f}" y1="{y0:.2f}" x2="{x1:.2f}" y2="{y1:.2f}"', width, **style)

    def polyline(self, points: Iterable[tuple[float, float]], width: float = 0.8, **style: str) -> None:
        """An open line through points."""
        self._add("polyline", f'points="{_listed(points)}"', width, **{"fill": "none", **style})

    def polygon(self, points: Iterable[tuple[float, float]], fill: str, width: float = 0.8, **style: str) -> None:
        """A closed, filled shape."""
        self._add("polygon", f'points="{_listed(points)}"', width, fill=fill, **style)

    def rectangle(
        self, x0: float, y0: float, x1: float, y1: float, fill: str = "none", width: float = 0.8, **style: str
    ) -> None:
        """A rectangle from its top left to its bottom right corner."""
        size = f'x="{x0:.2f}" y="{y0:.2f}" width="{x1 - x0:.2f}" height="{y1 - y0:.2f}"'
        self._add("rect", size, width, fill=fill, **style)

    def ellipse(self, x: float, y: float, radius_x: float, radius_y: float, fill: str = "white") -> None:
        """An ellipse around (x, y)."""
        self._add("ellipse", f'cx="{x:.2f}" cy="{y:.2f}" rx="{radius_x:.2f}" ry="{radius_y:.2f}"', 0.8, fill=fill)

    def circle(self, x: float, y: float, radius: float, fill: str) -> None:
        """A filled dot without outline."""
        self.shapes.append(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}" fill="{fill}"/>')

    def path(self, description: str, width: float = 0.8, **style: str) -> None:
        """A curve in SVG's own notation of paths."""
        self._add("path", f'd="{description}"', width, **{"fill": "none", **style})

    def arrow(
        self, points: Iterable[tuple[float, float]], width: float = 0.8, both: bool = False, **style: str
    ) -> None:
        """A line through points with a head at its end, or at both ends."""
        way = list(points)
        self.polyline(way, width, **style)
        colour = style.get("stroke", "black")
        self.head(way[-2], way[-1], colour)
        if both:
            self.head(way[1], way[0], colour)

    def head(self, start: tuple[float, float], tip: tuple[float, float], colour: str = "black") -> None:
        """An arrow's head at `tip`, as seen from `start`."""
        run, rise = tip[0] - start[0], tip[1] - start[1]
        length = (run * run + rise * rise) ** 0.5 or 1.0
        ux, uy = run / length, rise / length
        back = (tip[0] - ARROW_LONG * ux, tip[1] - ARROW_LONG * uy)
        sides = [(back[0] - side * ARROW_HALF * uy, back[1] + side * ARROW_HALF * ux) for side in (1, -1)]
        self.polygon([tip, *sides], colour, 0)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        anchor: str = "middle",
        *,
        fill: str = "black",
        turned: bool = False,
        field: str = "",
        kind: str = "",
    ) -> None:
        """A text whose base line starts, is centred or ends ("start", "middle", "end") at (x, y).

        The text may hold scripts, such as "t_{RCD}". turned: read from bottom to top. field, kind: as of a PictureText.
        """
        if not text:
            return
        laid = lettering(text, size, self.face)
        left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * laid.width
        turn = f' transform="rotate(-90 {x:.2f} {y:.2f})"' if turned else ""
        self.shapes += [_run_source(run, left, y, fill, turn) for run in laid.runs]
        self.words.append(PictureText(to_text(text), self._letters_box(laid, x, y, left, turned), field, kind))

    def lines(self, x: float, y: float, lines: Iterable[str], size: float, leading: float = 1.3, **style: Any) -> None:
        """Lines of text around (x, y), the middle of the whole; `leading` is their distance as a share of the size."""
        every = list(lines)
        first = y + 0.36 * size - (len(every) - 1) * leading * size / 2
        for number, line in enumerate(every):
            self.text(x, first + number * leading * size, line, size, **style)

    def hatch(self) -> str:
        """Define the hatched fill that says "don't care", and give its name as a fill."""
        if not self.shapes or "hatch" not in self.shapes[0]:
            self.shapes.insert(0, f"<defs>{HATCH}</defs>")
        return "url(#hatch)"

    def share(self, x0: float, y0: float, x1: float, y1: float) -> ShareBox:
        """A box of drawing units as shares of the sheet."""
        edges = (x0 / self.width, y0 / self.height, x1 / self.width, y1 / self.height)
        left, top, right, bottom = (round(edge, SHARE_DIGITS) for edge in edges)
        return left, top, right, bottom

    def shown(self, detail: dict[str, Any]) -> Shown:
        """What the drawing shows: the given data, and all words written so far."""
        return Shown(detail, tuple(self.words))

    def svg(self) -> bytes:
        """The finished drawing."""
        size = f'width="{self.width:.2f}" height="{self.height:.2f}" viewBox="0 0 {self.width:.2f} {self.height:.2f}"'
        # spaces are kept: a run that follows a subscript often begins with one
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} xml:space="preserve">'
        return f"{head}{''.join(self.shapes)}</svg>".encode()

    def _letters_box(self, laid: Lettering, x: float, y: float, left: float, turned: bool) -> ShareBox:
        if not turned:
            return self.share(left, y + laid.top, left + laid.width, y + laid.bottom)
        low = y + (x - left)  # a quarter turn to the left about (x, y) takes what is left of x below y
        return self.share(x + laid.top, low - laid.width, x + laid.bottom, low)

    def _add(self, tag: str, geometry: str, width: float, **style: str) -> None:
        style = {"stroke": "black", **style}
        written = " ".join(f'{key.replace("_", "-")}="{value}"' for key, value in style.items())
        self.shapes.append(f'<{tag} {geometry} stroke-width="{width}" {written}/>')


def draw_face(rng: Random) -> str:
    """Draw the face that a drawing is lettered in."""
    return rng.choice(FACES)


def natural_width(svg: bytes) -> float:
    """Width of a drawing in points at which its letters have the size they were drawn for."""
    return float(svg.split(b'width="', 1)[1].split(b'"', 1)[0])


def _run_source(run: Run, left: float, y: float, fill: str, turn: str) -> str:
    place = f'x="{left + run.x:.2f}" y="{y + run.y:.2f}" font-size="{run.size:.2f}" font-family="{run.face}"'
    colour = "" if fill == "black" else f' fill="{fill}"'
    bar = ""
    if run.bar:
        ends = f'x1="{left + run.x:.2f}" x2="{left + run.x + run.bar[0]:.2f}"'
        level = y + run.bar[1]
        bar = f'<line {ends} y1="{level:.2f}" y2="{level:.2f}" stroke="{fill}" stroke-width="{BAR_WIDTH}"{turn}/>'
    return f"<text {place}{colour}{turn}>{escape(run.text)}</text>{bar}"


def _listed(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
