"""In which order the lines of a page are read.

Notable:
- Tables, forms and plain text are read row by row; two columns of running text are read column by column.
- What tells columns from a table is running text: some lines fill their side of the gutter, and cells hardly ever do.
- A line across the gutter (a title, a wide table) divides the page: what is above it is read first.
"""

from collections.abc import Sequence

from fabeye.ocr import Line, rows

GUTTER_STEPS = 60  # places tried for a gutter, evenly spaced over the middle of the page
GUTTER_RANGE = (0.2, 0.8)  # of the width; a margin note is not a column
FULL_LINE = 0.8  # of its side's width that a line of running text fills
FULL_LINES = 2  # such lines that either side needs to be a column


def reading_order(lines: Sequence[Line]) -> list[Line]:
    """The same lines in the order in which a person reads them; does not depend on the order they came in."""
    stacked = sorted(lines, key=lambda line: (line.y0, line.x0, line.y1, line.x1, line.text))
    if not stacked:
        return []
    left, right = min(line.x0 for line in stacked), max(line.x1 for line in stacked)
    gutter = _gutter(stacked, left, right)
    ordered: list[Line] = []
    for zone in _zones(stacked, gutter):
        ordered += _read_zone(zone, gutter, left, right)
    return ordered


def _row_by_row(lines: list[Line]) -> list[Line]:
    return [line for row in rows(lines) for line in row]


def _gutter(lines: list[Line], left: float, right: float) -> float:
    """The x between left and right that cuts the fewest lines, nearest the middle among equals."""
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


def _read_zone(zone: list[Line], gutter: float, left: float, right: float) -> list[Line]:
    first = [line for line in zone if line.x1 <= gutter]
    second = [line for line in zone if line.x0 >= gutter]
    if _is_column(first, gutter - left) and _is_column(second, right - gutter):
        return reading_order(first) + reading_order(second)
    return _row_by_row(zone)


def _is_column(lines: list[Line], width: float) -> bool:
    return sum(line.x1 - line.x0 >= FULL_LINE * width for line in lines) >= FULL_LINES
