"""A table: its cells with their lines, and how it is written."""

from dataclasses import dataclass, field
from html import escape

from fabeye.ocr import Line, rows
from fabeye.parsing.joining import joined
from fabeye.parsing.upright import Box


@dataclass(slots=True)
class Cell:
    """A cell of a grid, and the lines of text in it."""

    row: int
    column: int
    rowspan: int
    colspan: int
    box: Box
    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its words in one line."""
        return joined(line.text for row in rows(self.lines) for line in row)


@dataclass(slots=True)
class Grid:
    """A table: cells in the order of the source."""

    box: Box
    cells: list[Cell]

    def html(self) -> str:
        """As HTML, spans named only where a cell has any."""
        places: dict[int, list[Cell]] = {}
        for cell in self.cells:
            places.setdefault(cell.row, []).append(cell)
        bottom = max((cell.row + cell.rowspan for cell in self.cells), default=0)
        body = ("".join(_tag(cell) for cell in places.get(row, ())) for row in range(bottom))
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in body)}</table>"

    def text(self) -> str:
        """Its cells' words, row by row."""
        by_row: dict[int, list[str]] = {}
        for cell in self.cells:
            by_row.setdefault(cell.row, []).append(cell.text)
        return "\n".join(" ".join(word for word in by_row[row] if word) for row in sorted(by_row))


def _tag(cell: Cell) -> str:
    sizes = (("rowspan", cell.rowspan), ("colspan", cell.colspan))
    spans = "".join(f' {name}="{size}"' for name, size in sizes if size > 1)
    return f"<td{spans}>{escape(cell.text, quote=False)}</td>"
