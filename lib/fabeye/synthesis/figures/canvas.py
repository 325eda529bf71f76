"""A sheet of SVG to draw on; numbers are written with two decimals, so equal drawings are equal bytes."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from fabeye.synthesis.typesetting import CJK_SANS

# The CJK face first would set Latin letters too; last, it shows what DejaVu lacks. Without it any CJK face may appear.
FACES = f"DejaVu Sans, {CJK_SANS}"


class Canvas:
    """Collects shapes; lengths are in the sheet's own units, origin top left."""

    def __init__(self, width: float, height: float):
        self.width, self.height = width, height
        self.shapes: list[str] = []

    def line(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.8, **style: str) -> None:
        """A straight line."""
        self._add("line", f'x1="{x0:.2f}" y1="{y0:.2f}" x2="{x1:.2f}" y2="{y1:.2f}"', width, **style)

    def polyline(self, points: Iterable[tuple[float, float]], width: float = 0.8, **style: str) -> None:
        """An open line through points."""
        self._add("polyline", f'points="{_listed(points)}"', width, **{"fill": "none", **style})

    def polygon(self, points: Iterable[tuple[float, float]], fill: str, width: float = 0.8, **style: str) -> None:
        """A closed, filled shape."""
        self._add("polygon", f'points="{_listed(points)}"', width, fill=fill, **style)

    def circle(self, x: float, y: float, radius: float, fill: str) -> None:
        """A filled dot without outline."""
        self.shapes.append(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}" fill="{fill}"/>')

    def text(self, x: float, y: float, text: str, size: float, anchor: str = "middle", **style: str) -> None:
        """Text whose base line starts, is centred or ends at (x, y)."""
        extra = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in style.items())
        place = f'x="{x:.2f}" y="{y:.2f}" font-size="{size}" text-anchor="{anchor}" font-family="{FACES}"'
        self.shapes.append(f"<text {place}{extra}>{escape(text)}</text>")

    def define(self, definition: str) -> None:
        """An SVG definition such as a pattern."""
        self.shapes.insert(0, f"<defs>{definition}</defs>")

    def svg(self) -> bytes:
        """The finished drawing."""
        size = f'width="{self.width:.2f}" height="{self.height:.2f}" viewBox="0 0 {self.width:.2f} {self.height:.2f}"'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(self.shapes)}</svg>'.encode()

    def _add(self, tag: str, geometry: str, width: float, **style: str) -> None:
        style = {"stroke": "black", **style}
        written = " ".join(f'{key.replace("_", "-")}="{value}"' for key, value in style.items())
        self.shapes.append(f'<{tag} {geometry} stroke-width="{width}" {written}/>')


def _listed(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
