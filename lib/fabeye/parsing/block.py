"""What a page is made of: blocks of lines, tables and figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from fabeye.ocr import Line, rows
from fabeye.parsing.grid import Grid
from fabeye.parsing.joining import joined
from fabeye.parsing.upright import Box
from fabeye.schema import Category


@dataclass(slots=True)
class Block:
    """One block: its lines, for a table its cells as well."""

    category: Category
    box: Box
    lines: list[Line] = field(default_factory=list)
    grid: Grid | None = None

    @property
    def text(self) -> str:
        """Its words: of code line by line, of a table row by row, of anything else as one line."""
        if self.grid:
            return self.grid.text()
        stands = [joined(line.text for line in row) for row in rows(self.lines)]
        return "\n".join(stands) if self.category is Category.CODE else joined(stands)

    @property
    def fills_columns(self) -> bool:
        """Whether it is the kind of thing that columns are made of, not one of many short texts in rows."""
        return self.grid is not None or self.category is Category.FIGURE or len(self.lines) > 1


def block_of(category: Category, lines: Sequence[Line]) -> Block:
    """A block around its lines."""
    return Block(category, around((line.x0, line.y0, line.x1, line.y1) for line in lines), list(lines))


def around(boxes: Iterable[Box]) -> Box:
    """The box around boxes, of which there is at least one."""
    x0s, y0s, x1s, y1s = zip(*boxes, strict=True)
    return min(x0s), min(y0s), max(x1s), max(y1s)
