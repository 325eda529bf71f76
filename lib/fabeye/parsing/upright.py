"""A page laid upright: what was seen on it, turned back by the angle of its rules, and boxes the way back.

Notable:
- A scan lies askew by a degree or so. Rows and columns are told by their coordinates, so the page is turned first.
- The angle is that of the long rules; a page without any is taken as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fabeye.ocr import Line
from fabeye.parsing.picture import Rule, Seen

LONG_PX = 200.0  # a rule of this length tells the angle
LEAST_SLOPE = 0.0015  # pixels down for each across; less moves nothing by a line's height
THINNEST = 0.6  # of its height that an upright line keeps at least

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Upright:
    """What was seen, as it would lie on an upright page, and how to come back."""

    lines: list[Line]
    across: list[Rule]
    down: list[Rule]
    slope: float

    def back(self, box: Box) -> Box:
        """The upright box around where an upright page's box lies on the page as it is."""
        x0, y0, x1, y1 = box
        points = [_turned(x, y, -self.slope) for x in (x0, x1) for y in (y0, y1)]
        xs, ys = zip(*points, strict=True)
        return min(xs), min(ys), max(xs), max(ys)


def upright(seen: Seen) -> Upright:
    """Lines and rules of a page, turned upright."""
    slope = _slope(seen.across)
    if not slope:
        return Upright(seen.lines, seen.across, seen.down, 0.0)
    return Upright(
        [_turned_line(line, slope) for line in seen.lines],
        [_turned_rule(rule, slope) for rule in seen.across],
        [_turned_rule(rule, slope) for rule in seen.down],
        slope,
    )


def _slope(across: Sequence[Rule]) -> float:
    """Pixels down for each pixel to the right: the middle of what the long rules say."""
    slopes = [(y1 - y0) / (x1 - x0) for x0, y0, x1, y1 in across if x1 - x0 >= LONG_PX]
    middle = float(np.median(slopes)) if slopes else 0.0
    return middle if abs(middle) >= LEAST_SLOPE else 0.0


def _turned(x: float, y: float, slope: float) -> tuple[float, float]:
    return x + slope * y, y - slope * x


def _turned_rule(rule: Rule, slope: float) -> Rule:
    return (*_turned(rule[0], rule[1], slope), *_turned(rule[2], rule[3], slope))


def _turned_line(line: Line, slope: float) -> Line:
    """The line around its turned middle, without the height that its slope lent its box."""
    x, y = _turned((line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2, slope)
    width, height = line.x1 - line.x0, line.y1 - line.y0
    height = max(height - abs(slope) * width, THINNEST * height)
    return replace(line, x0=x - width / 2, x1=x + width / 2, y0=y - height / 2, y1=y + height / 2)
