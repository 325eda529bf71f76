"""Tables with spans: where their cells are, their Typst source, their HTML and their plain text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fabeye.synthesis.markup import to_html, to_text, to_typst
from fabeye.synthesis.style import Style, heavy

INSET = "(x: 4pt, y: 2.4pt)"


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; `text` in the notation of markup.py, `align` "left" where it is not centred.

    fill: a colour such as "#d9d9d9", "" for the table's own. open: without rules around it.
    """

    text: str
    rowspan: int = 1
    colspan: int = 1
    heading: bool = False
    align: str = ""
    fill: str = ""
    open: bool = False


Rows = Sequence[Sequence[Cell]]


def places(rows: Rows) -> Iterator[tuple[int, int, Cell]]:
    """(row, column, cell) of each cell, both counted from 0.

    Raises ValueError when two cells meet or the spans do not fill a rectangle.
    """
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            covered = {(row + i, column + j) for i in range(cell.rowspan) for j in range(cell.colspan)}
            if covered & taken:
                raise ValueError(f"cell {cell.text!r} in row {row} overlaps another")
            taken |= covered
            yield row, column, cell
    width = 1 + max((column for _, column in taken), default=-1)
    if len(taken) != width * len(rows):
        raise ValueError(f"the table's spans do not fill {len(rows)} rows of {width} columns")


def table_text(rows: Rows) -> str:
    """What can be read in a table: a line for each row, its cells in order with a space between."""
    return "\n".join(" ".join(to_text(cell.text) for cell in row if cell.text) for row in rows)


def table_html(rows: Rows) -> str:
    """The table as HTML, "" when there are no rows."""
    return to_html([[(cell.text, cell.rowspan, cell.colspan) for cell in row] for row in rows]) if rows else ""


def table_source(style: Style, name: str, rows: Rows, columns: str, bare: bool = False) -> str:
    """Typst source of a table in the style's rules, its cells marked "<name>/<row>/<column>".

    columns: Typst widths, one a column, such as "auto, 1fr". bare: without rules.
    """
    heads = sum(all(cell.heading for cell in row) for row in rows)
    cells = ", ".join(_cell_source(style, cell, f"{name}/{row}/{column}") for row, column, cell in places(rows))
    rules = "stroke: none" if bare else _rules(style, heads, len(rows))
    return (
        f"#set text(size: {style.table_size}pt)\n#set par(justify: false)\n"
        f'#marked-table("{name}", columns: ({columns},), inset: {INSET}, align: center + horizon, '
        f"{rules}, {cells})"
    )


def _cell_source(style: Style, cell: Cell, name: str) -> str:
    content = heavy(style, cell.text, name) if cell.heading else to_typst(cell.text, name)
    if cell.heading and style.rules == "coloured-head":
        content = f"#text(fill: white)[{content}]"
    spans = {"rowspan": cell.rowspan, "colspan": cell.colspan}
    options = [f"{key}: {value}" for key, value in spans.items() if value > 1]
    options += [f"align: {cell.align} + horizon"] if cell.align else []
    fill = cell.fill or (style.accent if cell.heading and style.rules == "coloured-head" else "")
    options += [f'fill: rgb("{fill}")'] if fill else []
    options += ["stroke: none"] if cell.open else []
    return f"table.cell({', '.join(options)})[{content}]" if options else f"[{content}]"


def _rules(style: Style, heads: int, rows: int) -> str:
    """Typst's `stroke` and `fill` for a table whose first `heads` rows are its heading."""
    shade = f"if y < {heads} {{ luma(225) }}"
    if style.rules == "three-line":
        lines = f"top: if y == 0 {{ 1pt }} else if y == {heads} {{ 0.6pt }}, bottom: if y == {rows - 1} {{ 1pt }}"
        return f"stroke: (x, y) => ({lines})"
    if style.rules == "banded":
        return f"stroke: 0.4pt + luma(150), fill: (x, y) => {shade} else if calc.even(y) {{ luma(245) }}"
    if style.rules == "horizontal":
        top = f"if y == 0 or y == {heads} {{ 0.8pt }} else {{ 0.3pt + luma(120) }}"
        return f"stroke: (x, y) => (top: {top}, bottom: if y == {rows - 1} {{ 0.8pt }})"
    if style.rules == "shaded-head":
        return f"stroke: 0.5pt, fill: (x, y) => {shade}"
    return "stroke: 0.5pt"
