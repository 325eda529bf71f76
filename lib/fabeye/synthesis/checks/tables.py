"""Tables: their HTML against their cells, and columns whose numbers must be in order or add up."""

import json
from collections.abc import Iterator, Sequence

from fabeye.schema import Category, Element
from fabeye.synthesis.checks.boxes import BLOCK
from fabeye.synthesis.checks.made import Made, grid, number, rows_of

ORDERED = (  # headings whose numbers rise from left to right, where there is one
    ("Min", "Typ", "Max"),
    ("最小", "典型", "最大"),
    ("Min", "Nom", "Max"),
    ("最小", "标称", "最大"),
    ("LSL", "LCL", "CL", "UCL", "USL"),
    ("LSL", "Target", "USL"),
    ("Low alarm", "Set point", "High alarm"),
)
SUMS = ("Sum", "合计", "总计")
ROUNDING = 0.051  # of a sum of shares in percent, a tenth each


def table_faults(made: Made) -> Iterator[str]:
    """What is wrong with a document's tables, a sentence each."""
    yield from _cell_faults(made)
    for table, cells in zip(made.of(Category.TABLE), made.grids, strict=True):
        rows = rows_of(cells)
        for fault in (*_order_faults(rows), *_sum_faults(rows)):
            yield f"{fault}, in the table {table.text[:60]!r}"


def _cell_faults(made: Made) -> Iterator[str]:
    """Each cell of the truth says what the HTML says at its place."""
    for page in made.pages:
        table: Element | None = None
        for one in page.elements:
            if one.category != Category.TABLE:
                continue
            table = one if one.level == BLOCK else table
            if one.level == BLOCK or table is None:
                continue
            place = json.loads(one.detail)
            said = grid(table.html).get((place["row"], place["column"]))
            if said != one.text:
                yield f"cell {place['row']}, {place['column']} reads {one.text!r}, the HTML says {said!r}"


def _order_faults(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for names in ORDERED:
        for columns in _columns(rows, names):
            for row in rows:
                numbers = [value for column in columns if (value := number(row[column])) is not None]
                if numbers != sorted(numbers) and len({row[column] for column in columns}) > 1:
                    yield f"{names} are {numbers}"


def _columns(rows: Sequence[Sequence[str]], names: Sequence[str]) -> Iterator[list[int]]:
    """Where the names stand in a heading, group by group from left to right; a name may be missing from all groups."""
    for heading in rows[:3]:
        places = [(column, text) for column, text in enumerate(heading) if text in names]
        if len({text for _, text in places}) < 2:
            continue
        group: list[int] = []
        for column, text in places:
            if group and heading[group[-1]] != text and text in [heading[at] for at in group]:
                yield _sorted(group, heading, names)
                group = []
            if not group or heading[group[-1]] != text:
                group.append(column)
        yield _sorted(group, heading, names)
        return


def _sorted(columns: list[int], heading: Sequence[str], names: Sequence[str]) -> list[int]:
    return sorted(columns, key=lambda column: names.index(heading[column]))


def _sum_faults(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A row that is called a sum adds up what stands above it, column by column."""
    for at, row in enumerate(rows):
        if row[0] not in SUMS or len(set(row[:2])) == 1:
            continue
        for column in range(1, len(row)):
            above = [number(one[column]) for one in rows[1:at]]
            total = number(row[column])
            given = [value for value in above if value is not None]
            if total is not None and len(given) == len(above) and abs(sum(given) - total) > ROUNDING * len(given):
                yield f"column {column} adds up to {sum(given):g}, not to {total:g}"
