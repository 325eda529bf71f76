"""Boxes with words and arrows between them: the stuff of flow charts, state diagrams and block diagrams.

Notable:
- Words are broken to their box's width before they are drawn, and a box that is still too low for them grows.
- A chart tells its boxes and its arrows by name, as {"image_gt": {"kind", "nodes", "edges"}}.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from fabeye.synthesis.figures.canvas import Canvas
from fabeye.synthesis.figures.lettering import FIRST_CJK, text_width
from fabeye.synthesis.markup import to_plain

SIZE, SMALL = 7.5, 6.8  # of letters in boxes and beside arrows, in drawing units
LEADING = 1.3
PADDING = {"box": 4.0, "round": 5.0, "diamond": 16.0, "ellipse": 8.0}  # kept free beside the words
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Node:
    """A box around (x, y); `shape` is box, round, diamond or ellipse."""

    text: str
    x: float
    y: float
    width: float
    height: float
    shape: str = "box"
    fill: str = "white"

    def border(self, towards: Point) -> Point:
        """Where the line from the middle to a point leaves the node."""
        run, rise = towards[0] - self.x, towards[1] - self.y
        across, up = abs(run) / (self.width / 2), abs(rise) / (self.height / 2)
        reach = {"diamond": across + up, "ellipse": math.hypot(across, up)}.get(self.shape, max(across, up)) or 1.0
        return self.x + run / reach, self.y + rise / reach


class NodeChart:
    """Nodes and arrows on a canvas."""

    def __init__(self, canvas: Canvas):
        self.canvas = canvas
        self.nodes: list[dict[str, Any]] = []
        self.edges: list[dict[str, str]] = []

    def add(self, node: Node, size: float = SIZE) -> Node:
        """Draw a node; it comes back as high as its words need."""
        words = wrapped(node.text, node.width - 2 * PADDING[node.shape], size, self.canvas.face)
        need = len(words) * LEADING * size + (14 if node.shape == "diamond" else 5)
        node = replace(node, height=max(node.height, need))
        self._outline(node)
        self.canvas.lines(node.x, node.y, words, size, LEADING)
        x0, y0 = node.x - node.width / 2, node.y - node.height / 2
        box = list(self.canvas.share(x0, y0, x0 + node.width, y0 + node.height))
        self.nodes.append({"name": to_plain(node.text), "shape": node.shape, "box": box})
        return node

    def link(self, start: Node, end: Node, label: str = "", via: tuple[Point, ...] = (), both: bool = False) -> None:
        """An arrow from border to border, by way of `via`; its label stands in the middle of the first stretch."""
        first = start.border(via[0] if via else (end.x, end.y))
        last = end.border(via[-1] if via else (start.x, start.y))
        way = [first, *via, last]
        self.canvas.arrow(way, 0.8, both=both)
        if label:
            self._label((way[0][0] + way[1][0]) / 2, (way[0][1] + way[1][1]) / 2, label)
        self.edges.append({"from": to_plain(start.text), "to": to_plain(end.text), "label": to_plain(label)})

    def beside(self, start: Node, end: Node, label: str, offset: float) -> None:
        """A straight arrow, moved to its left by `offset`, so that the way back has room."""
        run, rise = end.x - start.x, end.y - start.y
        length = math.hypot(run, rise)
        dx, dy = rise / length * offset, -run / length * offset
        first, last = start.border((end.x, end.y)), end.border((start.x, start.y))
        points = [(first[0] + dx, first[1] + dy), (last[0] + dx, last[1] + dy)]
        self.canvas.arrow(points, 0.8)
        if label:
            push = 1.6 if abs(rise) > abs(run) else 1.0
            at = [(a + b) / 2 for a, b in zip(*points, strict=True)]
            wide = text_width(label, SMALL, self.canvas.face) / 2 + 2
            self._label(at[0] + math.copysign(wide, dx) * abs(rise) / length * push / 1.6, at[1] + dy * 1.4, label)
        self.edges.append({"from": to_plain(start.text), "to": to_plain(end.text), "label": to_plain(label)})

    def detail(self, kind: str, **more: Any) -> dict[str, Any]:
        """What has been drawn."""
        return {"image_gt": {"kind": kind, "nodes": self.nodes, "edges": self.edges, **more}}

    def _label(self, x: float, y: float, label: str) -> None:
        half = text_width(label, SMALL, self.canvas.face) / 2 + 1
        self.canvas.rectangle(x - half, y - SMALL / 2 - 1, x + half, y + SMALL / 2 + 1, "white", 0, stroke="none")
        self.canvas.text(x, y + 0.36 * SMALL, label, SMALL)

    def _outline(self, node: Node) -> None:
        x0, y0 = node.x - node.width / 2, node.y - node.height / 2
        x1, y1 = x0 + node.width, y0 + node.height
        if node.shape == "diamond":
            self.canvas.polygon([(node.x, y0), (x1, node.y), (node.x, y1), (x0, node.y)], node.fill)
        elif node.shape == "ellipse":
            self.canvas.ellipse(node.x, node.y, node.width / 2, node.height / 2, node.fill)
        else:
            corner = node.height / 2 if node.shape == "round" else 0.0
            self.canvas.rectangle(x0, y0, x1, y1, node.fill, rx=f"{corner:.2f}")


def wrapped(text: str, width: float, size: float, face: str) -> list[str]:
    """Lines no wider than `width`, broken at spaces and between Chinese letters; a word that is wider stays whole."""
    lines: list[str] = []
    for piece in _pieces(text):
        longer = f"{lines[-1]}{piece}" if lines else piece
        if lines and text_width(longer.rstrip(), size, face) <= width:
            lines[-1] = longer
        else:
            lines.append(piece.lstrip())
    return [line.strip() for line in lines if line.strip()]


def _pieces(text: str) -> Iterator[str]:
    """Words with the space after them; a Chinese letter is a word, and takes the sign that follows along."""
    yield from re.findall(rf"[{FIRST_CJK}-\uffff][，。、；：）]?|[^\s{FIRST_CJK}-\uffff]+\s*|\s+", text)
