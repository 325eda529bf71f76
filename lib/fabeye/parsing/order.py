"""In which order the lines of a page are read.

Notable:
- Tables, forms and plain text are read row by row; two columns of running text are read column by column.
- What tells columns from a table is the lines' width: running text fills its column, cells rarely do.
- A line across the gutter (a title, a wide table) divides the page: what is above it is read first.
"""

from collections.abc import Sequence
from statistics import median

from fabeye.ocr import Line, rows

GUTTER_STEPS = 60  # places tried for a gutter, evenly spaced over the middle of the page
GUTTER_RANGE = (0.2, 0.8)  # of the width; a margin note is not a column
COLUMN_LINES = 4  # fewest lines on either side that make columns
COLUMN_FILL = 0.6  # of a column's width that its lines fill at the median


def reading_order(lines: Sequence[Line]) -> list[Line]:
    """The same lines in the order in which a person reads them; does not depend on the order they came in."""
    stacked = sorted(lines, key=lambda line: (line.y0, line.x0, line.y1, line.x1, line.text))
    gutter = _gutter(stacked)
    if gutter is None:
        return _row_by_row(stacked)
    ordered: list[Line] = []
    for zone in _zones(stacked, gutter):
        ordered += _by_columns(zone, gutter)
    return ordered


def _row_by_row(lines: list[Line]) -> list[Line]:
    return [line for row in rows(lines) for line in row]


def _gutter(lines: list[Line]) -> float | None:
    """The x that cuts the fewest lines, nearest the middle among equals; None where no line lies."""
    if not lines:
        return None
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    low, high = (left + share * (right - left) for share in GUTTER_RANGE)
    places = [low + (high - low) * step / GUTTER_STEPS for step in range(GUTTER_STEPS + 1)]
    middle = (left + right) / 2
    return min(places, key=lambda x: (sum(_crosses(line, x) for line in lines), abs(x - middle)))


def _crosses(line: Line, x: float) -> bool:
    return line.x0 < x < line.x1


def _zones(lines: list[Line], gutter: float) -> list[list[Line]]:
    """Runs of lines on either side of the gutter, and between them the lines that cross it."""
    zones: list[list[Line]] = [[]]
    crossing_before = False
    for line in lines:
        crossing = _crosses(line, gutter)
        if crossing != crossing_before:
            zones.append([])
        zones[-1].append(line)
        crossing_before = crossing
    return [zone for zone in zones if zone]


def _by_columns(zone: list[Line], gutter: float) -> list[Line]:
    left = [line for line in zone if line.x1 <= gutter]
    right = [line for line in zone if line.x0 >= gutter]
    if _is_column(left) and _is_column(right):
        return reading_order(left) + reading_order(right)
    return _row_by_row(zone)


def _is_column(lines: list[Line]) -> bool:
    if len(lines) < COLUMN_LINES:
        return False
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    return median(line.x1 - line.x0 for line in lines) >= COLUMN_FILL * width
