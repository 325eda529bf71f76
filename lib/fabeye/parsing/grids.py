"""Tables from rules and lines of text: rows, columns, merged cells.

Notable:
- Rules that cross make a grid; where a stretch of rule is missing between two places of it, they are one cell.
- Rules across alone (as standards and papers like their tables) give the rows, and what stands below each other gives
  the columns.
- A grid with thin ink in it that is no text is a chart or a drawing, and so is one with hardly any text.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from fabeye.ocr import Line, rows
from fabeye.parsing.grid import Cell, Grid
from fabeye.parsing.picture import MAP_PX, Pixels, Rule
from fabeye.parsing.upright import Box
from fabeye.parsing.wording import CAPTION

TOUCH_PX = 6.0  # pixels by which rules that meet may miss each other
SAME_PX = 8.0  # by which ends of rules that are one above the other may differ
DRAWN = 0.5  # share of a stretch between two places that must be ruled to part them
FOREIGN = 0.012  # share of a grid that may be thin ink without being text
LEAST_FILLED = 0.3  # share of a grid's cells that hold text
LEAST_TEXTS = 3  # cells with text that a grid has at least
PIECES = 1.5  # line heights of a gap in a rule at most
FAR = 2.6  # line heights between two rules across, from which on they are of one table only if the text says so
IN_COLUMNS = 0.6  # share of the rows between two such rules that stand in columns
GAP = 0.1  # line heights of white between two columns; a recogniser's boxes have a margin of their own
HEADED = 2  # rows from which on the first one, whose words may touch those beside them, does not say where columns are
NEARLY_FULL = 0.6  # of the most places in a row, from which on a row says where the columns are
UNRULED_COLUMNS = 3  # of a table that has no rules at least
UNRULED_ROWS = 3
ROW_GAP = 1.5  # line heights between its rows at most
CELL_LETTERS = 18  # letters of its cells on the average at most
OVERHANG = 0.3  # share of a text that must lie in a column for the text to span it


def find_grids(lines: Sequence[Line], across: Sequence[Rule], down: Sequence[Rule], strokes: Pixels) -> list[Grid]:
    """The tables of an upright page, from top to bottom, each with the lines that stand in it."""
    height = float(np.median([line.y1 - line.y0 for line in lines])) if lines else 0.0
    crossing, alone = _groups(_mended(across, PIECES * height), down)
    found = [grid for group in crossing if (grid := _ruled(*group, lines, height))]
    free = [rule for rule in alone if not any(_inside(rule, grid.box) for grid in found)]
    others = [line for line in lines if not any(_holds(grid.box, line) for grid in found)]
    found += [grid for stack in _stacks(free, others, height) if (grid := _stacked(stack, others, height))]
    found = [grid for grid in found if _is_table(grid, strokes)]
    others = [line for line in lines if not any(_holds(grid.box, line) for grid in found)]
    found += _unruled(others, height)
    return sorted(found, key=lambda grid: (grid.box[1], grid.box[0]))


def meet(flat: Rule, steep: Rule) -> bool:
    """Whether a rule across and a rule down touch or cross."""
    x, y = (steep[0] + steep[2]) / 2, (flat[1] + flat[3]) / 2
    return flat[0] - TOUCH_PX <= x <= flat[2] + TOUCH_PX and steep[1] - TOUCH_PX <= y <= steep[3] + TOUCH_PX


def columns_of(lines: Sequence[Line], height: float) -> list[float]:
    """The middles of the white between the columns in which the lines stand."""
    stands = rows(list(lines))
    most = max((len(row) for row in stands), default=0)
    full = [row for row in stands if len(row) >= max(2, NEARLY_FULL * most)]
    if not full:
        return []
    telling = [line for row in (full[1:] if len(full) > HEADED else full) for line in row]
    edges = sorted((line.x0, line.x1) for line in telling)
    cuts, reach = [], edges[0][1]
    for x0, x1 in edges[1:]:
        if x0 - reach >= GAP * height:
            cuts.append((reach + x0) / 2)
        reach = max(reach, x1)
    return _shared(cuts, stands)


def _shared(cuts: list[float], stands: Sequence[Sequence[Line]]) -> list[float]:
    """Without cuts between a head and what stands below it: one is centred, the other not, and they miss each other."""
    kept = list(cuts)
    for cut in cuts:
        at = kept.index(cut)
        left, right = kept[at - 1] if at else -np.inf, kept[at + 1] if at + 1 < len(kept) else np.inf
        sides = [_headed(stands, *span) for span in ((left, cut), (cut, right))]
        if sorted(sides) == [(False, True), (True, False)]:
            kept.remove(cut)
    return kept


def _headed(stands: Sequence[Sequence[Line]], left: float, right: float) -> tuple[bool, bool]:
    """Whether the first row has a text between two places, and whether any other has."""
    inside = [any(left <= (line.x0 + line.x1) / 2 < right for line in row) for row in stands]
    return inside[0], any(inside[1:])


def _mended(across: Sequence[Rule], gap: float) -> list[Rule]:
    """Rules across, the pieces of one that a stamp or a fold breaks as one again."""
    whole: list[Rule] = []
    for rule in sorted(across):
        for index, other in enumerate(whole):
            level = abs((other[1] + other[3]) - (rule[1] + rule[3])) <= TOUCH_PX
            if level and -gap <= rule[0] - other[2] <= gap and not _recurs(other[2], rule[0], across):
                whole[index] = (other[0], other[1], max(other[2], rule[2]), rule[3])
                break
        else:
            whole.append(rule)
    return whole


def _recurs(end: float, start: float, across: Sequence[Rule]) -> bool:
    """Whether several rules end and begin here: two tables side by side, not one that something breaks."""
    ends = sum(abs(rule[2] - end) <= SAME_PX for rule in across)
    return min(ends, sum(abs(rule[0] - start) <= SAME_PX for rule in across)) > 1


def _groups(across: Sequence[Rule], down: Sequence[Rule]) -> tuple[list[tuple[list[Rule], list[Rule]]], list[Rule]]:
    """Sets of rules that cross one another, and the rules across that cross none."""
    owner = list(range(len(across) + len(down)))

    def root(one: int) -> int:
        while owner[one] != one:
            owner[one] = owner[owner[one]]
            one = owner[one]
        return one

    for i, flat in enumerate(across):
        for j, steep in enumerate(down):
            if meet(flat, steep):
                owner[root(i)] = root(len(across) + j)
    sets: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, flat in enumerate(across):
        sets.setdefault(root(i), ([], []))[0].append(flat)
    for j, steep in enumerate(down):
        sets.setdefault(root(len(across) + j), ([], []))[1].append(steep)
    crossing = [group for group in sets.values() if len(group[0]) > 1 and len(group[1]) > 1]
    return crossing, [rule for group in sets.values() if not group[1] for rule in group[0]]


def _ruled(across: list[Rule], down: list[Rule], lines: Sequence[Line], height: float) -> Grid | None:
    """A grid of crossing rules; None where it is a single frame."""
    ys = _levels((rule[1] + rule[3]) / 2 for rule in across)
    xs = _levels((rule[0] + rule[2]) / 2 for rule in down)
    if len(ys) < 2 or len(xs) < 2:
        return None
    box = (xs[0], ys[0], xs[-1], ys[-1])
    inside = [line for line in lines if _holds(box, line)]
    if len(xs) == 2:  # a frame around rows
        return _aligned(box, ys, inside, height)
    if len(ys) == 2 and len(xs) <= 2:
        return None
    return _filled(Grid(box, _merged(xs, ys, across, down)), inside)


def _levels(values: Iterable[float]) -> list[float]:
    """Coordinates of rules, those that lie together as one."""
    levels: list[list[float]] = []
    for value in sorted(values):
        if levels and value - levels[-1][-1] <= TOUCH_PX:
            levels[-1].append(value)
        else:
            levels.append([value])
    return [sum(level) / len(level) for level in levels]


def _merged(xs: list[float], ys: list[float], across: list[Rule], down: list[Rule]) -> list[Cell]:
    """The cells between the levels; places that no rule parts are one cell."""
    height, width = len(ys) - 1, len(xs) - 1
    taken = np.zeros((height, width), bool)
    cells = []
    for row in range(height):
        for column in range(width):
            if taken[row, column]:
                continue
            right = column + 1
            while right < width and not taken[row, right] and not _parted(down, xs[right], ys[row], ys[row + 1], 0):
                right += 1
            bottom = row + 1
            while bottom < height and not _parted(across, ys[bottom], xs[column], xs[right], 1):
                bottom += 1
            taken[row:bottom, column:right] = True
            box = (xs[column], ys[row], xs[right], ys[bottom])
            cells.append(Cell(row, column, bottom - row, right - column, box))
    return cells


def _parted(rules: list[Rule], level: float, start: float, end: float, axis: int) -> bool:
    """Whether rules at this level cover the stretch from start to end; axis 0: rules down at an x, 1: across at a y."""
    drawn = 0.0
    for rule in rules:
        if abs((rule[axis] + rule[axis + 2]) / 2 - level) <= TOUCH_PX:
            drawn += max(0.0, min(end, rule[3 - axis]) - max(start, rule[1 - axis]))
    return drawn >= DRAWN * (end - start)


def _filled(grid: Grid, lines: Iterable[Line]) -> Grid:
    for line in lines:
        x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
        for cell in grid.cells:
            if cell.box[0] <= x <= cell.box[2] and cell.box[1] <= y <= cell.box[3]:
                cell.lines.append(line)
                break
    return grid


def _stacks(rules: list[Rule], lines: Sequence[Line], height: float) -> list[list[Rule]]:
    """Rules across that stand one above the other with the same ends, as long as they seem to be of one table.

    Shorter rules between them, below some of the columns, come last in each stack.
    """
    stacks: list[list[Rule]] = []
    ordered = sorted(rules, key=lambda rule: rule[1])
    for rule in ordered:
        for stack in reversed(stacks):
            last = stack[-1]
            alike = abs(last[0] - rule[0]) <= SAME_PX and abs(last[2] - rule[2]) <= SAME_PX
            if alike and _belong(last, rule, _between(last, rule, ordered), lines, height):
                stack.append(rule)
                break
        else:
            stacks.append([rule])
    tables = sorted((stack for stack in stacks if len(stack) > 1), key=lambda stack: stack[0][0] - stack[0][2])
    found: list[list[Rule]] = []
    for stack in tables:
        if not any(rule in other for other in found for rule in stack):
            inner = _between(stack[0], stack[-1], ordered)
            found.append([*stack, *(rule for rule in inner if rule not in stack)])
    return found


def _between(upper: Rule, lower: Rule, rules: Sequence[Rule]) -> list[Rule]:
    """Rules that lie between two others and do not reach beyond them."""
    left, right = upper[0] - SAME_PX, upper[2] + SAME_PX
    return [rule for rule in rules if upper[1] < rule[1] < lower[1] and left <= rule[0] and rule[2] <= right]


def _belong(upper: Rule, lower: Rule, between: Sequence[Rule], lines: Sequence[Line], height: float) -> bool:
    """Whether two rules may be of one table: they are near each other, or what is between them stands in columns."""
    texts = [line for line in lines if _holds((upper[0], upper[1], upper[2], lower[1]), line)]
    if not texts or any(CAPTION.match(line.text) for line in texts):
        return False
    levels = sorted((upper[1], *(rule[1] for rule in between), lower[1]))
    if max(below - above for above, below in pairwise(levels)) <= FAR * height:
        return True
    stands = rows(texts)
    return not between and sum(len(row) > 1 for row in stands) >= IN_COLUMNS * len(stands)


def _stacked(stack: list[Rule], lines: Sequence[Line], height: float) -> Grid | None:
    ys = _levels((rule[1] + rule[3]) / 2 for rule in stack)
    box = (min(rule[0] for rule in stack), ys[0], max(rule[2] for rule in stack), ys[-1])
    inside = [line for line in lines if _holds(box, line)]
    return _aligned(box, ys, inside, height, stack) if len(ys) > 1 else None


def _aligned(box: Box, ys: list[float], lines: list[Line], height: float, across: Sequence[Rule] = ()) -> Grid | None:
    """A table whose columns are told by where its texts stand; None where they stand in none.

    across: rules below some of its columns part only these; without any, every level parts all.
    """
    cuts = columns_of(lines, height)
    if not cuts:
        return None
    xs = [box[0], *cuts, box[2]]
    levels = [ys[0]]
    for upper, lower in pairwise(ys):
        levels += [*_row_edges([line for line in lines if upper <= (line.y0 + line.y1) / 2 < lower], ys), lower]
    whole = [(box[0], y, box[2], y) for y in set(levels) - set(ys)] if across else []
    if across and any(rule[2] - rule[0] < box[2] - box[0] - 4 * SAME_PX for rule in across):
        down = [(x, box[1], x, box[3]) for x in xs]
        return _filled(Grid(box, _merged(xs, levels, [*across, *whole], down)), lines)
    cells = []
    for row, (upper, lower) in enumerate(pairwise(levels)):
        here = [line for line in lines if upper <= (line.y0 + line.y1) / 2 < lower]
        cells += _row_cells(row, (upper, lower), xs, here)
    return Grid(box, cells)


def _row_edges(lines: list[Line], ys: list[float]) -> list[float]:
    """Where rows part between two rules: nowhere in a table with a rule below each row, else between rows of text."""
    stands = rows(lines)
    if len(ys) > 3 or len(stands) < 2:  # more than top, head and bottom
        return []
    full = [row for row in stands if len(row) > 1] or stands
    starts = [min(line.y0 for line in row) for row in full]
    ends = [max(line.y1 for line in row) for row in full]
    return [(max(end, start - 1) + start) / 2 for end, start in zip(ends, starts[1:], strict=False)]


def _row_cells(row: int, span: tuple[float, float], xs: list[float], lines: list[Line]) -> list[Cell]:
    """One row's cells: a text that reaches over several columns spans them."""
    spans: dict[int, int] = {}
    homes: dict[int, list[Line]] = {}
    for line in lines:
        first, last = _reach(line, xs)
        spans[first] = max(spans.get(first, 1), last - first + 1)
        homes.setdefault(first, []).append(line)
    cells, column = [], 0
    while column < len(xs) - 1:
        later = [start for start in spans if start > column]
        width = min(spans.get(column, 1), min(later, default=len(xs) - 1) - column)
        box = (xs[column], span[0], xs[column + width], span[1])
        cells.append(Cell(row, column, 1, width, box, homes.get(column, [])))
        column += width
    return cells


def _reach(line: Line, xs: list[float]) -> tuple[int, int]:
    """First and last column in which a text stands."""
    width = max(line.x1 - line.x0, 1.0)
    shares = [max(0.0, min(line.x1, right) - max(line.x0, left)) for left, right in pairwise(xs)]
    inside = [
        index
        for index, (share, (left, right)) in enumerate(zip(shares, pairwise(xs), strict=True))
        if share >= OVERHANG * min(width, right - left)
    ]
    return (inside[0], inside[-1]) if inside else (int(np.argmax(shares)),) * 2


def _unruled(lines: Sequence[Line], height: float) -> list[Grid]:
    """Tables without rules: rows of short texts, one below the other, that stand in the same three columns or more."""
    runs: list[list[list[Line]]] = [[]]
    for row in rows(list(lines)):
        top = min(line.y0 for line in row)
        near = not runs[-1] or top - max(line.y1 for line in runs[-1][-1]) <= ROW_GAP * height
        short = sum(len(line.text) for line in row) <= CELL_LETTERS * len(row)
        if len(row) >= UNRULED_COLUMNS and short:
            if not near:
                runs.append([])
            runs[-1].append(row)
        elif runs[-1]:
            runs.append([])
    tables = (_aligned_rows(run, height) for run in runs if len(run) >= UNRULED_ROWS)
    return [grid for grid in tables if grid is not None]


def _aligned_rows(run: list[list[Line]], height: float) -> Grid | None:
    lines = [line for row in run for line in row]
    if len(columns_of(lines, height)) < UNRULED_COLUMNS - 1:
        return None
    levels = [min(line.y0 for line in row) for row in run] + [max(line.y1 for line in run[-1])]
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    return _aligned((left, levels[0], right, levels[-1]), levels, lines, height)


def _is_table(grid: Grid, strokes: Pixels) -> bool:
    texts = sum(bool(cell.lines) for cell in grid.cells)
    if len(grid.cells) < 2 or texts < max(LEAST_TEXTS, LEAST_FILLED * len(grid.cells)):
        return False
    x0, y0, x1, y1 = (int(edge / MAP_PX) for edge in grid.box)
    inner = strokes[y0 + 1 : y1, x0 + 1 : x1]
    return bool(inner.size) and float(inner.mean()) / 255 <= FOREIGN


def _holds(box: Box, line: Line) -> bool:
    x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
    return box[0] - TOUCH_PX <= x <= box[2] + TOUCH_PX and box[1] <= y <= box[3]


def _inside(rule: Rule, box: Box) -> bool:
    x, y = (rule[0] + rule[2]) / 2, (rule[1] + rule[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
