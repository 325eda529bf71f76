"""Two tables cell by cell: which read cell stands for which gold cell, and what of it is right.

Notable:
- Rows are aligned first, by the best sum of alike cells in order, then columns on the aligned rows: the factored form
  of GriTS (Smock et al., arXiv 2203.12555, section 4). A row left out costs that row, not all below it.
- What is scored on the pairs: whole cells, values with units, symbols, spans, and references to notes.
- A reference to a note is a raised mark behind a word, or what stands in a column headed "Note"; a power is none.

Shapes: R, C rows and columns of the gold table; S, D those of the read one; U different cell texts of a table.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from fabeye.metrics.notation import flat, unified
from fabeye.metrics.symbols import symbol_tally
from fabeye.metrics.table import Cell, Table
from fabeye.metrics.tally import Tally, f1_tally
from fabeye.metrics.text import normalise
from fabeye.metrics.units import without_powers
from fabeye.metrics.values import lost_tally, value_tally

LARGEST_TABLE = 20_000  # places of a table; the texts of two such tables take 1.6 GB to compare
BOTH_EMPTY = 0.1  # likeness of two empty cells: little, or else empty columns would decide
HEAD_ROWS = 3  # rows in which a column's heading is sought
NOTE_HEADS = {"note", "notes", "注", "注释", "备注", "附注"}
RAISED_NOTE = re.compile(r"(?<!10)\^\{([^{}]*)\}")
NOTE_LABEL = re.compile(r"\d+|[a-z](?![A-Za-z])|[*†‡]")

Numbers = NDArray[np.intp]
Likeness = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class CellPairs:
    """pairs: each gold cell with the read cell that stands for it, or None. extra: read cells that stand for none.

    rows, columns: aligned gold row (column) -> read row (column).
    """

    pairs: tuple[tuple[Cell, Cell | None], ...]
    extra: tuple[Cell, ...]
    rows: dict[int, int]
    columns: dict[int, int]

    @property
    def met(self) -> list[tuple[Cell, Cell]]:
        """The pairs with a cell on both sides."""
        return [(gold, read) for gold, read in self.pairs if read is not None]


def pair_cells(gold: Table, read: Table) -> CellPairs:
    """Align two tables. Where one has no place, or more than LARGEST_TABLE, nothing is aligned."""
    if not _comparable(gold) or not _comparable(read):
        return CellPairs(tuple((cell, None) for cell in gold.cells), read.cells, {}, {})
    rows, columns = _aligned(gold, read)
    places = read.grid()
    free = {id(cell) for cell in read.cells}
    pairs: list[tuple[Cell, Cell | None]] = []
    for cell in gold.cells:
        found = next((one for one in _facing(cell, rows, columns, places) if id(one) in free), None)
        free -= {id(found)}
        pairs.append((cell, found))
    return CellPairs(tuple(pairs), tuple(cell for cell in read.cells if id(cell) in free), rows, columns)


def cell_tally(found: CellPairs) -> Tally:
    """F1 of cells with the same words; empty cells are not counted."""
    hits = sum(bool(gold.text) and _words(gold) == _words(read) for gold, read in found.met)
    wanted = sum(bool(gold.text) for gold, _ in found.pairs)
    given = sum(bool(read.text) for read in (*(read for _, read in found.met), *found.extra))
    return f1_tally(hits, wanted, given)


def cell_value_tally(found: CellPairs) -> Tally:
    """F1 of values with units, cell by cell; what stands in a cell without partner is lost or invented."""
    met = sum((value_tally(gold.inner, read.inner, cell=True) for gold, read in found.met), Tally())
    alone = [gold.inner for gold, read in found.pairs if read is None] + [read.inner for read in found.extra]
    return met + lost_tally(alone, cell=True)


def cell_symbol_tally(found: CellPairs) -> Tally:
    """F1 of symbols, cell by cell."""
    met = sum((symbol_tally(gold.inner, read.inner) for gold, read in found.met), Tally())
    lost = sum((symbol_tally(gold.inner, "") for gold, read in found.pairs if read is None), Tally())
    return sum((symbol_tally("", read.inner) for read in found.extra), met + lost)


def span_tally(found: CellPairs) -> Tally:
    """F1 of cells over several rows or columns; one is right when it covers the same aligned rows and columns."""
    hits = sum(_spans(gold) and _covers(gold, read, found) for gold, read in found.met)
    wanted = sum(_spans(gold) for gold, _ in found.pairs)
    given = sum(_spans(read) for read in (*(read for _, read in found.met), *found.extra))
    return f1_tally(hits, wanted, given)


def note_tally(gold: Table, read: Table, found: CellPairs) -> Tally:
    """F1 of references to notes, cell by cell; raised marks count only where the gold table has some."""
    raised = any(RAISED_NOTE.search(_marked(cell)) for cell in gold.cells)
    gold_columns, read_columns = _note_columns(gold), _note_columns(read)
    tally = Tally()
    for wanted, given in [*found.pairs, *((None, cell) for cell in found.extra)]:
        one = _notes(wanted, gold_columns, raised)
        other = _notes(given, read_columns, raised)
        tally += f1_tally((one & other).total(), one.total(), other.total())
    return tally


def _comparable(table: Table) -> bool:
    return 0 < table.rows * table.columns <= LARGEST_TABLE


def _aligned(gold: Table, read: Table) -> tuple[dict[int, int], dict[int, int]]:
    one_RC, texts = _numbered(gold)
    other_SD, others = _numbered(read)
    alike_UU = cdist(texts, others, scorer=Levenshtein.normalized_similarity, dtype=np.float32)
    empty = np.outer([not text for text in texts], [not text for text in others])
    alike_UU = np.where(empty, np.float32(BOTH_EMPTY), alike_UU)
    rows = _chain(_row_likeness(alike_UU, one_RC, other_SD))
    one, other = one_RC[[row for row, _ in rows]], other_SD[[row for _, row in rows]]
    columns = _chain(_column_likeness(alike_UU, one, other))
    return dict(rows), dict(columns)


def _numbered(table: Table) -> tuple[Numbers, list[str]]:
    """The number of each place's text, (R, C), and the texts by number."""
    numbers: dict[str, int] = {}
    grid = [[numbers.setdefault(_words(cell) if cell else "", len(numbers)) for cell in row] for row in table.grid()]
    return np.array(grid, dtype=np.intp), list(numbers)


def _row_likeness(alike_UU: Likeness, one_RC: Numbers, other_SD: Numbers) -> Likeness:
    """For each pair of rows the best sum over cells in their order, all pairs at once: (R, S)."""
    before = [np.zeros((len(one_RC), len(other_SD)), np.float32) for _ in range(other_SD.shape[1] + 1)]
    for column in range(one_RC.shape[1]):
        row = [before[0]]
        for other in range(other_SD.shape[1]):
            met = before[other] + alike_UU[np.ix_(one_RC[:, column], other_SD[:, other])]
            row.append(np.maximum(np.maximum(row[-1], before[other + 1]), met))
        before = row
    return before[-1]


def _column_likeness(alike_UU: Likeness, one_RC: Numbers, other_RD: Numbers) -> Likeness:
    """For each pair of columns the sum over the aligned rows: (C, D)."""
    total = np.zeros((one_RC.shape[1], other_RD.shape[1]), np.float32)
    for one, other in zip(one_RC, other_RD, strict=True):
        total += alike_UU[np.ix_(one, other)]
    return total


def _chain(alike: Likeness) -> list[tuple[int, int]]:
    """The pairs (i, j) in rising order whose likenesses have the largest sum."""
    height, width = alike.shape
    best = np.zeros((height + 1, width + 1))
    for i in range(height):
        met = np.maximum(best[i, :-1] + alike[i], best[i, 1:])
        best[i + 1, 1:] = np.maximum.accumulate(met)
    pairs, i, j = [], height, width
    while i and j:
        if best[i, j] == best[i - 1, j]:
            i -= 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def _facing(cell: Cell, rows: dict[int, int], columns: dict[int, int], places: list[list[Cell | None]]) -> list[Cell]:
    """Read cells at the places that a gold cell covers, in order."""
    down = [rows[row] for row in range(cell.row, cell.row + cell.rowspan) if row in rows]
    across = [columns[column] for column in range(cell.column, cell.column + cell.colspan) if column in columns]
    return [found for row in down for column in across if (found := places[row][column]) is not None]


def _covers(gold: Cell, read: Cell, found: CellPairs) -> bool:
    rows = {found.rows.get(row) for row in range(gold.row, gold.row + gold.rowspan)}
    columns = {found.columns.get(column) for column in range(gold.column, gold.column + gold.colspan)}
    same_rows = rows == set(range(read.row, read.row + read.rowspan))
    return same_rows and columns == set(range(read.column, read.column + read.colspan))


def _spans(cell: Cell) -> bool:
    return cell.rowspan * cell.colspan > 1


def _words(cell: Cell) -> str:
    return normalise(flat(cell.inner))


def _marked(cell: Cell) -> str:
    """A cell's text, what is raised in it being references to notes."""
    return without_powers(unified(cell.inner))


def _note_columns(table: Table) -> set[int]:
    return {
        cell.column for cell in table.cells if cell.row < HEAD_ROWS and cell.text.strip(" .:").lower() in NOTE_HEADS
    }


def _notes(cell: Cell | None, columns: set[int], raised: bool) -> Counter[str]:
    """Labels of the notes that a cell refers to."""
    if cell is None:
        return Counter()
    text = _marked(cell)
    marks: Sequence[str] = RAISED_NOTE.findall(text) if raised else ()
    if cell.column in columns and text.lower() not in NOTE_HEADS:
        marks = [*marks, RAISED_NOTE.sub("", text)]
    return Counter(label for mark in marks for label in NOTE_LABEL.findall(mark))
